// Which engine runs, and under which conditions of the page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { spyOnRequests } from "./support/spies.mjs";
import { PASSWORD, stage } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

let strict = false;
const on = stage({
  headers: (path, pool) => {
    if (!strict) return {};
    const worker = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${pool.url}`;
    const page = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'none'";
    return { "content-security-policy": path.endsWith("worker.js") ? worker : page };
  },
});

/** Whether the page itself talked to the pool: then the engine is in the page. */
const inPage = async (page) => (await page.evaluate(() => window.sent)).some((text) => text.includes(on.pool.url));

describe("the engine", () => {
  const enters = async (config, prepare) => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page(config, async (page) => {
      await prepare?.(page);
      await spyOnRequests(page);
    });
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    return page;
  };

  test("is the worker where there is one", async () => {
    assert.equal(await inPage(await enters({})), false);
  });

  test("is the page when told so", async () => {
    assert.equal(await inPage(await enters({ engine: "page" })), true);
  });

  test("is the page where there is no worker", async () => {
    const page = await enters({}, (page) => page.evaluateOnNewDocument(() => void delete window.Worker));
    assert.equal(await inPage(page), true);
  });

  test("is the page where the worker's file cannot be loaded", async () => {
    const page = await enters({ workerUrl: `${on.fixture.url}/missing.js` });
    assert.equal(await inPage(page), true);
  });

  for (const engine of ["worker", "page"]) {
    test(`says so when the wasm cannot be loaded (${engine})`, async () => {
      const page = await on.page({ engine, wasmUrl: `${on.fixture.url}/missing.wasm` });
      const { error } = await attempt(page, () => window.auth.signIn({ username: "joan", password: "x" }));
      assert.equal(error.code, "EngineFailed");
    });
  }

  test("works in a worker with its own policy while the page may neither connect nor compile", async () => {
    strict = true;
    try {
      assert.equal(await inPage(await enters({})), false);
    } finally {
      strict = false;
    }
  });
});
