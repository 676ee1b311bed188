// Child processes that never outlive this one, with everything that they started.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

const running = new Set();

/** Starts a command as the leader of a process group of its own; a terminal's Ctrl-C reaches it only through `endAll`. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { detached: true, ...options });
  running.add(child);
  child.ended = new Promise((ended) => {
    child.once("error", (error) => ended({ code: 127, error }));
    child.once("exit", (code, signal) => ended({ code, signal }));
  }).then((how) => {
    running.delete(child);
    signalGroup(child, "SIGKILL"); // a browser or a driver that the command left behind
    return how;
  });
  return child;
}

/** Runs a command with its output in the file `log`, at most `minutes`; says how it ended. */
export async function run(command, args, { log, minutes = 20, append = false, ...options } = {}) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, append ? "a" : "w");
  const child = start(command, args, { ...options, stdio: ["ignore", file, file] });
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    signalGroup(child, "SIGKILL");
  }, minutes * 60_000);
  const { code, error } = await child.ended;
  clearTimeout(limit);
  closeSync(file);
  if (late) return { code: 124, why: `took longer than ${minutes} minutes` };
  return { code: code ?? 1, why: error?.message };
}

/** Ends everything that is still running: asks, then insists after two seconds. */
export async function endAll() {
  const children = [...running];
  for (const child of children) signalGroup(child, "SIGTERM");
  const insist = setTimeout(() => children.forEach((child) => signalGroup(child, "SIGKILL")), 2_000);
  await Promise.all(children.map((child) => child.ended));
  clearTimeout(insist);
}

function signalGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}

let ending = false;
for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15], ["SIGHUP", 1]]) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await endAll();
    process.exit(128 + number);
  });
}
process.on("exit", () => running.forEach((child) => signalGroup(child, "SIGKILL")));
