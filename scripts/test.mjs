// Runs the suites and the gates, and says on its last line how many tests passed and failed.
// Usage: node scripts/test.mjs [suite or group]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { countTests } from "./count.mjs";
import { run } from "./processes.mjs";
import { ROOT, Unavailable, environment, setUp } from "./setup.mjs";
import { SUITES, suitesNamed } from "./suites.mjs";

const LOGS = "target/test-logs";
const CI = process.env.CI === "true";
const SHOWN_LINES = 60;

const wanted = suitesNamed(process.argv[2]);
if (wanted.length === 0) {
  for (const { name, group } of SUITES) console.log(group ? `${name} (${group})` : name);
  process.exit(process.argv[2] === "list" ? 0 : 1);
}
mkdirSync(join(ROOT, LOGS), { recursive: true });

const total = { passed: 0, failed: 0 };
for (const suite of wanted) {
  const began = Date.now();
  const result = await outcome(suite);
  total.passed += result.passed;
  total.failed += result.failed;
  const seconds = Math.round((Date.now() - began) / 1000);
  const counts = result.skipped ? `skipped: ${result.skipped}` : `${result.passed} passed, ${result.failed} failed`;
  console.log(`${suite.name.padEnd(14)} ${counts} (${seconds} s)`);
  if (result.failed > 0) explain(result);
}

const summary = `${total.passed} passed, ${total.failed} failed`;
writeFileSync(join(ROOT, LOGS, "summary.txt"), `${summary}\n`);
console.log(summary);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** Sets a suite up, runs it and counts; what cannot run on this machine is skipped, and in CI it is a failure. */
async function outcome(suite) {
  try {
    await setUp(suite.pieces ?? []);
    for (const product of suite.products ?? []) await build(product);
  } catch (error) {
    if (error instanceof Unavailable && !CI) return { passed: 0, failed: 0, skipped: error.message };
    return { passed: 0, failed: 1, why: error.message, log: error.log };
  }
  const log = join(ROOT, LOGS, `${suite.name}.log`);
  writeFileSync(log, "");
  // wasm-bindgen's runner takes the first driver that the environment names, so it gets the one that wasm-pack is told of.
  const { CHROMEDRIVER, GECKODRIVER, ...rest } = environment();
  const env = { ...rest, CARGO_TERM_COLOR: "never", WASM_BINDGEN_TEST_WEBDRIVER_JSON: webdriver(), ...suite.env };
  for (const [command, args, folder = "."] of suite.steps ?? []) {
    const filled = args.map((arg) => ({ $CHROMEDRIVER: CHROMEDRIVER, $GECKODRIVER: GECKODRIVER })[arg] ?? arg);
    const { code, why } = await run(command, filled, { cwd: join(ROOT, folder), env, log, append: true });
    if (code !== 0) return { ...countTests(suite.counts, readFileSync(log, "utf8"), code, CI), log, why };
  }
  return { ...countTests(suite.counts, readFileSync(log, "utf8"), 0, CI), log };
}

/** webdriver.json with the browsers of this machine: the file names those of Debian. */
function webdriver() {
  const { CHROMIUM, FIREFOX } = environment();
  const settings = JSON.parse(readFileSync(join(ROOT, "webdriver.json"), "utf8"));
  if (CHROMIUM) settings["goog:chromeOptions"].binary = CHROMIUM;
  if (FIREFOX) settings["moz:firefoxOptions"].binary = FIREFOX;
  const path = join(ROOT, LOGS, "webdriver.json");
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

function explain({ why, log }) {
  if (why) console.log(`    ${why}`);
  if (!log) return;
  const text = readFileSync(log, "utf8").trim();
  // Cargo and node list what failed after these words; without them the end says why.
  const [start] = ["\nfailures:\n", "\n✖ failing tests:\n"].map((words) => text.indexOf(words)).filter((at) => at >= 0);
  const lines = start === undefined ? text.split("\n").slice(-SHOWN_LINES) : text.slice(start + 1).split("\n").slice(0, SHOWN_LINES);
  for (const line of lines) console.log(`    ${line}`);
  console.log(`    The whole log: ${log}`);
}
