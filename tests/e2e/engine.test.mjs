// Which engine runs, and under which conditions of the page.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { spyOnRequests } from "./support/spies.mjs";
import { PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

let strict = false;
/** Sources of the page's policy besides those of every strict one; nothing for no policy. */
let more;
const on = stage({
  headers: (path, pool) => {
    if (more === undefined) return {};
    const worker = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${pool.url}`;
    const page = `default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'none'; ${more}`;
    return { "content-security-policy": path.endsWith("worker.js") ? worker : page };
  },
});

/** Whether the page itself talked to the pool: then the engine is in the page. */
const inPage = async (page) => (await page.evaluate(() => window.sent)).some((text) => text.includes(on.pool.url));

describe("the engine", () => {
  afterEach(() => void (more = undefined));
  const enters = async (config, prepare) => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page(config, async (page) => {
      await prepare?.(page);
      await spyOnRequests(page);
    });
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    return page;
  };

  /** Which workers the page makes, and refuses it those of `without`. */
  const watchWorkers = (page, without = []) =>
    page.evaluateOnNewDocument((without) => {
      window.made = [];
      for (const kind of ["SharedWorker", "Worker"]) {
        if (without.includes(kind)) delete window[kind];
        else window[kind] = class extends window[kind] {
          constructor(url, options) {
            super(url, options);
            window.made.push(kind);
          }
        };
      }
    }, without);
  const made = (page) => page.evaluate(() => window.made);
  const fellBack = async (page) => (await run(page, () => window.events)).filter((event) => event.name === "engineFellBack").map((event) => event.engine);

  test("is a shared worker where there is one", async () => {
    const page = await enters({}, watchWorkers);
    assert.deepEqual([await made(page), await fellBack(page), await inPage(page)], [["SharedWorker"], [], false]);
  });

  test("is a worker where there is no shared one", async () => {
    const page = await enters({}, (page) => watchWorkers(page, ["SharedWorker"]));
    assert.deepEqual([await made(page), await fellBack(page), await inPage(page)], [["Worker"], [], false]);
  });

  test("is the page where there is no worker, and says so", async () => {
    const page = await enters({}, (page) => watchWorkers(page, ["SharedWorker", "Worker"]));
    assert.deepEqual([await made(page), await fellBack(page), await inPage(page)], [[], ["page"], true]);
  });

  for (const [engine, kinds] of Object.entries({ shared: ["SharedWorker"], worker: ["Worker"], page: [] })) {
    test(`is ${engine} when told so, and no other`, async () => {
      const page = await enters({ engine }, watchWorkers);
      assert.deepEqual([await made(page), await inPage(page)], [kinds, engine === "page"]);
      if (engine === "page") return;
      const missing = await on.page({ engine, workerUrl: `${on.fixture.url}/missing.js` });
      assert.equal((await attempt(missing, () => window.auth.ready())).error.code, "EngineFailed");
      assert.deepEqual(await fellBack(missing), []);
    });
  }

  test("falls one rung after the other where the worker's file cannot be loaded", async () => {
    const page = await enters({ workerUrl: `${on.fixture.url}/missing.js` });
    assert.deepEqual([await fellBack(page), await inPage(page)], [["worker", "page"], true]);
  });

  for (const engine of ["shared", "worker", "page"]) {
    test(`says so when the wasm cannot be loaded (${engine})`, async () => {
      const page = await on.page({ engine, wasmUrl: `${on.fixture.url}/missing.wasm` });
      const { error } = await attempt(page, () => window.auth.signIn({ username: "joan", password: "x" }));
      assert.equal(error.code, "EngineFailed");
    });
  }

  for (const engine of ["shared", "worker"]) {
    test(`works in a worker with its own policy while the page may neither connect nor compile (${engine})`, async () => {
      more = "";
      assert.equal(await inPage(await enters({ engine })), false);
    });

    test(`is named to a page that requires Trusted Types by a policy of its own (${engine})`, async () => {
      more = "require-trusted-types-for 'script'; trusted-types cognito-vault";
      const page = await enters({ engine });
      // Two of them by one policy, which may be made once.
      await run(page, async (config) => void (await window.createAuth(config).ready()), { ...on.pool.config, engine, workerUrl: `${on.fixture.url}/worker.js` });
      assert.equal(await inPage(page), false);
    });

    test(`is named by a policy of the app's choice (${engine})`, async () => {
      more = "require-trusted-types-for 'script'; trusted-types ours";
      assert.equal(await inPage(await enters({ engine, trustedTypesPolicy: "ours" })), false);
    });
  }

  test("has a policy that passes nothing else", async () => {
    more = "require-trusted-types-for 'script'; trusted-types cognito-vault";
    const page = await enters({ engine: "worker" }, (page) =>
      page.evaluateOnNewDocument(() => {
        const { createPolicy } = TrustedTypePolicyFactory.prototype;
        TrustedTypePolicyFactory.prototype.createPolicy = function (...args) {
          return (window.policy = createPolicy.apply(this, args));
        };
      }),
    );
    const refused = await page.evaluate(() => {
      const passes = (url) => {
        try {
          return String(window.policy.createScriptURL(url));
        } catch (error) {
          return error.name;
        }
      };
      return [passes(`${location.origin}/worker.js`), passes("https://evil.test/worker.js"), passes("/worker.js"), passes("")];
    });
    assert.deepEqual(refused, [`${on.fixture.url}/worker.js`, "TypeError", "TypeError", "TypeError"]);
  });
});

describe("a script that comes later and ends the shared vault", () => {
  /** Takes the vault's lock, by which its pages see that it is gone. */
  const end = (page) =>
    run(page, async () => {
      const { pending } = await navigator.locks.query();
      const { name } = pending.find(({ mode }) => mode === "shared");
      await navigator.locks.request(name, { steal: true }, () => undefined);
    });
  const names = async (page) => (await run(page, () => window.events)).map(({ name }) => name);

  test("stands in for none that is started anew", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page();
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    await run(page, () => {
      window.made = [];
      for (const kind of ["SharedWorker", "Worker"]) window[kind] = class extends window[kind] {
        constructor(...given) {
          super(...given);
          window.made.push(kind);
        }
      };
      window.URL = class extends URL {
        get href() {
          return "/evil.js";
        }
      };
    });
    await end(page);
    await until(async () => (await names(page)).includes("engineRestarted"));
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    assert.deepEqual(await run(page, () => window.made), []);
  });

  test("has it fall to no weaker rung", async () => {
    const page = await on.page();
    await run(page, () => window.auth.ready());
    await run(page, () => {
      const wait = window.setTimeout;
      window.setTimeout = (work, _millis, ...given) => wait(work, 0, ...given); // no vault is as fast as that
    });
    await end(page);
    await until(async () => (await names(page)).includes("engineFailed"));
    assert.deepEqual(await names(page), ["engineRestarted", "engineFailed"]);
  });
});
