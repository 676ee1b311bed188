// The bench's pages, bundled and served: every contender as a module of its own.

import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "../tests/e2e/support/bundler.mjs";
import { at } from "../tests/e2e/support/project.mjs";
import { serve } from "../scripts/serve.mjs";

const modules = at("tests/node_modules");

/** Pages isolated from other origins get timers of 5 µs in Chromium and 20 µs in Firefox. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** amazon-cognito-identity-js reads Node's `global`, and the bundle throws at load without it. */
export const define = { global: "globalThis" };

const peerAlias = {
  "amplify-srp": join(modules, "@aws-amplify/auth/dist/esm/providers/cognito/utils/srp"),
  "cognito-identity-sha256": join(modules, "amazon-cognito-identity-js/node_modules/@aws-crypto/sha256-js"),
};

/**
 * @param {Record<string, string>} entryPoints name on the site → source file
 * @param {{ vault: string }} packages the unpacked package, as node_modules/cognito-vault
 */
export async function serveSite(entryPoints, { vault }) {
  const root = at(`target/bench/site-${process.pid}`);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync(at("benches/page"), root, { recursive: true });
  for (const file of ["worker.js", "cognito_vault.wasm"]) cpSync(join(vault, "dist", file), join(root, file));
  await build({
    entryPoints,
    outdir: root,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define,
    alias: peerAlias,
    nodePaths: [join(vault, ".."), modules],
    logLevel: "warning",
  });
  const server = await serve({ root, port: 0, headers: ISOLATED });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
