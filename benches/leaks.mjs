// Whether the time of an exponentiation tells its exponent: one fixed exponent and random ones in random order, natively and in the shipped module.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { openVault } from "../tests/package/vault.mjs";
import { instantiate, leakyModule, program } from "../tests/constant_time/subject.mjs";
import { largestT } from "./statistics.mjs";

/** Where a bit costs a multiplication, this is far from what a random one costs. */
const FIXED = Buffer.alloc(32, 1);
/** The first ones run before the code is compiled well. */
const WARM_UP = 300;
/** One that leaks is found by fewer. */
const CONTROL = 2000;

/** @returns the largest |t| of each, of so many measurements */
export async function leaks(count) {
  return {
    native_t: compare(count, natively("ours")),
    wasm_t: compare(count, await inTheVault()),
    native_control_t: compare(CONTROL, natively("leaky")),
    wasm_control_t: compare(CONTROL, inTheLeakyModule()),
  };
}

function compare(count, times) {
  const classes = Array.from(randomBytes(WARM_UP + count), (byte) => byte & 1);
  const exponents = classes.map((random) => (random ? randomBytes(32) : FIXED));
  return largestT(times(exponents).slice(WARM_UP), classes.slice(WARM_UP));
}

const natively = (subject) => (exponents) =>
  execFileSync(program(), ["times", subject], { input: Buffer.concat(exponents), encoding: "utf8", maxBuffer: 1 << 28 }).trim().split("\n").map(Number);

/** The vault's `prepare`, each time from the same state of its memory. */
async function inTheVault() {
  let exponent = FIXED;
  const vault = await openVault({ draw: (length) => exponent.subarray(0, length) });
  const image = Buffer.from(new Uint8Array(vault.memory.buffer));
  vault.rest();
  return (exponents) => {
    const memory = Buffer.from(vault.memory.buffer);
    const times = exponents.map((next) => {
      exponent = next;
      memory.set(image);
      return timed(vault.rest);
    });
    if (!vault.drawn.at(-1).equals(exponents.at(-1))) throw new Error("the vault made no pair");
    vault.close();
    return times;
  };
}

function inTheLeakyModule() {
  const { memory, exponent, raise } = instantiate(leakyModule());
  return (exponents) =>
    exponents.map((next) => {
      Buffer.from(memory.buffer).set(next, exponent());
      return timed(raise);
    });
}

function timed(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}
