// The service's half of SRP, in BigInt: makes a challenge once, and says whether an answer to it is right.

import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

const vectors = JSON.parse(readFileSync(new URL("../tests/vectors/generated.json", import.meta.url), "utf8"));
export const N = BigInt(`0x${vectors.group.N}`);
const G = 2n;
const K = BigInt(`0x${vectors.group.k}`);

const POOL = "DemoPool1";
const USER = "9a6f1c1e-64f5-4be1-9d6c-5a9d3b1c2e77";
const PASSWORD = "Correct-Horse-1";
const SALT = "9a3f17c2d4e5b60718293a4b5c6d7e8f";
const SECRET_B = BigInt(`0x${createHash("sha512").update("the service's secret").digest("hex")}`);

function power(base, exponent) {
  let result = 1n;
  for (let square = base % N, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** Even length, and a zero byte in front where the top bit is set, as Java's BigInteger writes it. */
function pad(value) {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex");
}
const hash = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const number = (bytes) => BigInt(`0x${bytes.toString("hex")}`);
const mac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();

const identity = (password) => hash(Buffer.from(`${POOL}${USER}:${password}`));
const privateKey = (password) => number(hash(pad(BigInt(`0x${SALT}`)), identity(password)));
const verifier = power(G, privateKey(PASSWORD));
const B = (K * verifier + power(G, SECRET_B)) % N;

/** What every contender is given. */
export const inputs = {
  poolName: POOL,
  username: USER,
  password: PASSWORD,
  salt: SALT,
  B: B.toString(16),
  secretBlock: createHash("sha512").update("secret block").digest("base64").repeat(10).replaceAll("=", "A"),
  timestamp: "Sat Nov 21 12:00:00 UTC 2026",
};

const sessionKey = (u, S) => mac(mac(pad(u), pad(S)), Buffer.from("Caldera Derived Key\u0001")).subarray(0, 16);

/** The client's half: what a sign-in with the secret `a` has to forget, numbers and bytes by their names. */
export function secrets(a, password = PASSWORD) {
  const x = privateKey(password);
  const u = number(hash(pad(power(G, a)), pad(B)));
  const verifier = power(G, x);
  const base = (((B - K * verifier) % N) + N) % N;
  const S = power(base, a + u * x);
  const numbers = { a, x, exponent: a + u * x, verifier, base, S };
  const bytes = { password: Buffer.from(password), identity: identity(password), "extracted key": mac(pad(u), pad(S)), "session key": sessionKey(u, S) };
  return { numbers, bytes };
}

/** @param {{ A: string, signature: string }} answer A in hex, the signature in Base64 */
export function isRight({ A, signature }, timestamp = inputs.timestamp) {
  const a = BigInt(`0x${A}`);
  const u = number(hash(pad(a), pad(B)));
  const S = power(a * power(verifier, u), SECRET_B);
  const key = sessionKey(u, S);
  const message = [Buffer.from(POOL + USER), Buffer.from(inputs.secretBlock, "base64"), Buffer.from(timestamp)];
  return mac(key, ...message).toString("base64") === signature;
}
