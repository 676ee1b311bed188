// Asks the public databases of RustSec and npm whether a dependency has a known fault.

import { spawnSync } from "node:child_process";
import { ROOT, Unavailable, environment, setUp } from "./setup.mjs";

const QUESTIONS = [
  ["cargo-deny", ["--locked", "--workspace", "check", "advisories"]],
  ...["pkg-template", "www", "tests"].map((folder) => ["npm", ["audit", "--prefix", folder]]),
];

try {
  await setUp(["cargo-deny"]);
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.error(`cognito-vault: ${error.message}`);
  process.exit(1);
}
const bad = QUESTIONS.filter(([command, args]) => {
  console.log(`${command} ${args.join(" ")}`);
  return spawnSync(command, args, { cwd: ROOT, env: environment(), stdio: "inherit" }).status !== 0;
});
if (bad.length > 0) console.error(`cognito-vault: ${bad.length} of ${QUESTIONS.length} found a fault or no answer`);
process.exitCode = bad.length > 0 ? 1 : 0;
