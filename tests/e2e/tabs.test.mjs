// Several tabs: one session for all of them, by a worker that they share or by what each keeps, and what a tab takes along when it goes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { PASSWORD, stage, until } from "./support/stage.mjs";
import { attempt, open, run, signIn } from "./support/vault.mjs";

const on = stage();
const ready = (page) => run(page, async () => (await window.auth.ready()).status);
const status = (page) => run(page, () => window.auth.snapshot().status);
const callApi = (page) => attempt(page, async (url) => (await window.auth.fetch(url)).status, `${on.pool.url}/api/me`);

async function signedIn(config) {
  await on.pool.addUser("joan", PASSWORD);
  const page = await on.page(config);
  assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
  return page;
}

const now = (page) => run(page, () => performance.timeOrigin + performance.now());
/** When the status of `tab` turns into `wanted`. */
const turns = (tab, wanted) =>
  run(
    tab,
    (wanted) =>
      new Promise((done) => {
        const look = () => window.auth.snapshot().status === wanted && done(performance.timeOrigin + performance.now());
        window.auth.subscribe(look);
        look();
      }),
    wanted,
  );

/** A sign-in at `page` is seen at `tab` within a second, and a sign-out there at `page`. */
async function agree(page, tab) {
  assert.equal(await ready(tab), "signedOut");
  const entered = turns(tab, "signedIn");
  await signIn(page, "joan", PASSWORD);
  assert.ok((await entered) - (await now(page)) < 1000);
  assert.equal((await callApi(tab)).value, 200);

  const left = turns(page, "signedOut");
  const asked = await now(tab);
  await run(tab, () => window.auth.signOut());
  assert.ok((await left) - asked < 1000);
}

