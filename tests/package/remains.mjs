// What is left of secrets in a memory: whole or in part, in every form that the arithmetic gives them.

import { N } from "../../benches/challenge.mjs";

/** So many bytes in a row are no chance: each has to be found at a place of its own, and none may be. */
const ROW = 8;
/** Where in a row its index is read: the first half of a floating-point digit is zero. */
const MARK = 4;
const R = 1n << 3120n;

/** The forms of secret bytes: as they are, and as words of 32 bits turned round, which SHA-256 works on. */
function* ofBytes(bytes) {
  yield ["bytes", bytes, ROW, 1];
  const turned = (at) => Buffer.from(bytes.subarray(at, at + ROW)).swap32();
  for (let at = 0; at + ROW <= bytes.length; at++) yield ["words", turned(at), ROW, 1];
}

/** The forms of a secret number: its bytes from either end, one nibble in a byte, and pairs of the kernel's digits, as it is and times R. */
function* ofNumber(number) {
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  yield* ofBytes(bytes);
  yield ["bytes turned round", Buffer.from(bytes).reverse(), ROW, 1];
  yield ["nibbles", Buffer.from([...bytes].flatMap((byte) => [byte >> 4, byte & 15])), 2 * ROW, 1];
  const entered = (number * R) % N;
  for (const value of [number, entered, number - N, entered - N]) yield ["digits", withoutModulus(digits(value)), 16, 16];
}

/** Where a small number is added to a multiple of N, the rest of the digits is no secret. */
function withoutModulus(pairs) {
  for (let at = 0; at < pairs.length; at += 16) {
    if (MODULUS.some((modulus) => pairs.compare(modulus, at, at + 16, at, at + 16) === 0)) pairs.fill(0, at, at + 16);
  }
  return pairs;
}

/** Balanced digits of 24 bits as floating-point numbers, the least first. */
function digits(value) {
  const list = [];
  for (let left = value, digit; left !== 0n; left = (left - digit) >> 24n) list.push(Number((digit = BigInt.asIntN(24, left))));
  if (list.length % 2) list.push(0);
  return Buffer.from(new Float64Array(list).buffer);
}

const MODULUS = [digits(N), digits(-N)];

/** An index of every row of bytes that gives a secret away; a row of hardly any different bytes says nothing. */
export function rowsOf({ numbers = {}, bytes = {} }) {
  const index = new Map();
  const add = (name, [form, text, length, step]) => {
    for (let at = 0; at + length <= text.length; at += step) {
      const row = text.subarray(at, at + length);
      if (new Set(row).size < ROW / 2 + 1) continue;
      const key = row.readInt32LE(MARK);
      index.set(key, [...(index.get(key) ?? []), { name: `${name} (${form})`, row }]);
    }
  };
  for (const [name, number] of Object.entries(numbers)) for (const form of ofNumber(number)) add(name, form);
  for (const [name, text] of Object.entries(bytes)) for (const form of ofBytes(text)) add(name, form);
  return index;
}

/** The names of what is found in the memory, each with the first address. */
export function remains(memory, index) {
  const bytes = Buffer.from(memory.buffer);
  const found = new Map();
  for (let at = 0; at + ROW <= bytes.length; at++) {
    for (const { name, row } of index.get(bytes.readInt32LE(at + MARK)) ?? []) {
      if (!found.has(name) && row.equals(bytes.subarray(at, at + row.length))) found.set(name, at);
    }
  }
  return [...found].map(([name, at]) => `${name} at ${at}`);
}
