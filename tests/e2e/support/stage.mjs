// One pool, one fixture server and one browser for a test file; fresh pages and an empty pool for each test.

import { after, afterEach, before, beforeEach } from "node:test";
import { newPage, startBrowser } from "./browser.mjs";
import { serveFixture } from "./fixture.mjs";
import { startPool } from "./pool.mjs";
import { open } from "./vault.mjs";

export const ENGINES = ["shared", "worker", "page"];
export const PASSWORD = "Correct-Horse-1";

/** `headers` of the fixture's answers, by path and pool; `change` may change its files; `browser` says how it is started. */
export function stage({ headers, change, browser } = {}) {
  const opened = [];
  const on = {
    /** @type {import("./pool.mjs").Pool} */ pool: undefined,
    /** @type {{ url: string }} */ fixture: undefined,

    /** An empty page in a browsing context of its own. */
    async blank() {
      const one = await newPage(on.browser);
      opened.push(one);
      return one.page;
    },

    /**
     * The fixture with `window.auth` made for the pool.
     * @param {object} [config] over the pool's own
     * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} [prepare] runs before the page loads
     */
    async page(config = {}, prepare) {
      const page = await on.blank();
      await prepare?.(page);
      await open(page, on.fixture.url, { ...on.pool.config, ...config });
      return page;
    },

    /** Another tab beside `page`, in the same browsing context. */
    async tab(page, config = {}) {
      const tab = await page.browserContext().newPage();
      await open(tab, on.fixture.url, { ...on.pool.config, ...config });
      return tab;
    },

    /** Loads `page` again and makes `window.auth` again, with this configuration. */
    async reload(page, config = {}) {
      await open(page, on.fixture.url, { ...on.pool.config, ...config });
    },
  };
  before(async () => {
    on.pool = await startPool();
    on.fixture = await serveFixture({ headers: headers && ((path) => headers(path, on.pool)), change });
    on.browser = await startBrowser(undefined, browser);
  });
  beforeEach(() => on.pool.reset());
  afterEach(async () => {
    await on.pool.clearFaults();
    for (const one of opened.splice(0)) await one.close();
  });
  after(async () => {
    await on.browser?.close();
    await on.fixture?.close();
    await on.pool?.close();
  });
  return on;
}

/** Asks again until the answer is good, for half a minute at most. */
export async function until(ask) {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((next) => setTimeout(next, 20))) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`waited in vain for ${ask}`);
}
