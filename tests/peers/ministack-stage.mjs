// One ministack, one fixture server and one Chromium for a test file, and a fresh page with `auth` for each test.

import { after, afterEach, before, beforeEach } from "node:test";
import { newPage, startBrowser } from "../e2e/support/browser.mjs";
import { serveFixture } from "../e2e/support/fixture.mjs";
import { attempt, open, run } from "../e2e/support/vault.mjs";
import { startMinistack } from "./ministack.mjs";

export const PASSWORD = "Correct-Horse-1";

/** Calls `auth…` or `step…` by its path in the page, keeps what can be answered as `step`, and brings back the plain members. */
const CALL = async (path, given) => {
  const result = await path.split(".").reduce((object, name) => object[name], window)(...given);
  if (result?.answer) window.step = result;
  return JSON.parse(JSON.stringify(result ?? null));
};

/** `config` says what each page's `auth` has over the pool's own. */
export function stage(config = () => ({})) {
  const opened = [];
  const on = {
    /** @type {Awaited<ReturnType<typeof startMinistack>>} */ pool: undefined,
    /** @type {import("puppeteer-core").Page} */ page: undefined,

    /** Makes a page of its own browsing context the one that is called, with `auth` for the pool. */
    async open() {
      const one = await newPage(on.browser);
      opened.push(one);
      on.page = one.page;
      await on.reload();
    },

    /** Loads the page again, and makes `auth` again. */
    async reload(more = {}) {
      const { userPoolId, clientId, url } = on.pool;
      await open(on.page, on.fixture.url, { userPoolId, clientId, endpoint: url, identityEndpoint: url, ...config(), ...more });
    },

    /** `call("auth.signIn", request)`, `call("step.answer", code)`. */
    call: (path, ...given) => run(on.page, CALL, path, given),

    /** The code of the error that the call ends with. */
    refused: async (path, ...given) => {
      const { value, error } = await attempt(on.page, CALL, path, given);
      return error ? error.code : `no error, but ${JSON.stringify(value)}`;
    },

    signIn: (username, password = PASSWORD, more = {}) => on.call("auth.signIn", { username, password, ...more }),
    status: () => run(on.page, () => window.auth.snapshot().status),
    /** What was told by `onEvent` of this name. */
    events: (name) => run(on.page, (name) => window.events.filter((event) => event.name === name), name),
  };
  before(async () => {
    on.pool = await startMinistack();
    on.fixture = await serveFixture();
    on.browser = await startBrowser("chromium");
  });
  beforeEach(() => on.open());
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  after(async () => {
    await on.browser?.close();
    await on.fixture?.close();
    await on.pool?.close();
  });
  return on;
}
