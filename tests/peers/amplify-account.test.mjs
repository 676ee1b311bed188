// Amplify on accounts: sign-in by password with second factors and devices, sign-up, a forgotten password, and the profile.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { auth, configure, refused, wrong } from "./amplify.mjs";

const PASSWORD = "Correct-Horse-1";
const NEXT = "Another-Horse-2";
const DAY = 86_400;

describe("accounts by Amplify", () => {
  let pool;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      mfa: { mode: "optional" },
    });
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com", phone_number: "+15555550100" } });
    configure(pool);
  });
  after(() => pool?.close());

  const signIn = async (authFlowType = "USER_PASSWORD_AUTH", password = PASSWORD) =>
    (await auth.signIn({ username: "joan", password, options: { authFlowType } })).nextStep;
  const answer = async (challengeResponse, options) => (await auth.confirmSignIn({ challengeResponse, options })).nextStep;
  const totp = (query) => pool.control("GET", `totp?${new URLSearchParams(query)}`).then(({ code }) => code);
  const factors = (...methods) => pool.changeUser("joan", { mfa: { methods, preferred: methods.length === 1 ? methods[0] : null } });

  for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    test(`signs in by ${flow}`, async () => {
      await assert.rejects(signIn(flow, "Wrong-Horse-1"), refused("NotAuthorizedException"));
      assert.equal((await signIn(flow)).signInStep, "DONE");
      await assert.rejects(signIn(flow), refused("UserAlreadyAuthenticatedException"));
    });
  }

  for (const [method, name, medium] of [
    ["SMS_MFA", "CONFIRM_SIGN_IN_WITH_SMS_CODE", "SMS"],
    ["EMAIL_OTP", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE", "EMAIL"],
  ]) {
    test(`${method} after the password`, async () => {
      await factors(method);
      const { signInStep, codeDeliveryDetails } = await signIn();
      assert.deepEqual([signInStep, codeDeliveryDetails.deliveryMedium], [name, medium]);
      const code = await pool.code("joan", "mfa");
      await assert.rejects(answer(wrong(code)), refused("CodeMismatchException"));
      assert.equal((await answer(code)).signInStep, "DONE");
    });
  }

  test("a choice among all second factors", async () => {
    await factors("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP");
    const { signInStep, allowedMFATypes } = await signIn();
    assert.equal(signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
    assert.deepEqual([...allowedMFATypes].sort(), ["EMAIL", "SMS", "TOTP"]);
    assert.equal((await answer("TOTP")).signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
    const code = await totp({ username: "joan" });
    await assert.rejects(answer(wrong(code)), refused("CodeMismatchException"));
    assert.equal((await answer(code)).signInStep, "DONE");
    assert.deepEqual((await auth.fetchMFAPreference()).enabled.sort(), ["EMAIL", "SMS", "TOTP"]);
  });

  test("the app is set up in a sign-in that demands it", async () => {
    await pool.settings({ mfa: { mode: "required", methods: ["SOFTWARE_TOKEN_MFA"] } });
    const { signInStep, totpSetupDetails } = await signIn();
    assert.equal(signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
    const code = await totp({ secret: totpSetupDetails.sharedSecret });
    await assert.rejects(answer(wrong(code)), refused("EnableSoftwareTokenMFAException"));
    assert.equal((await answer(code)).signInStep, "DONE");
  });

  test("an address for codes is set up in a sign-in that demands it", async () => {
    await pool.addUser("mary", PASSWORD, { attributes: {} });
    await pool.settings({ mfa: { mode: "required", methods: ["EMAIL_OTP"] } });
    const { nextStep } = await auth.signIn({ username: "mary", password: PASSWORD, options: { authFlowType: "USER_PASSWORD_AUTH" } });
    assert.equal(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP");
    assert.equal((await answer("mary@example.com")).signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
    assert.equal((await answer(await pool.code("mary", "mfa"))).signInStep, "DONE");
  });

  test("the app is set up and preferred by somebody signed in", async () => {
    await signIn();
    await assert.rejects(auth.updateMFAPreference({ totp: "PREFERRED" }), refused("InvalidParameterException"));
    const { sharedSecret } = await auth.setUpTOTP();
    const code = await totp({ secret: sharedSecret });
    await assert.rejects(auth.verifyTOTPSetup({ code: wrong(code) }), refused("EnableSoftwareTokenMFAException"));
    await auth.verifyTOTPSetup({ code });
    await auth.updateMFAPreference({ totp: "PREFERRED", sms: "ENABLED" });
    const { enabled, preferred } = await auth.fetchMFAPreference();
    assert.deepEqual([enabled.sort(), preferred], [["SMS", "TOTP"], "TOTP"]);
  });

  for (const flow of ["CUSTOM_WITHOUT_SRP", "CUSTOM_WITH_SRP"]) {
    test(`a question by ${flow}`, async () => {
      const { signInStep, additionalInfo } = await signIn(flow, flow === "CUSTOM_WITH_SRP" ? PASSWORD : null);
      assert.deepEqual([signInStep, additionalInfo.question], ["CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE", "The colour of the sky?"]);
      assert.equal((await answer("green")).signInStep, "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE");
      assert.equal((await answer("blue")).signInStep, "DONE");
    });
  }

  test("a new password at the first sign-in", async () => {
    await pool.changeUser("joan", { status: "FORCE_CHANGE_PASSWORD" });
    assert.equal((await signIn()).signInStep, "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
    await assert.rejects(answer("short"), refused("InvalidPasswordException"));
    assert.equal((await answer(NEXT, { userAttributes: { given_name: "Joan" } })).signInStep, "DONE");
  });

  test("a sign-up, and its code again", async () => {
    const mary = { username: "mary", password: PASSWORD, options: { userAttributes: { email: "mary@example.com" } } };
    await auth.signUp(mary);
    await assert.rejects(auth.signUp(mary), refused("UsernameExistsException"));
    const old = await pool.code("mary");
    await pool.advance(2 * DAY);
    const confirm = (confirmationCode) => auth.confirmSignUp({ username: "mary", confirmationCode });
    await assert.rejects(confirm(old), refused("ExpiredCodeException"));
    assert.equal((await auth.resendSignUpCode({ username: "mary" })).deliveryMedium, "EMAIL");
    assert.ok((await confirm(await pool.code("mary"))).isSignUpComplete);
    await assert.rejects(auth.resendSignUpCode({ username: "mary" }), refused("InvalidParameterException"));
  });

  test("a forgotten password, and a changed one", async () => {
    assert.equal((await auth.resetPassword({ username: "joan" })).nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
    const code = await pool.code("joan", "resetPassword");
    const confirm = (confirmationCode) => auth.confirmResetPassword({ username: "joan", confirmationCode, newPassword: NEXT });
    await assert.rejects(confirm(wrong(code)), refused("CodeMismatchException"));
    await confirm(code);
    await signIn("USER_PASSWORD_AUTH", NEXT);
    await assert.rejects(auth.updatePassword({ oldPassword: "Wrong-Horse-1", newPassword: PASSWORD }), refused("NotAuthorizedException"));
    await auth.updatePassword({ oldPassword: NEXT, newPassword: PASSWORD });
    await pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await assert.rejects(auth.resetPassword({ username: "nobody" }), refused("UserNotFoundException"));
  });

  test("the profile", async () => {
    await signIn();
    const [userAttributeKey, value] = ["email", "new@example.com"];
    const { nextStep } = await auth.updateUserAttribute({ userAttribute: { attributeKey: userAttributeKey, value } });
    assert.equal(nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE");
    const first = await pool.code("joan", "verifyEmail");
    await assert.rejects(auth.confirmUserAttribute({ userAttributeKey, confirmationCode: wrong(first) }), refused("CodeMismatchException"));
    await auth.sendUserAttributeVerificationCode({ userAttributeKey });
    await auth.confirmUserAttribute({ userAttributeKey, confirmationCode: await pool.code("joan", "verifyEmail") });
    await auth.updateUserAttributes({ userAttributes: { given_name: "Joan" } });
    const { email, email_verified, given_name } = await auth.fetchUserAttributes();
    assert.deepEqual([email, email_verified, given_name], [value, "true", "Joan"]);
    await auth.deleteUserAttributes({ userAttributeKeys: ["given_name"] });
    await assert.rejects(auth.deleteUserAttributes({ userAttributeKeys: ["email"] }), refused("InvalidParameterException"));
    await assert.rejects(auth.updateUserAttributes({ userAttributes: { "custom:unknown": "x" } }), refused("InvalidParameterException"));
    await assert.rejects(auth.sendUserAttributeVerificationCode({ userAttributeKey: "given_name" }), refused("InvalidParameterException"));
    await auth.deleteUser();
    await assert.rejects(signIn(), refused("NotAuthorizedException"));
  });

  test("a device is remembered, stands for the second factor, and is forgotten", async () => {
    await pool.settings({ devices: { tracking: "optIn", challenge: "forMfa" } });
    await factors("SMS_MFA");
    await signIn();
    await answer(await pool.code("joan", "mfa"));
    await auth.rememberDevice();
    const [device] = await auth.fetchDevices();
    assert.deepEqual((await pool.user("joan")).devices.map(({ key, remembered }) => [key, remembered]), [[device.id, true]]);
    await auth.signOut();
    assert.equal((await signIn()).signInStep, "DONE");
    await auth.forgetDevice();
    assert.deepEqual(await auth.fetchDevices(), []);
    await assert.rejects(auth.forgetDevice({ device }), refused("ResourceNotFoundException"));
  });
});
