// What each storage keeps, for whom, and until when: every cell of the tables in docs/storage.md.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { kind, startBrowser } from "./support/browser.mjs";
import { storageText } from "./support/spies.mjs";
import { PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, open, run, signIn } from "./support/vault.mjs";

const on = stage();
const ready = (page) => run(page, async () => (await window.auth.ready()).status);
const events = (page) => run(page, () => window.events);
const callApi = (page) => attempt(page, async (url) => (await window.auth.fetch(url)).status, `${on.pool.url}/api/me`);
const place = () => `cognito-vault:${on.pool.userPoolId}:${on.pool.clientId}`;

async function signedIn(config) {
  await on.pool.addUser("joan", PASSWORD);
  const page = await on.page(config);
  assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
  return page;
}

const lives = kind === "chromium";
/** Whether the session is there after a reload, in a new tab after the last one was closed, and after a restart of the browser. */
const CELLS = [
  // Where a shared worker outlives its pages it does so for some seconds, which a new tab comes within.
  { storage: "memory", engine: "shared", reload: lives, closed: lives, restarted: false },
  { storage: "memory", engine: "worker", reload: false, closed: false, restarted: false },
  { storage: "memory", engine: "page", reload: false, closed: false, restarted: false },
  { storage: "indexedDb", engine: "shared", reload: true, closed: true, restarted: true },
  { storage: "indexedDb", engine: "worker", reload: true, closed: true, restarted: true },
  { storage: "indexedDb", engine: "page", reload: true, closed: true, restarted: true },
  { storage: "session", engine: "worker", reload: true, closed: false, restarted: false },
  { storage: "session", engine: "page", reload: true, closed: false, restarted: false },
  { storage: "local", engine: "worker", reload: true, closed: true, restarted: true },
  { storage: "local", engine: "page", reload: true, closed: true, restarted: true },
];
const says = (there) => (there ? "signedIn" : "signedOut");

for (const { storage, engine, reload, closed, restarted } of CELLS) {
  describe(`a session in ${storage}, with the ${engine} engine`, () => {
    const config = { storage, engine };

    test(`${reload ? "outlives" : "ends with"} a reload`, async () => {
      const page = await signedIn(config);
      await on.reload(page, config);
      assert.equal(await ready(page), says(reload));
      if (!reload) return;
      assert.equal((await run(page, () => window.auth.snapshot().user["cognito:username"])), "joan");
      assert.deepEqual((await events(page)).map(({ name }) => name), ["restored"]);
      assert.equal((await callApi(page)).value, 200);
      await run(page, () => window.auth.refresh());
    });

    test(`${closed ? "outlives" : "ends with"} its last tab`, async () => {
      const page = await signedIn(config);
      const context = page.browserContext();
      // One more page keeps the browsing context, and is of another origin.
      await context.newPage();
      await page.close();
      const tab = await context.newPage();
      await open(tab, on.fixture.url, { ...on.pool.config, ...config });
      assert.equal(await ready(tab), says(closed));
    });

    test(`${restarted ? "outlives" : "ends with"} the browser`, async () => {
      const profile = mkdtempSync(join(tmpdir(), "cognito-vault-profile-"));
      let browser;
      const visit = async () => {
        browser = await startBrowser(kind, { profile });
        const page = await browser.newPage();
        await open(page, on.fixture.url, { ...on.pool.config, ...config });
        return page;
      };
      try {
        await on.pool.addUser("joan", PASSWORD);
        assert.equal(await signIn(await visit(), "joan", PASSWORD), "signedIn");
        await browser.close();
        assert.equal(await ready(await visit()), says(restarted));
      } finally {
        await browser.close();
        rmSync(profile, { recursive: true, force: true });
      }
    });

    const plain = storage === "session" || storage === "local";
    test(`${plain ? "can be read" : "cannot be read"} by a script on the page`, async () => {
      const page = await signedIn(config);
      await callApi(page);
      await run(page, () => window.auth.refresh());
      const text = await storageText(page);
      const tokens = await on.pool.tokens();
      assert.ok(tokens.length >= 2);
      assert.equal(tokens.some((token) => text.includes(token)) || /eyJ/.test(text), plain);
    });

    test("leaves nothing behind when it is signed out", async () => {
      const page = await signedIn(config);
      await run(page, () => window.auth.signOut());
      assert.doesNotMatch(await storageText(page), /iv|eyJ|refresh/);
      await on.reload(page, config);
      assert.equal(await ready(page), "signedOut");
      assert.deepEqual(await events(page), []);
    });
  });
}

/** Runs on a page that is on the fixture's origin: what is stored, or what `change` makes of it. */
const sealed = (page, change) =>
  run(
    page,
    `async (place) => {
      const settled = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => failed(request.error))));
      const database = await settled(indexedDB.open(place));
      const store = database.transaction("session", "readwrite").objectStore("session");
      const found = await settled(store.get(0));
      const changed = (${change ?? (() => undefined)})(found);
      if (changed) await settled(store.put(changed, 0));
      database.close();
      return found && { form: found.form, revision: found.revision, iv: [...(found.iv ?? [])], text: [...new Uint8Array(found.text ?? 0)], extractable: found.key?.extractable };
    }`,
    place(),
  );

