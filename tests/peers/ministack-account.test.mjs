// Our client's calls about an account against ministack: signing up, forgotten and changed passwords, attributes, the account's end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RESET_CODE, SIGN_UP_CODE } from "./ministack.mjs";
import { PASSWORD, stage } from "./ministack-stage.mjs";

const NEW_PASSWORD = "Another-Horse-2";

describe("our client's account calls against ministack", () => {
  const on = stage();

  const signUp = (username, more = {}) => on.call("auth.signUp", { username, password: PASSWORD, attributes: { email: `${username}@example.com` }, ...more });
  const delivery = (name) => ({ destination: `${name[0]}****@e****`, medium: "email", attribute: "email" });
  const user = (Username) => on.pool.ask("AdminGetUser", { UserPoolId: on.pool.userPoolId, Username });
  const addUser = (name) => on.pool.addUser(name, PASSWORD, { attributes: { email: `${name}@example.com`, given_name: name } });

  // SignUp itself shows the address in full; with a Session, which would sign in automatically, neither it nor ConfirmSignUp answers.
  test("signs up, has the code sent again, and confirms with it", async () => {
    const step = await signUp("mary");
    assert.deepEqual([step.name, step.username, step.sentTo], ["confirm", "mary", { ...delivery("mary"), destination: "mary@example.com" }]);
    assert.deepEqual(await on.call("step.resend"), delivery("mary"));
    assert.equal(await on.refused("step.answer", "000000"), "CodeMismatch");
    assert.deepEqual(await on.call("step.answer", SIGN_UP_CODE), { name: "signedUp" });
    assert.equal((await user("mary")).UserStatus, "CONFIRMED");
    assert.equal(await on.status(), "signedOut");
  });

  test("confirms on a later visit, where twice is as good as once", async () => {
    await signUp("anne");
    await on.reload();
    assert.deepEqual(await on.call("auth.resendSignUpCode", "anne"), delivery("anne"));
    assert.equal(await on.refused("auth.confirmSignUp", { username: "anne", code: "000000" }), "CodeMismatch");
    await on.call("auth.confirmSignUp", { username: "anne", code: SIGN_UP_CODE });
    await on.call("auth.confirmSignUp", { username: "anne", code: SIGN_UP_CODE });
    assert.equal((await on.signIn("anne")).user.email, "anne@example.com");
  });

  test("is refused a taken name and a weak password", async () => {
    await addUser("joan");
    const request = { username: "joan", password: PASSWORD };
    assert.equal(await on.refused("auth.signUp", request), "UsernameExists");
    assert.equal(await on.refused("auth.signUp", { ...request, username: "jane", password: "short" }), "InvalidPassword");
  });

  test("sets a forgotten password by its step", async () => {
    await addUser("ruth");
    const step = await on.call("auth.resetPassword", "ruth");
    assert.deepEqual([step.name, step.username, step.sentTo], ["resetPassword", "ruth", delivery("ruth")]);
    assert.deepEqual(await on.call("step.resend"), delivery("ruth"));
    assert.equal(await on.refused("step.answer", { code: "000000", password: NEW_PASSWORD }), "CodeMismatch");
    assert.equal(await on.refused("step.answer", { code: RESET_CODE, password: "short" }), "InvalidPassword");
    assert.deepEqual(await on.call("step.answer", { code: RESET_CODE, password: NEW_PASSWORD }), { name: "passwordReset" });
    assert.equal(await on.refused("auth.signIn", { username: "ruth", password: PASSWORD }), "NotAuthorized");
    assert.equal((await on.signIn("ruth", NEW_PASSWORD)).name, "signedIn");
  });

  test("sets a forgotten password on a later visit, by a code that was asked for", async () => {
    await addUser("vera");
    const request = { username: "vera", code: RESET_CODE, password: NEW_PASSWORD };
    assert.equal(await on.refused("auth.confirmResetPassword", request), "ExpiredCode");
    await on.call("auth.resetPassword", "vera");
    await on.reload();
    await on.call("auth.confirmResetPassword", request);
    assert.equal((await on.signIn("vera", NEW_PASSWORD)).name, "signedIn");
  });

  test("says the same of an unknown user as of a known one, where the client hides who there is", async () => {
    const clientId = await on.pool.addClient(on.pool.userPoolId, ["USER_SRP_AUTH"], { PreventUserExistenceErrors: "ENABLED" });
    await on.reload({ clientId });
    assert.deepEqual((await on.call("auth.resetPassword", "nobody@example.com")).sentTo, delivery("nobody"));
    assert.equal(await on.refused("step.answer", { code: RESET_CODE, password: NEW_PASSWORD }), "CodeMismatch");
    assert.deepEqual(await on.call("auth.resendSignUpCode", "nobody@example.com"), delivery("nobody"));
  });

  // It never sends a code for a new address: CodeDeliveryDetailsList is empty, and email_verified stays as it was.
  test("reads and writes attributes, and the claims follow at the refresh", async () => {
    await addUser("lucy");
    const { sub } = (await on.signIn("lucy")).user;
    assert.deepEqual(await on.call("auth.attributes"), { sub, email: "lucy@example.com", given_name: "lucy" });
    assert.deepEqual(await on.call("auth.updateAttributes", { given_name: "Łucja \"Λ\" 🙂", "custom:team": "7" }), []);
    assert.deepEqual(await on.call("auth.attributes"), { sub, email: "lucy@example.com", given_name: "Łucja \"Λ\" 🙂", "custom:team": "7" });
    await on.call("auth.refresh");
    assert.equal(await on.page.evaluate(() => window.auth.snapshot().user.given_name), "Łucja \"Λ\" 🙂");
  });

  test("changes the password, and is refused with a wrong or a weak one", async () => {
    await addUser("edith");
    await on.signIn("edith");
    assert.equal(await on.refused("auth.changePassword", { previousPassword: "x", password: NEW_PASSWORD }), "NotAuthorized");
    assert.equal(await on.refused("auth.changePassword", { password: NEW_PASSWORD }), "InvalidParameter");
    assert.equal(await on.refused("auth.changePassword", { previousPassword: PASSWORD, password: "short" }), "InvalidPassword");
    await on.call("auth.changePassword", { previousPassword: PASSWORD, password: NEW_PASSWORD });
    assert.equal(await on.status(), "signedIn");
    await on.call("auth.signOut");
    assert.equal(await on.refused("auth.signIn", { username: "edith", password: PASSWORD }), "NotAuthorized");
    assert.equal((await on.signIn("edith", NEW_PASSWORD)).name, "signedIn");
  });

  test("deletes the account, and the session with it", async () => {
    await addUser("nora");
    await on.signIn("nora");
    await on.call("auth.deleteAccount");
    assert.equal(await on.status(), "signedOut");
    assert.deepEqual((await on.events("signedOut")).map(({ reason }) => reason), ["user"]);
    await assert.rejects(user("nora"), /UserNotFound/);
    assert.equal(await on.refused("auth.attributes"), "NotSignedIn");
  });

  // What it lacks it answers with 400 InvalidAction, a name that Cognito does not have; ListUserSessions and RevokeUserSession, which it takes
  // for signed ones, with 400 MissingAuthenticationTokenException without the header that would let a page read it.
  test("tells what the pool lacks, and keeps the session", async () => {
    await addUser("ida");
    await on.signIn("ida");
    for (const [path, ...given] of [
      ["auth.deleteAttributes", ["given_name"]],
      ["auth.sendAttributeCode", "email"],
      ["auth.verifyAttribute", { attribute: "email", code: "123456" }],
      ["auth.factors"],
      ["auth.passkeys.list"],
      ["auth.passkeys.delete", "id"],
      ["auth.devices.list"],
      ["auth.devices.get", "us-east-1_0"],
      ["auth.devices.forget", "us-east-1_0"],
    ]) {
      assert.equal(await on.refused(path, ...given), "Unknown", path);
    }
    assert.equal(await on.refused("auth.sessions.revoke", "tkn0"), "Network");
    assert.equal(await on.status(), "signedIn");
  });
});
