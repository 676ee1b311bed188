// Our client's ways to sign in against ministack: by password, with an account that is not ready yet, by another name.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { attempt } from "../e2e/support/vault.mjs";
import { RESET_CODE, SIGN_UP_CODE } from "./ministack.mjs";
import { PASSWORD, stage } from "./ministack-stage.mjs";

const NEW_PASSWORD = "Another-Horse-2";

describe("our client's sign-ins against ministack", () => {
  const on = stage();

  const signUp = (Username) =>
    on.pool.ask("SignUp", { ClientId: on.pool.clientId, Username, Password: PASSWORD, UserAttributes: [{ Name: "email", Value: `${Username}@example.com` }] }, {});

  test("signs in with the password itself, where the client allows it", async () => {
    await on.pool.addUser("joan", PASSWORD);
    assert.equal(await on.refused("auth.signIn", { username: "joan", password: PASSWORD, flow: "password" }), "InvalidParameter");
    await on.reload({ clientId: await on.pool.addClient(on.pool.userPoolId, ["USER_PASSWORD_AUTH"]) });
    assert.equal(await on.refused("auth.signIn", { username: "joan", password: "x", flow: "password" }), "NotAuthorized");
    assert.equal((await on.signIn("joan", PASSWORD, { flow: "password" })).user["cognito:username"], "joan");
    await on.call("auth.signOut");
    assert.equal(await on.refused("auth.signIn", { username: "joan", password: PASSWORD }), "InvalidParameter");
  });

  test("tells an unknown user, and a disabled one, as a wrong password", async () => {
    await on.pool.addUser("anne", PASSWORD);
    const hiding = await on.pool.addClient(on.pool.userPoolId, ["USER_SRP_AUTH"], { PreventUserExistenceErrors: "ENABLED" });
    const said = async (username, password) => {
      const { error } = await attempt(on.page, (request) => window.auth.signIn(request), { username, password });
      return [error.code, error.message];
    };
    const wrong = await said("anne", "x");
    assert.equal(wrong[0], "NotAuthorized");
    assert.deepEqual(await said("nobody", PASSWORD), wrong);
    await on.reload({ clientId: hiding });
    assert.deepEqual(await said("nobody", PASSWORD), wrong);
    await on.pool.ask("AdminDisableUser", { UserPoolId: on.pool.userPoolId, Username: "anne" });
    assert.equal((await said("anne", PASSWORD))[0], "NotAuthorized");
    assert.equal(await on.status(), "signedOut");
  });

  // Its Session, and whether the new password is good enough, go unchecked, and attributes that come along are lost.
  test("chooses a password in place of a temporary one", async () => {
    await on.pool.addUser("ruth", PASSWORD, { permanent: false, attributes: { email: "ruth@example.com", email_verified: "true" } });
    const step = await on.signIn("ruth");
    assert.equal(step.name, "newPassword");
    assert.deepEqual(step.requiredAttributes, []);
    assert.equal(step.attributes.email, "ruth@example.com");
    assert.equal(step.attributes.email_verified, undefined);
    assert.equal((await on.call("step.answer", { password: NEW_PASSWORD })).name, "signedIn");
    assert.equal(await on.status(), "signedIn");
    await on.call("auth.signOut");
    assert.equal(await on.refused("auth.signIn", { username: "ruth", password: PASSWORD }), "NotAuthorized");
    assert.equal((await on.signIn("ruth", NEW_PASSWORD)).name, "signedIn");
  });

  test("confirms the account on the way, and goes on by itself", async () => {
    await signUp("mary");
    const step = await on.signIn("mary");
    assert.deepEqual([step.name, step.username], ["confirmSignUp", "mary"]);
    assert.equal(await on.refused("step.answer", "000000"), "CodeMismatch");
    assert.deepEqual(await on.call("step.resend"), { destination: "m****@e****", medium: "email", attribute: "email" });
    assert.equal((await on.call("step.answer", ` ${SIGN_UP_CODE} `)).name, "signedIn");
  });

  test("resets the password on the way, and goes on by itself", async () => {
    await on.pool.addUser("vera", PASSWORD, { attributes: { email: "vera@example.com" } });
    await on.pool.ask("AdminResetUserPassword", { UserPoolId: on.pool.userPoolId, Username: "vera" });
    assert.equal((await on.signIn("vera")).name, "resetPassword");
    assert.equal(await on.refused("step.answer", { code: "000000", password: NEW_PASSWORD }), "CodeMismatch");
    assert.equal(await on.refused("step.answer", { code: RESET_CODE, password: "short" }), "InvalidPassword");
    assert.equal((await on.call("step.answer", { code: RESET_CODE, password: NEW_PASSWORD })).name, "signedIn");
    assert.equal(await on.status(), "signedIn");
  });

  test("signs in by an e-mail address whose account has another name", async () => {
    const userPoolId = await on.pool.addPool({ UsernameAttributes: ["email"] });
    await on.pool.addUser("lucy@example.com", PASSWORD, { pool: userPoolId });
    await on.reload({ userPoolId, clientId: await on.pool.addClient(userPoolId) });
    const { user } = await on.signIn("lucy@example.com");
    assert.equal(user.email, "lucy@example.com");
    assert.equal(user["cognito:username"], user.sub);
    await on.call("auth.refresh");
    assert.equal((await on.call("auth.attributes")).email, "lucy@example.com");
  });

  // It knows USER_AUTH on its hosted page only: 400 InvalidParameterException "Unsupported AuthFlow: USER_AUTH", also for clients with ALLOW_USER_AUTH.
  test("is refused the choice of factors", async () => {
    await on.pool.addUser("edith", PASSWORD);
    await on.reload({ clientId: await on.pool.addClient(on.pool.userPoolId, ["USER_AUTH"]) });
    assert.equal(await on.refused("auth.signIn", { username: "edith" }), "InvalidParameter");
    assert.equal(await on.refused("auth.signIn", { username: "edith", password: PASSWORD, prefer: "password" }), "InvalidParameter");
    assert.equal(await on.status(), "signedOut");
  });
});
