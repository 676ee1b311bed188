// Our hosted-page helper, in Chromium, against ministack's hosted page.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { newPage, startBrowser } from "../e2e/support/browser.mjs";
import { serveFixture } from "../e2e/support/fixture.mjs";
import { attempt, open, run } from "../e2e/support/vault.mjs";
import { startMinistack } from "./ministack.mjs";

const USER = { username: "joan", password: "Correct-Horse-1" };

describe("our hosted page against ministack's", () => {
  let pool;
  let fixture;
  let browser;
  let clientId;
  let opened;
  let page;
  before(async () => {
    pool = await startMinistack();
    fixture = await serveFixture();
    browser = await startBrowser("chromium");
    clientId = await pool.addHostedClient([`${fixture.url}/callback`], [`${fixture.url}/`]);
    await pool.addUser(USER.username, USER.password);
  });
  beforeEach(async () => {
    opened = await newPage(browser);
    page = opened.page;
  });
  afterEach(() => opened?.close());
  after(async () => {
    await browser?.close();
    await fixture?.close();
    await pool?.close();
  });

  /** The fixture at an address of its own, with `auth` and `hosted`. */
  async function start(address = fixture.url) {
    await open(page, address, { userPoolId: pool.userPoolId, clientId, endpoint: pool.url, engine: "worker", storage: "indexedDb" });
    await run(page, (domain) => {
      window.hosted = window.createHostedPage(window.auth, {
        domain,
        redirectUri: `${location.origin}/callback`,
        signOutUri: `${location.origin}/`,
        scopes: ["openid", "email", "aws.cognito.signin.user.admin"],
      });
    }, pool.url);
  }

  const comesTo = (address) => page.waitForFunction((address) => location.href.startsWith(address) && document.readyState === "complete", {}, address);

  /** Leaves for the hosted page, enters the user there, and comes back to the callback. */
  async function visit() {
    await run(page, () => void window.hosted.signIn({ returnTo: "/orders?page=7", appState: "basket" }));
    await comesTo(`${pool.url}/`);
    await page.type("[name=username]", USER.username);
    await page.type("[name=password]", USER.password);
    await page.click("[type=submit]");
    await comesTo(`${fixture.url}/callback?`);
    return page.url();
  }

  const finish = () =>
    attempt(page, async () => {
      const result = await window.hosted.finish();
      return result && { ...result, user: result.user["cognito:username"] };
    });

  test("signs in, refreshes, is still there after a reload, and signs out on both sides", async () => {
    await start();
    await start(await visit());
    assert.deepEqual((await finish()).value, { returnTo: "/orders?page=7", appState: "basket", user: "joan" });
    assert.equal(page.url(), `${fixture.url}/callback`);
    await run(page, () => window.auth.refresh());
    await start();
    assert.equal(await run(page, async () => (await window.auth.ready()).status), "signedIn");
    await run(page, () => void window.hosted.signOut());
    await page.waitForFunction(() => location.pathname === "/" && !window.auth, {});
    await start();
    assert.equal(await run(page, async () => (await window.auth.ready()).status), "signedOut");
  });

  test("is refused a code that was used before, and one with another verifier", async () => {
    await start();
    const callback = await visit();
    const { verifier, ...rest } = await page.evaluate(() => JSON.parse(sessionStorage.getItem(Object.keys(sessionStorage).find((name) => name.includes(":cv")))));
    const put = (transaction) =>
      page.evaluate((name, text) => sessionStorage.setItem(name, text), `cognito-vault:${clientId}:${new URL(callback).searchParams.get("state")}`, JSON.stringify(transaction));
    await put({ ...rest, verifier: "a".repeat(43) });
    await start(callback);
    assert.equal((await finish()).error.code, "NotAuthorized");
    assert.equal(await run(page, () => window.auth.snapshot().status), "signedOut");
    await start(callback);
    assert.equal((await finish()).error.code, "CallbackUnknown");
  });
});
