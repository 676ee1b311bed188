// WebKitGTK by WebDriver, with as much of puppeteer's Page as the tests of custody use: a driver and a browser for each page.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const DRIVER = process.env.WEBKITDRIVER ?? "/usr/bin/WebKitWebDriver";
const XVFB = process.env.XVFB ?? "Xvfb";
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE = 60_000;

/** A browser on a screen of its own: without a display WebKitGTK does not start. */
export async function startWebKit() {
  const screen = start(XVFB, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const [line] = await Promise.race([once(screen.child.stdio[3], "data"), screen.failed]);
  const env = { ...process.env, DISPLAY: `:${String(line).trim()}` };
  const sessions = new Set();
  return {
    version: async () => [...sessions][0]?.version ?? "WebKitGTK",
    async createBrowserContext() {
      const session = await Session.start(env);
      sessions.add(session);
      return {
        newPage: async () => new Page(session),
        async close() {
          sessions.delete(session);
          await session.close();
        },
      };
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.close()));
      await screen.stop();
    },
  };
}

/** A child that ends with this process at the latest. */
function start(command, args, options) {
  const child = spawn(command, args, options);
  const ended = new Promise((done) => child.once("exit", done).once("error", done));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const failed = ended.then((how) => Promise.reject(new Error(`${command} ended: ${how}`)));
  failed.catch(() => undefined);
  return {
    child,
    failed,
    async stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

class Session {
  static async start(env) {
    const port = await freePort();
    const driver = start(DRIVER, [`--port=${port}`], { stdio: "ignore", env });
    const one = new Session();
    one.driver = driver;
    one.base = `http://127.0.0.1:${port}`;
    await Promise.race([driver.failed, poll(() => fetch(`${one.base}/status`).then((reply) => reply.ok, () => false))]);
    const { sessionId, capabilities } = await one.command("POST", "/session", { capabilities: { alwaysMatch: { timeouts: { script: PATIENCE } } } });
    one.version = `${capabilities.browserName}/${capabilities.browserVersion}`;
    one.base += `/session/${sessionId}`;
    return one;
  }

  async command(method, path, body) {
    const reply = await fetch(this.base + path, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE + 10_000) });
    const { value } = await reply.json();
    if (!reply.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async close() {
    await this.command("DELETE", "").catch(() => undefined);
    await this.driver.stop();
  }
}

/** Asks again until the answer is truthy. */
async function poll(ask) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((next) => setTimeout(next, 50))) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`waited in vain for ${ask}`);
}

class Page {
  constructor(session) {
    this.session = session;
  }

  on = () => this;
  goto = (url) => this.session.command("POST", "/url", { url });
  reload = () => this.session.command("POST", "/refresh", {});

  /** A function of plain values and elements, or the text of an expression. */
  async evaluate(work, ...args) {
    const call = typeof work === "string" ? work : `(${work})(...given)`;
    const script = `const given = [...arguments], done = given.pop();
      (async () => ${call})().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const plain = args.map((one) => (one instanceof Element ? { [ELEMENT]: one.id } : one));
    const { value, error } = await this.session.command("POST", "/execute/async", { script, args: plain });
    if (error) throw new Error(error);
    return value?.[ELEMENT] ? new Element(this, value[ELEMENT]) : (value ?? undefined);
  }

  async waitForFunction(work, _options, ...args) {
    const value = await poll(() => this.evaluate(work, ...args));
    return { asElement: () => (value instanceof Element ? value : null) };
  }

  async waitForSelector(selector) {
    const path = /^::-p-xpath\((.*)\)$/.exec(selector)?.[1];
    const query = path ? { using: "xpath", value: path } : { using: "css selector", value: selector };
    const [found] = await poll(async () => {
      const all = await this.session.command("POST", "/elements", query);
      return all.length > 0 && all;
    });
    return new Element(this, found[ELEMENT]);
  }

  $eval = async (selector, work, ...args) => (await this.waitForSelector(selector)).evaluate(work, ...args);
}

class Element {
  constructor(page, id) {
    Object.assign(this, { page, id });
  }

  #command = (name, body = {}) => this.page.session.command("POST", `/element/${this.id}/${name}`, body);
  click = () => this.#command("click");
  type = (text) => this.#command("value", { text });
  evaluate = (work, ...args) => this.page.evaluate(work, this, ...args);
}
