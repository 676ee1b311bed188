// amazon-cognito-identity-js and cognito-vault/compat on sessions: restored, refreshed, revoked, and ended everywhere.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, isOurs, details, heard, peer, settled } from "./cognito-identity.mjs";

const PASSWORD = "Correct-Horse-1";
const DAY = 86_400;
const refused = (name) => (error) => error.code === name;

for (const [name, library] of Object.entries(LIBRARIES)) describe(`sessions by ${name}`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD);
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  const signIn = (username = "joan", password = PASSWORD) => client.signIn(username, password, { flow: "USER_PASSWORD_AUTH" });
  const session = (one) => settled((done) => one.getSession(done));

  test("a session is there again after the page was loaded anew", async () => {
    await signIn();
    const one = client.current();
    assert.equal(one.getUsername(), "joan");
    assert.ok((await session(one)).isValid());
    assert.ok((await client.attributes(one)).length > 0);
  });

  test("an expired session is refreshed where it is asked for", async () => {
    await pool.settings({ accessTokenSeconds: 300, idTokenSeconds: 300 });
    const one = await signIn();
    const old = one.getSignInUserSession().getAccessToken().getJwtToken();
    // As it is read ten minutes later: the peer counts by this machine's clock.
    one.storage.setItem(`${one.keyPrefix}.joan.clockDrift`, "-600");
    const again = client.current();
    await session(again);
    assert.notEqual(again.getSignInUserSession().getAccessToken().getJwtToken(), old);
    assert.equal(await pool.count(isOurs(library) ? "GetTokensFromRefreshToken" : "InitiateAuth"), isOurs(library) ? 1 : 2);
  });

  test("an expired refresh token ends the session", async () => {
    const one = await signIn();
    await pool.advance(31 * DAY);
    await assert.rejects(client.refresh(one), refused("NotAuthorizedException"));
    assert.equal(client.current(), null);
  });

  test("a refresh token is revoked by itself, and anything else is no token to revoke", async () => {
    const one = await signIn();
    const current = one.getSignInUserSession();
    assert.ok(one.isSessionRevocable(current.getAccessToken()));
    const revoke = (token) => settled((callback) => one.revokeToken({ token, callback }));
    await assert.rejects(revoke(current.getAccessToken().getJwtToken()), refused("UnsupportedTokenTypeException"));
    await settled((done) => one.revokeTokens(done));
    await assert.rejects(client.attributes(one), refused("NotAuthorizedException"));
    await assert.rejects(client.refresh(one), refused("NotAuthorizedException"));
    await revoke(current.getRefreshToken().getToken());
  });

  test("a sign-out everywhere ends what was signed in elsewhere", async () => {
    const one = await signIn();
    const elsewhere = await peer(pool, library).signIn("joan", PASSWORD, { flow: "USER_PASSWORD_AUTH" });
    assert.deepEqual((await heard((on) => one.globalSignOut(on))).values, ["SUCCESS"]);
    await assert.rejects(client.attributes(elsewhere), refused("NotAuthorizedException"));
    await assert.rejects(client.refresh(elsewhere), refused("NotAuthorizedException"));
    await assert.rejects(heard((on) => elsewhere.globalSignOut(on)), refused("NotAuthorizedException"));
    await assert.rejects(heard((on) => client.user("joan").globalSignOut(on)), { message: "User is not authenticated" });
  });

  test("a sign-in that is refused: the password, the name, the user's state", async () => {
    await assert.rejects(signIn("joan", "Wrong-Horse-1"), refused("NotAuthorizedException"));
    await assert.rejects(signIn("nobody"), refused("NotAuthorizedException"));
    await assert.rejects(client.signIn("nobody", PASSWORD), refused("NotAuthorizedException"));
    await pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await assert.rejects(client.signIn("nobody", PASSWORD), refused(isOurs(library) ? "NotAuthorizedException" : "UserNotFoundException"));
    await pool.addUser("ida", PASSWORD, { status: "RESET_REQUIRED" });
    await assert.rejects(signIn("ida"), refused("PasswordResetRequiredException"));
    await pool.addUser("alan", PASSWORD, { enabled: false });
    await assert.rejects(signIn("alan"), refused("NotAuthorizedException"));
  });

  test("too many wrong passwords lock the name for a time", async () => {
    for (let tries = 0; tries < 5; tries += 1) await assert.rejects(signIn("joan", "Wrong-Horse-1"), refused("NotAuthorizedException"));
    await assert.rejects(signIn(), { code: "NotAuthorizedException", message: "Password attempts exceeded" });
    await pool.advance(60);
    await signIn();
  });

  test("a new password that is refused leaves the step to be answered again, until its time is over", async () => {
    await pool.addUser("grace", PASSWORD, { status: "FORCE_CHANGE_PASSWORD", requiredAttributes: ["given_name"] });
    const one = client.user("grace");
    const step = await client.begin(one, PASSWORD);
    assert.deepEqual([step.by, step.values[1]], ["newPasswordRequired", ["given_name"]]);
    const complete = (password, attributes) => heard((on) => one.completeNewPasswordChallenge(password, attributes, on, { from: "here" }));
    await assert.rejects(complete("short", { given_name: "Grace" }), refused("InvalidPasswordException"));
    assert.equal((await complete("Another-Horse-2", { given_name: "Grace" })).by, "onSuccess");
    assert.deepEqual((await pool.requests("RespondToAuthChallenge")).at(-1).body.ClientMetadata, isOurs(library) ? undefined : { from: "here" });

    await pool.addUser("mary", PASSWORD, { status: "FORCE_CHANGE_PASSWORD" });
    const late = client.user("mary");
    await heard((on) => late.authenticateUser(details("mary", PASSWORD), on));
    await pool.advance(181);
    await assert.rejects(heard((on) => late.completeNewPasswordChallenge("Another-Horse-2", {}, on)), refused("NotAuthorizedException"));
  });
});
