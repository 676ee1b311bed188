// Amplify on choice-based sign-in: the choice, the password, codes by mail and SMS, and the sign-in that follows a sign-up.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { auth, configure, refused, wrong } from "./amplify.mjs";

const PASSWORD = "Correct-Horse-1";
const { confirmSignIn, confirmSignUp, fetchUserAttributes, signIn, signUp } = auth;

describe("choice-based sign-in by Amplify", () => {
  let pool;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com", phone_number: "+15555550100" } });
    configure(pool);
  });
  after(() => pool?.close());

  const begin = (preferredChallenge, more = {}) =>
    signIn({ username: "joan", ...more, options: { authFlowType: "USER_AUTH", preferredChallenge } });
  const answer = async (challengeResponse) => (await confirmSignIn({ challengeResponse })).nextStep;
  const step = async (started) => (await started).nextStep.signInStep;

  test("without a preference it is offered what the user has", async () => {
    const { nextStep } = await begin();
    assert.equal(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION");
    assert.deepEqual([...nextStep.availableChallenges].sort(), ["EMAIL_OTP", "PASSWORD", "PASSWORD_SRP", "SMS_OTP"]);
    await assert.rejects(answer("WEB_AUTHN"));
  });

  for (const [factor, name, medium] of [
    ["EMAIL_OTP", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE", "EMAIL"],
    ["SMS_OTP", "CONFIRM_SIGN_IN_WITH_SMS_CODE", "SMS"],
  ]) {
    test(`${factor}, preferred: after a wrong code`, async () => {
      const { nextStep } = await begin(factor);
      assert.deepEqual([nextStep.signInStep, nextStep.codeDeliveryDetails.deliveryMedium], [name, medium]);
      const code = await pool.code("joan", "signIn");
      await assert.rejects(answer(wrong(code)), refused("CodeMismatchException"));
      assert.equal((await answer(code)).signInStep, "DONE");
      assert.equal((await fetchUserAttributes()).email, "joan@example.com");
    });

    test(`${factor}, chosen: too late`, async () => {
      await begin();
      assert.equal((await answer(factor)).signInStep, name);
      const code = await pool.code("joan", "signIn");
      await pool.advance(181);
      await assert.rejects(answer(code), refused("NotAuthorizedException"));
    });
  }

  for (const factor of ["PASSWORD", "PASSWORD_SRP"]) {
    test(`${factor}, preferred`, async () => {
      await assert.rejects(begin(factor, { password: "Wrong-Horse-1" }), refused("NotAuthorizedException"));
      assert.equal(await step(begin(factor, { password: PASSWORD })), "DONE");
    });

    test(`${factor}, chosen`, async () => {
      await begin();
      assert.equal((await answer(factor)).signInStep, "CONFIRM_SIGN_IN_WITH_PASSWORD");
      assert.equal((await answer(PASSWORD)).signInStep, "DONE");
      assert.equal((await fetchUserAttributes()).email, "joan@example.com");
      await auth.signOut();
      await begin();
      await answer(factor);
      await assert.rejects(answer("Wrong-Horse-1"), refused("NotAuthorizedException"));
    });
  }

  test("a preference that the user cannot meet becomes a choice", async () => {
    await pool.addUser("mary", undefined, { attributes: { email: "mary@example.com" } });
    const { nextStep } = await signIn({ username: "mary", options: { authFlowType: "USER_AUTH", preferredChallenge: "SMS_OTP" } });
    assert.ok(nextStep.signInStep.startsWith("CON"), nextStep.signInStep);
    assert.notEqual(nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_SMS_CODE");
  });

  test("an unknown name, a flow that is not allowed, a user who may not", async () => {
    await pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await assert.rejects(signIn({ username: "nobody", options: { authFlowType: "USER_AUTH" } }), refused("UserNotFoundException"));
    await pool.addUser("alan", PASSWORD, { enabled: false });
    await assert.rejects(signIn({ username: "alan", options: { authFlowType: "USER_AUTH" } }), refused("NotAuthorizedException"));
    await pool.settings({ explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"] });
    await assert.rejects(begin(), refused("InvalidParameterException"));
  });

  test("a sign-up without a password goes on to a sign-in by itself", async ({ mock }) => {
    // Amplify waits three minutes for the confirmation even after it has come, and this process would wait with it.
    const { setTimeout } = globalThis;
    mock.method(globalThis, "setTimeout", (...given) => setTimeout(...given).unref());
    const options = { userAttributes: { email: "mary@example.com" }, autoSignIn: { authFlowType: "USER_AUTH", preferredChallenge: "EMAIL_OTP" } };
    assert.equal((await signUp({ username: "mary", options })).nextStep.signUpStep, "CONFIRM_SIGN_UP");
    const code = await pool.code("mary");
    const confirm = (confirmationCode) => confirmSignUp({ username: "mary", confirmationCode });
    await assert.rejects(confirm(wrong(code)), refused("CodeMismatchException"));
    assert.equal((await confirm(code)).nextStep.signUpStep, "COMPLETE_AUTO_SIGN_IN");
    // The peer confirms without the Session of the sign-up, so that it is given none to go on with: it signs in from the beginning.
    assert.equal(await step(auth.autoSignIn()), "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
    assert.equal((await answer(await pool.code("mary", "signIn"))).signInStep, "DONE");
    assert.equal((await fetchUserAttributes()).email, "mary@example.com");
    await assert.rejects(auth.autoSignIn(), refused("AutoSignInException"));
  });
});
