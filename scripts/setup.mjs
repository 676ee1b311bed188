// Installs what the project needs and this machine lacks; each piece once, under target/tools or node_modules.
// Usage: node scripts/setup.mjs [piece …]; all pieces without one.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./processes.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
// In the profile of `cargo test`, so that its dependencies are built once.
export const POOL = join(ROOT, "target/debug/cognito-pool");
const TOOLS = join(ROOT, "target/tools");
const LOG = join(ROOT, "target/setup.log");
const MINISTACK = "1.5.33";
const WASM_TARGET = "wasm32-unknown-unknown";

// The tools are built without optimisation and debug information: that is more than three times faster, and they spend their time waiting for browsers.
const CARGO_TOOLS = {
  // Its own lock file names a version of a dependency that was withdrawn.
  "wasm-bindgen-cli": { version: wasmBindgenVersion(), binary: "wasm-bindgen", locked: false },
  "wasm-pack": { version: "0.15.1", binary: "wasm-pack", locked: true },
  geckodriver: { version: "0.37.1", binary: "geckodriver", locked: true },
  "cargo-deny": { version: "0.20.2", binary: "cargo-deny", locked: true },
  "cargo-fuzz": { version: "0.13.2", binary: "cargo-fuzz", locked: true },
};

/** Every piece that can be asked for, by name. */
export const PIECES = {
  "wasm-target": wasmTarget,
  rustfmt: () => rustComponent("rustfmt", "cargo-fmt"),
  clippy: () => rustComponent("clippy", "cargo-clippy"),
  nightly,
  ...Object.fromEntries(Object.keys(CARGO_TOOLS).map((crate) => [crate, () => cargoTool(crate)])),
  "npm:pkg-template": () => npmPackages("pkg-template"),
  "npm:www": () => npmPackages("www"),
  "npm:tests": () => npmPackages("tests"),
  chromium,
  firefox,
  ministack,
  webkit, // last, because not every machine can have it
  valgrind,
};

/** What cannot be installed on this machine; the message says what a person can do. */
export class Unavailable extends Error {}

/** Installs the named pieces, in order, where they are missing. */
export async function setUp(names) {
  for (const name of names) await PIECES[name]();
}

/** The environment of every command of ours: the installed tools first on PATH, and where the browsers are. */
export function environment() {
  const folders = Object.keys(CARGO_TOOLS).map((crate) => join(toolFolder(crate), "bin"));
  const places = {
    CHROMIUM: findBrowser("CHROMIUM"),
    CHROMEDRIVER: process.env.CHROMEDRIVER ?? onPath(["chromedriver"]),
    FIREFOX: findBrowser("FIREFOX"),
    WEBKITDRIVER: findWebKitDriver(),
    XVFB: process.env.XVFB ?? onPath(["Xvfb"]),
    GECKODRIVER: join(toolFolder("geckodriver"), "bin/geckodriver"),
    MINISTACK: join(ministackFolder(), "bin/ministack"),
    COGNITO_POOL: POOL,
  };
  const known = Object.entries(places).filter(([, path]) => path !== undefined && existsSync(path));
  return { ...process.env, PATH: [...folders, process.env.PATH].join(delimiter), ...Object.fromEntries(known) };
}

// -- Rust

/** The command-line tool has to be of the same version as the crate that the wasm was built with. */
function wasmBindgenVersion() {
  const lock = readFileSync(join(ROOT, "Cargo.lock"), "utf8");
  const found = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock);
  if (found === null) throw new Unavailable("Cargo.lock names no version of wasm-bindgen");
  return found[1];
}

async function wasmTarget() {
  if (existsSync(ask("rustc", ["--print", "target-libdir", "--target", WASM_TARGET]))) return;
  await install(`the Rust target ${WASM_TARGET}`, "rustup", ["target", "add", WASM_TARGET]);
}

async function rustComponent(component, binary) {
  if (ask("cargo", [binary.replace("cargo-", ""), "--version"]) !== "") return;
  await install(component, "rustup", ["component", "add", component]);
}

/** The compiler of the fuzz targets: only a nightly one instruments them. */
async function nightly() {
  if (ask("rustup", ["run", "nightly", "rustc", "--version"]) !== "") return;
  const args = ["toolchain", "install", "nightly", "--profile", "minimal", "--no-self-update"];
  await install("a nightly Rust toolchain", "rustup", args).catch(() => {
    throw new Unavailable(`install a nightly Rust toolchain: rustup ${args.join(" ")}`);
  });
}

function toolFolder(crate) {
  return join(TOOLS, `${crate}-${CARGO_TOOLS[crate].version}`);
}

async function cargoTool(crate) {
  const { version, binary, locked } = CARGO_TOOLS[crate];
  const folder = toolFolder(crate);
  if (existsSync(join(folder, "bin", binary))) return;
  // Built elsewhere and renamed, so that an interrupted build is not taken for a finished one.
  const unfinished = join(TOOLS, `.unfinished-${crate}`);
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  const args = ["install", crate, "--version", `=${version}`, "--root", unfinished, "--debug", ...(locked ? ["--locked"] : [])];
  const target = join(TOOLS, ".build");
  await install(`${crate} ${version}`, "cargo", args, { env: { CARGO_TARGET_DIR: target, CARGO_PROFILE_DEV_DEBUG: "none" }, note: " (minutes, once)" });
  renameSync(unfinished, folder);
  // What one tool has built shortens the build of the next.
  if (Object.keys(CARGO_TOOLS).every((name) => existsSync(toolFolder(name)))) rmSync(target, { recursive: true, force: true });
}

