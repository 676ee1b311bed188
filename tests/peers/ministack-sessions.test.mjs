// Our client's sessions against ministack: how they go on and end, and what an identity pool gives for them.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { PASSWORD, stage } from "./ministack-stage.mjs";

describe("our client's sessions against ministack", () => {
  const on = stage();

  /** Signs a new user in on the page that is open. */
  async function enter(username, attributes) {
    await on.pool.addUser(username, PASSWORD, { attributes });
    return (await on.signIn(username)).user;
  }
  const admin = (operation, Username) => on.pool.ask(`Admin${operation}`, { UserPoolId: on.pool.userPoolId, Username });
  const reasons = async () => (await on.events("signedOut")).map(({ reason }) => reason);

  test("comes back after a reload, and refreshes", async () => {
    await on.reload({ storage: "indexedDb", engine: "worker" });
    const { sub } = await enter("mary");
    await on.reload({ storage: "indexedDb", engine: "worker" });
    await on.call("auth.ready");
    assert.equal(await on.page.evaluate(() => window.auth.snapshot().user?.sub), sub);
    await on.call("auth.refresh");
    assert.equal((await on.call("auth.attributes")).sub, sub);
  });

  test("ends every session of the user, here and on another page", async () => {
    await enter("joan");
    const other = on.page;
    await on.open();
    await on.signIn("joan");
    await on.call("auth.signOut", { everywhere: true });
    assert.deepEqual([await on.status(), await reasons()], ["signedOut", ["user"]]);
    on.page = other;
    assert.equal(await on.refused("auth.attributes"), "NotAuthorized");
    assert.deepEqual([await on.status(), await reasons()], ["signedOut", ["refused"]]);
    assert.equal((await on.signIn("joan")).name, "signedIn");
  });

  for (const [what, operation, username] of [
    ["its tokens are revoked", "UserGlobalSignOut", "ruth"],
    ["the user is disabled", "DisableUser", "vera"],
    ["the user is deleted", "DeleteUser", "anne"],
  ]) {
    test(`ends at the next call about the account when ${what}`, async () => {
      await enter(username);
      await admin(operation, username);
      assert.equal(await on.refused("auth.attributes"), "NotAuthorized");
      assert.deepEqual([await on.status(), await reasons()], ["signedOut", ["refused"]]);
      assert.equal(await on.refused("auth.attributes"), "NotSignedIn");
    });
  }

  // It asks neither whether the identity pool allows guests, nor whether there are roles.
  describe("and an identity pool", () => {
    let identityPoolId;
    let login;
    before(async () => {
      const { userPoolId, clientId, ask } = on.pool;
      login = `cognito-idp.us-east-1.amazonaws.com/${userPoolId}`;
      const providers = [{ ProviderName: login, ClientId: clientId }];
      const made = { IdentityPoolName: "peers", AllowUnauthenticatedIdentities: true, CognitoIdentityProviders: providers };
      identityPoolId = (await ask("AWSCognitoIdentityService.CreateIdentityPool", made)).IdentityPoolId;
    });

    const identity = (IdentityId) => on.pool.ask("AWSCognitoIdentityService.DescribeIdentity", { IdentityId });

    test("gives the user's credentials, which are kept until the user changes", async () => {
      await on.reload({ identityPoolId });
      await enter("lucy");
      const first = await on.call("auth.awsCredentials");
      assert.match(first.accessKeyId, /^ASIA/);
      assert.ok(first.secretAccessKey && first.sessionToken);
      assert.ok(new Date(first.expiration) > Date.now() + 50 * 60_000);
      assert.deepEqual((await identity(first.identityId)).Logins, [login]);
      assert.deepEqual(await on.call("auth.awsCredentials"), first);
      await on.call("auth.signOut");
      await on.signIn("lucy");
      const again = await on.call("auth.awsCredentials");
      assert.equal(again.identityId, first.identityId);
      assert.notEqual(again.accessKeyId, first.accessKeyId);
    });

    test("gives a guest's, and the user's own after the sign-in", async () => {
      await on.reload({ identityPoolId });
      const guest = await on.call("auth.awsCredentials");
      assert.deepEqual((await identity(guest.identityId)).Logins, []);
      await enter("edith");
      const own = await on.call("auth.awsCredentials");
      assert.notEqual(own.accessKeyId, guest.accessKeyId);
      assert.equal((await identity(own.identityId)).Logins[0], login);
      await on.call("auth.signOut");
      assert.notEqual((await on.call("auth.awsCredentials")).identityId, own.identityId);
    });

    test("is refused what the identity pool does not know", async () => {
      await on.reload({ identityPoolId: "us-east-1:00000000-0000-4000-8000-000000000000" });
      assert.equal(await on.refused("auth.awsCredentials"), "ResourceNotFound");
      await on.reload({ identityPoolId, clientId: await on.pool.addClient(on.pool.userPoolId) });
      await enter("nora");
      assert.equal(await on.refused("auth.awsCredentials"), "NotAuthorized");
      await on.reload();
      assert.equal(await on.refused("auth.awsCredentials"), "InvalidConfig");
    });
  });
});
