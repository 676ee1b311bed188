// The fixture page, bundled from the packed tarball as an app would be, with the worker and the wasm beside it.

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { serve } from "../../../scripts/serve.mjs";
import { at, need, tarball } from "./project.mjs";

const source = at("tests/e2e/fixture");

/**
 * Unpacks the tarball where esbuild finds it as node_modules/cognito-vault.
 * @param {string} folder
 */
export function unpack(folder) {
  need(tarball, "node pkg-template/build.mjs");
  const target = join(folder, "node_modules/cognito-vault");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  return target;
}

/** Days by which the workers `ahead.js` and `behind.js` see the clock wrong. */
const CLOCKS = { "ahead.js": 1, "behind.js": -1 };

/** Builds the page into a folder of its own, lets `change` have the folder, and serves it. */
export async function serveFixture({ headers, change } = {}) {
  const folder = at(`target/e2e/fixture-${process.pid}`);
  const vault = unpack(folder);
  const site = join(folder, "site");
  cpSync(join(vault, "dist"), site, { recursive: true });
  cpSync(source, site, { recursive: true });
  for (const [name, days] of Object.entries(CLOCKS)) {
    writeFileSync(join(site, name), `import "./skew.js?by=${days * 86_400_000}";\nimport "./worker.js";\n`);
  }
  await build({
    entryPoints: [join(source, "main.js")],
    outdir: site,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    nodePaths: [join(folder, "node_modules")],
    allowOverwrite: true,
    logLevel: "warning",
  });
  await change?.(site);
  const server = await serve({ root: site, port: 0, headers });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
