// What a hostile script on the page finds: claims, and nothing else.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { startEcho } from "./support/echo.mjs";
import { spyOnMessages, spyOnRequests, storageText } from "./support/spies.mjs";
import { PASSWORD, stage } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
let echo;
before(async () => void (echo = await startEcho()));
after(() => echo?.close());

/** Addresses that are not `http://localhost:<port>` nor `https://api.example.com`, and want to be taken for them. */
const lookalikes = (port) => [
  "https://api.example.com.evil.test/",
  "https://api.example.com.evil.test:443/",
  "https://evil.test/https://api.example.com/",
  "https://evil.test/?https://api.example.com",
  "https://evil.test/#https://api.example.com",
  "https://api.example.com%2eevil.test/",
  "https://api.example.com./",
  "https://xapi.example.com/",
  "https://example.com/",
  "https://api.example.com:8443/",
  "http://api.example.com/",
  "http://api.example.com:443/",
  `http://localhost.:${port}/api/me`,
  `http://127.0.0.1:${port}/api/me`,
  `https://localhost:${port}/api/me`,
  `http://localhost:${port + 1}/api/me`,
  "/index.html",
  "//evil.test/",
  "data:text/plain,hello",
  "blob:https://api.example.com/6f9e0b1e-0000-4000-8000-000000000000",
];

const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;

/** Every kind of call that a token takes part in, then what tokens there were. */
async function wholeSession(page) {
  await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
  await on.pool.addUser("joan", PASSWORD);
  await signIn(page, "joan", PASSWORD);
  await run(
    page,
    async (url) => {
      await window.auth.fetch(url);
      await window.auth.attributes();
      await window.auth.refresh();
      await window.auth.fetch(url).then((reply) => reply.text());
      await window.auth.refresh();
    },
    `${on.pool.url}/api/me`,
  );
  const tokens = await on.pool.tokens();
  assert.ok(tokens.length >= 4, "two tokens of each kind were used at least");
  return tokens;
}

function holdsNone(text, secrets, where) {
  for (const secret of secrets) assert.ok(!text.includes(secret), `${where} holds ${secret.slice(0, 12)}…`);
  assert.doesNotMatch(text, JWT, where);
}

describe("custody in the worker engine", () => {
  for (const token of ["access", "id"]) {
    test(`no token is stored, received or sent by the page (${token} token for the API)`, async () => {
      const page = await on.page({ api: { origins: [on.pool.url], token } }, async (page) => {
        await spyOnMessages(page);
        await spyOnRequests(page);
      });
      const tokens = await wholeSession(page);
      const secrets = [...tokens, PASSWORD];
      const storage = await storageText(page);
      holdsNone(storage, secrets, "storage");
      const messages = await page.evaluate(() => window.messages);
      assert.ok(messages.some((text) => text.includes("joan")), "the messages were seen");
      holdsNone(messages.join("\n"), secrets, "a message");
      const sent = await page.evaluate(() => window.sent);
      assert.deepEqual(sent.filter((text) => text.includes(on.pool.url)), []);
      holdsNone(sent.join("\n"), secrets, "a request of the page");
      holdsNone(JSON.stringify(await run(page, () => [window.auth.snapshot(), window.events, window.snapshots])), secrets, "the state");
      await run(page, () => window.auth.signOut());
      holdsNone(await storageText(page), await on.pool.tokens(), "storage after the sign-out");
    });
  }

  test("the spies see what they are meant to see", async () => {
    const page = await on.page({ engine: "page" }, spyOnRequests);
    await on.pool.addUser("joan", PASSWORD);
    await signIn(page, "joan", PASSWORD);
    await run(page, async (url) => void (await window.auth.fetch(url)), `${on.pool.url}/api/me`);
    const [access] = await on.pool.tokens();
    assert.ok((await page.evaluate(() => window.sent)).some((text) => text.includes(access)));
    await page.evaluate((access) => localStorage.setItem("key", access), access);
    assert.ok((await storageText(page)).includes(access));
  });

  // Heap snapshots come by the DevTools protocol, which Chromium alone speaks.
  if (kind === "chromium") {
    test("no token is on the page's heap", async () => {
      const page = await on.page();
      const tokens = await wholeSession(page);
      await page.evaluate(() => void (window.marker = ["marker", "of", "the", "test"].join("-")));
      const heap = await heapText(page);
      assert.ok(heap.includes("marker-of-the-test"));
      holdsNone(heap, tokens, "the heap");
    });
  }

  test("every token ends where the tab does: a reload is signed out", async () => {
    const page = await on.page();
    await wholeSession(page);
    await page.reload();
    await page.waitForSelector("html[data-ready=yes]");
    const status = await run(page, async (config) => (await window.start(config).ready()).status, on.pool.config);
    assert.equal(status, "signedOut");
  });

  test("the worker is a file of the same origin", async () => {
    const page = await on.page({}, (page) =>
      page.evaluateOnNewDocument(() => {
        window.workerFiles = [];
        window.Worker = class extends Worker {
          constructor(file, options) {
            super(file, options);
            window.workerFiles.push({ file: String(file), type: options?.type });
          }
        };
      }),
    );
    await run(page, () => window.auth.ready());
    const files = await page.evaluate(() => window.workerFiles);
    assert.equal(files.length, 1);
    assert.equal(new URL(files[0].file).origin, on.fixture.url);
    assert.equal(files[0].type, "module");
  });

  test("an error holds neither the password nor a token", async () => {
    const page = await on.page();
    await on.pool.addUser("joan", PASSWORD);
    const wrong = "Wrong-Password-1";
    const { error } = await attempt(page, (password) => window.auth.signIn({ username: "joan", password }), wrong);
    holdsNone(JSON.stringify(error), [wrong], "the error");
    await signIn(page, "joan", PASSWORD);
    await on.pool.fault("GetTokensFromRefreshToken", "nonJson", { times: 10 });
    const failed = await attempt(page, () => window.auth.refresh());
    holdsNone(JSON.stringify(failed.error), await on.pool.tokens(), "the error");
  });
});

