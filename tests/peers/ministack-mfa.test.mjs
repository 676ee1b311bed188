// Our client's authenticator app against ministack: setting it up, preferring it, and signing in with it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, describe, test } from "node:test";
import { PASSWORD, stage } from "./ministack-stage.mjs";

/** The six digits of RFC 6238 by SHA-1, so many steps of thirty seconds from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A code that is none of those around now. */
function wrongTotp(secret) {
  const near = [-2, -1, 0, 1, 2].map((steps) => totp(secret, steps));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !near.includes(code));
}

// Missing: SMS_MFA, EMAIL_OTP, SELECT_MFA_TYPE and MFA_SETUP. Where the pool demands a second factor and the user has none, tokens come at once.
// The Session of SOFTWARE_TOKEN_MFA goes unchecked.
describe("our client's authenticator app against ministack", () => {
  const on = stage();
  before(() => on.pool.ask("SetUserPoolMfaConfig", { UserPoolId: on.pool.userPoolId, MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } }));

  /** Makes a user who is signed in and has an app; returns its secret. */
  async function enrol(username) {
    await on.pool.addUser(username, PASSWORD);
    await on.signIn(username);
    const { secret } = await on.call("auth.mfa.setUpTotp");
    await on.call("step.answer", totp(secret), { deviceName: "My phone" });
    return secret;
  }

  // A right code makes the app the preferred factor at once; Cognito waits for SetUserMFAPreference.
  test("sets up the app by its code, after a wrong one", async () => {
    await on.pool.addUser("mary", PASSWORD);
    await on.reload({ appName: "The Shop" });
    await on.signIn("mary");
    assert.deepEqual(await on.call("auth.mfa.preferences"), { enabled: [] });
    const { name, secret, otpauthUri } = await on.call("auth.mfa.setUpTotp");
    assert.equal(name, "setUpTotp");
    assert.equal(otpauthUri, `otpauth://totp/The%20Shop:mary?secret=${secret}&issuer=The%20Shop`);
    assert.equal(await on.refused("step.answer", wrongTotp(secret)), "EnableSoftwareTokenMFA");
    const code = totp(secret);
    assert.deepEqual(await on.call("step.answer", ` ${code} `), { name: "totpReady" });
    assert.equal(await on.refused("step.answer", code), "InvalidState");
    await on.call("auth.mfa.setPreferences", { totp: "preferred" });
    assert.deepEqual(await on.call("auth.mfa.preferences"), { enabled: ["totp"], preferred: "totp" });
  });

  // It calls every app "TOTP device".
  test("signs in with the app's code, after a wrong one", async () => {
    const secret = await enrol("joan");
    await on.call("auth.signOut");
    const step = await on.signIn("joan");
    assert.deepEqual([step.name, step.deviceName], ["totp", "TOTP device"]);
    assert.equal(await on.refused("step.answer", wrongTotp(secret)), "CodeMismatch");
    assert.equal(await on.status(), "signedOut");
    assert.equal((await on.call("step.answer", totp(secret))).user["cognito:username"], "joan");
    assert.equal(await on.status(), "signedIn");
  });

  test("is asked for no code after a wrong password, nor once the app is switched off", async () => {
    await enrol("ruth");
    await on.call("auth.mfa.setPreferences", { totp: "disabled" });
    assert.deepEqual(await on.call("auth.mfa.preferences"), { enabled: [] });
    await on.call("auth.signOut");
    assert.equal(await on.refused("auth.signIn", { username: "ruth", password: "x" }), "NotAuthorized");
    assert.equal((await on.signIn("ruth")).name, "signedIn");
    await on.call("auth.mfa.setPreferences", { totp: "enabled" });
    assert.deepEqual(await on.call("auth.mfa.preferences"), { enabled: ["totp"] });
    await on.call("auth.signOut");
    assert.equal((await on.signIn("ruth")).name, "totp");
  });

  // It switches on text messages for a user without a number, where Cognito says InvalidParameterException, and ignores the other two.
  test("says each preference by Cognito's names", async () => {
    await enrol("vera");
    await on.call("auth.mfa.setPreferences", { totp: "enabled", smsCode: "preferred", emailCode: "disabled", passkey: "disabled" });
    assert.deepEqual(await on.call("auth.mfa.preferences"), { enabled: ["totp", "smsCode"], preferred: "smsCode" });
  });

  test("asks for the code after the temporary password was replaced", async () => {
    const secret = await enrol("anne");
    await on.call("auth.signOut");
    await on.pool.ask("AdminSetUserPassword", { UserPoolId: on.pool.userPoolId, Username: "anne", Password: "Temporary-1", Permanent: false });
    assert.equal((await on.signIn("anne", "Temporary-1")).name, "newPassword");
    // The tokens come at once; Cognito would ask for the app's code here.
    assert.equal((await on.call("step.answer", { password: PASSWORD })).name, "signedIn");
    await on.call("auth.signOut");
    await on.signIn("anne");
    assert.equal((await on.call("step.answer", totp(secret))).name, "signedIn");
  });
});
