// The demo and the pool's hosted page: every way there and back, and what is left behind.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { ADA, Demo, stageDemo } from "./support/demo.mjs";
import { until } from "./support/stage.mjs";

let policy = {};
const on = stageDemo({ headers: () => policy });
const BUTTON = "Sign in on the hosted page";
const UNKNOWN = "This sign-in was not begun in this tab, or is over.";
const STATE = `cv${"a".repeat(43)}r`;

/** Opens the demo, and notes the callbacks that its tab comes to. */
async function open(path) {
  const demo = await on.open("/");
  demo.callbacks = [];
  demo.page.on("request", (request) => request.url().startsWith(`${on.url}/callback?`) && demo.callbacks.push(request.url()));
  if (path) await demo.page.goto(on.url + path);
  return demo;
}

const at = (demo, origin) => demo.page.waitForFunction((origin) => location.origin === origin && document.readyState === "complete", {}, origin);

/** Not the driver's own way back: it waits for a page to load, and one that was kept as it was does not. */
const back = (demo) => demo.page.evaluate(() => void setTimeout(() => history.back()));

async function toHostedPage(demo) {
  await demo.heading("Sign in");
  await demo.press(BUTTON);
  await at(demo, on.pool.url);
}

async function enter(demo) {
  await demo.fill({ "User name": ADA.username, Password: ADA.password });
  await demo.press("Sign in");
}

const exchanges = () => on.pool.count("/oauth2/token");

/** Signs ada in at this address of the hosted page with a browser of our own; returns the callback, which nobody has opened. */
async function callbackOf(address) {
  const page = await fetch(address);
  const cookie = page.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
  const csrf = /name="_csrf"[^>]*value="([^"]*)"/.exec(await page.text())[1];
  const body = new URLSearchParams({ _csrf: csrf, username: ADA.username, password: ADA.password });
  const { headers } = await fetch(address, { method: "POST", headers: { cookie }, body, redirect: "manual" });
  return headers.get("location");
}

/** Nothing of the sign-in is where a script, the user or another site would find it. */
async function leavesNothing(demo) {
  const seen = await demo.page.evaluate(() => ({
    address: location.href,
    history: globalThis.navigation?.entries().map(({ url }) => url),
    state: history.state,
    referrer: document.referrer,
    session: { ...sessionStorage },
    local: { ...localStorage },
    cookie: document.cookie,
    text: document.documentElement.outerHTML,
  }));
  const secrets = [...demo.callbacks.map((url) => new URL(url).searchParams.get("code")), ...(await on.pool.tokens())].filter(Boolean);
  assert.ok(secrets.length > 0);
  const text = JSON.stringify(seen);
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  assert.doesNotMatch(text, /[?&](code|state)=|_token=/);
  for (const url of demo.callbacks) assert.ok(!text.includes(new URL(url).searchParams.get("state")));
}