describe("a shared vault", () => {
  test("shows a sign-in and a sign-out to every tab, within a second", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page();
    const tab = await on.tab(page);
    await agree(page, tab);
    assert.equal((await callApi(page)).error.code, "NotSignedIn");
    assert.equal(await on.pool.count("RevokeToken"), 1);
  });

  test("shows its session to a tab that opens later, as restored", async () => {
    const page = await signedIn();
    const tab = await on.tab(page);
    assert.equal(await ready(tab), "signedIn");
    assert.deepEqual(await run(tab, () => window.auth.snapshot()), await run(page, () => window.auth.snapshot()));
    assert.deepEqual(await run(tab, () => window.events), [{ name: "restored" }]);
    assert.equal((await callApi(tab)).value, 200);
  });

  test("refreshes once for all tabs", async () => {
    await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
    const page = await signedIn();
    const tabs = [page, await on.tab(page), await on.tab(page)];
    await on.pool.advance(7200);
    const replies = await Promise.all(tabs.flatMap((tab) => [callApi(tab), callApi(tab)]));
    assert.deepEqual(replies.map(({ value }) => value), Array(6).fill(200));
    assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
  });

  test("outlives the tab that began it, and the close() of another one", async () => {
    const page = await signedIn();
    const tab = await on.tab(page);
    const other = await on.tab(page);
    await ready(tab);
    await page.close();
    await run(other, () => window.auth.close());
    assert.equal((await callApi(tab)).value, 200);
    assert.equal(await status(tab), "signedIn");
    const { error } = await attempt(other, () => window.auth.attributes());
    assert.equal(error.code, "InvalidState");
  });

  for (const [how, leave] of Object.entries({ closed: (page) => page.close(), "closed by close()": (page) => run(page, () => window.auth.close()), "sent elsewhere": (page) => page.goto("about:blank") })) {
    test(`gives up what a tab has begun that is ${how}`, async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page();
      const tab = await on.tab(page);
      await ready(tab);
      await on.pool.fault("RespondToAuthChallenge", "hang");
      await run(page, (request) => void window.auth.signIn(request).catch(() => {}), { username: "joan", password: PASSWORD });
      await until(() => on.pool.count("RespondToAuthChallenge"));
      await leave(page);
      // Of the locks, those are left that the other tab and the vault hold and wait for: the vault has learnt of it.
      await until(() => run(tab, async () => Object.values(await navigator.locks.query()).flat().length === 4));
      await on.pool.clearFaults();
      await until(async () => (await on.pool.requests("RespondToAuthChallenge"))[0].status === 200);
      await run(tab, () => window.auth.attributes().catch(() => {}));
      assert.equal(await status(tab), "signedOut");
    });
  }

  test("is not that of another configuration", async () => {
    const page = await signedIn();
    for (const config of [{ api: { origins: [on.pool.url, "https://api.example.com"] } }, { session: { maxAge: 3_600_000 } }, { storage: "indexedDb" }]) {
      assert.equal(await ready(await on.tab(page, config)), "signedOut", JSON.stringify(config));
    }
    assert.equal(await ready(await on.tab(page)), "signedIn");
  });

  test("takes no other configuration than its name says, from whoever comes first", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.page({}, (page) =>
      page.evaluateOnNewDocument(() => {
        window.SharedWorker = class extends SharedWorker {
          constructor(url, options) {
            const first = new SharedWorker.original(url, options);
            window.answers = [];
            first.port.onmessage = ({ data }) => window.answers.push(data.error?.code ?? data.type);
            const [config, wasmUrl] = JSON.parse(options.name.slice(options.name.indexOf("[")));
            first.port.postMessage({ type: "start", config: { ...config, apiOrigins: ["https://evil.test"] }, wasmUrl });
            super(url, options);
          }
          static original = SharedWorker;
        };
      }),
    );
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    assert.deepEqual(await page.evaluate(() => window.answers), ["EngineFailed"]);
    assert.equal((await callApi(page)).value, 200);
  });

  if (kind === "chromium") {
    /** Ends the process of a tab, as when it is out of memory, and with it the shared worker that the tab has begun. Only Chromium lets a test do that. */
    const crash = (page) => page.goto("chrome://crash").catch(() => undefined);
    const restarted = async (tab) => (await run(tab, () => window.events)).some(({ name }) => name === "engineRestarted");

    test("that dies with the tab that began it is started anew, and goes on with the session that is kept", async () => {
      const page = await signedIn({ storage: "indexedDb" });
      const tabs = [await on.tab(page, { storage: "indexedDb" }), await on.tab(page, { storage: "indexedDb" })];
      for (const tab of tabs) assert.equal(await ready(tab), "signedIn");
      await crash(page);
      for (const tab of tabs) {
        await until(() => restarted(tab));
        assert.equal((await callApi(tab)).value, 200);
        assert.equal(await status(tab), "signedIn");
      }
      await run(tabs[0], () => window.auth.signOut());
      await until(async () => (await status(tabs[1])) === "signedOut");
    });

    test("that dies with a session of its memory alone lets the user sign in again", async () => {
      const page = await signedIn();
      const tabs = [await on.tab(page), await on.tab(page)];
      for (const tab of tabs) assert.equal(await ready(tab), "signedIn");
      await on.pool.fault("GetUser", "hang");
      const waiting = attempt(tabs[0], () => window.auth.attributes());
      await until(() => on.pool.count("GetUser"));
      await crash(page);
      for (const tab of tabs) await until(async () => (await restarted(tab)) && (await status(tab)) === "signedOut");
      assert.equal((await waiting).error.code, "EngineFailed");
      assert.equal(await signIn(tabs[0], "joan", PASSWORD), "signedIn");
      await until(async () => (await status(tabs[1])) === "signedIn");
      assert.equal((await callApi(tabs[1])).value, 200);
    });
  }

  test(kind === "chromium" ? "outlives a reload of its only tab" : "ends with the reload of its only tab", async () => {
    const page = await signedIn();
    await on.reload(page);
    assert.equal(await ready(page), kind === "chromium" ? "signedIn" : "signedOut");
    if (kind === "chromium") assert.equal((await callApi(page)).value, 200);
  });

  test("outlives a reload while another tab is open", async () => {
    const page = await signedIn();
    const tab = await on.tab(page);
    await ready(tab);
    await on.reload(page);
    assert.equal(await ready(page), "signedIn");
  });
});

for (const [storage, engine] of [["indexedDb", "worker"], ["indexedDb", "page"], ["local", "worker"]]) {
  const config = { storage, engine };

  describe(`vaults of their own that share ${storage} (${engine})`, () => {
    test("show a sign-in and a sign-out to every tab, within a second", async () => {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page(config);
      const tab = await on.tab(page, config);
      await agree(page, tab);
      assert.deepEqual((await run(page, () => window.events)).at(-1), { name: "signedOut", reason: "elsewhere" });
      assert.equal(await on.pool.count("RevokeToken"), 1);
    });

    test("refresh once for all tabs, with tokens that rotate", async () => {
      await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
      const page = await signedIn(config);
      const tabs = [page, await on.tab(page, config), await on.tab(page, config)];
      for (const tab of tabs) assert.equal(await ready(tab), "signedIn");
      for (let round = 1; round <= 3; round++) {
        await on.pool.advance(7200);
        const replies = await Promise.all(tabs.flatMap((tab) => [callApi(tab), callApi(tab)]));
        assert.deepEqual(replies.map(({ value, error }) => value ?? error.code), Array(6).fill(200));
        assert.equal(await on.pool.count("GetTokensFromRefreshToken"), round);
      }
    });
  });
}

