// Sets up and runs the benchmarks; what they measure is theirs to print.

import { build } from "./build.mjs";
import { start } from "./processes.mjs";
import { ROOT, environment, setUp } from "./setup.mjs";

try {
  await setUp(["npm:tests", "chromium", "firefox"]);
  await setUp(["webkit"]).catch((error) => console.error(`WebKit is left out: ${error.message}`));
  for (const product of ["package", "pool", "constant-time", "constant-time-wasm"]) await build(product);
} catch (error) {
  console.error(`cognito-vault: ${error.message}`);
  process.exit(1);
}
const { code } = await start("node", ["benches/run.mjs"], { cwd: ROOT, env: environment(), stdio: "inherit" }).ended;
process.exitCode = code ?? 1;
