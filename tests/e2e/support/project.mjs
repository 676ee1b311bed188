// Where the built parts of this project are.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @param {string} path relative to the root of the repository */
export const at = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const tarball = process.env.COGNITO_VAULT ?? at("target/package/cognito-vault-0.1.0.tgz");
export const demo = process.env.COGNITO_DEMO ?? at("www/dist");
export const poolProgram = process.env.COGNITO_POOL ?? at("target/debug/cognito-pool");

/** Throws when a part is missing, with the command that makes it. */
export function need(path, command) {
  if (!existsSync(path)) throw new Error(`${path} is missing: ${command}`);
  return path;
}
