// The hostile script against every method of the package, on a bare page: what passed, what is stored, what can be reached, asked and forged.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startEcho } from "../support/echo.mjs";
import { PASSWORD, stage } from "../support/stage.mjs";
import { attempt, run } from "../support/vault.mjs";
import { OPEN, SEALED, nameOf, plunder, poison, wholeSession } from "./scene.mjs";
import { leaks } from "./secrets.mjs";

const on = stage({ change: poison });
let evil;
before(async () => void (evil = await startEcho()));
after(() => evil?.close());

const aims = () => ({ urls: [`${on.pool.url}/api/me`, evil.url, `${on.pool.url}/`, "data:text/plain,x"], config: { ...on.pool.config, issuers: [on.pool.issuer], apiToken: "access" } });

async function begun(vault, token = "access") {
  evil.received.length = 0;
  const page = await on.page({ ...vault, api: { origins: [on.pool.url], token } });
  await wholeSession(on, page);
  return page;
}

async function plundered(vault, token) {
  const page = await begun(vault, token);
  const found = await plunder(page, aims());
  found.state = JSON.stringify(await run(page, () => [window.auth.snapshot(), window.events, window.snapshots]));
  return { page, found };
}

for (const vault of SEALED) {
  describe(`a hostile script and the vault (${nameOf(vault)})`, () => {
    for (const token of ["access", "id"]) {
      test(`finds no token, whatever it patches, reads, walks, calls and forges (${token} token for the API)`, async () => {
        const { page, found } = await plundered(vault, token);
        const tokens = await on.pool.tokens();
        assert.ok(tokens.length >= 9, "three tokens of each kind were given out at least");
        assert.deepEqual(leaks(found, tokens), []);
        for (const text of [found.passed, found.reached]) assert.ok(text.includes("someone@example.com"), "the script saw what there is to see");
        assert.ok(found.passed.includes(PASSWORD), "the password passes the page once, and the script that listened has it");
        const { stored, reached, compiled } = found;
        assert.deepEqual(leaks({ stored, reached, compiled }, [PASSWORD]), [], "nothing keeps it");
        assert.deepEqual(evil.received.filter(({ headers }) => headers.authorization), []);
        await run(page, () => window.auth.signOut());
        const after = await plunder(page, aims());
        assert.deepEqual(leaks(after, await on.pool.tokens()), []);
      });
    }

    test("errors hold neither the password nor a token", async () => {
      const page = await begun(vault);
      const wrong = "Wrong-Password-1";
      const { error } = await attempt(page, (password) => window.auth.signIn({ username: "joan", password }), wrong);
      await on.pool.fault("*", "nonJson", { times: 10 });
      const refused = await attempt(page, () => window.auth.refresh());
      const url = `${on.pool.url}/api/me`;
      const lost = await attempt(page, (url) => window.auth.fetch(url), url);
      const texts = { signIn: JSON.stringify(error), refresh: JSON.stringify(refused), fetch: JSON.stringify(lost) };
      assert.deepEqual(leaks(texts, [wrong, PASSWORD, ...(await on.pool.tokens())]), []);
    });

    // A shared worker may outlive its page.
    if (vault.engine === "worker") test("every token ends where the tab does: a reload is signed out", async () => {
      const page = await begun(vault);
      await page.reload();
      await page.waitForSelector("html[data-ready=yes]");
      const status = await run(page, async (config) => (await window.start(config).ready()).status, { ...on.pool.config, ...vault });
      assert.equal(status, "signedOut");
    });

    test("the worker is a file of the same origin", async () => {
      const page = await on.page(vault);
      await run(page, () => window.auth.ready());
      const files = await page.evaluate(() => window.hostile.workers.map(({ file, options }) => ({ file, type: options.type })));
      assert.equal(files.length, 1);
      assert.equal(new URL(files[0].file).origin, on.fixture.url);
      assert.equal(files[0].type, "module");
    });
  });
}

for (const vault of OPEN) {
  test(`the hostile script finds every token where the vault is on its page (${nameOf(vault)})`, async () => {
    const { found } = await plundered(vault);
    const kinds = (await on.pool.issued()).slice(0, 3);
    for (const { kind, token } of kinds) assert.notDeepEqual(leaks({ passed: found.passed }, [token]), [], kind);
    assert.notDeepEqual(leaks({ compiled: found.compiled }, await on.pool.tokens()), [], "the memory of the module");
  });
}

test("a session in IndexedDB: nothing to copy, but a script that knows the form can use the key", async () => {
  const page = await begun({ engine: "worker", storage: "indexedDb" });
  const stored = await page.evaluate(async () => (await window.hostile.storage()).join("\n"));
  assert.match(stored, /AES-GCM|revision/);
  assert.deepEqual(leaks({ stored }, await on.pool.tokens()), []);
  const record = await page.evaluate(async () => {
    const settled = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const [{ name }] = await indexedDB.databases();
    const database = await settled(indexedDB.open(name));
    const { form, revision, key, iv, text } = await settled(database.transaction("session").objectStore("session").get(0));
    const additionalData = new TextEncoder().encode(`${name}:${form}:${revision}`);
    return { exported: await crypto.subtle.exportKey("raw", key).catch(({ name }) => name), text: new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, text)) };
  });
  assert.equal(record.exported, "InvalidAccessError");
  // What docs/threat-model.md says under "What does not hold".
  assert.notDeepEqual(leaks({ record: record.text }, await on.pool.tokens()), []);
});

test("the hostile script looks into every place", async () => {
  const page = await on.page();
  const marks = await page.evaluate(async () => {
    const mark = (place) => ["mark", "of", place, "here"].join("-");
    localStorage.setItem("x", mark("local"));
    sessionStorage.setItem("x", mark("session"));
    document.cookie = `x=${mark("cookie")}`;
    history.replaceState({ x: mark("history") }, "");
    const database = await new Promise((done) => {
      const opening = indexedDB.open("x");
      opening.onupgradeneeded = () => opening.result.createObjectStore("y");
      opening.onsuccess = () => done(opening.result);
    });
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(mark("readable-key").padEnd(32, "x")), "AES-GCM", true, ["encrypt"]);
    await new Promise((done) => {
      const writing = database.transaction("y", "readwrite");
      writing.objectStore("y").put({ deep: [{ bytes: new TextEncoder().encode(mark("database")), key }] }, 1);
      writing.objectStore("y").put({ key }, 2);
      writing.oncomplete = done;
    });
    database.close();
    await (await caches.open("x")).put("/x", new Response(mark("cache")));
    await window.hostile.attempted(async () => {
      const file = await (await navigator.storage.getDirectory()).getFileHandle("x", { create: true });
      const writing = await file.createWritable();
      await writing.write(mark("file"));
      await writing.close();
    });
    const hidden = new (class {
      get inner() {
        return new Map([[Symbol(), Promise.resolve(mark("promise"))]]);
      }
    })();
    document.body[Symbol("fiber")] = { alternate: hidden };
    return ["local", "session", "cookie", "history", "readable-key", "database", "cache", "promise"];
  });
  const found = await plunder(page, aims());
  const all = Object.values(found).join("\n");
  for (const place of marks) assert.ok(all.includes(`mark-of-${place}-here`), place);
});
