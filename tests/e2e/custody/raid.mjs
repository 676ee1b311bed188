// The same hostile script on the same page with one library after the other: how many tokens it takes from each, and how.

import { cpSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { newPage, startBrowser } from "../support/browser.mjs";
import { serveFixture } from "../support/fixture.mjs";
import { startPool } from "../support/pool.mjs";
import { at } from "../support/project.mjs";
import { plunder, poison } from "./scene.mjs";
import { held } from "./secrets.mjs";

const USER = { username: "joan", password: "Correct-Horse-1" };
const modules = at("tests/node_modules");
const libraries = at("tests/e2e/custody/libraries");

export const LIBRARIES = { ours: "ours", amazon_cognito_identity_js: "cognito-identity", amplify: "amplify" };

/** The ways of the script, as what `plunder` brings home by each. */
export const WAYS = {
  storage: ["stored"],
  patches: ["passed", "passedLater"],
  objects: ["reached", "compiled"],
  calls: ["answered"],
  messages: ["forged", "secondVaults"],
};

/**
 * @param {"chromium"|"firefox"|"webkit"} which
 * @returns {Promise<{ version: string, libraries: Record<string, { issued: number, tokens: number, ways: Record<string, number> }> }>}
 * how many tokens were given out, and how many different ones were found
 */
export async function raid(which) {
  const pool = await startPool();
  const site = await serveFixture({ change: addLibraries });
  const browser = await startBrowser(which);
  const result = { version: "", libraries: {} };
  try {
    for (const [name, file] of Object.entries(LIBRARIES)) {
      await pool.reset();
      await pool.addUser(USER.username, USER.password);
      const { page, close } = await newPage(browser);
      result.version = await browser.version();
      result.libraries[name] = await raided(page, site.url, file, pool);
      await close();
    }
  } finally {
    await browser.close();
    await site.close();
    await pool.close();
  }
  return result;
}

async function raided(page, site, file, pool) {
  const url = `${pool.url}/api/me`;
  const { userPoolId, clientId, url: endpoint, issuer } = pool;
  await page.goto(site);
  await page.waitForSelector("html[data-ready=yes]");
  await page.evaluate(
    async (file, config, user) => {
      const library = (window.library = await import(file));
      await library.signIn(config, user);
      if ((await library.callApi(config.apiUrl)) !== 200) throw new Error("the API refused");
      await library.refresh();
      if ((await library.callApi(config.apiUrl)) !== 200) throw new Error("the API refused after the refresh");
      window.asked = library.asked();
    },
    `/libraries/${file}.js`,
    { userPoolId, clientId, endpoint, issuer, apiUrl: url },
    USER,
  );
  const found = await plunder(page, { urls: [url], config: { userPoolId, clientId, endpoint, issuers: [issuer], apiToken: "access" }, call: "window.asked" });
  const tokens = await pool.tokens();
  const count = (names) => held(names.map((name) => found[name]).join("\n"), tokens).length;
  const ways = Object.fromEntries(Object.entries(WAYS).map(([way, names]) => [way, count(names)]));
  return { issued: tokens.length, tokens: count(Object.keys(found)), ways };
}

/** Puts the libraries beside the fixture, bundled as an app would, and the hostile script before them. */
async function addLibraries(site) {
  poison(site);
  await build({
    entryPoints: readdirSync(libraries).map((name) => ({ in: join(libraries, name), out: basename(name, ".js") })),
    outdir: join(site, "libraries"),
    bundle: true,
    format: "esm",
    target: "es2022",
    // amazon-cognito-identity-js reads Node's `global`.
    define: { global: "globalThis" },
    nodePaths: [join(site, "../node_modules"), modules],
    logLevel: "warning",
  });
  // The worker is looked for beside the module.
  for (const file of ["worker.js", "cognito_vault.wasm"]) cpSync(join(site, file), join(site, "libraries", file));
}
