// One proof in native BigInt with the peers' 1024-bit a.

import { srp } from "./bigint-srp.js";

/** @param {number} bytes how long a is */
export const proveWith = (bytes) => {
  return ({ username, B, ...inputs }) => {
    const a = Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return srp({ ...inputs, a, b: B, user: username });
  };
};

export const prove = proveWith(128);