describe("what is sealed in IndexedDB", () => {
  const config = { storage: "indexedDb" };

  test("has a key that cannot be read, and a new initialisation vector each time", async () => {
    const page = await signedIn(config);
    const first = await sealed(page);
    await run(page, () => window.auth.refresh());
    const second = await sealed(page);
    assert.deepEqual([first.form, first.extractable, first.iv.length], [1, false, 12]);
    assert.notDeepEqual(first.iv, second.iv);
    assert.notEqual(first.revision, second.revision);
  });

  // The limit of this storage, said in the docs: the key can be used by whoever is on the page.
  test("can be opened by a script on the page, with the key in place", async () => {
    const page = await signedIn(config);
    await run(page, () => window.auth.refresh());
    const record = await run(
      page,
      async (place) => {
        const settled = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
        const database = await settled(indexedDB.open(place));
        const { form, revision, key, iv, text } = await settled(database.transaction("session").objectStore("session").get(0));
        const additionalData = new TextEncoder().encode(`${place}:${form}:${revision}`);
        return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, text));
      },
      place(),
    );
    assert.match(JSON.parse(record).access, /^eyJ/);
  });

  for (const [how, change] of Object.entries({
    "is damaged": (found) => ({ ...found, text: found.text.slice(1) }),
    "is of another revision": (found) => ({ ...found, revision: found.revision + 1 }),
    "is of an older form": (found) => ({ ...found, form: 0 }),
    "is something else": () => ({ some: "thing" }),
    "is nothing at all": () => "text",
  })) {
    for (const engine of ["shared", "worker", "page"]) {
      test(`is wiped, and said, when it ${how} (${engine})`, async () => {
        const page = await signedIn({ ...config, engine: "worker" });
        await sealed(page, change);
        await on.reload(page, { ...config, engine });
        assert.equal(await ready(page), "signedOut");
        assert.deepEqual((await events(page)).map(({ name }) => name), ["storageFailed"]);
        await until(async () => (await sealed(page)) === undefined);
        assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
        assert.equal((await callApi(page)).value, 200);
      });
    }
  }

  test("is given up where the database is held by a later version", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.blank();
    await page.goto(on.fixture.url);
    await page.evaluate((place) => new Promise((done) => (indexedDB.open(place, 7).onsuccess = done)).then(() => {}), place());
    await open(page, on.fixture.url, { ...on.pool.config, ...config });
    assert.equal(await ready(page), "signedOut");
    assert.deepEqual(await events(page), [{ name: "storageFailed", reason: "load: VersionError" }]);
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
  });

  for (const [how, deny] of Object.entries({
    "there is none": () => void delete window.indexedDB,
    "it may not be opened": () => void (IDBFactory.prototype.open = () => { throw new DOMException("", "SecurityError"); }),
    "it never opens": () => void (IDBFactory.prototype.open = () => ({})),
    "it is full": () => void (IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); }),
    "it cannot hold a key": () => void (IDBObjectStore.prototype.put = () => { throw new DOMException("", "DataCloneError"); }),
  })) {
    test(`is done without where ${how}`, async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ ...config, engine: "page" }, (page) => page.evaluateOnNewDocument(deny));
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      assert.deepEqual((await events(page)).map(({ name }) => name), ["storageFailed", "signedIn"]);
      await run(page, () => window.auth.refresh());
      assert.equal((await callApi(page)).value, 200);
      assert.equal((await events(page)).filter(({ name }) => name === "storageFailed").length, 1);
    });
  }

  describe("that does not answer in time", () => {
    /** At `?late` the database does not answer the first time. */
    const late = (page) =>
      page.evaluateOnNewDocument(() => {
        if (location.search !== "?late") return;
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = () => {
          IDBFactory.prototype.open = open;
          return {};
        };
      });
    const visit = async (page, query) => {
      await open(page, `${on.fixture.url}/${query}`, { ...on.pool.config, ...config, engine: "page" });
      return ready(page);
    };
    const signedInOnce = async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ ...config, engine: "page" }, late);
      await signIn(page, "joan", PASSWORD);
      assert.equal(await visit(page, "?late"), "signedOut");
      assert.deepEqual(await events(page), [{ name: "storageFailed", reason: "load: TimeoutError" }]);
      return page;
    };

    test("loses no session", async () => {
      const page = await signedInOnce();
      assert.equal(await visit(page, ""), "signedIn");
    });

    test("does not bring a session back that another user's has replaced", async () => {
      const page = await signedInOnce();
      await on.pool.addUser("jane", PASSWORD);
      assert.equal(await signIn(page, "jane", PASSWORD), "signedIn");
      assert.equal(await visit(page, ""), "signedOut");
    });
  });

  test("is not held up by a page that was left while it made the database", async () => {
    const page = await on.blank();
    await page.evaluateOnNewDocument(() => {
      if (location.search !== "?left") return;
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (...args) {
        const opening = open.apply(this, args);
        opening.addEventListener("upgradeneeded", () => {
          const store = opening.result.createObjectStore("endless");
          const again = () => void (store.put(0, 0).onsuccess = again);
          again();
          window.making = true;
        });
        return opening;
      };
    });
    await open(page, `${on.fixture.url}/?left`, { ...on.pool.config, ...config, engine: "page" });
    await until(() => page.evaluate(() => window.making));
    await open(page, on.fixture.url, { ...on.pool.config, ...config });
    assert.equal(await ready(page), "signedOut");
    assert.deepEqual(await events(page), []);
  });
});

