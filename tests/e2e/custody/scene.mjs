// A page that the hostile script reached first, a session on it, and what the script has of it afterwards.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../support/project.mjs";
import { PASSWORD } from "../support/stage.mjs";
import { run, signIn } from "../support/vault.mjs";

/** Configurations in which no script of the page finds a token. */
export const SEALED = [{ engine: "shared" }, { engine: "worker" }];
/** Those in which it finds all: that shows what the script can do. */
export const OPEN = [{ engine: "page" }];

export const nameOf = (vault) => Object.values(vault).join(", ");

/** Puts the hostile script in front of every other script of a built page, where a poisoned dependency might stand. */
export function poison(site) {
  const parts = ["listen", "look", "act"];
  cpSync(at("tests/e2e/custody/hostile"), join(site, "hostile"), { recursive: true });
  const page = join(site, "index.html");
  const html = readFileSync(page, "utf8");
  const changed = html.replace(/<head>/, `<head>${parts.map((name) => `<script src="/hostile/${name}.js"></script>`).join("")}`);
  assert.notEqual(changed, html);
  writeFileSync(page, changed);
}

/** Every kind of call that a token takes part in, on the fixture page. */
export async function wholeSession(on, page) {
  await on.pool.settings({ rotation: { enabled: true, graceSeconds: 0 } });
  await on.pool.addUser("joan", PASSWORD);
  assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
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
}

/**
 * Lets the hostile script do its worst, and brings home what it found by each way, as one text each.
 * @param {{ urls: string[], config: object, call?: string }} more addresses to ask the vault for; what a second vault is made with;
 * the expression whose functions are called
 * @returns {Promise<Record<string, string>>}
 */
export async function plunder(page, { urls, config, call = "window.auth" }) {
  const take = async (expression) => (await page.evaluate(`(async () => (await ${expression}).join("\\n"))()`)) ?? "";
  const found = { passed: await take("hostile.seenTexts()"), stored: await take("hostile.storage()") };
  found.reached = await take("hostile.walk().then(({ texts }) => texts)");
  found.compiled = await take("hostile.wasm()");
  await page.evaluate("hostile.patch()");
  const given = JSON.stringify(urls);
  found.answered = await take(`hostile.callAll(${call}, ${given})`);
  found.forged = await take(`hostile.forge(${given})`);
  found.secondVaults = await take(`hostile.secondVaults(${JSON.stringify(config)}, ${given})`);
  found.passedLater = await take("hostile.seenTexts()");
  return found;
}
