// What the vault adds to a fetch: the same API is called with a token by auth.fetch and by the page itself.

import { newPage, startBrowser } from "../tests/e2e/support/browser.mjs";
import { startEcho } from "../tests/e2e/support/echo.mjs";
import { startPool } from "../tests/e2e/support/pool.mjs";
import { PATIENT } from "./speed.mjs";
import { median } from "./statistics.mjs";

const USER = { username: "joan", password: "Correct-Horse-1" };

/**
 * @param {string} file module that exports `signIn(config, user)` and then `auth`
 * @returns medians in milliseconds: of each, and of the differences within a round
 */
export async function overhead(which, url, file, { rounds = 101, streams = 5 } = {}) {
  const [pool, echo, browser] = await Promise.all([startPool(), startEcho(), startBrowser(which, PATIENT)]);
  try {
    await pool.addUser(USER.username, USER.password);
    const { page } = await newPage(browser);
    await page.goto(url);
    await page.waitForSelector("html[data-ready=yes]");
    const config = { ...pool.config, api: { origins: [echo.url] } };
    const measure = (path, options) => page.evaluate((...all) => window.overhead(...all), file, config, USER, echo.url + path, options);
    const small = await measure("/bytes?size=1000", { rounds, warmUp: 10 });
    const large = await measure("/bytes?size=100000000", { rounds: streams, warmUp: 1 });
    return {
      plain_ms: median(small.plain),
      ours_ms: median(small.ours),
      overhead_ms: median(small.ours.map((time, round) => time - small.plain[round])),
      plain_100mb_ms: median(large.plain),
      ours_100mb_ms: median(large.ours),
    };
  } finally {
    await browser.close();
    await echo.close();
    await pool.close();
  }
}
