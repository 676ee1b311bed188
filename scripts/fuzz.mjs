// Shows a fuzz target its seeds and a number of inputs made of them; the same number of runs makes the same inputs everywhere.
// Usage: node scripts/fuzz.mjs target [runs]; without a number until Ctrl-C, with what was found before.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { start } from "./processes.mjs";
import { ROOT, environment, setUp } from "./setup.mjs";

const [target, runs] = process.argv.slice(2);
const found = `target/fuzz/corpus/${target}`;
// The longest input, and what it may take: an input that needs more is a fault.
const LIMITS = ["-max_len=8192", "-malloc_limit_mb=64", "-rss_limit_mb=512", "-timeout=30"];
// Inputs that begin with SRP take a hundred times as long as others.
const CHOICE = ["-entropic_scale_per_exec_time=1"];
// What was freed counts as used while it is watched for a late access.
const ASAN_OPTIONS = "detect_odr_violation=0:quarantine_size_mb=16";

await setUp(["nightly", "cargo-fuzz"]);
if (runs) rmSync(join(ROOT, found), { recursive: true, force: true });
mkdirSync(join(ROOT, found), { recursive: true });
const build = ["fuzz", "run", "--target-dir", "target/fuzz", target, found, `fuzz/seeds/${target}`];
const bounds = runs ? ["-seed=1", `-runs=${runs}`] : [];
const { code } = await start("cargo", [...build, "--", ...LIMITS, ...CHOICE, ...bounds], {
  cwd: ROOT,
  env: { ...environment(), ASAN_OPTIONS, RUSTUP_TOOLCHAIN: "nightly" },
  stdio: ["ignore", "inherit", "inherit"],
}).ended;
process.exitCode = code ?? 1;
