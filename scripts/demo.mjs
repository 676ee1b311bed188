// Runs the demo beside its user pool until Ctrl-C: builds both, starts both, says where to look and who may sign in.

import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { BuildFailed, build } from "./build.mjs";
import { endAll, start } from "./processes.mjs";
import { serve } from "./serve.mjs";
import { POOL, ROOT, Unavailable } from "./setup.mjs";

const HOST = "127.0.0.1";
/** What the browser calls it: a passkey belongs to a name, never to an address. */
const NAME = "localhost";
/** Every way to sign in, so that each page of the demo has something to show. */
const FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
/** The app client of the demo's pool. */
const CLIENT = "1vault2demo3client4app5id6";

/** An end of the demo that a person can understand without a stack trace. */
class Stopped extends Error {}

try {
  await build("demo");
  await build("pool");
  await demo();
} catch (error) {
  await endAll();
  console.error(`cognito-vault: ${error.message}`);
  if (error instanceof BuildFailed) console.error(tail(error.log));
  else if (!(error instanceof Unavailable) && !(error instanceof Stopped)) console.error(error.stack);
  process.exit(1);
}

async function demo() {
  const port = await freePort(4173);
  const { pool, values } = await startPool(`http://${NAME}:${port}`);
  const site = await serve({
    root: join(ROOT, "www/dist"),
    port,
    config: {
      userPoolId: values.userPoolId,
      clientId: values.clientId,
      endpoint: values.url,
      issuer: values.issuer,
      apiOrigin: values.url,
      identityPoolId: values.identityPoolId,
      mailbox: true,
      hostedDomain: values.url,
    },
  });
  console.log(`
  The demo     http://${NAME}:${port}
  Sign in as   ada
  Password     Lovelace-1815

  The pool     ${values.url} (codes that it sent: ${values.url}/_pool/codes)
  Ctrl-C ends both.
`);
  const { code, signal } = await pool.ended;
  await site.close();
  throw new Stopped(`the pool ended by itself (${signal ?? `exit code ${code}`}), so the demo ends too`);
}

/** Starts the pool, whose hosted page sends users back to `site`, and reads from its first line what a client has to know. */
async function startPool(site) {
  const client = { callbackUrls: [`${site}/callback`], logoutUrls: [`${site}/`] };
  const settings = JSON.stringify({ explicitAuthFlows: FLOWS, mfa: { mode: "optional" }, hosted: { clients: { [CLIENT]: client } } });
  const args = ["--host", HOST, "--port", String(await freePort(9229)), "--demo", "--settings", settings, "--until-stdin-closes"];
  // Its standard input stays open as long as this process lives, so that it ends however this process ends.
  const pool = start(POOL, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: pool.stdout });
  const first = new Promise((read) => lines.once("line", read));
  const line = await Promise.race([first, pool.ended.then(() => undefined)]);
  if (line === undefined) throw new Stopped("the pool did not start");
  return { pool, values: JSON.parse(line) };
}

/** The first free port from `from` on. */
async function freePort(from) {
  for (let port = from; port < from + 50; port += 1) {
    const free = await new Promise((answer) => {
      const probe = createServer();
      probe.once("error", () => answer(false));
      probe.listen(port, HOST, () => probe.close(() => answer(true)));
    });
    if (free) return port;
  }
  throw new Stopped(`no free port between ${from} and ${from + 49} on ${HOST}`);
}

function tail(file) {
  return readFileSync(file, "utf8").trim().split("\n").slice(-30).join("\n");
}