// -- npm

/** Installs the locked packages of a folder, unless node_modules says that they are those already. */
async function npmPackages(folder) {
  const place = join(ROOT, folder);
  const stamp = join(place, "node_modules/.installed-from");
  const wanted = hashOf([join(place, "package.json"), join(place, "package-lock.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await install(`npm packages of ${folder}/`, "npm", ["ci", "--no-audit", "--no-fund", "--prefix", place]);
  mkdirSync(join(place, "node_modules"), { recursive: true });
  writeFileSync(stamp, wanted);
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

// -- Browsers

const BROWSERS = {
  CHROMIUM: {
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    elsewhere: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
  },
  FIREFOX: { names: ["firefox-esr", "firefox"], elsewhere: ["/Applications/Firefox.app/Contents/MacOS/firefox"] },
};

/** The browser that the environment names, or the first one found. */
function findBrowser(variable) {
  const { names, elsewhere } = BROWSERS[variable];
  return process.env[variable] ?? onPath(names) ?? elsewhere.find(existsSync);
}

async function chromium() {
  const found = () => findBrowser("CHROMIUM") && (process.env.CHROMEDRIVER ?? onPath(["chromedriver"]));
  if (!found()) await systemPackages(["chromium", "chromium-driver"]);
  if (!found()) throw new Unavailable("install Chromium or Chrome and its chromedriver, or name them in CHROMIUM and CHROMEDRIVER");
}

async function firefox() {
  if (!findBrowser("FIREFOX")) await systemPackages(["firefox-esr"]);
  if (!findBrowser("FIREFOX")) throw new Unavailable("install Firefox, or name it in FIREFOX");
}

const findWebKitDriver = () => process.env.WEBKITDRIVER ?? onPath(["WebKitWebDriver"]);

/** WebKitGTK, which stands in for Safari's engine, and the screen without which it does not start. */
async function webkit() {
  const found = () => findWebKitDriver() && (process.env.XVFB ?? onPath(["Xvfb"]));
  if (!found()) await systemPackages(["webkit2gtk-driver", "xvfb"]);
  if (!found()) throw new Unavailable("install WebKitGTK's WebKitWebDriver and Xvfb, or name them in WEBKITDRIVER and XVFB");
}

/** Installs Debian packages where this user may; otherwise the caller says what is missing. */
async function systemPackages(names) {
  if (onPath(["apt-get"]) === undefined) return;
  const root = process.getuid() === 0;
  if (!root && ask("sudo", ["-n", "id", "-u"]) !== "0") return;
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"];
  const [command, ...before] = root ? apt : ["sudo", "-n", ...apt];
  try {
    await install("the list of system packages", command, [...before, "update"]);
    await install(names.join(" and "), command, [...before, "install", "-y", "--no-install-recommends", ...names]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(error.message);
  }
}

// -- ministack

function ministackFolder() {
  return join(TOOLS, `ministack-${MINISTACK}`);
}

async function ministack() {
  const folder = ministackFolder();
  // A Python environment cannot be renamed, so a file that is written last says that it is whole.
  const whole = join(folder, "installed");
  if (existsSync(whole)) return;
  const python = onPath(["python3"]);
  if (python === undefined) throw new Unavailable("install Python 3.10 or newer with its venv module, which runs ministack");
  await install("a Python environment", python, ["-m", "venv", folder]);
  await install(`ministack ${MINISTACK}`, join(folder, "bin/pip"), ["install", "-q", `ministack==${MINISTACK}`, "cryptography"]);
  writeFileSync(whole, "");
}

// -- valgrind

async function valgrind() {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Unavailable("valgrind follows undefined secrets on Linux on x86-64 only");
  if (!onPath(["valgrind"])) await systemPackages(["valgrind"]);
  if (!onPath(["valgrind"])) throw new Unavailable("install valgrind, which follows undefined secrets");
}

// -- Shared

async function install(what, command, args, { env = {}, note = "" } = {}) {
  console.log(`Installing ${what}${note}`);
  const { code, why } = await run(command, args, { cwd: ROOT, env: { ...process.env, ...env }, log: LOG, minutes: 30 });
  if (code === 0) return;
  const last = why ?? readFileSync(LOG, "utf8").trim().split("\n").slice(-8).join("\n");
  throw new Unavailable(`${what} could not be installed:\n${last}`);
}

/** What a command prints, or nothing where it fails. */
function ask(command, args) {
  try {
    return execFileSync(command, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

function onPath(names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in PIECES));
  try {
    if (unknown !== undefined) throw new Unavailable(`no such piece: ${unknown}; there are ${Object.keys(PIECES).join(", ")}`);
    await setUp(names.length > 0 ? names : Object.keys(PIECES));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`cognito-vault: ${error.message}`);
    process.exitCode = 1;
  }
}