describe("a page that comes back by the back button", () => {
  for (const [storage, engine] of [["memory", "shared"], ["indexedDb", "shared"], ["indexedDb", "worker"], ["indexedDb", "page"], ["local", "worker"], ["local", "page"], ["session", "worker"], ["session", "page"]]) {
    test(`shows nobody after a sign-out on the page after it (${storage}, ${engine})`, async () => {
      const config = { ...on.pool.config, storage, engine };
      const page = await signedIn({ storage, engine });
      await open(page, `${on.fixture.url}/?next`, config);
      await ready(page);
      await run(page, () => window.auth.signOut());
      await page.evaluate(() => void setTimeout(() => history.back()));
      await page.waitForFunction(() => location.search === "" && document.documentElement.dataset.ready === "yes");
      // The browser brings the page of before, or loads it anew.
      await run(page, (config) => void (window.auth ?? window.start(config)), config);
      await until(async () => (await status(page)) === "signedOut");
      assert.equal((await callApi(page)).error.code, "NotSignedIn");
    });
  }
});

describe("vaults of their own", () => {
  test("with nothing shared hear of a sign-out of the same user, and of no other", async () => {
    const config = { engine: "worker" };
    const page = await signedIn(config);
    const tab = await on.tab(page, config);
    assert.equal(await signIn(tab, "joan", PASSWORD), "signedIn");
    await on.pool.addUser("mary", PASSWORD);
    const other = await on.tab(page, config);
    assert.equal(await signIn(other, "mary", PASSWORD), "signedIn");
    await run(page, () => window.auth.signOut());
    await turns(tab, "signedOut");
    assert.equal(await status(other), "signedIn");
  });

  test("do not wait for ever for a lock that nobody lets go", async () => {
    const config = { storage: "indexedDb", engine: "page" };
    const page = await on.page(config, (page) =>
      page.evaluateOnNewDocument(() => {
        // The ten seconds that the vault waits, without the waiting.
        const { setTimeout } = window;
        window.setTimeout = (work, millis, ...args) => setTimeout(work, millis === 35_000 ? 50 : millis, ...args);
      }),
    );
    await on.pool.addUser("joan", PASSWORD);
    await signIn(page, "joan", PASSWORD);
    const name = `cognito-vault:${on.pool.userPoolId}:${on.pool.clientId}`;
    const tab = await on.tab(page);
    await run(tab, (name) => new Promise((held) => void navigator.locks.request(name, () => (held(), new Promise(() => {}))).catch(() => {})), name);
    await run(page, () => window.auth.refresh());
    assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
    await run(page, () => window.auth.refresh());
    assert.deepEqual(await run(tab, async () => (await navigator.locks.query()).held.filter(({ name }) => name.split(":").length === 3)), []);
  });
});

describe("a session that idles", () => {
  test("is warned of, goes on when the user does something in any tab, and ends", async () => {
    const config = { session: { idleTimeout: 4000 } };
    const page = await signedIn(config);
    const tab = await on.tab(page, config);
    await ready(tab);
    const idle = (times) => until(async () => (await run(page, () => window.events)).filter(({ name }) => name === "idle").length === times);
    await idle(1);
    await tab.mouse.move(10, 10);
    await idle(2);
    await turns(page, "signedOut");
    await turns(tab, "signedOut");
    const events = await run(page, () => window.events);
    assert.deepEqual(events.map(({ name }) => name), ["signedIn", "idle", "idle", "signedOut"]);
    assert.ok(events[1].millis > 0 && events[1].millis <= 2000, String(events[1].millis));
    assert.equal(events[3].reason, "idle");
    await until(async () => (await on.pool.count("RevokeToken")) === 1); // what is forgotten is told before it is revoked
  });

  test("does not go on by events that a script makes", async () => {
    const page = await signedIn({ session: { idleTimeout: 2000 } });
    await until(async () => (await run(page, () => window.events)).at(-1).name === "idle");
    await run(page, () => {
      for (const type of ["pointerdown", "keydown"]) window.dispatchEvent(new Event(type));
    });
    await turns(page, "signedOut");
    assert.equal((await run(page, () => window.events)).filter(({ name }) => name === "idle").length, 1);
  });

  test("ends at its greatest age, whatever the user does", async () => {
    const page = await signedIn({ session: { maxAge: 3000 } });
    await turns(page, "signedOut");
    assert.deepEqual((await run(page, () => window.events)).at(-1), { name: "signedOut", reason: "expired" });
  });
});
