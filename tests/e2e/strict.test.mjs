// The React components of the hosted page under StrictMode, in a development build of React.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { build } from "esbuild";
import { serve } from "../../scripts/serve.mjs";
import { kind, newPage, startBrowser } from "./support/browser.mjs";
import { ADA, Demo } from "./support/demo.mjs";
import { unpack } from "./support/fixture.mjs";
import { startPool } from "./support/pool.mjs";
import { at } from "./support/project.mjs";
import { aliases } from "./support/react.mjs";

const folder = at(`target/e2e/strict-${process.pid}`);
const opened = [];
let pool;
let server;
let browser;

before(async () => {
  const site = join(folder, "site");
  const vault = unpack(folder);
  mkdirSync(site);
  cpSync(join(vault, "dist"), site, { recursive: true });
  cpSync(at("tests/e2e/strict/index.html"), join(site, "index.html"));
  await build({
    entryPoints: [at("tests/e2e/strict/main.jsx")],
    outdir: site,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxDev: true,
    define: { "process.env.NODE_ENV": '"development"' },
    alias: aliases(19),
    nodePaths: [join(folder, "node_modules")],
    allowOverwrite: true,
    logLevel: "warning",
  });
  const config = {};
  server = await serve({ root: site, config });
  const client = { callbackUrls: [`${server.url}/callback`], logoutUrls: [] };
  pool = await startPool({ demo: true, settings: { hosted: { clients: { "1vault2demo3client4app5id6": client } } } });
  Object.assign(config, pool.config);
  browser = await startBrowser();
});
beforeEach(() => pool.reset());
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
after(async () => {
  await browser?.close();
  await server?.close();
  await pool?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page of the app, which sends the visitor to the hosted page. */
async function open(path) {
  const one = await newPage(browser);
  opened.push(one);
  await one.page.goto(server.url + path);
  await one.page.waitForFunction((origin) => location.origin === origin && document.readyState === "complete", {}, pool.url);
  return new Demo(one.page);
}

async function enter(demo) {
  await demo.fill({ "User name": ADA.username, Password: ADA.password });
  await demo.press("Sign in");
}

const counted = async () => [await pool.count("/oauth2/authorize"), await pool.count("/oauth2/token")];

describe(`StrictMode, in ${kind}`, () => {
  test("leaves once, exchanges once, and comes back to the guarded page", async () => {
    const app = await open("/deep?tab=2#part");
    await enter(app);
    await app.heading("Hello, ada");
    assert.equal(app.page.url(), `${server.url}/deep?tab=2#part`);
    assert.deepEqual(await counted(), [1, 1]);
  });

  test("shows an error that only the first of two effects could read off the address", async () => {
    const app = await open("/deep");
    await app.follow("Refusing");
    await app.press("Continue");
    await app.fails("HostedPageRefused");
    assert.equal(app.page.url(), `${server.url}/callback`);
    assert.deepEqual(await counted(), [1, 0]);
  });

  test("stops after a sign-out, and signs in again when asked", async () => {
    const app = await open("/deep");
    await enter(app);
    await app.press("Sign out");
    await app.press("Stopped");
    await app.heading("Hello, ada");
    assert.deepEqual(await counted(), [2, 2]);
  });

  test("does not loop where the app loses its session on the way back", async () => {
    const app = await open("/hard/deep");
    await enter(app);
    await app.button("Stopped");
    assert.equal(app.page.url(), `${server.url}/hard/deep`);
    assert.deepEqual(await counted(), [1, 1]);
  });

  test("signs in silently whom the hosted page knows, and asks once for whom it does not", async () => {
    const one = await newPage(browser);
    opened.push(one);
    const app = new Demo(one.page);
    for (let visit = 0; visit < 3; visit++) {
      await one.page.goto(`${server.url}/silent?tab=2`);
      await app.heading("signedOut,");
      assert.equal(one.page.url(), `${server.url}/silent?tab=2`);
      assert.deepEqual(await counted(), [1, 0]);
    }
    const known = await open("/deep");
    await enter(known);
    await known.heading("Hello, ada");
    await known.page.goto(`${server.url}/silent?tab=2`);
    await known.heading("signedIn, ada");
    assert.equal(known.page.url(), `${server.url}/silent?tab=2`);
    assert.deepEqual(await counted(), [3, 2]);
  });
});
