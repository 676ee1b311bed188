// No jump and no address of the native release build depends on a secret: valgrind takes the secrets for undefined and follows them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { program } from "./subject.mjs";

const FAULTS = 9;

function watch(subject) {
  const { status, stderr, error } = spawnSync("valgrind", ["--quiet", `--error-exitcode=${FAULTS}`, program(), "undefined", subject], { encoding: "utf8" });
  if (error) throw error;
  return { status, stderr };
}

test("a proof never jumps by a secret and looks nothing up by one", () => {
  assert.deepEqual(watch("ours"), { status: 0, stderr: "" });
});

test("an exponentiation that leaks is reported", () => {
  const { status, stderr } = watch("leaky");
  assert.equal(status, FAULTS);
  assert.match(stderr, /Conditional jump or move depends on uninitialised value/);
});