describe("a script that writes to the worker itself", () => {
  const keepWorkers = (page) =>
    page.evaluateOnNewDocument(() => {
      window.workers = [];
      window.Worker = class extends Worker {
        constructor(...args) {
          super(...args);
          window.workers.push(this);
        }
      };
    });
  /** Posts a call past the package, and brings back what the worker answers. */
  const post = (page, method, args) =>
    run(
      page,
      (method, args) =>
        new Promise((done) => {
          const [worker] = window.workers;
          const id = Math.floor(1e9 * Math.random());
          worker.addEventListener("message", ({ data }) => data.id === id && done({ value: data.value?.status ?? data.value, code: data.error?.code }));
          worker.postMessage({ type: "call", id, method, args });
        }),
      method,
      args,
    );
  const request = (url, more) => ({ url, method: "GET", headers: [], body: null, ...more });
  const signedIn = async (api) => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page({ api }, keepWorkers);
    await signIn(page, "joan", PASSWORD);
    return page;
  };

  test("is refused every origin that is not listed", async () => {
    const { port } = on.pool;
    const page = await signedIn({ origins: [`http://localhost:${port}`, "https://api.example.com"] });
    assert.equal((await post(page, "fetch", [request(`http://localhost:${port}/api/me`)])).value, 200);
    const more = ["https://user:word@evil.test/", "https://api.example.com@evil.test/", "/api/me", "", "https://", "http://["];
    for (const url of [...lookalikes(port), ...more]) {
      const { code, value } = await post(page, "fetch", [request(url)]);
      assert.ok(code, `${url} was answered with ${value}`);
      assert.ok(["OriginNotAllowed", "InvalidParameter"].includes(code), `${url}: ${code}`);
    }
    assert.equal(await on.pool.count("api"), 1);
  });

  test("cannot start the vault again with other origins", async () => {
    const page = await signedIn({ origins: [on.pool.url] });
    await run(
      page,
      (config) => window.workers[0].postMessage({ type: "start", config }),
      { ...on.pool.config, issuers: [on.pool.issuer], apiOrigins: ["https://evil.test"], apiToken: "access" },
    );
    assert.equal((await post(page, "fetch", [request("https://evil.test/")])).code, "OriginNotAllowed");
    assert.equal((await post(page, "fetch", [request(`${on.pool.url}/api/me`)])).value, 200);
  });

  test("cannot have a redirect followed", async () => {
    const page = await signedIn({ origins: [echo.url] });
    const elsewhere = await startEcho();
    try {
      const url = `${echo.url}/redirect?to=${encodeURIComponent(elsewhere.url)}`;
      assert.ok((await post(page, "fetch", [request(url, { redirect: "follow", mode: "no-cors" })])).code);
      assert.deepEqual(elsewhere.received, []);
    } finally {
      await elsewhere.close();
    }
  });

  test("finds no other call", async () => {
    const page = await signedIn({ origins: [on.pool.url] });
    for (const method of ["constructor", "__proto__", "toString", "free", "tokens", "prepare", "__wbg_ptr", "__destroy_into_raw"]) {
      assert.equal((await post(page, method, [])).code, "InvalidState", method);
    }
  });
});

