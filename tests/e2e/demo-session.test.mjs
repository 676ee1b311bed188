// A visit of the demo: the profile, the API, a refresh, the sign-out, and a pool that goes away and comes back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADA, stageDemo } from "./support/demo.mjs";
import { startPool } from "./support/pool.mjs";

const on = stageDemo();
const OFFLINE = "The service cannot be reached.";

async function ada() {
  const page = await on.open();
  await page.signIn(ADA);
  await page.heading("Hello, ada");
  await page.status("Signed in");
  return page;
}

describe("a visit of the demo", () => {
  test("shows the checked claims and the attributes", async () => {
    const page = await ada();
    const { sub } = await on.pool.user("ada");
    const shows = (section, text) =>
      page.page.waitForFunction((section, text) => document.querySelector(`section[aria-labelledby=${section}]`)?.innerText.includes(text), {}, section, text);
    for (const section of ["claims", "attributes"]) {
      await shows(section, sub);
      await shows(section, "ada@example.com");
    }
    assert.equal(await on.pool.count("GetUser"), 1);
  });

  test("calls the protected API", async () => {
    const page = await ada();
    await page.press("Call the API");
    await page.reads("200");
    const answer = JSON.parse(await page.page.$eval("[aria-label='Answer of the API']", (one) => one.textContent));
    assert.equal(answer.claims.username, "ada");
    assert.equal(answer.claims.token_use, "access");
  });

  test("is refused the API without a sign-in", async () => {
    const page = await on.open();
    await page.status("Signed out");
    await page.press("Call the API");
    await page.reads("Nobody is signed in, so there is no token to send.");
    assert.equal(await on.pool.count("api"), 0);
  });

  test("sends no token to an address that is not listed", async () => {
    const page = await ada();
    await page.press("Try an unlisted address");
    await page.reads("OriginNotAllowed");
  });

  test("refreshes, also by itself when the API refuses an old token", async () => {
    const page = await ada();
    await page.press("Refresh now");
    await page.reads("Tokens refreshed at");
    await on.pool.advance(7200);
    await page.press("Call the API");
    await page.reads("200");
    assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 2);
  });

  test("ends with the sign-out, which revokes", async () => {
    const page = await ada();
    await page.press("Sign out");
    await page.reads("You are signed out.");
    await page.status("Signed out");
    await page.heading("Sign in");
    assert.equal(await on.pool.count("RevokeToken"), 1);
  });

  test("ends with a reload, because the tokens are in memory", async () => {
    const page = await ada();
    await page.page.reload();
    await page.status("Signed out");
    await page.heading("Sign in");
  });

  test("ends when the session is over at the pool", async () => {
    const page = await ada();
    await on.pool.removeUser("ada");
    await page.press("Refresh now");
    await page.reads("Your session has ended.");
    await page.heading("Sign in");
  });

  test("nothing is stored, and the page says so", async () => {
    const page = await ada();
    await page.reads("Nothing. The tokens live in a worker's memory");
    for (const token of await on.pool.tokens()) assert.ok(!(await page.text()).includes(token));
  });

  test("a pool that is down: said clearly, and all is well when it is back", async () => {
    const page = await ada();
    const { port } = on.pool;
    await on.pool.close();
    await page.press("Refresh now");
    await page.fails(OFFLINE);
    await page.status("Signed in, offline");
    const other = await on.open();
    await other.signIn(ADA);
    await other.fails(OFFLINE);
    on.pool = await startPool({ port, demo: true });
    await other.signIn(ADA);
    await other.heading("Hello, ada");
    // The vault tries again by itself, and the new pool does not know the old session.
    await page.reads("Your session has ended.");
    await page.signIn(ADA);
    await page.heading("Hello, ada");
  });

  test("settings that cannot be read are said, with a way to try again", async () => {
    const page = await on.open();
    await page.status("Signed out");
    await page.page.evaluateOnNewDocument(() => {
      const original = window.fetch;
      let first = sessionStorage.getItem("tried") === null;
      sessionStorage.setItem("tried", "yes");
      window.fetch = (input, init) => {
        if (!first || !String(input).includes("config.json")) return original(input, init);
        first = false;
        return Promise.resolve(new Response("", { status: 503 }));
      };
    });
    await page.page.reload();
    await page.heading("The demo could not start");
    await page.press("Try again");
    await page.heading("Sign in");
  });
});
