// Our client, in Chromium, against ministack: an independent user pool whose issuer differs from its endpoint.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { newPage, startBrowser } from "../e2e/support/browser.mjs";
import { serveFixture } from "../e2e/support/fixture.mjs";
import { spyOnRequests } from "../e2e/support/spies.mjs";
import { attempt, open, run, signIn } from "../e2e/support/vault.mjs";
import { SIGN_UP_CODE, startMinistack } from "./ministack.mjs";
import { PASSWORDS } from "./passwords.mjs";

const PASSWORD = "Correct-Horse-1";

describe("our client against ministack", () => {
  let pool;
  let fixture;
  let browser;
  let opened;
  let page;
  before(async () => {
    pool = await startMinistack();
    fixture = await serveFixture();
    browser = await startBrowser("chromium");
  });
  beforeEach(async () => {
    opened = await newPage(browser);
    page = opened.page;
    const { userPoolId, clientId, url } = pool;
    await open(page, fixture.url, { userPoolId, clientId, endpoint: url });
  });
  afterEach(() => opened?.close());
  after(async () => {
    await browser?.close();
    await fixture?.close();
    await pool?.close();
  });

  const enter = (username, password) =>
    attempt(
      page,
      async (request) => {
        const step = await window.auth.signIn(request);
        return { name: step.name, user: step.user };
      },
      { username, password },
    );
  const status = () => run(page, () => window.auth.snapshot().status);

  test("signs up, and confirms with the right code only", async () => {
    const request = { username: "mary", password: PASSWORD, attributes: { email: "mary@example.com" } };
    const name = await run(
      page,
      async (request) => {
        window.step = await window.auth.signUp(request);
        return window.step.name;
      },
      request,
    );
    assert.equal(name, "confirm");
    const answer = (code) => attempt(page, async (code) => (await window.step.answer(code)).name, code);
    assert.equal((await answer("000000")).error.code, "CodeMismatch");
    assert.equal((await answer(SIGN_UP_CODE)).value, "signedUp");
    assert.equal((await enter("mary", PASSWORD)).value.user.email, "mary@example.com");
  });

  test("signs in with fifty odd passwords by SRP", { timeout: 120_000 }, async () => {
    for (const [at, password] of PASSWORDS.entries()) {
      await pool.addUser(`user${at}`, password);
      const { value, error } = await enter(`user${at}`, password);
      assert.equal(value?.user["cognito:username"], `user${at}`, `${JSON.stringify(password)} ${error?.code}`);
    }
    assert.equal(PASSWORDS.length, 50);
  });

  test("is refused a wrong password, also one that differs only in its form", async () => {
    await pool.addUser("joan", "Caf\u00e9-Password-1");
    for (const wrong of ["Cafe\u0301-Password-1", "Caf\u00e9-Password-1 ", "caf\u00e9-password-1", "x"]) {
      assert.equal((await enter("joan", wrong)).error?.code, "NotAuthorized", JSON.stringify(wrong));
    }
    assert.equal(await status(), "signedOut");
    assert.equal((await enter("joan", "Caf\u00e9-Password-1")).value.name, "signedIn");
  });

  test("refreshes, and reads the attributes with the new token", async () => {
    await pool.addUser("anne", PASSWORD);
    await enter("anne", PASSWORD);
    await run(page, () => window.auth.refresh());
    assert.equal(await status(), "signedIn");
    assert.ok((await run(page, () => window.auth.attributes())).sub);
  });

  test("revokes at the sign-out: the refresh token is dead", async () => {
    await pool.addUser("ruth", PASSWORD);
    const seen = await newPage(browser);
    try {
      await spyOnRequests(seen.page);
      const { userPoolId, clientId, url } = pool;
      await open(seen.page, fixture.url, { userPoolId, clientId, endpoint: url, engine: "page" });
      await signIn(seen.page, "ruth", PASSWORD);
      await run(seen.page, () => window.auth.refresh());
      const sent = (await seen.page.evaluate(() => window.sent)).join("\n");
      const RefreshToken = /"RefreshToken":"([^"]+)"/.exec(sent)[1];
      await run(seen.page, () => window.auth.signOut());
      assert.equal(await run(seen.page, () => window.auth.snapshot().status), "signedOut");
      await assert.rejects(pool.ask("GetTokensFromRefreshToken", { ClientId: clientId, RefreshToken }, {}), /NotAuthorized/);
    } finally {
      await seen.close();
    }
  });

  test("is signed out by a global sign-out elsewhere when it refreshes", async () => {
    await pool.addUser("vera", PASSWORD);
    await enter("vera", PASSWORD);
    await pool.ask("AdminUserGlobalSignOut", { UserPoolId: pool.userPoolId, Username: "vera" });
    assert.equal((await attempt(page, () => window.auth.refresh())).error.code, "NotAuthorized");
    assert.equal(await status(), "signedOut");
  });
});