for (const engine of ["worker", "page"]) {
  describe(`where the ${engine} engine sends a token`, () => {
    const signedIn = async (api) => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine, api });
      await signIn(page, "joan", PASSWORD);
      return page;
    };
    const call = (page, url, init) =>
      attempt(
        page,
        async (url, init) => {
          const reply = await window.auth.fetch(url, init);
          return { status: reply.status, header: reply.headers.get("x-reply"), body: await reply.text() };
        },
        url,
        init,
      );

    test("only to the listed origins, exactly compared", async () => {
      const { port } = on.pool;
      const page = await signedIn({ origins: [`http://localhost:${port}`, "https://api.example.com"] });
      for (const url of [...lookalikes(port), `${on.fixture.url}/index.html`]) assert.equal((await call(page, url)).error?.code, "OriginNotAllowed", url);
      for (const url of [`http://localhost:${port}.evil.test/`, "https://api.example.com@evil.test/", "https://user:word@api.example.com/", "https://[::1/"]) {
        assert.ok((await call(page, url)).error, url);
      }
      assert.equal(await on.pool.count("api"), 0);
    });

    test("an origin written otherwise is the same origin", async () => {
      const { port } = on.pool;
      const page = await signedIn({ origins: [`http://localhost:${port}`] });
      for (const url of [`http://localhost:${port}/api/me`, `HTTP://LOCALHOST:${port}/api/me`, `http://local%68ost:${port}/api/./me`]) {
        assert.equal((await call(page, url)).value?.status, 200, url);
      }
    });

    test("what the page changes afterwards widens nothing", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine });
      await run(page, (config) => {
        window.start(config);
        config.api.origins.push("https://evil.test");
        config.api = { origins: ["https://evil.test"] };
        Array.prototype.includes = Array.prototype.some = Set.prototype.has = () => true;
      }, { ...on.pool.config, engine });
      await signIn(page, "joan", PASSWORD);
      const { error } = await call(page, "https://evil.test/");
      assert.equal(error.code, "OriginNotAllowed");
    });

    test("not along a redirect", async () => {
      const page = await signedIn({ origins: [echo.url] });
      const elsewhere = await startEcho();
      try {
        const { error } = await call(page, `${echo.url}/redirect?to=${encodeURIComponent(elsewhere.url)}`);
        assert.ok(error);
        assert.deepEqual(elsewhere.received, []);
      } finally {
        await elsewhere.close();
      }
    });

    test("and the call is a fetch otherwise", async () => {
      const page = await signedIn({ origins: [echo.url] });
      const init = { method: "POST", headers: { "content-type": "text/plain", "x-note": "one" }, body: "Grüße 🌍" };
      const { value } = await call(page, `${echo.url}/things?status=418`, init);
      assert.equal(value.status, 418);
      assert.equal(value.header, "yes");
      const seen = JSON.parse(value.body);
      assert.equal(seen.method, "POST");
      assert.equal(seen.body, "Grüße 🌍");
      assert.equal(seen.headers["x-note"], "one");
      assert.match(seen.headers.authorization, /^Bearer eyJ/);
    });

    test("and takes a Request and bytes, both ways", async () => {
      const page = await signedIn({ origins: [echo.url] });
      const same = await run(page, async (url) => {
        const bytes = new Uint8Array(100_000).map((_, at) => (at * 7) & 255);
        const reply = await window.auth.fetch(new Request(url, { method: "PUT", body: bytes }));
        const back = new Uint8Array(await reply.arrayBuffer());
        return reply instanceof Response && back.length === bytes.length && back.every((byte, at) => byte === bytes[at]);
      }, `${echo.url}/same`);
      assert.ok(same);
    });
  });
}

/** A heap snapshot of the page's own realm, as text. */
async function heapText(page) {
  const session = await page.createCDPSession();
  const chunks = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return chunks.join("");
}
