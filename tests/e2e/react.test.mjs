// What React shows to whom, in each version that the bindings are for, and what a server sends of it.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { serve } from "../../scripts/serve.mjs";
import { kind, newPage, startBrowser } from "./support/browser.mjs";
import { unpack } from "./support/fixture.mjs";
import { at } from "./support/project.mjs";
import { VERSIONS, aliases } from "./support/react.mjs";

const source = at("tests/e2e/react");

for (const version of VERSIONS) {
  describe(`React ${version}, in ${kind}`, () => {
    const folder = at(`target/e2e/react-${version}-${process.pid}`);
    const site = join(folder, "site");
    const opened = [];
    let server;
    let browser;
    let sent;
    before(async () => {
      unpack(folder);
      mkdirSync(site);
      const common = {
        bundle: true,
        format: "esm",
        target: "es2022",
        jsx: "automatic",
        jsxDev: true,
        define: { "process.env.NODE_ENV": '"development"' },
        alias: aliases(version),
        nodePaths: [join(folder, "node_modules")],
        logLevel: "warning",
      };
      await build({ ...common, entryPoints: [join(source, "main.jsx")], outdir: site });
      await build({ ...common, format: "cjs", platform: "node", entryPoints: [join(source, "server.jsx")], outfile: join(folder, "server.cjs") });
      sent = await (await import(pathToFileURL(join(folder, "server.cjs")))).default.render();
      cpSync(join(source, "index.html"), join(site, "index.html"));
      const page = readFileSync(join(source, "index.html"), "utf8");
      writeFileSync(join(site, "server.html"), page.replace('<div id="root"></div>', `<div id="root">${sent.html}</div>`));
      server = await serve({ root: site });
      browser = await startBrowser();
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
    });
    after(async () => {
      await browser?.close();
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(path) {
      const one = await newPage(browser);
      opened.push(one);
      await one.page.goto(server.url + path);
      await one.page.waitForFunction(() => window.auth && document.querySelector("#bare"));
      return one.page;
    }

    /** What the page shows: the status, the status's own, the guards, the user, what waits for the status, what an error boundary shows. */
    const shown = (page) =>
      page.evaluate(() => [
        ...["#status", "#shown", "#guarded", "#bare", "#user"].map((name) => document.querySelector(name).textContent),
        [...document.querySelectorAll("#known")].find((one) => one.offsetParent)?.textContent,
        document.querySelector("[role=alert]")?.textContent,
      ]);
    const becomes = (page, expected) =>
      page.waitForFunction((status) => document.querySelector("#status").textContent === status && document.querySelector("#known")?.textContent !== "suspended", {}, expected[0]).then(async () => assert.deepEqual(await shown(page), expected));
    const show = (page, next) => page.evaluate((next) => window.auth.show(next), next);
    const LOADING = ["loading", "loading", "wait", "", "nobody", "suspended", "InvalidState"];

    test("shows to each what is theirs, and no form before it is known who it is", async () => {
      const page = await open("/");
      assert.deepEqual(await shown(page), LOADING);
      await show(page, { status: "signedOut" });
      await becomes(page, ["signedOut", "signed out", "form", "form", "nobody", "signedOut", "InvalidState"]);
      await show(page, { status: "signedIn", user: { email: "ada@example.com" } });
      await becomes(page, ["signedIn", "signed in", "members", "members", "ada@example.com", "signedIn", "InvalidState"]);
      await show(page, { status: "stale" });
      await becomes(page, ["stale", "signed in", "members", "members", "ada@example.com", "stale", "InvalidState"]);
      await page.evaluate(() => window.auth.signOut());
      await becomes(page, ["signedOut", "signed out", "form", "form", "nobody", "signedOut", "InvalidState"]);
    });

    test("gives one function to fetch with, and renders nothing again for it", async () => {
      const page = await open("/");
      const before = await page.evaluate(() => ({ ...window.renders }));
      await show(page, { status: "signedIn", user: { email: "ada@example.com" } });
      await page.waitForFunction(() => document.querySelector("#user").textContent === "ada@example.com");
      const after = await page.evaluate(() => ({ ...window.renders }));
      assert.ok(after.user > before.user);
      assert.equal(after.fetch, before.fetch);
      assert.ok(await page.evaluate(() => window.fetches.size === 1 && window.fetches.has(window.auth.fetch)));
    });

    test("sends from a server what is shown while loading, and takes it over", async () => {
      assert.match(sent.html, /<p id="status">loading<\/p>/);
      assert.match(sent.html, /<p id="known">suspended<\/p>/);
      assert.doesNotMatch(sent.html, /form|members/);
      assert.ok(sent.errors.includes("EngineFailed"));
      const page = await open("/server.html");
      await page.waitForFunction(() => window.recovered.length > 0);
      await show(page, { status: "signedIn", user: { email: "ada@example.com" } });
      await becomes(page, ["signedIn", "signed in", "members", "members", "ada@example.com", "signedIn", "InvalidState"]);
      for (const message of await page.evaluate(() => window.recovered)) assert.match(message, /no browser|server could not finish this Suspense boundary/);
    });
  });
}
