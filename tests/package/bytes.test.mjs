// The bytes that a visitor downloads, within their limits; 1 kB is 1000 bytes.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { packageBytes, peerBytes } from "../../benches/bytes.mjs";
import { installed } from "./published.mjs";

// The page keeps its bar. The module does not reach its own yet (24 000, and 46 000 for all): `make bench` says by how much it is
// missed, and what it weighs today is held here, so that it only shrinks.
const LIMITS = { page: 5000, worker: 9_050, wasm: 37_800, passkeys: 1000, total: 53_000, hosted: 2000 };

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
