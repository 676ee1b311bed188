// The helper for the hosted page, in Node: the address bar, the history, the storage, the popup and the vault are the test's own.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError, isAuthError } = await import(new URL("index.js", dist));
const { createHostedPage } = await import(new URL("hosted.js", dist));

const APP = "https://app.example.com";
const CALLBACK = `${APP}/callback`;
const CLIENT = "1vault2demo3client4app5id6";
const CONFIG = { domain: "login.example.com", redirectUri: CALLBACK, signOutUri: `${APP}/bye` };
const USER = Object.freeze({ sub: "1" });
const HOUR = 3_600_000;

/** The page: where it is, where it was sent, and what its vault was asked. */
let page;

/** As much of Storage as Object.keys shows. */
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

beforeEach(() => {
  page = { left: [], grants: [], status: "signedOut", answer: async () => USER, signOut: async () => {}, shown: [] };
  stand(`${APP}/orders?id=7#top`);
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_800_000_000_000 });
  globalThis.sessionStorage = new FakeStorage();
  globalThis.history = {
    state: { key: "router" },
    replaceState(state, _, url) {
      page.replaced = { state, url: String(url) };
      stand(url);
    },
  };
  globalThis.addEventListener = (event, listener) => event === "pageshow" && page.shown.push(listener);
  globalThis.close = () => void (page.closed = true);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  for (const name of ["location", "sessionStorage", "history", "addEventListener", "open", "close"]) delete globalThis[name];
});

function stand(url) {
  globalThis.location = Object.assign(new URL(url), { assign: (to) => void page.left.push(new URL(to)) });
}

function make(config = {}) {
  const auth = {
    snapshot: () => ({ status: page.status }),
    ready: async () => auth.snapshot(),
    signOut: () => page.signOut(),
    [Symbol.for("cognito-vault")]: {
      clientId: CLIENT,
      async call(method, [grant]) {
        assert.equal(method, "exchange");
        page.grants.push(grant);
        page.user = await page.answer(grant);
      },
      user: () => page.user,
    },
  };
  return createHostedPage(auth, { ...CONFIG, ...config });
}

/** Begins a sign-in; returns the address that the page left for, as its parameters. */
async function leaveBy(hosted, request) {
  const before = page.left.length;
  hosted.signIn(request).catch((error) => (page.failed = error));
  await until(() => page.left.length > before);
  const url = page.left.at(-1);
  return Object.assign(Object.fromEntries(url.searchParams), { url });
}

const callback = (members) => `${CALLBACK}?${new URLSearchParams(members)}`;
const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);
const codeOf = async (promise) => {
  const error = await failure(promise);
  assert.ok(error instanceof AuthError, String(error));
  return error.code;
};
async function until(come) {
  for (let turn = 0; turn < 100_000; turn++) {
    if (come()) return;
    await new Promise((next) => setImmediate(next));
  }
  assert.fail(`waited in vain for ${come}`);
}

describe("the configuration", () => {
  const refused = (change, field) => assert.throws(() => make(change), (error) => isAuthError(error, "InvalidConfig") && error.message.startsWith(`${field}: `), JSON.stringify(change));

  test("names the option that is wrong", async () => {
    for (const domain of [undefined, "", "http://login.example.com", "ftp://login.example.com", "javascript://login.example.com", "a b", "http://localhost.evil.test"]) refused({ domain }, "domain");
    for (const redirectUri of [undefined, "", "/callback", "http://app.example.com/callback", "myapp://callback"]) refused({ redirectUri }, "redirectUri");
    assert.equal(await codeOf(make({ redirectUri: "https://other.example.com/callback" }).signIn()), "InvalidConfig");
    assert.equal(await codeOf(make({ signOutUri: undefined }).signOut()), "InvalidConfig");
    assert.deepEqual(page.left, []);
  });

  test("takes a domain or an origin, and loopback without TLS", async () => {
    for (const [domain, origin] of [["login.example.com", "https://login.example.com"], ["https://login.example.com/x", "https://login.example.com"], ["http://127.0.0.1:9229", "http://127.0.0.1:9229"], ["http://[::1]:1", "http://[::1]:1"], ["http://localhost", "http://localhost"]]) {
      const { url } = await leaveBy(make({ domain }));
      assert.equal(url.origin, origin);
    }
  });

  test("touches no browser until it is used", () => {
    delete globalThis.location;
    delete globalThis.sessionStorage;
    make();
  });
});

