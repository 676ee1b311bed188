// The steps of signing up and signing in through the package's own calls: each says what comes next.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ENGINES, PASSWORD, stage } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
const NEW_PASSWORD = "Another-Horse-2";

/** Signs in and keeps the step as `window.step`; brings back its plain members. */
const begin = (page, username, password = PASSWORD) =>
  run(
    page,
    async (request) => {
      window.step = await window.auth.signIn(request);
      return JSON.parse(JSON.stringify(window.step));
    },
    { username, password },
  );
const answer = (page, value) =>
  attempt(
    page,
    async (value) => {
      const next = await window.step.answer(value);
      return JSON.parse(JSON.stringify(next));
    },
    value,
  );
const status = (page) => run(page, () => window.auth.snapshot().status);

for (const engine of ENGINES) {
  describe(`steps in the ${engine} engine`, () => {
    test("signing up, with a wrong code, a new code and the right one", async () => {
      const page = await on.page({ engine });
      const step = await run(
        page,
        async (request) => {
          window.step = await window.auth.signUp(request);
          return JSON.parse(JSON.stringify(window.step));
        },
        { username: "mary", password: PASSWORD, attributes: { email: "mary@example.com" } },
      );
      assert.equal(step.name, "confirm");
      assert.equal(step.username, "mary");
      assert.equal(step.sentTo.medium, "email");
      assert.match(step.sentTo.destination, /\*/);
      const first = await on.pool.code("mary");
      const wrong = first === "000000" ? "000001" : "000000";
      assert.equal((await answer(page, wrong)).error.code, "CodeMismatch");
      const sentTo = await run(page, () => window.step.resend());
      assert.equal(sentTo.medium, "email");
      assert.equal((await answer(page, ` ${await on.pool.code("mary")} `)).value.name, "signedUp");
      assert.equal((await answer(page, "1")).error.code, "InvalidState");
      assert.equal((await on.pool.user("mary")).status, "CONFIRMED");
      assert.equal(await signIn(page, "mary", PASSWORD), "signedIn");
    });

    test("signing up where nothing has to be confirmed", async () => {
      await on.pool.settings({ autoConfirm: true });
      const page = await on.page({ engine });
      const request = { username: "mary", password: PASSWORD, attributes: { email: "mary@example.com" } };
      assert.equal((await run(page, (request) => window.auth.signUp(request), request)).name, "signedUp");
    });

    test("signing up is refused for a taken name and a weak password", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine });
      const up = (username, password) =>
        attempt(page, (request) => window.auth.signUp(request), { username, password, attributes: { email: "x@example.com" } });
      assert.equal((await up("joan", PASSWORD)).error.code, "UsernameExists");
      assert.equal((await up("mary", "short")).error.code, "InvalidPassword");
    });

    test("confirming on a later visit", async () => {
      await on.pool.addUser("mary", PASSWORD, { status: "UNCONFIRMED" });
      const page = await on.page({ engine });
      const sentTo = await run(page, () => window.auth.resendSignUpCode("mary"));
      assert.equal(sentTo.medium, "email");
      await run(page, (code) => window.auth.confirmSignUp({ username: "mary", code }), await on.pool.code("mary"));
      assert.equal((await on.pool.user("mary")).status, "CONFIRMED");
    });

    test("signing in to an account that was never confirmed", async () => {
      await on.pool.addUser("mary", PASSWORD, { status: "UNCONFIRMED" });
      const page = await on.page({ engine });
      const step = await begin(page, "mary");
      assert.equal(step.name, "confirmSignUp");
      await run(page, () => window.step.resend());
      const code = await on.pool.code("mary");
      assert.equal((await answer(page, code === "000000" ? "000001" : "000000")).error.code, "CodeMismatch");
      assert.equal((await answer(page, code)).value.name, "signedIn");
      assert.equal(await status(page), "signedIn");
    });

    test("signing in when the password has to be reset", async () => {
      await on.pool.settings({ preventUserExistenceErrors: "LEGACY" });
      await on.pool.addUser("joan", PASSWORD, { status: "RESET_REQUIRED", attributes: { email: "joan@example.com", email_verified: "true" } });
      const page = await on.page({ engine });
      const step = await begin(page, "joan");
      assert.equal(step.name, "resetPassword");
      assert.equal((await run(page, () => window.step.resend())).medium, "email");
      const code = await on.pool.code("joan", "resetPassword");
      const wrong = code === "000000" ? "000001" : "000000";
      assert.equal((await answer(page, { code: wrong, password: NEW_PASSWORD })).error.code, "CodeMismatch");
      assert.equal((await answer(page, { code, password: NEW_PASSWORD })).value.name, "signedIn");
      assert.equal(await status(page), "signedIn");
    });

    test("choosing a password at the first sign-in", async () => {
      await on.pool.settings({ requiredAttributes: ["email", "given_name"] });
      await on.pool.addUser("joan", PASSWORD, { status: "FORCE_CHANGE_PASSWORD" });
      const page = await on.page({ engine });
      const step = await begin(page, "joan");
      assert.equal(step.name, "newPassword");
      assert.deepEqual(step.requiredAttributes, ["given_name"]);
      assert.equal(step.attributes.email, "someone@example.com");
      const attributes = { given_name: "Joan" };
      assert.equal((await answer(page, { password: "short", attributes })).error.code, "InvalidPassword");
      const done = await answer(page, { password: NEW_PASSWORD, attributes });
      assert.equal(done.value.name, "signedIn");
      assert.equal(done.value.user.given_name, "Joan");
      assert.equal((await answer(page, { password: NEW_PASSWORD, attributes })).error.code, "InvalidState");
      await run(page, () => window.auth.signOut());
      assert.equal(await signIn(page, "joan", NEW_PASSWORD), "signedIn");
    });

    test("a password that the service asks for as a challenge of its own", async () => {
      await on.pool.addUser("joan", PASSWORD);
      await on.pool.challenge("joan", "PASSWORD");
      const page = await on.page({ engine });
      assert.equal((await begin(page, "joan")).name, "password");
      assert.equal((await answer(page, PASSWORD)).value.name, "signedIn");
      const { body } = (await on.pool.requests("RespondToAuthChallenge")).at(-1);
      assert.deepEqual([body.ChallengeName, body.ChallengeResponses], ["PASSWORD", { USERNAME: "joan", PASSWORD }]);
    });

    test("a challenge that this version does not know", async () => {
      await on.pool.addUser("joan", PASSWORD);
      await on.pool.challenge("joan", "FROBNICATE", { QUESTION: "why" });
      const page = await on.page({ engine });
      const { error } = await attempt(page, (request) => window.auth.signIn(request), { username: "joan", password: PASSWORD });
      assert.equal(error.code, "UnsupportedChallenge");
      assert.match(error.message, /FROBNICATE/);
      assert.equal(await status(page), "signedOut");
    });

    test("metadata goes with every request that takes it", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine, clientMetadata: { app: "one" } });
      await signIn(page, "joan", PASSWORD, { clientMetadata: { call: "two" } });
      for (const { operation, body } of await on.pool.requests()) assert.equal(body.ClientMetadata.call, "two", operation);
    });

    test("a wrong configuration is refused at once, by the name of the field", async () => {
      const page = await on.page({ engine });
      const wrong = {
        userPoolId: { userPoolId: "nonsense" },
        clientId: { clientId: "" },
        endpoint: { endpoint: "not an address" },
        origins: { api: { origins: ["https://api.example.com/path"] } },
        engine: { engine: "steam" },
      };
      for (const [field, change] of Object.entries(wrong)) {
        const { error } = await attempt(page, (config) => void window.createAuth(config), { ...on.pool.config, engine, ...change });
        assert.equal(error?.code, "InvalidConfig", field);
        assert.match(error.message, new RegExp(field));
      }
    });

    test("two clients on one page do not meet", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine });
      await signIn(page, "joan", PASSWORD);
      const other = await run(page, async (config) => (await window.createAuth(config).ready()).status, { ...on.pool.config, engine, clientMetadata: { app: "other" } });
      assert.equal(other, "signedOut");
      assert.equal(await status(page), "signedIn");
    });

    test("after close nothing is answered", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine });
      await signIn(page, "joan", PASSWORD);
      await run(page, () => window.auth.close());
      assert.ok((await attempt(page, () => window.auth.refresh())).error);
    });
  });
}
