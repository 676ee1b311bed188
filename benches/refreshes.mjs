// Eight tabs of one user, each with a vault of its own, that refresh at once and again while the pool rotates refresh tokens without a grace.

import { newPage, startBrowser } from "../tests/e2e/support/browser.mjs";
import { serveFixture } from "../tests/e2e/support/fixture.mjs";
import { startPool } from "../tests/e2e/support/pool.mjs";
import { open, run, signIn } from "../tests/e2e/support/vault.mjs";
import { PATIENT } from "./speed.mjs";

const USER = { username: "joan", password: "Correct-Horse-1" };

/** @returns {Promise<{ tabs: number, wanted: number, sent: number, lost: number }>} refreshes asked for, those that reached the pool, and sessions lost */
export async function refreshes(which, { tabs = 8, least = 1000 } = {}) {
  const [pool, fixture, browser] = await Promise.all([startPool(), serveFixture(), startBrowser(which, PATIENT)]);
  try {
    await pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
    await pool.addUser(USER.username, USER.password);
    const { page } = await newPage(browser);
    const pages = [page];
    while (pages.length < tabs) pages.push(await page.browserContext().newPage());
    const config = { ...pool.config, engine: "worker", storage: "indexedDb" };
    for (const tab of pages) await open(tab, fixture.url, config);
    await signIn(page, USER.username, USER.password);
    for (const tab of pages) await tab.waitForFunction(() => window.auth.snapshot().status === "signedIn");

    let wanted = 0;
    while ((await pool.count("GetTokensFromRefreshToken")) < least) {
      await Promise.all(pages.map((tab) => run(tab, async () => {
        for (let at = 0; at < 20; at++) await window.auth.refresh();
      })));
      wanted += 20 * tabs;
    }
    const left = await Promise.all(pages.map((tab) => tab.evaluate(() => window.auth.snapshot().status === "signedIn" && !window.events.some(({ name }) => name === "signedOut"))));
    return { tabs, wanted, sent: await pool.count("GetTokensFromRefreshToken"), lost: left.filter((stayed) => !stayed).length };
  } finally {
    await browser.close();
    await fixture.close();
    await pool.close();
  }
}
