// Our client, in Chromium, against ministack: an independent user pool whose issuer differs from its endpoint.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { spyOnRequests } from "../e2e/support/spies.mjs";
import { PASSWORD, stage } from "./ministack-stage.mjs";
import { PASSWORDS } from "./passwords.mjs";

describe("our client against ministack", () => {
  const on = stage();

  test("signs in with fifty odd passwords by SRP", { timeout: 120_000 }, async () => {
    for (const [at, password] of PASSWORDS.entries()) {
      await on.pool.addUser(`user${at}`, password);
      const step = await on.signIn(`user${at}`, password);
      assert.equal(step.user["cognito:username"], `user${at}`, JSON.stringify(password));
    }
    assert.equal(PASSWORDS.length, 50);
  });

  test("is refused a wrong password, also one that differs only in its form", async () => {
    await on.pool.addUser("joan", "Caf\u00e9-Password-1");
    for (const wrong of ["Cafe\u0301-Password-1", "Caf\u00e9-Password-1 ", "caf\u00e9-password-1", "x"]) {
      assert.equal(await on.refused("auth.signIn", { username: "joan", password: wrong }), "NotAuthorized", JSON.stringify(wrong));
    }
    assert.equal(await on.status(), "signedOut");
    assert.equal((await on.signIn("joan", "Caf\u00e9-Password-1")).name, "signedIn");
  });

  test("refreshes, and reads the attributes with the new token", async () => {
    await on.pool.addUser("anne", PASSWORD);
    await on.signIn("anne");
    await on.call("auth.refresh");
    assert.equal(await on.status(), "signedIn");
    assert.ok((await on.call("auth.attributes")).sub);
  });

  test("revokes at the sign-out: the refresh token is dead", async () => {
    await on.pool.addUser("ruth", PASSWORD);
    await spyOnRequests(on.page);
    await on.reload({ engine: "page" });
    await on.signIn("ruth");
    await on.call("auth.refresh");
    const sent = (await on.page.evaluate(() => window.sent)).join("\n");
    const RefreshToken = /"RefreshToken":"([^"]+)"/.exec(sent)[1];
    await on.call("auth.signOut");
    assert.equal(await on.status(), "signedOut");
    await assert.rejects(on.pool.ask("GetTokensFromRefreshToken", { ClientId: on.pool.clientId, RefreshToken }, {}), /NotAuthorized/);
  });

  test("is signed out by a global sign-out elsewhere when it refreshes", async () => {
    await on.pool.addUser("vera", PASSWORD);
    await on.signIn("vera");
    await on.pool.ask("AdminUserGlobalSignOut", { UserPoolId: on.pool.userPoolId, Username: "vera" });
    assert.equal(await on.refused("auth.refresh"), "NotAuthorized");
    assert.equal(await on.status(), "signedOut");
  });
});
