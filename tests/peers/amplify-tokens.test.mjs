// Amplify on tokens: refreshed with and without rotation, revoked, and ended everywhere.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { auth, configure, refused } from "./amplify.mjs";

const PASSWORD = "Correct-Horse-1";
const DAY = 86_400;
const { deleteUser, fetchAuthSession, fetchUserAttributes, getCurrentUser, signIn, signOut } = auth;

describe("tokens by Amplify", () => {
  let pool;
  let storage;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD);
    storage = configure(pool);
    await signIn({ username: "joan", password: PASSWORD, options: { authFlowType: "USER_PASSWORD_AUTH" } });
  });
  after(() => pool?.close());

  const renew = () => fetchAuthSession({ forceRefresh: true });
  const key = () => `CognitoIdentityServiceProvider.${pool.clientId}.joan.refreshToken`;
  const kept = () => storage.getItem(key());
  const rotate = (graceSeconds) => pool.settings({ rotation: { enabled: true, graceSeconds } });

  test("a refresh brings new tokens, and keeps the refresh token", async () => {
    const before = kept();
    const { tokens } = await fetchAuthSession();
    const renewed = await renew();
    assert.notEqual(renewed.tokens.accessToken.toString(), tokens.accessToken.toString());
    assert.equal(kept(), before);
    assert.ok((await fetchUserAttributes()).email);
    assert.equal(await pool.count("GetTokensFromRefreshToken"), 1);
  });

  test("a token that rotates is another after every refresh", async () => {
    await rotate(0);
    const seen = new Set([kept()]);
    for (const _ of "abc") {
      assert.ok((await renew()).tokens);
      seen.add(kept());
    }
    assert.equal(seen.size, 4);
  });

  test("a token that has rotated is refused, and the session is over", async () => {
    await rotate(0);
    const old = kept();
    await renew();
    storage.setItem(key(), old);
    await assert.rejects(renew(), refused("RefreshTokenReuseException"));
    await assert.rejects(getCurrentUser(), refused("UserUnAuthenticatedException"));
  });

  test("a token that has rotated is good until its time of grace is over", async () => {
    await rotate(30);
    const old = kept();
    await renew();
    storage.setItem(key(), old);
    assert.ok((await renew()).tokens);
    await pool.advance(31);
    storage.setItem(key(), old);
    await assert.rejects(renew(), refused("RefreshTokenReuseException"));
  });

  test("an expired refresh token ends the session", async () => {
    await pool.advance(31 * DAY);
    assert.equal((await renew()).tokens, undefined);
    assert.equal(kept(), null);
  });

  test("a sign-out revokes the refresh token", async () => {
    const old = kept();
    const { accessToken } = (await fetchAuthSession()).tokens;
    await signOut();
    assert.equal((await pool.requests("RevokeToken")).at(-1).status, 200);
    const call = (operation, body) =>
      fetch(`${pool.url}/`, {
        method: "POST",
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` },
        body: JSON.stringify(body),
      });
    assert.equal((await call("GetUser", { AccessToken: accessToken.toString() })).status, 400);
    assert.equal((await call("GetTokensFromRefreshToken", { ClientId: pool.clientId, RefreshToken: old })).status, 400);
    await assert.rejects(fetchUserAttributes(), refused("UserUnAuthenticatedException"));
  });

  test("a sign-out everywhere ends what another kept", async () => {
    const elsewhere = new Map(["accessToken", "idToken", "refreshToken"].map((name) => [name, storage.getItem(key().replace("refreshToken", name))]));
    await signOut({ global: true });
    assert.equal((await pool.requests("GlobalSignOut")).at(-1).status, 200);
    storage.setItem(`CognitoIdentityServiceProvider.${pool.clientId}.LastAuthUser`, "joan");
    for (const [name, value] of elsewhere) storage.setItem(key().replace("refreshToken", name), value);
    await assert.rejects(fetchUserAttributes(), refused("NotAuthorizedException"));
    await assert.rejects(deleteUser(), refused("NotAuthorizedException"));
    assert.equal((await renew()).tokens, undefined);
  });
});