describe(`the hosted page, in ${kind}`, () => {
  test("signs in by password and leaves nothing behind", async () => {
    const demo = await open();
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
    await demo.status("Signed in");
    assert.equal(demo.page.url(), `${on.url}/`);
    assert.equal(await exchanges(), 1);
    await demo.press("Refresh now");
    await demo.reads("Tokens refreshed at");
    await leavesNothing(demo);
  });

  test("signs in by a provider that agrees", async () => {
    const demo = await open();
    await toHostedPage(demo);
    await demo.follow("Agreeing");
    await demo.fill({ Name: "mary" });
    await demo.press("Agree");
    await demo.heading("Hello, Agreeing_mary");
    await leavesNothing(demo);
  });

  test("says that a provider refuses or the user cancels, as text, and begins again", async () => {
    for (const [provider, button, text] of [["Refusing", "Continue", "Refused: <img src=x onerror=alert(1)>"], ["Agreeing", "Cancel", "The user cancelled"]]) {
      const demo = await open();
      await toHostedPage(demo);
      await demo.follow(provider);
      await demo.press(button);
      await demo.heading("You are not signed in");
      await demo.reads(text);
      assert.equal(await demo.page.$("q img"), null);
      assert.equal(demo.page.url(), `${on.url}/callback`);
      await demo.press("Try again");
      await at(demo, on.pool.url);
      await enter(demo);
      await demo.heading("Hello, ada");
    }
  });

  test("refuses a state that is not ours, and leaves a foreign one alone", async () => {
    const demo = await open(`/callback?code=abc&state=${STATE}`);
    await demo.fails(UNKNOWN);
    assert.equal(demo.page.url(), `${on.url}/callback`);
    await demo.press("Back to the start");
    await demo.signIn(ADA);
    await demo.heading("Hello, ada");
    const foreign = await open("/callback?code=abc&state=another");
    await foreign.heading("Sign in");
    assert.equal(await exchanges(), 0);
  });

  test("refuses tokens in the fragment and clears it", async () => {
    const demo = await open("/callback#access_token=abc.def.ghi&id_token=abc.def.ghi&token_type=bearer");
    await demo.fails("The hosted page did not sign you in.");
    assert.equal(demo.page.url().replace(/#$/, ""), `${on.url}/callback`);
  });

  test("takes a callback once", async () => {
    const demo = await open();
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
    await demo.page.goto(demo.callbacks[0]);
    await demo.fails(UNKNOWN);
    assert.equal(await exchanges(), 1);
    await leavesNothing(demo);
  });

  test("takes a callback in its own tab only", async () => {
    const demo = await open();
    await toHostedPage(demo);
    const callback = await callbackOf(demo.page.url());
    const other = new Demo(await demo.page.browserContext().newPage());
    await other.page.goto(callback);
    await other.fails(UNKNOWN);
    assert.equal(await exchanges(), 0);
    await demo.page.bringToFront();
    await demo.page.goto(callback);
    await demo.heading("Hello, ada");
    assert.equal(await exchanges(), 1);
  });

  test("gives a thief of the code nothing, and its owner an error to begin again from", async () => {
    const demo = await open();
    await toHostedPage(demo);
    const callback = await callbackOf(demo.page.url());
    const body = new URLSearchParams({
      grant_type: "authorization_code",
      client_id: on.pool.clientId,
      code: new URL(callback).searchParams.get("code"),
      redirect_uri: `${on.url}/callback`,
      code_verifier: "b".repeat(43),
    });
    const stolen = await fetch(`${on.pool.url}/oauth2/token`, { method: "POST", body });
    assert.deepEqual([stolen.status, (await stolen.json()).error], [400, "invalid_grant"]);
    await demo.page.goto(callback);
    await demo.heading("You are not signed in");
    await demo.press("Try again");
    await at(demo, on.pool.url);
    await enter(demo);
    await demo.heading("Hello, ada");
  });

  test("is not sent twice by a reload on the callback", async () => {
    const demo = await open();
    await toHostedPage(demo);
    const callback = await callbackOf(demo.page.url());
    await on.pool.fault("/oauth2/token", "hang");
    await demo.page.goto(callback);
    await until(async () => (await exchanges()) === 1);
    assert.equal(await demo.page.evaluate(() => location.href), `${on.url}/callback`);
    await demo.page.reload();
    await demo.heading("Sign in");
    assert.equal(await exchanges(), 1);
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
  });

  test("can be gone back from, before a sign-in and after", async () => {
    const demo = await open();
    await toHostedPage(demo);
    await back(demo);
    await at(demo, on.url);
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
    await back(demo);
    await at(demo, on.pool.url);
    await enter(demo);
    await demo.fails(UNKNOWN);
    await demo.press("Try again");
    await demo.heading("Hello, ada");
    await leavesNothing(demo);
  });

  test("is signed out of and returned from; a sign-out here alone leaves its session", async () => {
    const demo = await open();
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
    await demo.press("Sign out");
    await demo.heading("Sign in");
    await demo.press(BUTTON);
    await demo.heading("Hello, ada");
    await demo.press("Sign out of the hosted page too");
    await demo.page.waitForFunction((url) => location.href === url && document.querySelector("h1")?.innerText === "Sign in", {}, `${on.url}/`);
    await toHostedPage(demo);
    await enter(demo);
    await demo.heading("Hello, ada");
    await leavesNothing(demo);
  });

  test("opens in a popup, which closes", async () => {
    const demo = await open();
    await demo.heading("Sign in");
    const opened = new Promise((resolve) => demo.page.once("popup", resolve));
    await demo.press("Sign in in a popup");
    const popup = new Demo(await opened);
    const closed = new Promise((resolve) => popup.page.once("close", resolve));
    await at(popup, on.pool.url);
    await enter(popup);
    await demo.heading("Hello, ada");
    await closed;
    assert.equal(await exchanges(), 1);
    assert.deepEqual(await demo.page.evaluate(() => Object.keys(sessionStorage)), []);
  });

  test("opens in a popup that a policy cuts off from its opener", async () => {
    policy = { "Cross-Origin-Opener-Policy": "same-origin" };
    try {
      const demo = await open();
      await demo.heading("Sign in");
      const opened = new Promise((resolve) => on.browser.once("targetcreated", resolve));
      await demo.press("Sign in in a popup");
      const popup = new Demo(await (await opened).page());
      await at(popup, on.pool.url);
      assert.equal(await popup.page.evaluate(() => window.opener), null);
      await enter(popup);
      await demo.heading("Hello, ada");
      assert.equal(await exchanges(), 1);
    } finally {
      policy = {};
    }
  });

  test("has a popup that is given up", async () => {
    const demo = await open();
    await demo.heading("Sign in");
    const opened = new Promise((resolve) => demo.page.once("popup", resolve));
    await demo.press("Sign in in a popup");
    const popup = await opened;
    const closed = new Promise((resolve) => popup.once("close", resolve));
    await demo.press("Cancel the popup");
    await demo.fails("You have cancelled.");
    await closed;
    await demo.signIn(ADA);
    await demo.heading("Hello, ada");
  });

  test("guards a deep link and brings back to it, and traps nobody", async () => {
    const demo = await open("/members?tab=2#part");
    await at(demo, on.pool.url);
    await enter(demo);
    await demo.heading("Hello, ada");
    assert.equal(demo.page.url(), `${on.url}/members?tab=2#part`);
    await leavesNothing(demo);

    const stopped = await open("/members");
    await at(stopped, on.pool.url);
    await stopped.page.goto(`${on.url}/members`);
    await stopped.heading("For members");
    await stopped.press(BUTTON);
    await at(stopped, on.pool.url);
    await enter(stopped);
    await stopped.heading("Hello, ada");
    assert.equal(stopped.page.url(), `${on.url}/members`);
  });
});
