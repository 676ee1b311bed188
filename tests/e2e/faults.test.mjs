// What the client does when the network or the service fails: what it repeats, what it must not, and what it says.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ENGINES, PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
const enter = (page, username = "joan", password = PASSWORD) =>
  attempt(page, async (request) => (await window.auth.signIn(request)).name, { username, password });

for (const engine of ENGINES) {
  const ready = async () => {
    await on.pool.addUser("joan", PASSWORD);
    return on.page({ engine });
  };

  describe(`faults in the ${engine} engine`, () => {
    for (const kind of ["dropBefore", "status500", "throttle"]) {
      test(`the start of a sign-in is repeated after ${kind}`, async () => {
        const page = await ready();
        await on.pool.fault("InitiateAuth", kind);
        assert.equal((await enter(page)).value, "signedIn");
        assert.equal(await on.pool.count("RespondToAuthChallenge"), 1);
      });
    }

    test("a lost reply to the proof is not asked for again", async () => {
      const page = await ready();
      await on.pool.fault("RespondToAuthChallenge", "dropAfter");
      const { error } = await enter(page);
      assert.equal(error.code, "Network");
      assert.equal(await on.pool.count("RespondToAuthChallenge"), 1);
      assert.equal((await enter(page)).value, "signedIn");
    });

    test("a lost reply to a sign-up is not asked for again", async () => {
      const page = await ready();
      await on.pool.fault("SignUp", "dropAfter");
      const request = { username: "mary", password: PASSWORD, attributes: { email: "mary@example.com" } };
      const { error } = await attempt(page, (request) => window.auth.signUp(request), request);
      assert.equal(error.code, "Network");
      assert.equal(await on.pool.count("SignUp"), 1);
    });

    test("a code is not submitted twice", async () => {
      const page = await ready();
      await on.pool.addUser("mary", PASSWORD, { status: "UNCONFIRMED" });
      await on.pool.fault("ConfirmSignUp", "status500");
      const { error } = await attempt(page, () => window.auth.confirmSignUp({ username: "mary", code: "123456" }));
      assert.equal(error.code, "InternalError");
      assert.equal(error.status, 500);
      assert.equal(await on.pool.count("ConfirmSignUp"), 1);
    });

    test("a code is not sent twice", async () => {
      const page = await ready();
      await on.pool.addUser("mary", PASSWORD, { status: "UNCONFIRMED" });
      await on.pool.fault("ResendConfirmationCode", "dropAfter");
      assert.equal((await attempt(page, () => window.auth.resendSignUpCode("mary"))).error.code, "Network");
      assert.equal(await on.pool.count("ResendConfirmationCode"), 1);
    });

    test("a lost refresh never signs anyone out", async () => {
      await on.pool.settings({ rotation: { enabled: true, graceSeconds: 60 } });
      const page = await ready();
      await enter(page);
      await on.pool.fault("GetTokensFromRefreshToken", "dropAfter");
      await attempt(page, () => window.auth.refresh());
      assert.notEqual(await run(page, () => window.auth.snapshot().status), "signedOut");
      await run(page, () => window.auth.refresh());
      assert.equal(await run(page, () => window.auth.snapshot().status), "signedIn");
    });

    test("what is not JSON is an error of its own", async () => {
      const page = await ready();
      await on.pool.fault("InitiateAuth", "nonJson", { times: 10 });
      const { error } = await enter(page);
      assert.ok(["InvalidResponse", "Network", "Unknown"].includes(error.code), error.code);
      assert.ok(error.isAuthError && error.isError && error.name === "AuthError");
    });

    test("a service that stays throttled is said to be so", async () => {
      const page = await ready();
      await on.pool.fault("InitiateAuth", "throttle", { times: 100 });
      const { error } = await enter(page);
      assert.equal(error.code, "TooManyRequests");
      assert.equal(error.retryable, true);
      const tries = await on.pool.count("InitiateAuth");
      assert.ok(tries >= 2 && tries <= 6, `${tries} tries`);
    });

    test("a sign-in can be given up", async () => {
      const page = await ready();
      await on.pool.fault("InitiateAuth", "hang");
      await run(page, (password) => {
        window.giveUp = new AbortController();
        const { signal } = window.giveUp;
        window.entering = window.auth.signIn({ username: "joan", password, signal }).then((step) => step.name, (e) => e.code);
      }, PASSWORD);
      await until(() => on.pool.count("InitiateAuth"));
      await run(page, () => window.giveUp.abort());
      assert.equal(await run(page, () => window.entering), "Aborted");
      await on.pool.clearFaults();
      assert.equal((await enter(page)).value, "signedIn");
    });

    test("a signal that is aborted already sends nothing", async () => {
      const page = await ready();
      const request = { username: "joan", password: PASSWORD };
      const { error } = await attempt(page, (request) => window.auth.signIn({ ...request, signal: AbortSignal.abort() }), request);
      assert.equal(error.code, "Aborted");
      assert.deepEqual(await on.pool.requests(), []);
    });

    test("an unknown user and a wrong password cannot be told apart", async () => {
      await on.pool.settings({ preventUserExistenceErrors: "ENABLED" });
      const page = await ready();
      const wrong = await enter(page, "joan", "Wrong-Password-1");
      const half = (await on.pool.requests()).length;
      const unknown = await enter(page, "nobody", "Wrong-Password-1");
      assert.equal(wrong.error.code, "NotAuthorized");
      assert.deepEqual({ ...unknown.error, requestId: "" }, { ...wrong.error, requestId: "" });
      assert.equal((await on.pool.requests()).length, 2 * half);
    });

    test("an unknown user and a wrong password read the same where the pool tells the truth", async () => {
      await on.pool.settings({ preventUserExistenceErrors: "LEGACY" });
      const page = await ready();
      const wrong = await enter(page, "joan", "Wrong-Password-1");
      const unknown = await enter(page, "nobody", "Wrong-Password-1");
      assert.deepEqual({ ...unknown.error, requestId: "" }, { ...wrong.error, requestId: "" });
    });

    for (const [name, days] of Object.entries({ "ahead.js": 1, "behind.js": -1 })) {
      test(`a clock that is a day wrong does not matter (${days > 0 ? "+" : ""}${days})`, async () => {
        await on.pool.addUser("joan", PASSWORD);
        const turn = (page) =>
          page.evaluateOnNewDocument((by) => {
            const now = Date.now.bind(Date);
            window.Date = class extends Date {
              constructor(...parts) {
                super(...(parts.length === 0 ? [now() + by] : parts));
              }
              static now = () => now() + by;
            };
          }, days * 86_400_000);
        const workerUrl = engine === "worker" ? `${on.fixture.url}/${name}` : undefined;
        const page = await on.page({ engine, workerUrl }, turn);
        assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
        const reply = await run(page, async (url) => (await window.auth.fetch(url)).status, `${on.pool.url}/api/me`);
        assert.equal(reply, 200);
        assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 0);
        const [, proof] = await on.pool.requests();
        assert.ok(Math.abs(Date.parse(proof.body.ChallengeResponses.TIMESTAMP) - Date.now()) < 60_000);
      });
    }
  });
}
