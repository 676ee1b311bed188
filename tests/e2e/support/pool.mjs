// The user pool of tests/pool as a child process, and a client of its control API.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { need, poolProgram } from "./project.mjs";

/**
 * @typedef {{ operation: string, at: number, status: number, error?: string, headers: Record<string, string>, body: any }} Seen
 * @param {{ port?: number, demo?: boolean, settings?: object }} [options] port 0 takes any that is free; the settings outlive a reset
 */
export async function startPool({ port = 0, demo = false, settings = {} } = {}) {
  need(poolProgram, "cargo build -p cognito-pool");
  const args = ["--port", String(port), "--until-stdin-closes", "--settings", JSON.stringify(settings), ...(demo ? ["--demo"] : [])];
  const child = spawn(poolProgram, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), ended.then(([code]) => Promise.reject(new Error(`the pool ended with ${code}`)))]);
  lines.on("line", () => {});
  return new Pool(JSON.parse(first[0]), async () => {
    child.kill("SIGTERM");
    await ended;
  });
}

export class Pool {
  constructor({ url, userPoolId, clientId, issuer, identityPoolId }, close) {
    Object.assign(this, { url, userPoolId, clientId, issuer, identityPoolId, close });
    this.port = Number(new URL(url).port);
    /** What createAuth takes to use this pool. */
    this.config = { userPoolId, clientId, endpoint: url, issuer, api: { origins: [url] } };
  }

  async control(method, path, body) {
    const reply = await fetch(`${this.url}/_pool/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} /_pool/${path}: ${reply.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  reset = () => this.control("POST", "reset", {});
  settings = (changes) => this.control("POST", "settings", changes);
  advance = (advanceSeconds) => this.control("POST", "clock", { advanceSeconds });
  /** `fault("RespondToAuthChallenge", "dropAfter")`: the next such request, or the next `times`. */
  fault = (operation, kind, { times = 1, delayMs, error } = {}) => this.control("POST", "faults", { operation, kind, times, delayMs, error });
  clearFaults = () => this.control("DELETE", "faults");
  challenge = (username, challengeName, parameters = {}) => this.control("POST", "challenges", { username, challengeName, parameters });
  rotateKeys = () => this.control("POST", "keys/rotate", {});

  addUser = (username, password, more = {}) =>
    this.control("POST", "users", { username, password, status: "CONFIRMED", attributes: { email: "someone@example.com" }, ...more });
  user = (username) => this.control("GET", `users/${encodeURIComponent(username)}`);
  changeUser = (username, changes) => this.control("POST", `users/${encodeURIComponent(username)}`, changes);
  removeUser = (username) => this.control("DELETE", `users/${encodeURIComponent(username)}`);

  /** The newest code sent to this user. */
  async code(username, purpose = "signUp") {
    const sent = await this.control("GET", `codes?username=${encodeURIComponent(username)}`);
    return sent.filter((one) => one.purpose === purpose).at(-1)?.code;
  }

  /** The code of a user's authenticator app, or of a secret, `step` steps of 30 s from now: the pool takes none twice, and the next one early. */
  totp = async (of, step = 0) => (await this.control("GET", `totp?${new URLSearchParams({ ...of, step })}`)).code;

  /**
   * What was received, oldest first: the operations of the wire, or of one kind alone, which may be "api", "jwks" or a path of the
   * hosted pages too: `requests("/oauth2/token")`, whose body is an object of the query's and the form's parameters.
   * @returns {Promise<Seen[]>}
   */
  requests = (operation) => this.control("GET", operation ? `requests?operation=${operation}` : "requests");
  /** The names of the operations received, without the first `from`. */
  operations = async (from = 0) => (await this.requests()).slice(from).map((one) => one.operation);
  count = async (operation) => (await this.requests(operation)).length;

  /** Every token given out, oldest first: what must not be found on the page. */
  issued = () => this.control("GET", "tokens");
  /** The tokens alone. */
  tokens = async () => (await this.issued()).map(({ token }) => token);
}
