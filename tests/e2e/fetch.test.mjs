// API calls through the vault: bodies streamed both ways, given up at any time, and no token in what comes back.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { startEcho } from "./support/echo.mjs";
import { spyOnMessages } from "./support/spies.mjs";
import { ENGINES, PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
let echo;
before(async () => void (echo = await startEcho()));
after(() => echo?.close());

/** A page where joan is signed in, and the API is the echo. */
async function signedIn(config, prepare) {
  await on.pool.addUser("joan", PASSWORD);
  const page = await on.page({ api: { origins: [echo.url] }, ...config }, prepare);
  await signIn(page, "joan", PASSWORD);
  echo.received.length = 0;
  return page;
}

/** Begins work in the page, for a test that goes on beside it. */
const begin = (page, work, ...args) => run(page, `(...args) => void (window.begun = (${work})(...args))`, ...args);
const begun = (page) => attempt(page, () => window.begun);

for (const engine of ENGINES) {
  describe(`an answer through the ${engine} engine`, () => {
    test("of 100 MB arrives whole, chunk by chunk", async () => {
      const page = await signedIn({ engine });
      const { size, largest, told } = await run(
        page,
        async (url) => {
          const response = await window.auth.fetch(url);
          let [size, largest] = [0, 0];
          for (const reader = response.body.getReader(); ; ) {
            const { value, done } = await reader.read();
            if (done) return { size, largest, told: response.headers.get("content-length") };
            size += value.length;
            largest = Math.max(largest, value.length);
          }
        },
        `${echo.url}/bytes?size=100000000`,
      );
      assert.deepEqual([size, told], [100_000_000, "100000000"]);
      assert.ok(largest < 8_000_000, `a chunk of ${largest} bytes`);
    });

    test("ends when it is not wanted any more", async () => {
      const page = await signedIn({ engine });
      await run(
        page,
        async (url) => {
          for await (const chunk of (await window.auth.fetch(url)).body) return chunk.length;
        },
        `${echo.url}/bytes`,
      );
      await echo.received[0].closed;
    });

    test("shows its head and each chunk when it comes", async () => {
      const page = await signedIn({ engine });
      const opened = echo.gate("slow");
      const head = await run(
        page,
        async (url) => {
          const response = await window.auth.fetch(url);
          window.body = response.body.pipeThrough(new TextDecoderStream()).getReader();
          return [response.status, response.headers.get("content-type"), response.url];
        },
        `${echo.url}/gate?name=slow#part`,
      );
      assert.deepEqual(head, [200, "text/plain", `${echo.url}/gate?name=slow`]);
      const answer = await opened;
      const next = () => run(page, async () => (await window.body.read()).value ?? "end");
      assert.equal(await next(), "first");
      for (const chunk of ["one", "two"]) {
        answer.write(chunk);
        assert.equal(await next(), chunk);
      }
      answer.end();
      assert.equal(await next(), "end");
    });

    test("that breaks off errors as Network, however it is read", async () => {
      const page = await signedIn({ engine });
      const opened = echo.gate("broken");
      await run(page, async (url) => void (window.response = await window.auth.fetch(url)), `${echo.url}/gate?name=broken`);
      const answer = await opened;
      answer.destroy();
      const readings = [
        () => window.response.clone().text(),
        () => window.response.clone().json(),
        () => window.response.clone().body.pipeTo(new WritableStream()),
        () => window.response.arrayBuffer(),
      ];
      for (const reading of readings) {
        const { error } = await attempt(page, reading);
        assert.deepEqual([error.isAuthError, error.code, error.retryable], [true, "Network", true], String(reading));
      }
    });

    test("waits for no other one", async () => {
      const page = await signedIn({ engine });
      const names = ["a", "b", "c"];
      const opened = names.map((name) => echo.gate(name));
      await begin(
        page,
        (urls) => Promise.all(urls.map(async (url) => (await window.auth.fetch(url)).text())),
        names.map((name) => `${echo.url}/gate?name=${name}`),
      );
      const answers = await Promise.all(opened);
      const others = (url) => Promise.all(Array.from({ length: 20 }, async (_, at) => (await window.auth.fetch(`${url}${at}`)).status));
      assert.deepEqual(new Set(await run(page, others, `${echo.url}/any?number=`)), new Set([200]));
      answers.toReversed().forEach((answer, at) => answer.end(String(at)));
      assert.deepEqual((await begun(page)).value, ["first2", "first1", "first0"]);
    });

    test("has the statuses and the methods that have no body", async () => {
      const page = await signedIn({ engine });
      const seen = await run(
        page,
        async (url) => {
          const all = [];
          for (const status of [204, 205, 304, 200, 500]) {
            const response = await window.auth.fetch(`${url}?status=${status}`, { method: status === 200 ? "HEAD" : "GET" });
            all.push([response.status, (await response.text()).length > 0]);
          }
          return all;
        },
        `${echo.url}/any`,
      );
      assert.deepEqual(seen, [[204, false], [205, false], [304, false], [200, false], [500, true]]);
    });

    test("shows no token in its head", async () => {
      const page = await signedIn({ engine });
      const head = await run(
        page,
        async (url) => {
          const { headers, statusText, url: from } = await window.auth.fetch(url);
          return { headers: Object.fromEntries(headers), statusText, from };
        },
        `${echo.url}/mirror`,
      );
      assert.equal(head.headers["x-reply"], "yes");
      assert.deepEqual(Object.keys(head.headers).filter((name) => /token|words|part|authorization/.test(name)), []);
      assert.equal(head.statusText, "");
      const [{ headers }] = echo.received;
      assert.match(headers.authorization, /^Bearer eyJ/);
      assert.ok(!JSON.stringify(head).includes(headers.authorization.split(".")[2]));
    });

    test("is no redirect, of any kind and to anywhere", async () => {
      const page = await signedIn({ engine });
      for (const to of [`${echo.url}/any`, on.pool.url, "data:text/plain,hello", "/any"]) {
        for (const status of [301, 302, 303, 307, 308]) {
          const { error } = await attempt(page, (url) => window.auth.fetch(url), `${echo.url}/redirect?status=${status}&to=${encodeURIComponent(to)}`);
          assert.equal(error.code, "Network", `${status} ${to}`);
        }
      }
      assert.deepEqual(echo.received.filter(({ url }) => !url.startsWith("/redirect")), []);
    });
  });

  describe(`a request through the ${engine} engine`, () => {
    test("has every kind of body", async () => {
      const page = await signedIn({ engine });
      const seen = await run(
        page,
        async (url) => {
          const bytes = new TextEncoder().encode("text");
          const form = new FormData();
          form.set("name", "Grüße");
          form.set("file", new File(["text"], "a.txt", { type: "text/plain" }));
          const bodies = {
            text: "text",
            json: new Blob(["{}"], { type: "application/json" }),
            file: new File(["text"], "a.txt"),
            bytes,
            buffer: bytes.buffer,
            view: new DataView(bytes.buffer, 1, 2),
            params: new URLSearchParams({ a: "b c" }),
            form,
          };
          const all = {};
          for (const [name, body] of Object.entries(bodies)) {
            for (const asked of [[url, { method: "POST", body }], [new Request(url, { method: "POST", body })]]) {
              const { headers, body } = await (await window.auth.fetch(...asked)).json();
              (all[name] ??= []).push([headers["content-type"], body]);
            }
          }
          return all;
        },
        `${echo.url}/any`,
      );
      const { form, ...plain } = seen;
      const expected = {
        text: ["text/plain;charset=UTF-8", "text"],
        json: ["application/json", "{}"],
        file: [null, "text"],
        bytes: [null, "text"],
        buffer: [null, "text"],
        view: [null, "ex"],
        params: ["application/x-www-form-urlencoded;charset=UTF-8", "a=b+c"],
      };
      for (const [name, [type, body]] of Object.entries(expected)) {
        for (const got of plain[name]) assert.deepEqual([got[0]?.replace("; ", ";") ?? null, got[1]], [type, body], name);
      }
      for (const [type, body] of form) {
        const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(type);
        assert.ok(body.startsWith(`--${boundary}\r\n`) && body.trimEnd().endsWith(`--${boundary}--`), "the boundary is kept");
        assert.match(body, /name="file"; filename="a.txt"\r\nContent-Type: text\/plain\r\n\r\ntext\r\n/);
        assert.match(body, /Grüße/);
      }
    });

    test("of 100 MB in a Blob arrives, and goes again on a 401", async () => {
      const page = await signedIn({ engine });
      const count = await run(
        page,
        async (url) => {
          const part = new Uint8Array(1_000_000);
          const body = new Blob(Array.from({ length: 100 }, () => part));
          return (await window.auth.fetch(url, { method: "POST", body })).text();
        },
        `${echo.url}/sink?refused=1`,
      );
      assert.equal(count, "100000000");
      const sent = echo.received.filter(({ url }) => url.startsWith("/sink"));
      assert.equal(sent.length, 2);
      assert.notEqual(sent[0].headers.authorization, sent[1].headers.authorization);
    });
  });

  describe(`an API call given up in the ${engine} engine`, () => {
    test("before it is sent", async () => {
      const page = await signedIn({ engine });
      const { error } = await attempt(page, (url) => window.auth.fetch(url, { signal: AbortSignal.abort() }), `${echo.url}/any`);
      assert.equal(error.code, "Aborted");
      assert.deepEqual(echo.received, []);
    });

    test("before its head has come", async () => {
      const page = await signedIn({ engine });
      await begin(
        page,
        (url) => {
          window.give = new AbortController();
          return window.auth.fetch(url, { method: "POST", body: "text", signal: window.give.signal });
        },
        `${echo.url}/never`,
      );
      const { closed } = await until(() => echo.received[0]);
      await run(page, () => window.give.abort());
      assert.equal((await begun(page)).error.code, "Aborted");
      await closed;
    });

    test("while its body streams, read or not", async () => {
      const page = await signedIn({ engine });
      for (const reads of [true, false]) {
        const path = `/gate?name=${reads}`;
        await run(
          page,
          async (url, reads) => {
            window.give = new AbortController();
            const response = await window.auth.fetch(new Request(url, { signal: window.give.signal }));
            window.begun = reads ? response.text() : undefined;
            window.begun?.catch(() => undefined);
            window.response = response;
          },
          echo.url + path,
          reads,
        );
        await run(page, () => window.give.abort());
        const { error } = reads ? await begun(page) : await attempt(page, () => window.response.text());
        assert.deepEqual([error.isAuthError, error.code], [true, "Aborted"]);
        await echo.received.find(({ url }) => url === path).closed;
      }
    });

    test("by the end of the vault", async () => {
      const page = await signedIn({ engine });
      const opened = echo.gate("closed");
      await begin(page, async (url) => (await window.auth.fetch(url)).text(), `${echo.url}/gate?name=closed`);
      await opened;
      await run(page, () => window.auth.close());
      assert.equal((await begun(page)).error.code, "InvalidState");
      await echo.received[0].closed;
    });
  });
}

describe("a page that lies to the package", () => {
  let elsewhere;
  before(async () => void (elsewhere = await startEcho()));
  after(() => elsewhere?.close());

  const evil = () => `${elsewhere.url}/any`;
  /** An address of the API whose answer does not say what was sent. */
  const quiet = () => `${echo.url}/bytes?size=1`;

  /** What became of `auth.fetch(url, init)` after `lie` was told on the page; nothing may have come elsewhere, and no token to the page. */
  async function lied(lie, url = quiet(), init = {}) {
    await on.pool.reset();
    const page = await signedIn({}, spyOnMessages);
    await run(page, `(...urls) => void (${lie})(...urls)`, quiet(), evil());
    const outcome = await attempt(page, async (url, init) => (await window.auth.fetch(url, init)).status, url, init);
    assert.deepEqual(elsewhere.received, []);
    const messages = (await page.evaluate(() => window.messages)).join();
    assert.ok(messages.includes("joan"), "the messages were seen");
    for (const token of [...(await on.pool.tokens()), ...echo.received.map(({ headers }) => headers.authorization)]) {
      assert.ok(!messages.includes(token.split(".").at(-1)), "a message holds a token");
    }
    return outcome.error?.code ?? outcome.value;
  }
  test("about the address, sends no token there", async () => {
    const twofold = (api, evil) => {
      let asked = 0;
      Object.defineProperty(Request.prototype, "url", { get: () => (asked++ ? evil : api) });
    };
    const listed = (api) => Object.defineProperty(Request.prototype, "url", { get: () => api });
    const all = () => (Array.prototype.includes = Set.prototype.has = RegExp.prototype.test = () => true);
    const origin = (api) => Object.defineProperty(URL.prototype, "origin", { get: () => new RegExp("^https?://[^/]+").exec(api)[0] });
    assert.ok(["OriginNotAllowed", 200].includes(await lied(twofold, evil())));
    assert.equal(await lied(listed, evil()), 200);
    for (const lie of [all, origin]) assert.equal(await lied(lie, evil()), "OriginNotAllowed");
  });

  test("about itself as a Request, sends no token there", async () => {
    const lie = (api, evil) => {
      const { fetch } = window.auth;
      class Twofold extends Request {
        #asked = 0;
        get url() {
          return this.#asked++ ? evil : api;
        }
        get headers() {
          return new Headers({ authorization: "Bearer mine" });
        }
      }
      window.auth = { fetch: () => fetch(new Twofold(evil)) };
    };
    assert.equal(await lied(lie), "OriginNotAllowed");
  });

  test("about the headers, sends no token of its own", async () => {
    const own = { headers: { authorization: "Bearer mine", "x-note": "one" } };
    const has = () => (Headers.prototype.has = () => false);
    const listed = () => (Headers.prototype[Symbol.iterator] = () => [["Authorization", "Bearer mine"]][Symbol.iterator]());
    assert.equal(await lied(has, undefined, own), "InvalidParameter");
    assert.equal(await lied(listed), "InvalidParameter");
    assert.deepEqual(echo.received, []);
  });

  test("through every object's prototype, changes nothing in the vault", async () => {
    const pollute = (_, evil) => {
      Object.assign(Object.prototype, { redirect: "follow", mode: "no-cors", url: evil, href: evil, origin: evil, authorization: "Bearer mine" });
      Object.assign(Object.prototype, { issuers: [], apiOrigins: [evil], token: "", secret: "", status: 200, method: "GET" });
    };
    assert.equal(await lied(pollute, `${echo.url}/redirect?to=${encodeURIComponent(evil())}`), "Network");
    assert.ok(["OriginNotAllowed", "InvalidParameter"].includes(await lied(pollute, evil())));
  });
});

describe("an answer that is left unread", () => {
  // Chromium alone collects garbage when it is told to.
  if (kind === "chromium") {
    test("lets its connection go with the response", async () => {
      const page = await signedIn();
      const path = "/bytes?left=unread";
      await run(page, async (url) => (await window.auth.fetch(url)).status, echo.url + path);
      const session = await page.createCDPSession();
      let closed = false;
      void echo.received[0].closed.then(() => (closed = true));
      await until(async () => (await session.send("HeapProfiler.collectGarbage"), closed));
    });
  }
});

describe("the page's half of API calls", () => {
  const FILE = /\/request-\w+\.js$/;

  /** A page whose requests for that file are counted, and refused where `refused` says so. */
  async function watched(config, refused = () => false) {
    const seen = { asked: 0 };
    seen.page = await on.page(config, async (page) => {
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        const ours = FILE.test(request.url());
        if (ours) seen.asked++;
        void (ours && refused() ? request.abort("failed") : request.continue());
      });
    });
    await run(seen.page, () => window.auth.ready());
    return seen;
  }

  test("comes with the vault to apps that name origins, and to no others", async () => {
    const named = await watched();
    await until(() => named.asked === 1);
    const none = await watched({ api: undefined });
    assert.equal(none.asked, 0);
    const { error } = await attempt(none.page, (url) => window.auth.fetch(url), on.pool.url);
    assert.deepEqual([error.code, none.asked], ["OriginNotAllowed", 1]);
  });

  test("is said to be missing by each call, and by nothing else, where it cannot be loaded", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const { page } = await watched({}, () => true);
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    for (let times = 0; times < 2; times++) {
      const { error } = await attempt(page, (url) => window.auth.fetch(url), on.pool.url);
      assert.deepEqual([error.code, error.isAuthError], ["EngineFailed", true]);
    }
    assert.equal(await run(page, () => window.auth.snapshot().status), "signedIn");
  });
});
