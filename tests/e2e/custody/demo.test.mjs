// The hostile script on the built demo, while a person signs in, calls the API and signs out: React's state and the DOM included.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kind } from "../support/browser.mjs";
import { stageDemo } from "../support/demo.mjs";
import { plunder, poison } from "./scene.mjs";
import { leaks } from "./secrets.mjs";

const MARY = { username: "mary", password: "Shelley-1797" };
const clean = stageDemo();
const on = stageDemo({ change: poison });

async function visit(on) {
  await on.pool.addUser(MARY.username, MARY.password);
  const demo = await on.open();
  await demo.signIn(MARY);
  await demo.heading("Hello, mary");
  await demo.press("Call the API");
  await demo.reads("200");
  await demo.press("Refresh now");
  await demo.reads("Tokens refreshed at");
  await demo.press("Try an unlisted address");
  await demo.reads("OriginNotAllowed");
  return demo;
}

describe("a hostile script on the demo", () => {
  const aims = () => ({ urls: [`${on.pool.url}/api/me`, "https://evil.test/"], config: { ...on.pool.config, issuers: [on.pool.issuer], apiToken: "access" }, call: "{}" });

  test("finds no token, and of the password only what it heard", async () => {
    const demo = await visit(on);
    const found = await plunder(demo.page, aims());
    const tokens = await on.pool.tokens();
    assert.ok(tokens.length >= 5);
    assert.deepEqual(leaks(found, tokens), []);
    const { stored, reached, compiled } = found;
    assert.deepEqual(leaks({ stored, reached, compiled }, [MARY.password]), []);
    assert.ok(reached.includes("mary") && /memoizedProps/.test(reached), "the script walked React's fibers");
  });

  test("finds nothing after the sign-out", async () => {
    const demo = await visit(on);
    await demo.press("Sign out");
    await demo.reads("You are signed out.");
    assert.deepEqual(leaks(await plunder(demo.page, aims()), await on.pool.tokens()), []);
  });
});

// Heap snapshots come by the DevTools protocol, which Chromium alone speaks.
if (kind === "chromium") {
  test("the page's whole heap holds no token, without any script that listens", async () => {
    const demo = await visit(clean);
    await demo.page.evaluate(() => void (window.marker = ["marker", "of", "the", "test"].join("-")));
    const heap = await heapText(demo.page);
    assert.ok(heap.includes("marker-of-the-test"));
    assert.deepEqual(leaks({ heap }, await clean.pool.tokens()), []);
  });
}

/** A heap snapshot of the page's own realm, as text. */
async function heapText(page) {
  const session = await page.createCDPSession();
  const chunks = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return chunks.join("");
}
