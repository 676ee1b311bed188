// What is in the published package, and what its package.json promises.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { installed, listed, manifest } from "./published.mjs";

const FILES = [
  "LICENSE",
  "README.md",
  "dist/auth.d.ts",
  "dist/calls.d.ts",
  "dist/codes.d.ts",
  "dist/cognito_vault.wasm",
  "dist/compat.d.ts",
  "dist/compat.js",
  "dist/compat/pool.d.ts",
  "dist/compat/service.d.ts",
  "dist/compat/storage.d.ts",
  "dist/compat/user.d.ts",
  "dist/compat/values.d.ts",
  "dist/config.d.ts",
  "dist/errors.d.ts",
  "dist/hosted.d.ts",
  "dist/hosted.js",
  "dist/import.d.ts",
  "dist/import.js",
  "dist/index.d.ts",
  "dist/index.js",
  "dist/passkeys.js",
  "dist/places.d.ts",
  "dist/policy.d.ts",
  "dist/policy.js",
  "dist/react/flows.d.ts",
  "dist/react/hosted.d.ts",
  "dist/react/index.d.ts",
  "dist/react/index.js",
  "dist/react/passkeys.d.ts",
  "dist/react/provider.d.ts",
  "dist/react/status.d.ts",
  "dist/request.js",
  "dist/resume.d.ts",
  "dist/resume.js",
  "dist/steps.d.ts",
  "dist/testing.d.ts",
  "dist/testing.js",
  "dist/user.d.ts",
  "dist/worker.d.ts",
  "dist/worker.js",
  "package.json",
];

describe("the published package", () => {
  let folder;
  let published;
  before(() => {
    folder = installed("contents");
    published = manifest(folder);
  });

  test("has exactly these files", () => {
    assert.deepEqual(listed(), FILES);
  });

  test("exports types first, and only files that are there", () => {
    for (const [name, target] of Object.entries(published.exports)) {
      const paths = typeof target === "string" ? [target] : Object.values(target);
      for (const path of paths) assert.ok(existsSync(join(folder, path)), `${name}: ${path}`);
      if (typeof target !== "string") assert.deepEqual(Object.keys(target), ["types", "default"], name);
    }
  });

  test("has nothing to install and nothing to run", () => {
    for (const member of ["dependencies", "devDependencies", "scripts", "bin"]) assert.equal(published[member], undefined, member);
    assert.deepEqual(Object.keys(published.peerDependencies), ["react"]);
    assert.equal(published.peerDependenciesMeta.react.optional, true);
  });

  test("is ESM without side effects, under its licence", () => {
    assert.equal(published.type, "module");
    assert.equal(published.license, "Apache-2.0");
    assert.ok([published.sideEffects].flat().every((one) => one === false || one === "./dist/worker.js"));
    assert.match(readFileSync(join(folder, "LICENSE"), "utf8"), /Apache License/);
  });

  test("says nothing of the machine that built it", () => {
    for (const file of FILES) {
      const text = readFileSync(join(folder, file), "latin1");
      const found = /\/(root|home|work|Users)\/[ -~]*|\.cargo\/registry[ -~]*|sourceMappingURL/.exec(text)?.[0].slice(0, 120);
      assert.equal(found, undefined, file);
    }
  });

  test("does nothing at import: neither a worker, nor a request, nor a global", async () => {
    const before = Object.getOwnPropertyNames(globalThis);
    const module = await import(join(folder, "dist/index.js"));
    assert.deepEqual(Object.keys(module).sort(), ["AuthError", "createAuth", "isAuthError"]);
    assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
  });
});
