// The bytes that a visitor downloads, within their limits; 1 kB is 1000 bytes.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { packageBytes, peerBytes } from "../../benches/bytes.mjs";
import { installed } from "./published.mjs";

// The bars for the hosted helper and all together. The parts are held near what they weigh today, so that they only shrink.
const LIMITS = { page: 4500, worker: 8_900, wasm: 30_650, passkeys: 1050, request: 1150, total: 46_000, hosted: 2000, compat: 10_000 };

describe("bytes, brotli 11", () => {
  let bytes;
  before(async () => void (bytes = await packageBytes(installed("bytes"))));

  for (const [name, limit] of Object.entries(LIMITS)) {
    test(`${name} is at most ${limit}`, () => assert.ok(bytes[name] <= limit, `${bytes[name]} bytes`));
  }

  test("measured as the others are", async () => {
    const peers = await peerBytes();
    assert.ok(Math.abs(peers.amazon_cognito_identity_js - 24_100) < 300, `${peers.amazon_cognito_identity_js} bytes`);
    assert.ok(Math.abs(peers.amplify - 35_900) < 300, `${peers.amplify} bytes`);
  });
});
