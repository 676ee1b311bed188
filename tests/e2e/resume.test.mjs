// A sign-in that stands at a step, carried over a reload of the page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { PASSWORD, stage } from "./support/stage.mjs";
import { attempt, run } from "./support/vault.mjs";

const on = stage();
/** Chromium alone lets a shared worker outlive the reload of its only page. */
const outlives = kind === "chromium";

const resume = (page) => run(page, async () => (window.step = await window.resumeStep(window.auth))?.name ?? null);
const answer = (page) => attempt(page, async () => (await window.step.answer({ password: "New-1816!" })).name);

/** A page at the step `newPassword`, of a user of its own. */
async function waiting(username, config, wanted = true) {
  await on.pool.addUser(username, PASSWORD, { status: "FORCE_CHANGE_PASSWORD", requiredAttributes: [] });
  const page = await on.page(config);
  if (wanted) assert.equal(await resume(page), null);
  const request = { username, password: PASSWORD };
  assert.equal(await run(page, async (request) => (window.step = await window.auth.signIn(request)).name, request), "newPassword");
  return page;
}

describe("a step over a reload", () => {
  test(outlives ? "is answered afterwards, once" : "goes with the shared worker that ends with its page", async () => {
    const page = await waiting("carried", { engine: "shared" });
    await on.reload(page, { engine: "shared" });
    assert.equal(await resume(page), outlives ? "newPassword" : null);
    if (!outlives) return;
    assert.deepEqual(await answer(page), { value: "signedIn" });
    await on.reload(page, { engine: "shared" });
    assert.equal(await resume(page), null);
  });

  test("is forgotten where nobody asked to keep it", async () => {
    const page = await waiting("forgotten", { engine: "shared" }, false);
    await on.reload(page, { engine: "shared" });
    assert.equal(await resume(page), null);
  });

  test("goes with a vault of the page's own, and leaves nothing of it in the storage", async () => {
    const page = await waiting("gone", { engine: "worker" });
    const stored = await run(page, () => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }));
    assert.doesNotMatch(stored, /Session|newPassword|gone/);
    await on.reload(page, { engine: "worker" });
    assert.equal(await resume(page), null);
  });
});
