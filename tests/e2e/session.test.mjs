// The life of a session through the package's own calls: sign-in, API calls, refresh and sign-out, on either engine.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ENGINES, PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
const HOUR = 3600;

const callApi = (page) =>
  attempt(
    page,
    async (url) => {
      const reply = await window.auth.fetch(url);
      return { status: reply.status, body: await reply.json() };
    },
    `${on.pool.url}/api/me`,
  );
const status = (page) => run(page, () => window.auth.snapshot().status);
const events = (page) => run(page, () => window.events);

for (const engine of ENGINES) {
  const signedIn = async (config) => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page({ engine, ...config });
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    return page;
  };

  describe(`a session in the ${engine} engine`, () => {
    test("begins with SRP, and the password is never sent", async () => {
      const page = await signedIn();
      const { sub } = await on.pool.user("joan");
      const snapshot = await run(page, () => window.auth.snapshot());
      assert.equal(snapshot.status, "signedIn");
      assert.equal(snapshot.user.sub, sub);
      assert.equal(snapshot.user["cognito:username"], "joan");
      const seen = await on.pool.requests();
      assert.deepEqual(
        seen.map((one) => one.operation),
        ["InitiateAuth", "RespondToAuthChallenge"],
      );
      assert.equal(seen[0].body.AuthParameters.USERNAME, "joan");
      assert.ok(!JSON.stringify(seen).includes(PASSWORD));
    });

    test("hands its tokens out where the app says so", async () => {
      const page = await signedIn({ tokens: "exposed" });
      const tokens = () => run(page, () => window.auth.tokens());
      const first = await tokens();
      const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
      assert.deepEqual([claims(first.accessToken).token_use, claims(first.idToken).token_use], ["access", "id"]);
      const ask = (token) => run(page, async (url, token) => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status, `${on.pool.url}/api/me`, token);
      assert.equal(await ask(first.accessToken), 200);
      await on.pool.advance(2 * HOUR);
      await run(page, () => window.auth.refresh());
      const next = await tokens();
      assert.notEqual(next.accessToken, first.accessToken);
      assert.deepEqual([await ask(first.accessToken), await ask(next.accessToken)], [401, 200]);
      assert.equal(await run(page, () => window.auth.signOut().then(() => window.auth.tokens()).catch(({ code }) => code)), "NotSignedIn");
    });

    test("starts signed out, with nothing sent", async () => {
      const page = await on.page({ engine });
      assert.equal((await run(page, () => window.auth.ready())).status, "signedOut");
      assert.deepEqual(await on.pool.requests(), []);
    });

    test("begins with the password itself when the app asks for it", async () => {
      await on.pool.settings({ explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine });
      assert.equal(await signIn(page, "joan", PASSWORD, { flow: "password" }), "signedIn");
      assert.deepEqual(await on.pool.operations(), ["InitiateAuth"]);
      assert.equal((await attempt(page, () => window.auth.signIn({ username: "joan", password: "x" }))).error.code, "InvalidParameter");
    });

    test("begins with the bytes of a password", async () => {
      await on.pool.addUser("joan", "Grüße-🌍-Password-1");
      const page = await on.page({ engine });
      const name = await run(
        page,
        async (password) => (await window.auth.signIn({ username: "joan", password: new TextEncoder().encode(password) })).name,
        "Grüße-🌍-Password-1",
      );
      assert.equal(name, "signedIn");
    });

    test("hears of itself: one event and one snapshot for a sign-in", async () => {
      const page = await signedIn();
      assert.deepEqual((await events(page)).map((event) => event.name), ["signedIn"]);
      assert.equal((await run(page, () => window.snapshots)).at(-1).status, "signedIn");
    });

    test("calls the API with the access token", async () => {
      const page = await signedIn();
      const { value } = await callApi(page);
      assert.equal(value.status, 200);
      assert.equal(value.body.claims.token_use, "access");
    });

    test("calls the API with the ID token when told so", async () => {
      const page = await signedIn({ api: { origins: [on.pool.url], token: "id" } });
      assert.equal((await callApi(page)).value.body.claims.token_use, "id");
    });

    test("is refused an API call when nobody is signed in", async () => {
      const page = await on.page({ engine });
      assert.equal((await callApi(page)).error.code, "NotSignedIn");
      assert.equal(await on.pool.count("api"), 0);
    });

    test("reads the user's attributes", async () => {
      const page = await signedIn();
      assert.equal((await run(page, () => window.auth.attributes())).email, "someone@example.com");
    });

    test("refreshes once when the API refuses an expired token", async () => {
      const page = await signedIn();
      await on.pool.advance(2 * HOUR);
      const { value } = await callApi(page);
      assert.equal(value.status, 200);
      assert.deepEqual(await on.pool.operations(2), ["GetTokensFromRefreshToken"]);
      assert.deepEqual((await on.pool.requests("api")).map((one) => one.status), [401, 200]);
    });

    test("refreshes before the call when the token is known to be due", async () => {
      const page = await signedIn();
      await on.pool.advance(2 * HOUR);
      await attempt(page, () => window.auth.attributes());
      assert.equal((await callApi(page)).value.status, 200);
      assert.equal(await on.pool.count("api"), 1);
      assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
    });

    test("keeps the newest refresh token when they rotate", async () => {
      await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
      const page = await signedIn();
      for (let round = 0; round < 3; round++) {
        await on.pool.advance(2 * HOUR);
        assert.equal((await callApi(page)).value.status, 200);
      }
      const used = (await on.pool.requests("GetTokensFromRefreshToken")).map((one) => one.body.RefreshToken);
      assert.equal(new Set(used).size, 3);
    });

    for (const rotating of [false, true]) {
      test(`refreshes once for eight calls at a time${rotating ? ", rotating" : ""}`, async () => {
        if (rotating) await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
        const page = await signedIn();
        await on.pool.advance(2 * HOUR);
        const statuses = await run(
          page,
          (url) => Promise.all(Array.from({ length: 8 }, async () => (await window.auth.fetch(url)).status)),
          `${on.pool.url}/api/me`,
        );
        assert.deepEqual(statuses, Array(8).fill(200));
        assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
      });
    }

    test("shows nothing new when only the tokens change", async () => {
      const page = await signedIn();
      const same = await run(page, async () => {
        const before = window.auth.snapshot();
        const told = window.snapshots.length;
        await window.auth.refresh();
        return window.auth.snapshot() === before && window.snapshots.length === told;
      });
      assert.ok(same);
      assert.equal((await events(page)).length, 2);
    });

    test("does not come back when a refresh ends after the sign-out", async () => {
      const page = await signedIn();
      await on.pool.fault("GetTokensFromRefreshToken", "hang");
      await run(page, () => void (window.refreshing = window.auth.refresh().then(() => "refreshed", (e) => e.code)));
      await until(() => on.pool.count("GetTokensFromRefreshToken"));
      // Not revoked, so that the late answer brings tokens that are good.
      await on.pool.fault("RevokeToken", "status500", { times: 100 });
      await attempt(page, () => window.auth.signOut());
      assert.equal(await status(page), "signedOut");
      await on.pool.clearFaults();
      assert.equal(await run(page, () => window.refreshing), "NotSignedIn");
      assert.equal((await on.pool.requests("GetTokensFromRefreshToken"))[0].status, 200);
      assert.equal(await status(page), "signedOut");
      assert.equal((await callApi(page)).error.code, "NotSignedIn");
    });

    test("survives a network fault as stale, and recovers", async () => {
      const page = await signedIn();
      await on.pool.advance(2 * HOUR);
      await on.pool.fault("GetTokensFromRefreshToken", "dropBefore", { times: 100 });
      const { error } = await attempt(page, () => window.auth.refresh());
      assert.equal(error.code, "Network");
      assert.equal(error.retryable, true);
      const snapshot = await run(page, () => window.auth.snapshot());
      assert.equal(snapshot.status, "stale");
      assert.equal(snapshot.user["cognito:username"], "joan");
      await on.pool.clearFaults();
      assert.equal((await callApi(page)).value.status, 200);
      assert.equal(await status(page), "signedIn");
    });

    for (const [what, end] of Object.entries({
      "the refresh token expires": () => on.pool.advance(366 * 24 * HOUR),
      "the user is deleted": () => on.pool.removeUser("joan"),
      "the user is disabled": () => on.pool.changeUser("joan", { enabled: false }),
    })) {
      test(`ends when ${what}`, async () => {
        const page = await signedIn();
        await end();
        assert.equal((await attempt(page, () => window.auth.refresh())).error.code, "NotAuthorized");
        assert.equal(await status(page), "signedOut");
        assert.equal((await run(page, () => window.auth.snapshot())).user, undefined);
        assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
      });
    }

    test("gets tokens of the new keys when the old ones are refused", async () => {
      const page = await signedIn();
      await on.pool.rotateKeys();
      assert.equal((await callApi(page)).value.status, 200);
      assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
    });

    test("ends with a sign-out that revokes", async () => {
      const page = await signedIn();
      await run(page, () => window.auth.signOut());
      assert.equal(await status(page), "signedOut");
      assert.deepEqual(await on.pool.operations(2), ["RevokeToken"]);
      assert.equal((await callApi(page)).error.code, "NotSignedIn");
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    });

    test("ends here even when the revocation fails", async () => {
      const page = await signedIn();
      await on.pool.fault("RevokeToken", "status500", { times: 100 });
      assert.ok((await attempt(page, () => window.auth.signOut())).error);
      assert.equal(await status(page), "signedOut");
      assert.equal((await callApi(page)).error.code, "NotSignedIn");
    });
  });
}
