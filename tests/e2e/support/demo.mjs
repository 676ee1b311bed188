// The built demo as a person uses it: by labels, button texts and what can be read.

import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { after, afterEach, before, beforeEach } from "node:test";
import { serve } from "../../../scripts/serve.mjs";
import { newPage, startBrowser } from "./browser.mjs";
import { startPool } from "./pool.mjs";
import { at, demo, need } from "./project.mjs";

export const ADA = { username: "ada", password: "Lovelace-1815" };
/** Every flow of a sign-in, for the pool's client. */
export const FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
export const GRACE = { username: "grace", password: "Hopper-1906-tmp" };

let copies = 0;

/**
 * Starts the demo's pool, its server and a browser for a test file; each test has fresh pages and the pool as it began.
 * `headers` of the server's answers, by path and pool; `settings` of the pool; `change` gets a copy of the built demo's folder, which is then served.
 */
export function stageDemo({ headers, change, settings } = {}) {
  const opened = [];
  const heard = new Set();
  const on = {
    /** @type {import("./pool.mjs").Pool} */ pool: undefined,
    url: undefined,
    /** That the tests so far have asked the pool for all of these: operations, flows, challenges and choices. */
    asked(...names) {
      assert.deepEqual(names.filter((name) => !heard.has(name)), [], `heard: ${[...heard].sort().join(" ")}`);
    },
    /** `origin` where it is another name of the same server. */
    async open(path = "/", origin = on.url) {
      const one = await newPage(on.browser);
      opened.push(one);
      await one.page.goto(origin + path);
      return new Demo(one.page);
    },
  };
  const copy = at(`target/e2e/demo-${process.pid}-${++copies}`);
  let server;
  before(async () => {
    need(`${demo}/index.html`, "make demo, or node scripts/build.mjs demo");
    if (change) {
      cpSync(demo, copy, { recursive: true });
      await change(copy);
    }
    const config = {};
    server = await serve({ root: change ? copy : demo, config, headers: headers && ((path) => headers(path, on.pool)) });
    on.url = server.url;
    const client = { callbackUrls: [`${on.url}/callback`], logoutUrls: [`${on.url}/`] };
    on.pool = await startPool({ demo: true, settings: { ...settings, hosted: { clients: { "1vault2demo3client4app5id6": client } } } });
    const { userPoolId, clientId, url, issuer, identityPoolId } = on.pool;
    Object.assign(config, { userPoolId, clientId, endpoint: url, issuer, identityPoolId, apiOrigin: url, mailbox: true, hostedDomain: url });
    on.browser = await startBrowser();
  });
  beforeEach(() => on.pool.reset());
  afterEach(async () => {
    for (const { operation, body } of await on.pool.requests()) {
      const { AuthFlow, AuthParameters = {}, Session, ChallengeName, ChallengeResponses = {} } = body ?? {};
      const first = AuthParameters.CHALLENGE_NAME ?? AuthParameters.PREFERRED_CHALLENGE ?? (Session && "Session");
      for (const name of [operation, AuthFlow, `${AuthFlow} ${first}`, ChallengeName, ChallengeResponses.ANSWER]) heard.add(name);
    }
    for (const one of opened.splice(0)) await one.close();
  });
  after(async () => {
    await on.browser?.close();
    await server?.close();
    await on.pool?.close();
    rmSync(copy, { recursive: true, force: true });
  });
  return on;
}

export class Demo {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** The input of a label. */
  async field(label) {
    const found = await this.page.waitForFunction(
      (label) => [...document.querySelectorAll("label")].find((one) => one.textContent.trim() === label)?.control,
      {},
      label,
    );
    return found.asElement();
  }

  /** Types into the inputs of these labels, over what stands there. */
  async fill(entries) {
    for (const [label, text] of Object.entries(entries)) {
      const field = await this.field(label);
      await field.evaluate((input) => input.select());
      await field.type(text);
    }
  }

  /** Chooses by what can be read there. */
  choose = async (label, text) => {
    const field = await this.field(label);
    await field.select(await field.evaluate((select, text) => [...select.options].find((option) => option.text === text)?.value ?? "", text));
  };

  /** Enters a code and hands it over. */
  async code(code, submit = "Continue") {
    await this.fill({ Code: code });
    await this.press(submit);
  }

  button = (text) => this.page.waitForSelector(`::-p-xpath(//button[normalize-space()=${JSON.stringify(text)}])`, { visible: true });
  press = async (text) => (await this.button(text)).click();
  follow = async (text) => (await this.page.waitForSelector(`::-p-xpath(//a[normalize-space()=${JSON.stringify(text)}])`)).click();

  /** Waits until this can be read on the page. */
  reads = (text) => this.page.waitForFunction((text) => document.body.innerText.replaceAll("\u2019", "'").includes(text), {}, text);
  /** Waits for the page of this heading. */
  heading = (text) => this.page.waitForFunction((text) => document.querySelector("h1")?.innerText === text, {}, text);
  /** Waits for this state in the header. */
  status = (text) => this.page.waitForFunction((text) => document.querySelector("[data-testid=status]")?.textContent === text, {}, text);
  /** Waits for a failure that says this. */
  fails = (text) =>
    this.page.waitForFunction((text) => [...document.querySelectorAll("[role=alert]")].some((one) => one.textContent.includes(text)), {}, text);
  text = () => this.page.evaluate(() => document.body.innerText);

  async signIn({ username, password }, title = "Sign in") {
    await this.heading(title);
    await this.fill({ "User name": username, Password: password });
    await this.press("Sign in");
  }
}

/** A code that is not this one. */
export const not = (code) => (code === "000000" ? "000001" : "000000");