describe("the address that a sign-in leaves for", () => {
  test("has the challenge of RFC 7636, appendix B", async () => {
    const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    mock.method(crypto, "getRandomValues", (bytes) => (bytes.set(Buffer.from(verifier, "base64url")), bytes));
    const { url, state, ...parameters } = await leaveBy(make());
    assert.equal(url.origin + url.pathname, "https://login.example.com/oauth2/authorize");
    assert.deepEqual(parameters, {
      response_type: "code",
      client_id: CLIENT,
      redirect_uri: CALLBACK,
      nonce: verifier,
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    assert.equal(state, `cv${verifier}r`);
  });

  test("has every option, and each random value for itself", async () => {
    const hosted = make({ scopes: ["openid", "email"] });
    const request = { provider: "Google", idpIdentifier: "example.com", prompt: "login", loginHint: "a&b=c@example.com", lang: "pt-BR", resource: "https://api.example.com", appState: "kept here", returnTo: "/x" };
    const { url, state, nonce, code_challenge, ...parameters } = await leaveBy(hosted, request);
    assert.deepEqual(parameters, {
      response_type: "code",
      client_id: CLIENT,
      redirect_uri: CALLBACK,
      code_challenge_method: "S256",
      identity_provider: "Google",
      idp_identifier: "example.com",
      prompt: "login",
      login_hint: "a&b=c@example.com",
      lang: "pt-BR",
      resource: "https://api.example.com",
      scope: "openid email",
    });
    assert.ok(!url.href.includes("kept"));
    const again = await leaveBy(hosted, { scopes: ["openid"] });
    assert.equal(again.scope, "openid");
    const all = [state, nonce, code_challenge, again.state, again.nonce, again.code_challenge];
    assert.equal(new Set(all.map((one) => one.replace(/^cv|r$/g, ""))).size, 6);
    for (const one of all) assert.match(one, /^[\w-]{43,46}$/);
  });

  test("resolves only when the page is shown again as it was", async () => {
    const hosted = make();
    let resolved = false;
    hosted.signIn().then(() => (resolved = true));
    await until(() => page.left.length === 1);
    page.shown[0]({ persisted: false });
    await new Promise((next) => setImmediate(next));
    assert.equal(resolved, false);
    page.shown[0]({ persisted: true });
    await until(() => resolved);
  });
});

describe("returnTo", () => {
  const back = async (returnTo, at) => {
    if (at) stand(at);
    const hosted = make();
    const { state } = await leaveBy(hosted, returnTo === undefined ? {} : { returnTo });
    return (await hosted.finish(callback({ code: "c", state }))).returnTo;
  };

  test("is by default where the user is, and never the callback", async () => {
    assert.equal(await back(undefined), "/orders?id=7#top");
    assert.equal(await back(undefined, callback({ code: "c", state: "cv" })), "/");
  });

  test("is an address of this origin", async () => {
    for (const [given, expected] of [["/a?b#c", "/a?b#c"], ["next", "/next"], [`${APP}/x`, "/x"], [new URL(`${APP}/y`), "/y"], ["?z", "/orders?z"], ["/a//b", "/a//b"], ["/a?to=//evil.test", "/a?to=//evil.test"], ["https:evil.test:80", "/evil.test:80"], ["/\u202e", "/%E2%80%AE"]]) {
      assert.equal(await back(given, `${APP}/orders`), expected);
    }
  });

  test("is refused in every disguise of another one", async () => {
    const tricks = ["//evil.test", "///evil.test", "\\\\evil.test", "/\\evil.test", "\\/evil.test", "/\t/evil.test", "/\n/evil.test", "\t//evil.test", " //evil.test", "/.//evil.test", "/..//evil.test", "/a/../..//evil.test", "/%2e//evil.test", "/%2fevil.test", "/%2Fevil.test", "/%5cevil.test", "/%5Cevil.test"];
    const others = ["https://evil.test", "http://app.example.com/", "https://app.example.com:444/", "https://app.example.com.evil.test/", "https://app.example.com@evil.test/", "javascript:alert(1)", "data:text/html,x", "about:blank", `blob:${APP}/1`, `filesystem:${APP}/x`, "file:///etc/passwd", "https://", "http://["];
    for (const returnTo of [...tricks, ...others]) {
      let code;
      make().signIn({ returnTo }).catch((error) => (code = error.code));
      await until(() => code || page.left.length);
      assert.equal(code, "InvalidParameter", returnTo);
    }
    assert.deepEqual([page.left, Object.keys(sessionStorage)], [[], []]);
  });
});

describe("a sign-in under way", () => {
  test("is kept by its state, beside others, without a token", async () => {
    const hosted = make();
    const first = await leaveBy(hosted, { returnTo: "/one", appState: "1" });
    const second = await leaveBy(hosted, { returnTo: "/two" });
    assert.equal(Object.keys(sessionStorage).length, 2);
    assert.deepEqual(await hosted.finish(callback({ code: "b", state: second.state })), { returnTo: "/two", user: USER });
    assert.deepEqual(await hosted.finish(callback({ code: "a", state: first.state })), { returnTo: "/one", appState: "1", user: USER });
    assert.deepEqual(page.grants.map(({ code, nonce }) => [code, nonce]), [["b", second.nonce], ["a", first.nonce]]);
    for (const { verifier, ...grant } of page.grants) {
      assert.match(verifier, /^[\w-]{43}$/);
      assert.deepEqual({ ...grant, code: 0, nonce: 0 }, { domain: "https://login.example.com", redirectUri: CALLBACK, code: 0, nonce: 0 });
    }
    assert.deepEqual(Object.keys(sessionStorage), []);
  });

  test("is over after an hour, and swept away by the next", async () => {
    sessionStorage.setItem("own", "the app's");
    sessionStorage.setItem("cognito-vault:another:cv1", "null");
    const hosted = make();
    const { state } = await leaveBy(hosted);
    mock.timers.tick(HOUR - 1);
    const late = await leaveBy(hosted);
    mock.timers.tick(1);
    assert.equal(await codeOf(hosted.finish(callback({ code: "c", state }))), "CallbackUnknown");
    await leaveBy(hosted);
    assert.equal(Object.keys(sessionStorage).length, 4);
    assert.equal((await hosted.finish(callback({ code: "c", state: late.state }))).user, USER);
    mock.timers.setTime(1_000);
    assert.equal(await codeOf(hosted.finish(callback({ code: "c", state: page.left.at(-1).searchParams.get("state") }))), "CallbackUnknown");
  });

  test("is refused where sessionStorage takes nothing", async () => {
    for (const broken of [{ get: () => { throw new DOMException("blocked", "SecurityError"); } }, { value: Object.assign(new FakeStorage(), { setItem() { throw new DOMException("full", "QuotaExceededError"); } }) }]) {
      Object.defineProperty(globalThis, "sessionStorage", { configurable: true, ...broken });
      assert.equal(await codeOf(make().signIn()), "InvalidState");
      assert.equal(await codeOf(make().signInSilently()), "InvalidState");
      assert.equal(await codeOf(make().finish(callback({ code: "c", state: `cv${"a".repeat(43)}r` }))), "CallbackUnknown");
    }
    assert.deepEqual(page.left, []);
  });

  test("that was tampered with is none", async () => {
    const hosted = make();
    for (const text of ["", "null", "7", "{", "[]", '{"began":"now"}', '{"began":null}', "{}"]) {
      const { state } = await leaveBy(hosted);
      sessionStorage.setItem(`cognito-vault:${CLIENT}:${state}`, text);
      assert.equal(await codeOf(hosted.finish(callback({ code: "c", state }))), "CallbackUnknown");
    }
    assert.deepEqual(page.grants, []);
  });
});

describe("a callback", () => {
  /** Comes back from the hosted page: the app loads again. */
  async function comeBack(members, more = "") {
    const { state } = await leaveBy(make(), { appState: "mine" });
    stand(callback({ ...members, state }) + more);
    return state;
  }

  test("cleans the address bar before anything is sent, and keeps what is the app's", async () => {
    let at;
    page.answer = async () => ((at = location.href), USER);
    await comeBack({ code: "secret-code", tab: "2" }, "#part");
    const result = make().finish();
    assert.equal(location.href, `${CALLBACK}?tab=2#part`);
    assert.deepEqual(page.replaced.state, { key: "router" });
    assert.deepEqual(await result, { returnTo: "/orders?id=7#top", appState: "mine", user: USER });
    assert.equal(at, `${CALLBACK}?tab=2#part`);
  });

  test("is finished once, however often it is asked: twice in an effect, by its address, after a reload", async () => {
    let release;
    page.answer = () => new Promise((resolve) => (release = () => resolve(USER)));
    const hosted = make();
    const { state } = await leaveBy(hosted);
    const address = callback({ code: "c", state });
    stand(address);
    const asked = [hosted.finish(), hosted.finish(), hosted.finish(address), hosted.finish(new URL(address))];
    await until(() => release);
    assert.equal(await make().finish(), null, "a reload meanwhile");
    release();
    const results = await Promise.all(asked);
    for (const one of results) assert.equal(one, results[0]);
    assert.equal(await hosted.finish(address), results[0]);
    assert.equal(await hosted.finish(), null, "the address is clean and nothing is under way");
    assert.equal(page.grants.length, 1);
    assert.equal(await codeOf(make().finish(address)), "CallbackUnknown");
    assert.equal(page.grants.length, 1);
  });

  test("that fails fails for all who have asked", async () => {
    await comeBack({ error: "access_denied" });
    const hosted = make();
    const errors = await Promise.all([failure(hosted.finish()), failure(hosted.finish())]);
    assert.equal(errors[0], errors[1]);
    assert.equal(location.href, CALLBACK);
  });

  test("of another tab, of another client, of nobody, or a second time is refused, and the address cleaned", async () => {
    const state = await comeBack({ code: "c" });
    const kept = sessionStorage;
    globalThis.sessionStorage = new FakeStorage();
    assert.equal(await codeOf(make().finish()), "CallbackUnknown");
    assert.equal(location.href, CALLBACK);
    globalThis.sessionStorage = kept;
    const wrong = state.slice(0, -2) + (state.at(-2) === "A" ? "B" : "A") + "r";
    assert.equal(await codeOf(make().finish(callback({ code: "c", state: wrong }))), "CallbackUnknown");
    assert.equal((await make().finish(callback({ code: "c", state }))).user, USER);
    assert.equal(await codeOf(make().finish(callback({ code: "c", state }))), "CallbackUnknown");
    assert.equal(page.grants.length, 1);
  });

  test("with an error says which, in whatever order, and what it says is data", async () => {
    const markup = "<img src=x onerror=alert(1)> PreSignUp failed with error no.";
    const cases = [
      [{ error_description: markup, error: "invalid_request" }, "HostedPageRefused", "the hosted page answered: invalid_request"],
      [{ error: "access_denied" }, "HostedPageRefused", "the hosted page answered: access_denied"],
      [{ error: "access_denied", code: "c" }, "HostedPageRefused", "the hosted page answered: access_denied"],
      [{ error: markup }, "HostedPageRefused", "the hosted page answered: no code"],
      [{ error: "a".repeat(65) }, "HostedPageRefused", "the hosted page answered: no code"],
      [{}, "HostedPageRefused", "the hosted page answered: no code"],
      [{ code: "" }, "HostedPageRefused", "the hosted page answered: no code"],
      [{ error: "login_required", error_description: "" }, "LoginRequired", "the hosted page answered: login_required"],
      [{ error: "interaction_required" }, "LoginRequired", "the hosted page answered: interaction_required"],
    ];
    for (const [members, code, message] of cases) {
      stand(`${APP}/orders`);
      await comeBack(members);
      const error = await failure(make().finish());
      assert.deepEqual([error.code, error.message], [code, message]);
      assert.deepEqual(error.cause, { returnTo: "/orders", appState: "mine", error: members.error ?? "", description: members.error_description ?? "" });
      assert.equal(location.href, CALLBACK);
    }
    assert.deepEqual(page.grants, []);
  });

  test("whose code is refused says so, with where the user was, and can be begun again", async () => {
    for (const [code, more] of [["NotAuthorized", { status: 400, requestId: "r" }], ["InvalidToken", {}], ["Network", { retryable: true }], ["Aborted", {}]]) {
      await comeBack({ code: "c" });
      page.answer = async () => Promise.reject(new AuthError(code, "as the vault says", more));
      const error = await failure(make().finish());
      const { retryable, status, requestId } = error;
      assert.deepEqual([error.code, error.message, retryable, status, requestId], [code, "as the vault says", more.retryable ?? false, more.status, more.requestId]);
      assert.equal(error.cause.appState, "mine");
      assert.deepEqual(Object.keys(sessionStorage), []);
    }
    page.answer = async () => USER;
    await comeBack({ code: "c" });
    assert.equal((await make().finish()).user, USER);
  });

  test("with tokens in the fragment is refused and cleared", async () => {
    for (const fragment of ["#id_token=t&access_token=t&state=s", "#access_token=t", "#state=s&id_token=t"]) {
      stand(CALLBACK + fragment);
      const hosted = make();
      const asked = [failure(hosted.finish()), failure(hosted.finish())];
      for (const error of await Promise.all(asked)) assert.ok(isAuthError(error, "HostedPageRefused") && !error.message.includes("t&"));
      assert.equal(location.href, CALLBACK);
      await comeBack({ code: "c" }, fragment);
      assert.equal(await codeOf(make().finish()), "HostedPageRefused");
      assert.equal(location.href, CALLBACK);
    }
    assert.deepEqual(page.grants, []);
  });

  test("of something else is left alone", async () => {
    const { state } = await leaveBy(make());
    const foreign = [
      `${CALLBACK}?code=c&state=other`,
      `${CALLBACK}?code=c`,
      `${CALLBACK}?error=access_denied&state=other`,
      `${CALLBACK}?state=${state}x&code=c`,
      `${CALLBACK}?state=x${state}&code=c`,
      `${CALLBACK}?State=${state}&code=c`,
      `${CALLBACK}#code=c&state=${state}`,
      `${CALLBACK}/?code=c&state=${state}`,
      `${APP}/other?code=c&state=${state}`,
      `${APP}/Callback?code=c&state=${state}`,
      `https://evil.test/callback?code=c&state=${state}`,
      `http://app.example.com/callback?code=c&state=${state}`,
      `blob:${CALLBACK}?code=c&state=${state}`,
      `${APP}/orders#access_token=t`,
    ];
    for (const address of foreign) {
      if (address.startsWith(APP)) stand(address);
      assert.equal(await make().finish(address), null, address);
      if (address.startsWith(APP)) assert.equal(location.href, new URL(address).href);
    }
    for (const address of ["http://", "http://[", "//"]) assert.equal(await make().finish(address), null, address);
    assert.equal(page.replaced, undefined);
    assert.equal((await make().finish(callback({ code: "c", state }))).user, USER);
  });

  test("of any form never sends a code that was not asked for, and never fails without a code", async () => {
    let seed = 7;
    const chance = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const own = `cv${"a".repeat(43)}`;
    const names = ["code", "state", "error", "error_description", "", "__proto__", "%", "access_token", "CODE"];
    const values = [`${own}r`, `${own}p`, `${own}x`, "", "+", "%", "%00", "%E0%A4", "a".repeat(3000), "<b>", "__proto__", "cv", "&&", "=", "\u0000", "\ud800"];
    for (let round = 0; round < 3000; round++) {
      const pairs = Array.from({ length: chance(6) }, () => `${names[chance(names.length)]}${["=", "", "=="][chance(3)]}${values[chance(values.length)]}`);
      const address = `${["", APP, "//app.example.com"][chance(3)]}${["/callback", "/callback/", "/CALLBACK", "/", "/%63allback"][chance(5)]}${["?", "#", "?#", "??"][chance(4)]}${pairs.join(["&", ";", "&&"][chance(3)])}`;
      const hosted = make();
      const asked = hosted.finish(address).then((result) => assert.equal(result, null), (error) => assert.ok(isAuthError(error, "CallbackUnknown") || isAuthError(error, "HostedPageRefused"), `${address}: ${error}`));
      await new Promise((next) => queueMicrotask(next));
      mock.timers.tick(3_000);
      await asked;
    }
    assert.deepEqual(page.grants, []);
  });
});

describe("a popup", () => {
  let popup;
  beforeEach(() => {
    globalThis.open = (...args) => (popup = { args, location: { replace: (url) => (popup.at = new URL(url)) }, close: () => (popup.closed = true) });
  });
  const opened = async (hosted, request) => {
    const result = hosted.signInByPopup(request);
    result.catch(() => undefined);
    await until(() => popup?.at);
    return { result, state: popup.at.searchParams.get("state") };
  };

  test("comes back to its own address, which hands it to its opener and closes", async () => {
    const { result, state } = await opened(make(), { returnTo: "/x", appState: "mine" });
    assert.match(popup.args[2], /^popup/);
    const inside = make().finish(callback({ code: "c", state }));
    assert.deepEqual(await result, { returnTo: "/x", appState: "mine", user: USER });
    assert.equal(popup.closed, true);
    await until(() => page.closed);
    mock.timers.tick(3_000);
    assert.equal(await inside, null);
    assert.equal(page.grants.length, 1);
    assert.deepEqual(page.left, []);
  });

  test("whose sign-in is refused rejects in its opener", async () => {
    const { result, state } = await opened(make());
    const inside = make().finish(callback({ error: "access_denied", state }));
    assert.equal(await codeOf(result), "HostedPageRefused");
    await until(() => page.closed);
    mock.timers.tick(3_000);
    assert.equal(await inside, null);
  });

  test("without an opener that waits is an error in itself, not an empty page", async () => {
    const stray = make().finish(callback({ code: "c", state: `cv${"a".repeat(43)}p` }));
    mock.timers.tick(3_000);
    assert.equal(await codeOf(stray), "CallbackUnknown");
    assert.equal(page.closed, undefined);
  });

  test("is given up by a signal and in time, and closed", async () => {
    const give = new AbortController();
    const { result, state } = await opened(make(), { signal: give.signal });
    const why = new Error("enough");
    give.abort(why);
    const error = await failure(result);
    assert.deepEqual([error.code, error.cause, popup.closed], ["Aborted", why, true]);
    const late = make().finish(callback({ code: "c", state }));
    mock.timers.tick(3_000);
    assert.equal(await codeOf(late), "CallbackUnknown");

    popup = undefined;
    const slow = await opened(make(), { timeout: 5_000 });
    mock.timers.tick(4_999);
    assert.equal(popup.closed, undefined);
    mock.timers.tick(1);
    assert.equal(await codeOf(slow.result), "Timeout");
    assert.equal(popup.closed, true);
    popup = undefined;
    assert.equal(await codeOf(make().signInByPopup({ signal: AbortSignal.abort() })), "Aborted");
    assert.deepEqual([popup.at, popup.closed], [undefined, true]);
  });

  test("that looks closed, as one that is cut off from its opener does, is waited for", async () => {
    const { result, state } = await opened(make());
    popup.closed = true;
    mock.timers.tick(60_000);
    const inside = make().finish(callback({ code: "c", state }));
    assert.equal((await result).user, USER);
    await until(() => page.closed);
    mock.timers.tick(3_000);
    assert.equal(await inside, null);
  });

  test("that the browser does not open, or that cannot begin, is an error at once", async () => {
    assert.equal(await codeOf(make().signInByPopup({ returnTo: "//evil.test" })), "InvalidParameter");
    assert.equal(popup.closed, true);
    globalThis.open = () => null;
    assert.equal(await codeOf(make().signInByPopup()), "InvalidState");
  });
});

describe("a silent sign-in", () => {
  test("leaves once in the life of a tab, and only where nobody is signed in", async () => {
    for (const status of ["signedIn", "stale"]) {
      page.status = status;
      assert.equal(await make().signInSilently(), false);
    }
    page.status = "signedOut";
    stand(callback({ code: "c", state: `cv${"a".repeat(43)}r` }));
    let stayed;
    make().signInSilently().then((left) => (stayed = left));
    await until(() => stayed === false || page.left.length);
    assert.equal(stayed, false, "a callback comes first");
    stand(`${APP}/orders`);
    void make().signInSilently({ returnTo: "/x" });
    await until(() => page.left.length === 1);
    const { prompt, state } = Object.fromEntries(page.left[0].searchParams);
    assert.equal(prompt, "none");
    stand(callback({ error: "login_required", state }));
    const error = await failure(make().finish());
    assert.deepEqual([error.code, error.cause.returnTo], ["LoginRequired", "/x"]);
    stand(`${APP}/x`);
    mock.timers.tick(10 * HOUR);
    assert.equal(await make().signInSilently(), false);
    assert.equal(page.left.length, 1);
  });
});

describe("a sign-out", () => {
  test("ends the session here first, then leaves for the hosted page", async () => {
    const order = [];
    page.signOut = async () => void order.push(page.left.length);
    void make().signOut();
    await until(() => page.left.length === 1);
    assert.deepEqual(order, [0]);
    assert.equal(page.left[0].href, `https://login.example.com/logout?client_id=${CLIENT}&logout_uri=${encodeURIComponent(CONFIG.signOutUri)}`);
  });

  test("leaves even where the tokens could not be revoked", async () => {
    page.signOut = async () => Promise.reject(new AuthError("Network", "offline"));
    assert.equal(await codeOf(make().signOut()), "Network");
    assert.equal(page.left.length, 1);
  });
});
