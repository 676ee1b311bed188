// What publint and @arethetypeswrong/cli say of the tarball.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { at, tarball } from "../e2e/support/project.mjs";
import { installed, manifest } from "./published.mjs";

describe("the tools of others on the tarball", () => {
  test("publint has nothing to say", async () => {
    const folder = installed("lint");
    const { messages } = await publint({ pkgDir: folder, strict: true, pack: false });
    assert.deepEqual(messages.map((message) => formatMessage(message, manifest(folder))), []);
  });

  test("the types resolve for every entry, ESM only", () => {
    const tool = at("tests/node_modules/@arethetypeswrong/cli/dist/index.js");
    const files = ["--exclude-entrypoints", "cognito_vault.wasm", "package.json"];
    const { status, stdout } = spawnSync(process.execPath, [tool, tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji", ...files], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /node16 \(from ESM\): OK/);
  });
});
