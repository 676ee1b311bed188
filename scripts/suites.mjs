// Every suite of tests and every gate, in the order that shares the most builds.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

const CORE_IN_WASM = ["--target", "wasm32-unknown-unknown", "--package", "cognito-vault"];
const OF_FUZZ = ["--manifest-path", "fuzz/Cargo.toml"];
const DENIED = ["bans", "licenses", "sources"];
const WARNINGS_DENIED = ["--", "--deny", "warnings"];
// A flag given later wins over the same flag of .cargo/config.toml.
const WITHOUT_SIMD = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-C target-feature=-simd128" };

/** They look at the demo's own pages, which are the same in every browser, and take their time. */
const CHROMIUM_ALONE = ["account.test.mjs", "demo-access.test.mjs", "demo-pages.test.mjs", "devices.test.mjs"];

/**
 * A suite has a `name`, the setup `pieces` and the `products` that it needs, and commands: `steps` of [command, arguments, folder].
 * `counts` says how its tests are counted: "cargo" or "node" by what the command prints, "gate" as one.
 * `group` lets several be asked for by one name.
 */
export const SUITES = [
  gate("rustfmt", ["rustfmt"], ["cargo", ["fmt", "--all", "--", "--check"]], ["cargo", ["fmt", ...OF_FUZZ, "--", "--check"]]),
  gate("dependencies", ["cargo-deny"],
    ["cargo-deny", ["--locked", "--workspace", "check", ...DENIED]],
    ["cargo-deny", ["--locked", ...OF_FUZZ, "check", ...DENIED]]),
  gate("clippy", ["clippy"],
    ["cargo", ["clippy", "--locked", "--workspace", "--all-targets", ...WARNINGS_DENIED]],
    ["cargo", ["clippy", "--locked", ...OF_FUZZ, "--no-default-features", "--target-dir", "target", ...WARNINGS_DENIED]]),
  gate("clippy-wasm", ["clippy", "wasm-target"],
    ["cargo", ["clippy", "--locked", ...CORE_IN_WASM, "--lib", "--features", "module", ...WARNINGS_DENIED]],
    ["cargo", ["clippy", "--locked", ...CORE_IN_WASM, "--tests", ...WARNINGS_DENIED]]),
  {
    ...gate("rustdoc", [], ["cargo", ["doc", "--locked", "--workspace", "--no-deps", "--document-private-items"]]),
    env: { RUSTDOCFLAGS: "--deny warnings" },
  },
  {
    name: "native",
    steps: [["cargo", ["test", "--locked", "--workspace", "--no-fail-fast"]]],
    counts: "cargo",
  },
  wasm("wasm-chromium", "chromium", ["--chrome", "--chromedriver", "$CHROMEDRIVER"]),
  wasm("wasm-firefox", "firefox", ["--firefox", "--geckodriver", "$GECKODRIVER"]),
  { ...wasm("wasm-portable", "chromium", ["--chrome", "--chromedriver", "$CHROMEDRIVER"]), env: WITHOUT_SIMD },
  { name: "package-build", products: ["package"], counts: "gate" },
  { name: "demo-build", products: ["demo"], counts: "gate" },
  {
    ...gate("types", ["npm:pkg-template", "npm:tests", "npm:www"],
      ["npx", ["--no-install", "tsc", "--noEmit", "-p", "."], "pkg-template"],
      ["npx", ["--no-install", "tsc", "--noEmit", "-p", "."], "www"],
      ["npx", ["--no-install", "tsc", "--noEmit", "-p", "types"], "tests"]),
    products: ["demo"],
  },
  {
    name: "package",
    pieces: ["npm:tests"],
    products: ["package"],
    steps: [nodeTests("tests/package")],
    counts: "node",
  },
  fuzz("replies", 20_000),
  fuzz("conversations", 3_000),
  fuzz("claims", 8_000),
  fuzz("records", 12_000),
  {
    name: "traces",
    pieces: ["npm:tests"],
    products: ["package", "constant-time-wasm"],
    steps: [["node", ["--test", "--test-reporter=spec", "tests/constant_time/traces.test.mjs"]]],
    counts: "node",
  },
  {
    name: "undefined",
    pieces: ["valgrind"],
    products: ["constant-time"],
    steps: [["node", ["--test", "--test-reporter=spec", "tests/constant_time/undefined.test.mjs"]]],
    counts: "node",
  },
  endToEnd("chromium", ["chromium"]),
  endToEnd("firefox", ["firefox"]),
  // WebKit cannot be driven by puppeteer, so it runs what is written for any driver.
  endToEnd("webkit", ["webkit"], "tests/e2e/custody"),
  {
    name: "peers",
    pieces: ["npm:tests", "ministack", "chromium"],
    products: ["package", "pool"],
    steps: [nodeTests("tests/peers")],
    counts: "node",
  },
];

/** The suites of a name or a group; all without one. */
export function suitesNamed(name) {
  if (!name) return SUITES;
  return SUITES.filter((suite) => suite.name === name || suite.group === name);
}

function gate(name, pieces, ...steps) {
  return { name, group: "lint", pieces, steps, counts: "gate" };
}

function wasm(name, browser, driver) {
  const pieces = ["wasm-target", "wasm-bindgen-cli", "wasm-pack", browser, ...(browser === "firefox" ? ["geckodriver"] : [])];
  const args = ["test", "--headless", ...driver, "--mode", "no-install"];
  return { name, group: "wasm", pieces, products: ["package"], steps: [["wasm-pack", args]], counts: "cargo" };
}

/** One fuzz target, for so many inputs that it takes some seconds. */
function fuzz(target, runs) {
  const steps = [["node", ["scripts/fuzz.mjs", target, String(runs)]]];
  return { name: `fuzz-${target}`, group: "fuzz", pieces: ["nightly", "cargo-fuzz"], steps, counts: "gate" };
}

function endToEnd(browser, pieces, folder = "tests/e2e") {
  return {
    name: `e2e-${browser}`,
    group: "e2e",
    pieces: ["npm:tests", ...pieces],
    products: ["demo", "pool"],
    steps: [nodeTests(folder, browser === "chromium" ? [] : CHROMIUM_ALONE)],
    env: { BROWSER: browser },
    counts: "node",
  };
}

/** `node --test` of every *.test.mjs under a folder, two files at a time: each waits for its browser as long as it works. */
function nodeTests(folder, without = []) {
  const files = readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith(".test.mjs") && !name.includes("node_modules") && !without.includes(name))
    .sort();
  return ["node", ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files.map((name) => join(folder, name))]];
}
