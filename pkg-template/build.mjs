// Builds the npm package into target/package: cargo → wasm-opt → tsc, esbuild and terser → npm pack.
// Environment: CARGO and CARGO_TARGET_DIR as cargo knows them.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const OUT = join(ROOT, "target/package");
const CARGO = process.env.CARGO ?? "cargo";
const CARGO_TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const WASM_TARGET = "wasm32-unknown-unknown";

/** What the package is made of; the tools are of the versions that the lock files name, but for the compiler. */
const INPUTS = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "src", "LICENSE", "pkg-template"];

// Every feature by its name: with `--all-features` wasm-opt writes a file that no engine loads.
const FEATURES = [
  ...["--mvp-features", "--enable-bulk-memory", "--enable-bulk-memory-opt", "--enable-nontrapping-float-to-int", "--enable-sign-ext"],
  ...["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue", "--enable-simd"],
];
const WASM_OPT = [
  // Passes in an order that a search has found: 2 % less (brotli 11) than -Oz alone. Below address 1024 is only the far end of the stack.
  ...["--low-memory-unused", "--rse", "-O3", "--reorder-functions", "--precompute-propagate", "--flatten", "--rereloop"],
  ...["--simplify-locals-nostructure", "--merge-blocks", "--precompute", "--dealign", "-Os", "-Oz"],
  ...["--strip-debug", "--strip-producers", "--strip-target-features"],
];
/** What `src/wasm/boundary.rs` hands to JavaScript. */
const EXPORTS = ["room", "vault", "enter"];
/** How the core is linked, besides its exports: as rustc does it, but for the stack and the second optimisation. */
const LINK = [
  ...["-flavor", "wasm", "--no-entry", "--gc-sections", "--strip-debug", "-O2", "--lto-O2"],
  // Twice what the wiping of the stack takes; what lies above it has shorter addresses than above the usual 1 MB.
  ...["--stack-first", "-z", "stack-size=131072"],
];

class Refusal extends Error {}

async function main() {
  need(join(ROOT, "LICENSE"), "it comes with the repository");
  need(join(HERE, "node_modules/esbuild"), "run: npm ci --prefix pkg-template");

  const manifest = publishedManifest();
  const tarball = `${manifest.name}-${manifest.version}.tgz`;
  const inputs = digest();
  if (existsSync(join(OUT, tarball)) && contentOf(join(OUT, ".inputs")) === inputs) return report(tarball);

  const work = join(ROOT, "target/package-work");
  const fresh = join(work, "package");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(fresh, "dist"), { recursive: true });

  buildCore(join(fresh, "dist/cognito_vault.wasm"));
  copyTypes(emitTypes(join(work, "types")), join(fresh, "dist"));
  await bundle(join(fresh, "dist"), manifest.version);
  writeFileSync(join(fresh, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(HERE, "README.md"), join(fresh, "README.md"));
  copyFileSync(join(ROOT, "LICENSE"), join(fresh, "LICENSE"));
  run("npm", ["pack", "--silent", "--ignore-scripts"], { cwd: fresh, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(join(fresh, ".inputs"), inputs);

  // The package before this one stays whole until this one is.
  rmSync(OUT, { recursive: true, force: true });
  renameSync(fresh, OUT);
  rmSync(work, { recursive: true, force: true });
  report(tarball);
}

/** The core as one wasm file. */
function buildCore(wasm) {
  // At "z" LLVM inlines less than is good for the bytes: 0.3 % less (brotli 11).
  const flags = `target.${WASM_TARGET}.rustflags=["-Cllvm-args=--inline-threshold=10"]`;
  const of = ["--release", "--lib", "--features", "module", "--locked", "--package", "cognito-vault", "--target", WASM_TARGET];
  // As a cdylib alone: cargo optimises nothing at link time for a crate that is to be an rlib too, and that costs 3.4 kB of 32.6 (brotli 11).
  run(CARGO, ["rustc", "--crate-type", "cdylib", ...of, "--config", flags, "--", "--emit=llvm-bc"], { cwd: ROOT });

  // rustc's linker optimises what rustc has optimised once more: only then is seen that a panic says nothing, and all that it would
  // say goes, with the paths of this machine. 2 % less (brotli 11).
  const rustc = (...args) => execFileSync(process.env.RUSTC ?? "rustc", args, { cwd: ROOT, encoding: "utf8" }).trim();
  const [host] = /(?<=^host: ).*/m.exec(rustc("-vV"));
  const toolchain = join(rustc("--print", "sysroot"), "lib/rustlib");
  const libraries = join(toolchain, WASM_TARGET, "lib");
  const builtins = readdirSync(libraries).filter((name) => /^libcompiler_builtins-.*\.rlib$/.test(name));
  const inputs = [join(CARGO_TARGET, WASM_TARGET, "release/deps/cognito_vault.bc"), ...builtins.map((name) => join(libraries, name))];
  const linked = `${wasm}.linked`;
  run(join(toolchain, host, "bin/rust-lld"), [...LINK, ...EXPORTS.map((name) => `--export=${name}`), ...inputs, "-o", linked]);
  node("binaryen/bin/wasm-opt", [...FEATURES, ...WASM_OPT, linked, "-o", wasm]);
  rmSync(linked);
}

function emitTypes(folder) {
  node("typescript/bin/tsc", ["--project", HERE, "--outDir", folder]);
  return folder;
}

/** Copies the declarations that the entries reach; the others say nothing to an app. */
function copyTypes(from, to) {
  const wanted = new Set(["index.d.ts", "import.d.ts", "hosted.d.ts", "resume.d.ts", "policy.d.ts", "compat.d.ts", "testing.d.ts", "worker.d.ts", "react/index.d.ts"]);
  for (const file of wanted) {
    const text = readFileSync(join(from, file), "utf8");
    for (const [, path] of text.matchAll(/from "(\.[^"]+)\.js"/g)) wanted.add(join(dirname(file), `${path}.d.ts`));
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), text);
  }
}

