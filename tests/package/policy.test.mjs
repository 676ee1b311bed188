// The password policy as data: which rules a password does not keep yet.

import assert from "node:assert/strict";
import { test } from "node:test";

const { DEFAULT_POLICY, unmetRules } = await import(new URL("../../target/package/dist/policy.js", import.meta.url));

test("each rule is told by its name, in the order of the policy", () => {
  assert.deepEqual(unmetRules(DEFAULT_POLICY, ""), ["minLength", "lowercase", "uppercase", "digits", "symbols"]);
  assert.deepEqual(unmetRules(DEFAULT_POLICY, "Lovelace1815"), ["symbols"]);
  assert.deepEqual(unmetRules(DEFAULT_POLICY, "Lovelace-1815"), []);
  assert.deepEqual(unmetRules({}, ""), []);
  assert.deepEqual(unmetRules({ minLength: 3 }, "😀😀"), ["minLength"]);
  assert.deepEqual(unmetRules({}, "x".repeat(257)), ["maxLength"]);
});

test("letters and digits are those of Basic Latin", () => {
  assert.deepEqual(unmetRules({ lowercase: true, uppercase: true, digits: true }, "éÉ١"), ["lowercase", "uppercase", "digits"]);
});

test("symbols are Cognito's, and a space inside", () => {
  const symbols = { symbols: true };
  for (const sign of "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-") assert.deepEqual(unmetRules(symbols, `a${sign}b`), [], sign);
  assert.deepEqual(unmetRules(symbols, "a b"), []);
  for (const password of [" a", "a ", "a£b", "a§b", "ab"]) assert.deepEqual(unmetRules(symbols, password), ["symbols"], password);
});
