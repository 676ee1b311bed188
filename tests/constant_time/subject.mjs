// The programs of this folder as built: the native one, and the leaky exponentiation as a module.

import { readFileSync } from "node:fs";
import { at, need } from "../e2e/support/project.mjs";

const place = (path) => process.env.CARGO_TARGET_DIR ? `${process.env.CARGO_TARGET_DIR}/${path}` : at(`target/${path}`);
const BUILD = "cargo build --release --package constant-time, and once more with --lib --target wasm32-unknown-unknown";

/** The native program. */
export const program = () => need(place("release/constant-time"), BUILD);
/** The bytes of the module. */
export const leakyModule = () => readFileSync(need(place("wasm32-unknown-unknown/release/constant_time.wasm"), BUILD));

/** Runs a module: what it imports but never calls does nothing. */
export function instantiate(bytes, given = {}) {
  const module = new WebAssembly.Module(bytes);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = given[from]?.[name] ?? (() => 0);
  return new WebAssembly.Instance(module, imports).exports;
}
