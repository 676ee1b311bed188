// The names of amazon-cognito-identity-js in a browser: what a reload keeps, what that library has left and finds again, and many who refresh at once.

import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { build } from "esbuild";
import { serve } from "../../scripts/serve.mjs";
import { LIBRARIES, memory, peer, settled } from "../peers/cognito-identity.mjs";
import { kind, newPage, startBrowser } from "./support/browser.mjs";
import { unpack } from "./support/fixture.mjs";
import { startPool } from "./support/pool.mjs";
import { at } from "./support/project.mjs";
import { PASSWORD, until } from "./support/stage.mjs";

const folder = at(`target/e2e/compat-${process.pid}`);
const THEIRS = LIBRARIES["amazon-cognito-identity-js"];

describe(`amazon-cognito-identity-js's names, in ${kind}`, () => {
  const opened = [];
  let pool;
  let server;
  let browser;
  before(async () => {
    const site = join(folder, "site");
    cpSync(join(unpack(folder), "dist/cognito_vault.wasm"), join(site, "cognito_vault.wasm"));
    cpSync(at("tests/e2e/compat/index.html"), join(site, "index.html"));
    const common = { bundle: true, format: "esm", target: "es2022", nodePaths: [join(folder, "node_modules")], logLevel: "warning" };
    await build({ ...common, entryPoints: [at("tests/e2e/compat/main.js")], outdir: site });
    server = await serve({ root: site });
    pool = await startPool();
    browser = await startBrowser();
  });
  beforeEach(async () => {
    await pool.reset();
    await pool.addUser("joan", PASSWORD);
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  after(async () => {
    await browser?.close();
    await pool?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = () => ({ userPoolId: pool.userPoolId, clientId: pool.clientId, url: pool.url, issuer: pool.issuer });
  async function load(page) {
    await page.goto(server.url);
    await page.waitForSelector("html[data-ready=yes]");
    await page.evaluate((settings) => window.open(settings), settings());
    return page;
  }
  async function blank() {
    const one = await newPage(browser);
    opened.push(one);
    return load(one.page);
  }
  const signIn = (page, password = PASSWORD) => page.evaluate(async (password) => (({ value, ...error }) => (value ? "in" : error))(await window.signIn("joan", password)), password);
  /** The access token of the session that is there, as an app asks for it, or why there is none. */
  const token = (page) =>
    page.evaluate(async () => {
      const { value, code, message } = await window.settled((done) => window.pool.getCurrentUser()?.getSession(done) ?? done(null, undefined));
      return value?.getAccessToken().getJwtToken() ?? { code, message };
    });
  const api = async (bearer) => (await fetch(`${pool.url}/api/me`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  const kept = (page) => page.evaluate(() => ({ ...localStorage }));

  test("a session is there after a reload, and its token is good", async () => {
    const page = await blank();
    assert.deepEqual(await signIn(page, "Wrong-Horse-1"), { code: "NotAuthorizedException", message: "Incorrect username or password." });
    assert.equal(await signIn(page), "in");
    await load(page);
    assert.equal(await api(await token(page)), 200);
    assert.equal(await page.evaluate(() => window.pool.getCurrentUser().getUsername()), "joan");
  });

  test("a session that the library has left is taken up, renewed, and found by it again", async () => {
    const storage = memory();
    await peer(pool, THEIRS, storage).signIn("joan", PASSWORD);
    const page = await blank();
    const prefix = `CognitoIdentityServiceProvider.${pool.clientId}`;
    const names = [`${prefix}.LastAuthUser`, ...["idToken", "accessToken", "refreshToken", "clockDrift"].map((name) => `${prefix}.joan.${name}`)];
    const left = Object.fromEntries(names.map((name) => [name, storage.getItem(name)]));
    await page.evaluate((left) => Object.assign(localStorage, left), left);

    const old = await token(page);
    assert.equal(old, left[`${prefix}.joan.accessToken`]);
    await pool.advance(7200);
    const renewed = await page.evaluate(async () => {
      const user = window.pool.getCurrentUser();
      const { value } = await window.settled((done) => user.getSession(done));
      return window.settled((done) => user.refreshSession(value.getRefreshToken(), done)).then(({ value }) => value.getAccessToken().getJwtToken());
    });
    assert.notEqual(renewed, old);
    assert.equal(await api(renewed), 200);

    for (const [name, value] of Object.entries(await kept(page))) storage.setItem(name, value);
    const found = await settled((done) => peer(pool, THEIRS, storage).current().getSession(done));
    assert.equal(found.getAccessToken().getJwtToken(), renewed);
  });

  test("many who ask at once, in two tabs, refresh once, with tokens that rotate", async () => {
    await pool.settings({ rotation: { enabled: true, graceSeconds: 0 }, accessTokenSeconds: 300, idTokenSeconds: 300 });
    const page = await blank();
    assert.equal(await signIn(page), "in");
    const tab = await load(await page.browserContext().newPage());
    const old = await token(tab);
    await pool.advance(600);
    const prefix = `CognitoIdentityServiceProvider.${pool.clientId}.joan`;
    await page.evaluate((key) => localStorage.setItem(key, "-600"), `${prefix}.clockDrift`);
    const ask = (page) => page.evaluate(() => Promise.all([1, 2, 3].map(() => window.settled((done) => window.pool.getCurrentUser().getSession(done)).then(({ value }) => value?.getAccessToken().getJwtToken()))));
    const tokens = new Set((await Promise.all([ask(page), ask(tab)])).flat());
    assert.equal(tokens.size, 1);
    assert.ok(!tokens.has(old));
    assert.equal(await pool.count("GetTokensFromRefreshToken"), 1);
    assert.equal(await api([...tokens][0]), 200);
  });

  test("a sign-out forgets at once, and revokes; the device stays", async () => {
    await pool.settings({ devices: { tracking: "always" } });
    const page = await blank();
    assert.equal(await signIn(page), "in");
    await load(page);
    const left = await page.evaluate(() => {
      window.pool.getCurrentUser().signOut();
      return Object.keys(localStorage).map((name) => name.split(".").at(-1)).sort();
    });
    assert.deepEqual(left, ["deviceGroupKey", "deviceKey", "randomPasswordKey"]);
    await until(async () => (await pool.count("RevokeToken")) === 1);
    assert.equal(await page.evaluate(() => window.pool.getCurrentUser()), null);
  });

  test("a service that cannot be reached is a NetworkError, and the session stays", async () => {
    const page = await blank();
    assert.equal(await signIn(page), "in");
    await pool.fault("GetUser", "dropBefore");
    const { code, message } = await page.evaluate(async () => {
      const user = window.pool.getCurrentUser();
      await window.settled((done) => user.getSession(done));
      return window.settled((done) => user.getUserAttributes(done));
    });
    assert.deepEqual([code, message], ["NetworkError", "Network error"]);
    assert.equal(await api(await token(page)), 200);
  });

  test("a session in cookies is there after a reload", async () => {
    const page = await blank();
    const use = () => page.evaluate((settings) => window.open(settings, new window.compat.CookieStorage({ secure: false, expires: 1, sameSite: "lax" })), settings());
    await use();
    assert.equal(await signIn(page), "in");
    await load(page);
    await use();
    assert.equal(await api(await token(page)), 200);
    await page.evaluate(() => window.pool.getCurrentUser().signOut());
    assert.equal(await page.evaluate(() => document.cookie), "");
    const wrong = (data) => page.evaluate((data) => { try { new window.compat.CookieStorage(data); } catch (error) { return error.message; } }, data);
    assert.match(await wrong({ sameSite: "some" }), /must be "lax", "strict" or "none"/);
    assert.match(await wrong({ sameSite: "none", secure: false }), /requires the Secure attribute/);
  });
});
