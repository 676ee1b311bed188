// The longest time that a sign-in against the pool keeps the page busy.

import { newPage, startBrowser } from "../tests/e2e/support/browser.mjs";
import { startPool } from "../tests/e2e/support/pool.mjs";
import { PATIENT } from "./speed.mjs";

const USER = { username: "joan", password: "Correct-Horse-1" };

/**
 * @param {Record<string, string>} clients name → module that exports `signIn(config, user)`
 * @returns {Promise<Record<string, number>>} milliseconds: the longest of all sign-ins, a page's first included
 */
export async function longest(which, url, clients, { pages = 5, times = 3 } = {}) {
  const pool = await startPool();
  const browser = await startBrowser(which, PATIENT);
  try {
    await pool.addUser(USER.username, USER.password);
    const worst = Object.fromEntries(Object.keys(clients).map((name) => [name, []]));
    for (let at = 0; at < pages; at++) {
      for (const [name, file] of Object.entries(clients)) {
        const { page, close } = await newPage(browser);
        await page.goto(url);
        await page.waitForSelector("html[data-ready=yes]");
        const { userPoolId, clientId, issuer, url: endpoint } = pool;
        const seen = await page.evaluate((...all) => window.longest(...all), file, { userPoolId, clientId, issuer, endpoint }, USER, times);
        worst[name].push(Math.max(...seen));
        await close();
      }
    }
    return Object.fromEntries(Object.entries(worst).map(([name, pages]) => [name, Math.max(...pages)]));
  } finally {
    await browser.close();
    await pool.close();
  }
}
