// The packed tarball in the bundlers of apps: each has to find the worker and the wasm by itself, without any setting.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as vite from "vite";
import webpack from "webpack";
import { brotli } from "../../benches/bytes.mjs";
import { serve } from "../../scripts/serve.mjs";
import { newPage, startBrowser } from "../e2e/support/browser.mjs";
import { startPool } from "../e2e/support/pool.mjs";
import { at } from "../e2e/support/project.mjs";
import { spyOnRequests } from "../e2e/support/spies.mjs";
import { open, run, signIn } from "../e2e/support/vault.mjs";
import { installed } from "./published.mjs";

/** What the worker weighs in the package, in bytes. */
const SHIPPED = brotli(readFileSync(join(installed("shipped"), "dist/worker.js")));
const USER = { username: "joan", password: "Correct-Horse-1" };

/** An app that has the package in node_modules; returns its folder. */
function app(name) {
  const folder = join(installed(name), "../..");
  for (const file of ["index.html", "main.js"]) cpSync(at(`tests/e2e/fixture/${file}`), join(folder, file));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return folder;
}

/** Each serves the app; resolves with its address and how to end it. */
const BUNDLERS = {
  async "Vite, built"() {
    const root = app("vite-built");
    await vite.build({ root, configFile: false, logLevel: "warn" });
    return serve({ root: join(root, "dist") });
  },
  async "Vite, in development"() {
    const root = app("vite-development");
    const server = await vite.createServer({ root, configFile: false, logLevel: "warn", server: { host: "127.0.0.1", port: 0, watch: null, hmr: false } });
    await server.listen();
    return { url: server.resolvedUrls.local[0], close: () => server.close() };
  },
  async webpack() {
    const folder = app("webpack");
    const html = readFileSync(join(folder, "index.html"), "utf8").replace('type="module"', "defer");
    const stats = await new Promise((done, failed) =>
      webpack({ context: folder, mode: "production", entry: "./main.js", output: { path: join(folder, "dist") } }, (error, stats) => (error ? failed(error) : done(stats))),
    );
    assert.ok(!stats.hasErrors(), stats.toString());
    writeFileSync(join(folder, "dist/index.html"), html);
    return serve({ root: join(folder, "dist") });
  },
};

describe("in the bundlers of apps", () => {
  let pool;
  let browser;
  before(async () => {
    pool = await startPool();
    await pool.addUser(USER.username, USER.password);
    browser = await startBrowser("chromium");
  });
  after(async () => {
    await browser?.close();
    await pool?.close();
  });

  for (const [name, start] of Object.entries(BUNDLERS)) {
    for (const engine of ["worker", "page"]) {
      test(`${name}: signs in by the ${engine} engine`, async () => {
        const server = await start();
        const { page, close } = await newPage(browser);
        try {
          await spyOnRequests(page);
          await open(page, server.url, { ...pool.config, engine });
          assert.equal(await signIn(page, USER.username, USER.password), "signedIn");
          assert.equal(await run(page, async (url) => (await window.auth.fetch(url)).status, `${pool.url}/api/me`), 200);
          const [worker] = page.workers();
          assert.equal(worker !== undefined, engine === "worker");
          if (worker && name !== "Vite, in development") {
            // Copied as a file, and at most minified once more.
            const bytes = brotli(Buffer.from(await (await fetch(worker.url())).arrayBuffer()));
            assert.ok(bytes < 1.01 * SHIPPED, `${bytes} bytes`);
          }
          const inPage = (await page.evaluate(() => window.sent)).some((text) => text.includes(pool.url));
          assert.equal(inPage, engine === "page");
        } finally {
          await close();
          await server.close();
        }
      });
    }
  }
});
