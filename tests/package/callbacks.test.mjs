// Callback addresses of any form, made of real ones by a seeded chance: each ends in null or in an AuthError, and spends no code twice.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError } = await import(new URL("index.js", dist));
const { createHostedPage } = await import(new URL("hosted.js", dist));

const APP = "https://app.example.com";
const CALLBACK = `${APP}/callback`;
const CLIENT = "1vault2demo3client4app5id6";
const ROUNDS = 4_000;
const CODES = ["CallbackUnknown", "HostedPageRefused", "LoginRequired"];

/** What an address is made of: what the hosted page sends, what others try, and what parsers trip over. */
const WORDS = [
  ..."?&=#%/\\:@.;+ \0\t\n\u2028é😀".split(""), "%00", "%2f%2f", "%5c", "%zz", "%ff", "//evil.example.com", "javascript:", "../", "[::1]", "\ud800",
  "code=", "state=", "error=", "error_description=", "access_denied", "login_required", "interaction_required", "<script>", "&amp;", "access_token=", "#id_token=",
  "code=a&code=b", "&state=", "__proto__", "constructor", "cv", "r", "p", "x".repeat(2_000),
];

/** Mulberry32: the same numbers of the same seed. */
function chance(seed) {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

class FakeStorage {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }
  setItem(name, value) {
    this[name] = String(value);
  }
  removeItem(name) {
    delete this[name];
  }
}

let left;
let grants;

beforeEach(() => {
  [left, grants] = [[], []];
  stand(`${APP}/orders`);
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_800_000_000_000 });
  globalThis.sessionStorage = new FakeStorage();
  globalThis.history = { state: null, replaceState: (_state, _, url) => stand(url) };
  globalThis.addEventListener = () => {};
});
afterEach(() => {
  mock.timers.reset();
  for (const name of ["location", "sessionStorage", "history", "addEventListener"]) delete globalThis[name];
});

const stand = (url) => (globalThis.location = Object.assign(new URL(url), { assign: (to) => void left.push(new URL(to)) }));

function make() {
  const call = async (_, [grant]) => void grants.push(grant);
  const auth = { snapshot: () => ({ status: "signedOut" }), [Symbol.for("cognito-vault")]: { clientId: CLIENT, call, user: () => ({ sub: "1" }) } };
  return createHostedPage(auth, { domain: "login.example.com", redirectUri: CALLBACK });
}

async function begin(hosted) {
  const before = left.length;
  void hosted.signIn({ returnTo: "/orders?id=7", appState: "cart" });
  while (left.length === before) await new Promise((next) => setImmediate(next));
  return left.at(-1).searchParams.get("state");
}

/** A redirect's callback, not a popup's, changed at up to three places. */
function changed(url, pick) {
  for (let change = pick(4); change > 0; change--) {
    const at = pick(url.length + 1);
    const taken = pick(3) ? 0 : pick(12);
    url = url.slice(0, at) + WORDS[pick(WORDS.length)] + url.slice(at + taken);
  }
  return url;
}

describe("a callback address", () => {
  for (const seed of [1, 2]) {
    test(`of any form ends in null or an AuthError, with its code spent once (seed ${seed})`, async () => {
      const pick = chance(seed);
      const met = { null: 0, user: 0 };
      let hosted = make();
      let state = await begin(hosted);
      const states = new Set([state]);
      for (let round = 0; round < ROUNDS; round++) {
        const one = [...states][pick(states.size)];
        const forms = [`code=c${round}&state=${state}`, `error=access_denied&error_description=No+way&state=${state}`, `state=${state}`, `code=c${round}`];
        forms.push(`error=login_required&state=${state}`, `code=c${round}&state=${one}`);
        const url = changed(`${CALLBACK}?${forms[pick(forms.length)]}`, pick);
        if (/state=cv[\w-]{43}p/.test(decodeURIComponentOr(url))) continue;
        const spent = grants.length;
        stand(pick(2) && URL.canParse(url) && new URL(url).origin === APP ? url : `${APP}/orders`);
        const outcome = await hosted.finish(url).then(
          (result) => ({ result }),
          (error) => ({ error }),
        );
        const said = JSON.stringify(url.slice(0, 300));
        if (outcome.error) {
          assert.ok(outcome.error instanceof AuthError && CODES.includes(outcome.error.code), `${said}: ${outcome.error.stack}`);
          met[outcome.error.code] = (met[outcome.error.code] ?? 0) + 1;
        } else if (outcome.result) {
          assert.deepEqual(outcome.result, { returnTo: "/orders?id=7", appState: "cart", user: { sub: "1" } }, said);
          met.user++;
        } else {
          met.null++;
        }
        assert.equal(grants.length - spent, outcome.result ? 1 : 0, said);
        const { origin, pathname, searchParams } = location;
        assert.ok(origin === APP, said);
        if (outcome.result || outcome.error) assert.ok(pathname !== "/callback" || !searchParams.has("code"), `${said} stays in the address bar`);
        if (Object.keys(sessionStorage).length === 0) {
          stand(`${APP}/orders`);
          hosted = make();
          state = await begin(hosted);
          states.add(state);
        }
      }
      assert.ok(grants.length <= states.size && grants.every(({ redirectUri, domain }) => redirectUri === CALLBACK && domain === "https://login.example.com"));
      for (const code of ["null", "user", ...CODES]) assert.ok(met[code] > 20, `${code}: ${JSON.stringify(met)}`);
    });
  }
});

/** A popup's callback waits for its opener, who is not here. */
function decodeURIComponentOr(url) {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
