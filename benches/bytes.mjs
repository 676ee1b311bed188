// Bytes as a visitor downloads them: the page bundled and minified by esbuild, the worker and the module as they are shipped;
// compressed with brotli at its best.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "../tests/e2e/support/bundler.mjs";
import { at } from "../tests/e2e/support/project.mjs";
import { define } from "./site.mjs";

/** @param {Uint8Array} bytes */
export const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

/** What `source` and everything that it imports at once come to. What it imports later, by `import()`, is another download. */
async function bundled(source, { nodePaths = [at("tests/node_modules")], ...more } = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: at("tests") },
    nodePaths,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: "/out",
    write: false,
    metafile: true,
    logLevel: "warning",
    define,
    ...more,
  });
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [join("/", path), output]));
  const wanted = new Set();
  const follow = (path) => {
    if (wanted.has(path)) return;
    wanted.add(path);
    for (const { path: next, kind, external } of outputs.get(path).imports) if (kind === "import-statement" && !external) follow(join("/", next));
  };
  for (const [path, { entryPoint }] of outputs) if (entryPoint === "<stdin>") follow(path);
  const at11 = outputFiles.filter(({ path }) => wanted.has(join("/", path.slice(path.indexOf("/out"))))).map(({ contents }) => brotli(contents));
  return at11.reduce((sum, size) => sum + size, 0);
}

/** @param {string} folder the unpacked package, as node_modules/cognito-vault */
export async function packageBytes(folder) {
  const options = { nodePaths: [join(folder, "..")], external: ["react"] };
  const page = await bundled(`export * from "cognito-vault";`, options);
  const react = (await bundled(`export * from "cognito-vault"; export * from "cognito-vault/react";`, options)) - page;
  const hosted = (await bundled(`export * from "cognito-vault"; export * from "cognito-vault/hosted";`, options)) - page;
  const shipped = (file) => brotli(readFileSync(join(folder, "dist", file)));
  // Bundlers copy the files that are found by their addresses: tests/package/bundlers.test.mjs.
  const [worker, wasm] = [shipped("worker.js"), shipped("cognito_vault.wasm")];
  const later = ["passkeys", "request"].map((name) => [name, shipped(`${name}.js`)]);
  const total = later.reduce((sum, [, size]) => sum + size, page + worker + wasm);
  // What runs on the page without a worker: the module besides.
  const compat = await bundled(`export * from "cognito-vault/compat";`, options);
  return { page, worker, wasm, ...Object.fromEntries(later), total, react, hosted, compat };
}

export const peerBytes = async () => ({
  amazon_cognito_identity_js: await bundled(`export { CognitoUserPool, CognitoUser, AuthenticationDetails } from "amazon-cognito-identity-js";`),
  amplify: await bundled(
    `export { Amplify } from "aws-amplify";
     export { signIn, signUp, confirmSignUp, fetchAuthSession, signOut } from "aws-amplify/auth";`,
  ),
});
