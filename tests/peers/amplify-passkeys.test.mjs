// Amplify on passkeys: made, listed, signed in with, deleted, and refused.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { auth, configure, refused } from "./amplify.mjs";
import { Authenticator } from "./authenticator.mjs";

const PASSWORD = "Correct-Horse-1";
const { associateWebAuthnCredential, confirmSignIn, deleteWebAuthnCredential, listWebAuthnCredentials, signIn, signOut } = auth;

describe("passkeys by Amplify", () => {
  let pool;
  let authenticator;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com" } });
    configure(pool);
    authenticator = new Authenticator();
    authenticator.install();
    await signIn({ username: "joan", password: PASSWORD, options: { authFlowType: "USER_PASSWORD_AUTH" } });
  });
  after(() => pool?.close());

  const passkeys = async () => (await pool.user("joan")).passkeys;
  const withPasskey = async () => {
    await associateWebAuthnCredential();
    await signOut();
  };
  const begin = (preferredChallenge = "WEB_AUTHN") => signIn({ username: "joan", options: { authFlowType: "USER_AUTH", preferredChallenge } });

  test("one is made, listed and deleted", async () => {
    await associateWebAuthnCredential();
    const { credentials } = await listWebAuthnCredentials();
    assert.deepEqual(credentials.map(({ credentialId }) => credentialId), [authenticator.keys[0].id.toString("base64url")]);
    assert.deepEqual([credentials[0].relyingPartyId, credentials[0].authenticatorTransports], ["localhost", ["internal"]]);
    await deleteWebAuthnCredential(credentials[0]);
    assert.deepEqual((await listWebAuthnCredentials()).credentials, []);
    await assert.rejects(deleteWebAuthnCredential(credentials[0]), refused("ResourceNotFoundException"));
  });

  test("they are listed page by page", async () => {
    for (const _ of "abc") await associateWebAuthnCredential();
    const first = await listWebAuthnCredentials({ pageSize: 2 });
    const rest = await listWebAuthnCredentials({ pageSize: 2, nextToken: first.nextToken });
    assert.deepEqual([first.credentials.length, rest.credentials.length, rest.nextToken], [2, 1, undefined]);
    await assert.rejects(listWebAuthnCredentials({ pageSize: 2, nextToken: "unknown" }), refused("InvalidParameterException"));
  });

  test("none is made on a page elsewhere, too late, or where its user declines", async () => {
    authenticator.origin = "https://elsewhere.example";
    await assert.rejects(associateWebAuthnCredential(), refused("WebAuthnOriginNotAllowedException"));
    authenticator.origin = "http://localhost:4173";
    const { create } = authenticator;
    authenticator.create = async (options) => {
      await pool.advance(61);
      return create.call(authenticator, options);
    };
    await assert.rejects(associateWebAuthnCredential(), refused("WebAuthnChallengeNotFoundException"));
    authenticator.fails = "NotAllowedError";
    await assert.rejects(associateWebAuthnCredential(), refused("PasskeyRegistrationCanceled"));
    assert.deepEqual(await passkeys(), []);
  });

  test("none is made where the pool has none", async () => {
    await pool.settings({ passkeys: { enabled: false } });
    await assert.rejects(associateWebAuthnCredential(), refused("WebAuthnNotEnabledException"));
    await pool.settings({ passkeys: { enabled: true, relyingPartyId: null } });
    await assert.rejects(associateWebAuthnCredential(), refused("WebAuthnConfigurationMissingException"));
  });

  test("one signs in, preferred and chosen", async () => {
    await withPasskey();
    assert.ok((await begin()).isSignedIn);
    assert.equal((await auth.fetchUserAttributes()).email, "joan@example.com");
    await signOut();
    const { nextStep } = await begin(null);
    assert.ok(nextStep.availableChallenges.includes("WEB_AUTHN"));
    assert.ok((await confirmSignIn({ challengeResponse: "WEB_AUTHN" })).isSignedIn);
  });

  test("one on a page elsewhere, of another key, or whose user declines does not", async () => {
    await withPasskey();
    authenticator.origin = "https://elsewhere.example";
    await assert.rejects(begin(), refused("NotAuthorizedException"));
    authenticator.origin = "http://localhost:4173";
    authenticator.fails = "NotAllowedError";
    await assert.rejects(begin(), refused("PasskeyAuthenticationCanceled"));
    authenticator.fails = null;
    await authenticator.create({ publicKey: { challenge: Buffer.alloc(32), rp: { id: "localhost" }, user: { id: authenticator.keys[0].userHandle } } });
    await assert.rejects(begin(), refused("NotAuthorizedException"));
  });

  test("one whose challenge is over does not", async () => {
    await withPasskey();
    const { get } = authenticator;
    authenticator.get = async (options) => {
      await pool.advance(181);
      return get.call(authenticator, options);
    };
    await assert.rejects(begin(), refused("NotAuthorizedException"));
  });

  test("nobody makes, lists or deletes one", async () => {
    await signOut();
    for (const call of [associateWebAuthnCredential, listWebAuthnCredentials, () => deleteWebAuthnCredential({ credentialId: "x" })]) {
      await assert.rejects(call(), refused("UserUnAuthenticatedException"));
    }
  });
});
