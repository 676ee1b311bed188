// Calls the package on the fixture page and brings back values and errors as plain data.

/**
 * Runs `work` in the page with plain arguments. An AuthError comes back by its members, because a thrown one loses them on the way.
 * @template T
 * @param {import("puppeteer-core").Page} page
 * @param {(...args: any[]) => T} work a self-contained function
 * @param {...unknown} args
 * @returns {Promise<{ value: Awaited<T>, error?: undefined } | { value?: undefined, error: Record<string, any> }>}
 */
export function attempt(page, work, ...args) {
  return page.evaluate(`(async () => {
    try {
      return { value: await (${work})(...${JSON.stringify(args)}) };
    } catch (e) {
      const { name, code, message, retryable, status, requestId } = e;
      return { error: { name, code, message, retryable, status, requestId, isAuthError: window.isAuthError(e), isError: e instanceof Error } };
    }
  })()`);
}

/** As `attempt`, for work that is expected to succeed. */
export async function run(page, work, ...args) {
  const { value, error } = await attempt(page, work, ...args);
  if (error) throw Object.assign(new Error(`${error.code ?? error.name}: ${error.message}`), error);
  return value;
}

/** Opens the fixture and makes `window.auth` with this configuration. */
export async function open(page, url, config) {
  await page.goto(url);
  await page.waitForSelector("html[data-ready=yes]");
  await run(page, (config) => void window.start(config), config);
}

export const signIn = (page, username, password, more = {}) =>
  run(page, async (request) => (await window.auth.signIn(request)).name, { username, password, ...more });
