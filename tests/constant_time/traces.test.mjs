// No jump and no address of the shipped module depends on a secret: its traces for different secrets are the same.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { inputs, secrets } from "../../benches/challenge.mjs";
import { openVault, packageWith, refuse, wasm } from "../package/vault.mjs";
import { instantiate, leakyModule } from "./subject.mjs";
import { differing, recorder, watch } from "./trace.mjs";

const bytes = (fill) => Buffer.from(Array.from({ length: 32 }, (_, at) => fill(at)));
/** Hardly a bit, every bit, every other one, the first half, and any. */
const EXPONENTS = [bytes((at) => (at === 31 ? 1 : 0)), bytes(() => 255), bytes(() => 0x55), bytes((at) => (at < 16 ? 255 : 0)), createHash("sha256").update("any").digest()];

const { username } = inputs;
const NOON = Date.UTC(2026, 10, 21, 12);

let record;
let vault;
let secret = EXPONENTS[4];
let now = NOON;
/** The module's memory before a pair is made, and with one. */
const images = {};

before(async () => {
  const { module, places } = watch(wasm);
  record = recorder(places);
  const draw = (length) => (length === 32 ? secret : Buffer.alloc(length));
  vault = await openVault({ folder: packageWith("watched", module), imports: record.imports, now: () => now, draw });
  const { reply } = vault;
  vault.reply = (operation, body) => (operation === "RespondToAuthChallenge" ? refuse("NotAuthorizedException", "wrong") : reply(operation, body));
  // What follows asks for no more memory than this has.
  for (let turn = 0; turn < 3; turn++) {
    vault.rest();
    await signIn("Correct-Horse-100");
  }
  images.without = keep();
  vault.rest();
  images.with = keep();
});
after(() => vault.close());

const signIn = (password) => vault.auth.signIn({ username, password }).catch(({ code }) => assert.equal(code, "NotAuthorized"));

const keep = () => Buffer.from(new Uint8Array(vault.memory.buffer));

/** From the same state of the module: where its blocks lie is the same then. */
function restart(image) {
  Buffer.from(vault.memory.buffer).set(image);
  record.restart();
}

function traceOfPair(exponent) {
  restart(images.without);
  secret = exponent;
  vault.rest();
  return record.trace();
}

/** The trace of a sign-in until its proof is sent. */
async function traceOfProof(password, time = NOON) {
  restart(images.with);
  now = time;
  const { reply } = vault;
  let trace;
  vault.reply = (operation, body) => {
    if (operation === "RespondToAuthChallenge") trace = record.trace();
    return reply(operation, body);
  };
  await signIn(password);
  vault.reply = reply;
  now = NOON;
  return trace;
}

test("making A does the same for every a", () => {
  const traces = EXPONENTS.map(traceOfPair);
  assert.deepEqual(vault.drawn.slice(-EXPONENTS.length), EXPONENTS);
  assert.ok(record.visits() > 1_000_000, "the exponentiation is watched");
  // The same secret in other calls: the number of a call, which is written down as text, decides two places.
  const allowed = differing(EXPONENTS.map(() => traceOfPair(secret)));
  assert.ok(allowed.size <= 2, `${[...allowed]}`);
  assert.deepEqual([...differing(traces)].filter((place) => !allowed.has(place)), []);
});

test("proving does the same for every password, but for the text of the signature, which is sent", async () => {
  const a = BigInt(`0x${EXPONENTS[4].toString("hex")}`);
  secret = EXPONENTS[4];
  // How long P(S) is shows: these have none but the usual length.
  const usual = (password) => secrets(a, password).numbers.S >> 3064n;
  const passwords = Array.from({ length: 20 }, (_, at) => `Correct-Horse-${100 + at}`).filter((text) => usual(text) > 0n && usual(text) < 0x80n);
  assert.ok(passwords.length >= 3);
  const traces = [];
  for (const password of passwords.slice(0, 4)) traces.push(await traceOfProof(password));
  // The same secrets at other times: only the signature and the time itself are different.
  const shown = [];
  for (let second = 0; second < 10; second++) shown.push(await traceOfProof(passwords[0], NOON + 1000 * second));
  const allowed = differing(shown);
  assert.ok(differing(traces).size > 0, "the text of the signature is watched");
  assert.deepEqual([...differing(traces)].filter((place) => !allowed.has(place)), []);
});

test("an exponentiation that leaks is seen", () => {
  const { module, places } = watch(leakyModule());
  const leak = recorder(places);
  const exports = instantiate(module, leak.imports);
  const traces = [EXPONENTS[2], EXPONENTS[3]].map((exponent) => {
    Buffer.from(exports.memory.buffer).set(exponent, exports.exponent());
    leak.restart();
    exports.raise();
    return leak.trace();
  });
  assert.equal(differing([traces[0], traces[0]]).size, 0);
  assert.notEqual(differing(traces).size, 0);
});
