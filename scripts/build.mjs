// Builds what the demo and the tests run: the npm package, the demo and the pool; nothing twice from the same sources.
// Usage: node scripts/build.mjs [product …]

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes.mjs";
import { ROOT, environment, setUp } from "./setup.mjs";

const BUILT_DEMO = join(ROOT, "www/dist");
const UNPACKED = "www/node_modules/cognito-vault";

/**
 * Every product: the setup pieces and the products that it is made of, and the step that makes it, as [command, arguments, folder].
 * Cargo and the package's own build know by themselves what has changed; for another a digest of the files `from` says it.
 */
const PRODUCTS = {
  package: {
    pieces: ["wasm-target", "npm:pkg-template"],
    of: [],
    step: ["node", ["pkg-template/build.mjs"], "."],
  },
  demo: {
    pieces: ["npm:www"],
    of: ["package"],
    from: ["target/package", "www"],
    results: ["www/dist/index.html", `${UNPACKED}/package.json`],
    before: unpack,
    step: ["npx", ["--no-install", "vite", "build"], "www"],
  },
  pool: {
    pieces: [],
    of: [],
    step: ["cargo", ["build", "--locked", "--package", "cognito-pool"], "."],
  },
  "constant-time": {
    pieces: [],
    of: [],
    step: ["cargo", ["build", "--locked", "--release", "--package", "constant-time"], "."],
  },
  "constant-time-wasm": {
    pieces: ["wasm-target"],
    of: [],
    step: ["cargo", ["build", "--locked", "--release", "--package", "constant-time", "--lib", "--target", "wasm32-unknown-unknown"], "."],
  },
};

/** A build that failed; `log` is the file that holds its output. */
export class BuildFailed extends Error {
  constructor(product, log, why) {
    super(`${product} could not be built${why ? `: ${why}` : ""}; see ${log}`);
    this.log = join(ROOT, log);
  }
}

const done = new Map();

/** Builds a product after what it is made of, once in the life of this process. */
export function build(name) {
  if (!done.has(name)) done.set(name, make(name, PRODUCTS[name]));
  return done.get(name);
}

async function make(name, { pieces, of, from, results, before, step }) {
  for (const part of of) await build(part);
  await setUp(pieces);
  const stamp = join(ROOT, `target/built/${name}`);
  const digest = from && digestOf(from);
  const old = from && existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  if (old && results.every((file) => existsSync(join(ROOT, file)))) return;

  console.log(`Building the ${name}`);
  rmSync(stamp, { force: true });
  await before?.();
  const log = `target/test-logs/build-${name}.log`;
  const [command, args, folder] = step;
  const { code, why } = await run(command, args, { cwd: join(ROOT, folder), env: environment(), log: join(ROOT, log) });
  if (code !== 0) throw new BuildFailed(name, log, why);
  if (!from) return;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Puts the packed package where an app finds an installed one. */
async function unpack() {
  const folder = join(ROOT, "target/package");
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new BuildFailed("demo", "target/test-logs/build-package.log", "there is no packed package");
  const place = join(ROOT, UNPACKED);
  const fresh = `${place}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const log = join(ROOT, "target/test-logs/unpack.log");
  const { code } = await run("tar", ["-xzf", join(folder, tarball), "-C", fresh, "--strip-components=1"], { cwd: ROOT, log });
  if (code !== 0) throw new BuildFailed("demo", "target/test-logs/unpack.log", "the package cannot be unpacked");
  rmSync(place, { recursive: true, force: true });
  renameSync(fresh, place);
}

function digestOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesUnder(join(ROOT, path))) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path) || path === BUILT_DEMO) return [];
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path).filter((name) => name !== "node_modules").sort();
  return inside.flatMap((name) => filesUnder(join(path, name)));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    for (const name of process.argv.slice(2)) await build(name);
  } catch (error) {
    console.error(`cognito-vault: ${error.message}`);
    if (error.log) console.error(readFileSync(error.log, "utf8").trim().split("\n").slice(-30).join("\n"));
    process.exitCode = 1;
  }
}
