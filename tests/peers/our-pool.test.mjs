// amazon-cognito-identity-js and cognito-vault/compat as clients of our pool: what they do rightly, the pool takes.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, isOurs, peer } from "./cognito-identity.mjs";
import { PASSWORDS } from "./passwords.mjs";

const PASSWORD = "Correct-Horse-1";
const HOUR = 3600;
const code = (name) => (error) => error.code === name;

for (const [name, library] of Object.entries(LIBRARIES)) describe(`${name} against our pool`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  const api = async (token) => (await fetch(`${pool.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
  const access = (user) => user.getSignInUserSession().getAccessToken().getJwtToken();

  test("signs up, and confirms with the right code only", async () => {
    const { userConfirmed, codeDeliveryDetails } = await client.signUp("mary", PASSWORD, { email: "mary@example.com" });
    assert.equal(userConfirmed, false);
    assert.equal(codeDeliveryDetails.DeliveryMedium, "EMAIL");
    await assert.rejects(client.signIn("mary", PASSWORD), code("UserNotConfirmedException"));
    const right = await pool.code("mary");
    await assert.rejects(client.confirm("mary", right === "000000" ? "000001" : "000000"), code("CodeMismatchException"));
    await client.resend("mary");
    assert.equal(await client.confirm("mary", await pool.code("mary")), "SUCCESS");
    const user = await client.signIn("mary", PASSWORD);
    assert.equal(await api(access(user)), 200);
  });

  test("is refused a taken name and a weak password", async () => {
    await pool.addUser("joan", PASSWORD);
    await assert.rejects(client.signUp("joan", PASSWORD, { email: "x@example.com" }), code("UsernameExistsException"));
    await assert.rejects(client.signUp("mary", "short", { email: "x@example.com" }), code("InvalidPasswordException"));
  });

  test("signs in with fifty odd passwords by SRP", async () => {
    for (const [at, password] of PASSWORDS.entries()) {
      await pool.addUser(`user${at}`, password);
      const user = await client.signIn(`user${at}`, password);
      assert.equal(user.getSignInUserSession().getIdToken().payload["cognito:username"], `user${at}`, JSON.stringify(password));
    }
    assert.equal(PASSWORDS.length, 50);
    assert.equal(await pool.count("RespondToAuthChallenge"), 50);
  });

  test("is refused a wrong password, also one that differs only in its form", async () => {
    await pool.addUser("joan", "Caf\u00e9-Password-1");
    for (const wrong of ["Cafe\u0301-Password-1", "Caf\u00e9-Password-1 ", "caf\u00e9-password-1", "x"]) {
      await assert.rejects(client.signIn("joan", wrong), code("NotAuthorizedException"));
    }
    await client.signIn("joan", "Caf\u00e9-Password-1");
  });

  test("signs in with the password itself", async () => {
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD);
    const user = await client.signIn("joan", PASSWORD, { flow: "USER_PASSWORD_AUTH" });
    assert.equal(await api(access(user)), 200);
  });

  test("chooses a password at the first sign-in", async () => {
    await pool.addUser("joan", PASSWORD, { status: "FORCE_CHANGE_PASSWORD" });
    const newPassword = { password: "Another-Horse-2", attributes: {} };
    const user = await client.signIn("joan", PASSWORD, { newPassword });
    assert.equal(await api(access(user)), 200);
    await client.signIn("joan", "Another-Horse-2");
  });

  test("refreshes, and the new token is good where the old one has expired", async () => {
    await pool.addUser("joan", PASSWORD);
    const user = await client.signIn("joan", PASSWORD);
    const old = access(user);
    await pool.advance(2 * HOUR);
    assert.equal(await api(old), 401);
    await client.refresh(user);
    assert.notEqual(access(user), old);
    assert.equal(await api(access(user)), 200);
  });

  test(isOurs(library) ? "refreshes when tokens rotate" : "is refused its way of refreshing when tokens rotate", { timeout: 60_000 }, async () => {
    await pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
    await pool.addUser("joan", PASSWORD);
    const user = await client.signIn("joan", PASSWORD);
    if (!isOurs(library)) return assert.rejects(client.refresh(user));
    for (const _ of "ab") await client.refresh(user);
    assert.equal(await api(access(user)), 200);
  });

  test("reads the attributes", async () => {
    await pool.addUser("joan", PASSWORD);
    const user = await client.signIn("joan", PASSWORD);
    const email = (await client.attributes(user)).find((one) => one.getName() === "email");
    assert.equal(email.getValue(), "someone@example.com");
  });

  test("revokes: neither token is good afterwards", async () => {
    await pool.addUser("joan", PASSWORD);
    const user = await client.signIn("joan", PASSWORD);
    const session = user.getSignInUserSession();
    await client.signOut(user);
    assert.equal(await pool.count("RevokeToken"), 1);
    const again = client.user("joan");
    again.setSignInUserSession(session);
    await assert.rejects(client.attributes(again), code("NotAuthorizedException"));
    await assert.rejects(client.refresh(again), code("NotAuthorizedException"));
  });
});