/** One file for each entry. The page imports the worker's file only where no worker runs, those of passkeys and API calls where it needs them, and the entries of the page share one module. */
async function bundle(outdir, version) {
  const { build } = await import("esbuild");
  const output = { outdir, outbase: join(HERE, "src"), format: "esm", target: "es2022", legalComments: "none", logLevel: "warning" };
  const common = { ...output, bundle: true, minifySyntax: true, define: { VERSION: JSON.stringify(version) } };
  await build({ ...common, entryPoints: [join(HERE, "src/index.ts")], external: ["./worker.js", "./passkeys.js", "./request.js"] });
  await build({ ...common, entryPoints: [join(HERE, "src/passkeys.ts"), join(HERE, "src/request.ts"), join(HERE, "src/policy.ts"), join(HERE, "src/compat.ts")] });
  await build({ ...common, entryPoints: [join(HERE, "src/import.ts"), join(HERE, "src/hosted.ts"), join(HERE, "src/resume.ts"), join(HERE, "src/testing.ts")], external: ["./index.js"] });
  await build({ ...common, entryPoints: [join(HERE, "src/react/index.ts")], external: ["../index.js", "react"] });
  await build({ ...common, entryPoints: [join(HERE, "src/worker.ts")] });
  await squeeze(outdir);
}

/** What esbuild has bundled is made smaller by terser: 5 % (brotli 11). */
async function squeeze(folder) {
  const { minify } = await import("terser");
  // Unsafe is what differs for objects with a `valueOf` of their own: a text put together by + instead of by a template.
  const options = { module: true, ecma: 2022, compress: { passes: 4, unsafe: true, unsafe_arrows: true, hoist_funs: true, lhs_constants: false } };
  for (const file of filesUnder(folder).filter((path) => path.endsWith(".js"))) {
    const { code } = await minify(readFileSync(file, "utf8"), options);
    writeFileSync(file, code);
  }
}

function publishedManifest() {
  const { scripts: _scripts, devDependencies: _tools, ...published } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
  return published;
}

function report(tarball) {
  const sizes = ["index.js", "worker.js", "cognito_vault.wasm", "import.js", "hosted.js", "resume.js", "passkeys.js", "request.js", "policy.js", "compat.js", "testing.js", "react/index.js"].map((file) => {
    const bytes = brotliCompressSync(readFileSync(join(OUT, "dist", file))).length;
    return `${file} ${(bytes / 1000).toFixed(2)} kB`;
  });
  console.log(`${relative(ROOT, join(OUT, tarball))}: ${sizes.join(", ")} (brotli)`);
}

function digest() {
  const hash = createHash("sha256").update(execFileSync(CARGO, ["--version"]));
  for (const file of INPUTS.flatMap((path) => filesUnder(join(ROOT, path)))) {
    hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path).filter((name) => name !== "node_modules").sort();
  return inside.flatMap((name) => filesUnder(join(path, name)));
}

function contentOf(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function need(path, remedy) {
  if (!existsSync(path)) throw new Refusal(`${relative(ROOT, path)} is missing; ${remedy}`);
}

function node(script, args, options) {
  return run(process.execPath, [join(HERE, "node_modules", script), ...args], options);
}

function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  } catch (error) {
    throw new Refusal(error.code === "ENOENT" ? `${command} is missing` : `${command} ${args[0]} failed`);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal) && error.errors === undefined) throw error;
  console.error(`cognito-vault: ${error.message}`);
  process.exitCode = 1;
}