describe("what a page keeps for the vault", () => {
  for (const [storage, area] of [["session", "sessionStorage"], ["local", "localStorage"]]) {
    for (const [how, text] of Object.entries({ "is no JSON": "text", "is something else": "{}", "is of an older form": '{"form":0,"record":"r","revision":1}', "holds no session": '{"form":1,"record":"{}","revision":1}' })) {
      test(`is wiped, and said, when it ${how} (${storage})`, async () => {
        await on.pool.addUser("joan", PASSWORD);
        const page = await on.blank();
        await page.goto(on.fixture.url);
        await page.evaluate((area, place, text) => window[area].setItem(place, text), area, place(), text);
        await open(page, on.fixture.url, { ...on.pool.config, storage });
        assert.equal(await ready(page), "signedOut");
        assert.deepEqual((await events(page)).map(({ name }) => name), ["storageFailed"]);
        await until(() => page.evaluate((area, place) => window[area].getItem(place) === null, area, place()));
        assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      });
    }

    test(`is done without where the area is refused or full (${storage})`, async () => {
      await on.pool.addUser("joan", PASSWORD);
      for (const deny of [
        (area) => Object.defineProperty(window, area, { get() { throw new DOMException("", "SecurityError"); } }),
        () => void (Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); }),
      ]) {
        const page = await on.page({ storage }, (page) => page.evaluateOnNewDocument(deny, area));
        assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
        assert.deepEqual((await events(page)).map(({ name }) => name), ["storageFailed", "signedIn"]);
        assert.equal((await callApi(page)).value, 200);
      }
    });
  }

  test("is another one in each tab with session, and the same in each with local", async () => {
    const page = await signedIn({ storage: "session" });
    assert.equal(await ready(await on.tab(page, { storage: "session" })), "signedOut");
    await run(page, () => window.auth.signOut());
    const local = await on.tab(page, { storage: "local" });
    assert.equal(await signIn(local, "joan", PASSWORD), "signedIn");
    const tab = await on.tab(page, { storage: "local" });
    assert.equal(await ready(tab), "signedIn");
    await run(tab, () => window.auth.signOut());
    await until(async () => (await run(local, () => window.auth.snapshot().status)) === "signedOut");
    assert.deepEqual((await events(local)).at(-1), { name: "signedOut", reason: "elsewhere" });
  });
});

describe("an app's own storage", () => {
  /** Makes `auth` with a storage of the page's own making; `more` replaces calls of it. */
  const start = (page, more = "{}") =>
    run(
      page,
      `async (config) => {
        window.kept = localStorage.getItem("mine") ?? undefined;
        const storage = {
          load: async () => window.kept,
          save: async (record) => localStorage.setItem("mine", (window.kept = record)),
          clear: async () => (localStorage.removeItem("mine"), (window.kept = undefined)),
          ...${more},
        };
        window.start({ ...config, storage });
        return (await window.auth.ready()).status;
      }`,
      on.pool.config,
    );
  const blank = async () => {
    const page = await on.blank();
    await page.goto(on.fixture.url);
    await page.waitForSelector("html[data-ready=yes]");
    return page;
  };

  test("is asked on the page, and keeps the session", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await blank();
    assert.equal(await start(page), "signedOut");
    await signIn(page, "joan", PASSWORD);
    assert.match(await run(page, () => window.kept), /eyJ/);
    await page.reload();
    await page.waitForSelector("html[data-ready=yes]");
    assert.equal(await start(page), "signedIn");
    await run(page, () => window.auth.signOut());
    assert.equal(await run(page, () => window.kept), undefined);
  });

  for (const [how, more] of Object.entries({
    rejects: '{ load: () => Promise.reject(new Error("eyJsecret")) }',
    throws: "{ load() { throw undefined; } }",
    "never settles": "{ load: () => new Promise(() => {}) }",
    "gives what is no text": "{ load: async () => 7 }",
    "fails to keep": '{ save: () => Promise.reject(new Error("eyJsecret")) }',
    "fails to keep and to clear": '{ save: () => Promise.reject(new Error("eyJsecret")), clear: () => new Promise(() => {}) }',
  })) {
    test(`is done without when it ${how}`, async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await blank();
      assert.equal(await start(page, more), "signedOut");
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      const told = (await events(page)).filter(({ name }) => name === "storageFailed");
      assert.equal(told.length, 1);
      assert.doesNotMatch(told[0].reason, /eyJ/);
      assert.equal((await callApi(page)).value, 200);
      await run(page, () => window.auth.signOut());
    });
  }
});
