// Where the vault sends a token: to the listed origins, and nowhere else, whatever the page asks, changes or writes to the worker.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startEcho } from "../support/echo.mjs";
import { PASSWORD, stage } from "../support/stage.mjs";
import { attempt, run, signIn } from "../support/vault.mjs";
import { OPEN, SEALED, nameOf, poison } from "./scene.mjs";

const on = stage({ change: poison });
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

for (const vault of SEALED) describe(`a script that writes to the worker itself (${nameOf(vault)})`, () => {
  /** Posts a call past the package, and brings back what the worker answers. */
  const post = (page, method, args) =>
    run(
      page,
      async (method, args) => {
        const { ends, call } = window.hostile;
        const { value, error } = await call([...ends][0], method, args);
        return { value: value?.status ?? value, code: error?.code };
      },
      method,
      args,
    );
  const request = (url, more) => ({ url, method: "GET", headers: [], body: null, ...more });
  const signedIn = async (api) => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page({ ...vault, api });
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
      (config) => [...window.hostile.ends][0].postMessage({ type: "start", config }),
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

  test("cannot crash it", async () => {
    const page = await signedIn({ origins: [on.pool.url] });
    for (const args of [[], [null], [5], ["x"], [[]], [{ username: { deep: [] } }], [{ username: "x".repeat(1e6) }], [{ password: 5 }], [{ username: "x", password: {} }], [{ id: -1 }], [1, { code: [] }]]) {
      for (const method of ["signIn", "answer", "resend", "giveUp", "signUp", "confirmSignUp", "resendSignUpCode", "attributes", "refresh", "fetch"]) await post(page, method, args);
    }
    assert.equal((await post(page, "fetch", [request(`${on.pool.url}/api/me`)])).value, 200);
  });

  test("finds no other call", async () => {
    const page = await signedIn({ origins: [on.pool.url] });
    for (const method of ["constructor", "__proto__", "toString", "free", "prepare", "__wbg_ptr", "__destroy_into_raw"]) {
      assert.equal((await post(page, method, [])).code, "InvalidState", method);
    }
    assert.equal((await post(page, "tokens", [])).code, "OriginNotAllowed");
  });

  test("has nothing of it from a vault of its own that hands out tokens", async () => {
    const page = await signedIn({ origins: [on.pool.url] });
    const mine = { ...on.pool.config, ...vault, api: { origins: [on.pool.url] }, tokens: "exposed" };
    const code = await run(page, (config) => window.createAuth(config).tokens().then(Object.keys, (error) => error.code), mine);
    assert.equal(code, "NotSignedIn");
  });
});

for (const vault of [...SEALED, ...OPEN]) {
  describe(`where the vault sends a token (${nameOf(vault)})`, () => {
    const signedIn = async (api) => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ ...vault, api });
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
      const page = await on.page(vault);
      // Put right again before it returns: a driver may use them too.
      const { error } = await attempt(page, async (config, user) => {
        const [{ includes, some }, { has }] = [Array.prototype, Set.prototype];
        const auth = window.start(config);
        config.api.origins.push("https://evil.test");
        config.api = { origins: ["https://evil.test"] };
        Array.prototype.includes = Array.prototype.some = Set.prototype.has = () => true;
        try {
          await auth.signIn(user);
          await auth.fetch("https://evil.test/");
        } finally {
          Object.assign(Array.prototype, { includes, some });
          Set.prototype.has = has;
        }
      }, { ...on.pool.config, ...vault }, { username: "joan", password: PASSWORD });
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

    test("not for what was put on Object.prototype", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const elsewhere = await startEcho();
      try {
        const page = await on.page(vault);
        await run(page, (config, evil) => {
          const options = { endpoint: evil, engine: "page", workerUrl: `${evil}/worker.js`, wasmUrl: `${evil}/x.wasm`, issuer: evil, flow: "password", token: "id", tokens: "exposed", api: { origins: [evil] }, origins: [evil], redirect: "follow" };
          for (const [name, value] of Object.entries(options)) Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
          const { api, ...rest } = config;
          window.start({ ...rest });
        }, { ...on.pool.config, ...vault, endpoint: on.pool.url }, elsewhere.url);
        assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
        assert.equal((await call(page, elsewhere.url)).error?.code, "OriginNotAllowed");
        assert.equal(await run(page, () => Object.hasOwn(window.auth, "tokens")), false);
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
