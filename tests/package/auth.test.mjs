// The page's half and the vault's half of the built package, joined by a port in Node; a core of our own stands in for the wasm.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { named } from "./texts.mjs";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError, createAuth, isAuthError } = await import(new URL("index.js", dist));
const { openVault, serve } = await import(new URL("worker.js", dist));

const POOL = { userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6" };
const API = "https://api.example.com";
const USER = JSON.stringify({ sub: "1", email: "ada@example.com", "cognito:groups": ["a"] });

/** What the tests hold of the vault's side: the core that answers, and what it was asked. */
let vault;
let auths;

beforeEach(() => {
  vault = { calls: [], workers: [], configs: [], prepared: 0, freed: 0, core: {}, load: undefined };
  auths = [];
  globalThis.location = new URL("https://app.example.com/home");
  globalThis.Worker = FakeWorker;
});
afterEach(() => {
  for (const auth of auths) auth.close();
  delete globalThis.location;
  delete globalThis.Worker;
  mock.restoreAll();
});

/** A worker as the page sees it: its messages are served by the package's own worker code. */
class FakeWorker {
  constructor(url, options) {
    const { port1, port2 } = new MessageChannel();
    vault.workers.push({ url: String(url), options, port: port1 });
    serve(port2, vault.load ?? load);
    port1.terminate = () => port1.close();
    return port1;
  }
}

async function load(config, _wasmUrl, tell, crash, ask) {
  vault.configs.push(config);
  Object.assign(vault, { tell, crash, ask });
  const spied = (name) => (...args) => {
    vault.calls.push({ name, args });
    return vault.core[name]?.(...args);
  };
  return {
    /** The core's methods, each as a call of its own: the argument, the signal, the passwords. */
    call: async (name, texts, ...rest) => {
      const [method, argument] = named(name, texts);
      return spied(method)(argument, ...rest);
    },
    ...Object.fromEntries(["fetch", "around"].map((name) => [name, spied(name)])),
    now: () => Date.now(),
    nudge: (method) => void (method === "prepare" ? vault.prepared++ : spied(method)()),
    free: () => void vault.freed++,
  };
}

function make(more = {}) {
  const events = [];
  const auth = createAuth({ ...POOL, api: { origins: [API] }, onEvent: (event) => events.push(event), ...more });
  auths.push(auth);
  return Object.assign({ events }, auth);
}

const codeOf = (promise) => promise.then(() => "no error", (error) => error.code);
const aborted = (signal) => new Promise((resolve) => signal.addEventListener("abort", resolve));
/** A core that signs in, as the real one does: it tells first and answers then. */
const signsIn = async () => {
  vault.tell("signedIn", USER, "signedIn", undefined);
  return { name: "signedIn" };
};
const failure = (members) => Object.assign(new Error("refused"), members);

describe("the configuration", () => {
  const refused = (change, field) =>
    assert.throws(
      () => createAuth(typeof change === "object" ? { ...POOL, ...change } : change),
      (error) => isAuthError(error, "InvalidConfig") && error instanceof AuthError && error.message.startsWith(`${field}: `),
      `${field} ${JSON.stringify(change)}`,
    );

  test("names the field that is wrong", () => {
    refused(undefined, "config");
    for (const userPoolId of [undefined, "", 7, "eu-west-1", "eu-west-1_", "eu-west-1_a-b", "eu west_1", `eu-west-1_${"a".repeat(46)}`, "eu-west-1_a\n"]) refused({ userPoolId }, "userPoolId");
    for (const clientId of [undefined, "", 7, "a b", "a/b", "a".repeat(129)]) refused({ clientId }, "clientId");
    for (const address of ["", "pool", "/pool", "http://pool.example.com", "ftp://pool.example.com", "https://u:p@pool.example.com", "https://pool.example.com/?a", "https://pool.example.com/#a", " https://pool.example.com", 7]) {
      refused({ endpoint: address }, "endpoint");
      refused({ issuer: address }, "issuer");
      refused({ issuer: ["https://good.example.com", address] }, "issuer");
    }
    refused({ issuer: [] }, "issuer");
    for (const [field, values] of Object.entries({
      ...{ fips: [1, "true"], dualStack: [null], identityPoolId: ["", "eu-west-1", "eu-west-1:x", 7], identityLogin: [7], appName: [null, 7] },
      ...{ wafToken: ["token", null], contextData: [{}], identityEndpoint: ["http://pool.example.com", ["https://pool.example.com"], 7] },
    })) for (const value of values) refused({ [field]: value }, field);
    refused({ endpoint: "https://pool.example.com", fips: true }, "endpoint");
    refused({ endpoint: ["https://pool.example.com"] }, "endpoint");
    for (const engine of ["steam", null, ""]) refused({ engine }, "engine");
    for (const storage of ["cookie", null, "", 7, {}, { load() {}, save() {} }, { load: 1, save: 2, clear: 3 }]) refused({ storage }, "storage");
    const own = { async load() {}, async save() {}, async clear() {} };
    for (const storage of ["session", "local", own]) refused({ storage, engine: "shared" }, "engine");
    for (const session of [null, 7, "1h"]) refused({ session }, "session");
    for (const millis of [0, -1, 1.5, NaN, Infinity, "1000", null]) {
      refused({ session: { idleTimeout: millis } }, "session.idleTimeout");
      refused({ session: { maxAge: millis } }, "session.maxAge");
    }
    refused({ session: { idle: 1 } }, "session.idle");
    for (const trustedTypesPolicy of ["", "a b", 7, null, "'allow-duplicates'"]) refused({ trustedTypesPolicy }, "trustedTypesPolicy");
    refused({ onEvent: "log" }, "onEvent");
    for (const tokens of ["open", null, true, ""]) refused({ tokens }, "tokens");
    for (const clientMetadata of [7, null, { a: 1 }, "a"]) refused({ clientMetadata }, "clientMetadata");
    for (const url of ["http://", "blob:https://app.example.com/1", "data:text/javascript,1", 7, null]) {
      refused({ workerUrl: url }, "workerUrl");
      refused({ wasmUrl: url }, "wasmUrl");
    }
    for (const api of [null, "https://api.example.com"]) refused({ api }, "api");
    refused({ api: { origins: [API], token: "refresh" } }, "api.token");
    refused({ api: {} }, "api.origins");
    refused({ api: { origins: API } }, "api.origins");
    for (const origin of ["https://api.example.com/", "https://api.example.com/v1", "https://API.example.com", "https://api.example.com:443", "http://api.example.com", "https://*.example.com", "http://localhost.evil.test", "http://127.0.0.1.evil.test", "null", "*", "", 7]) {
      refused({ api: { origins: [API, origin] } }, "api.origins");
    }
  });

  test("refuses names that it does not know", () => {
    refused({ token: "exposed" }, "token");
    refused({ api: { origins: [API], origin: API } }, "api.origin");
  });

  test("takes loopback addresses without TLS", async () => {
    const origins = ["http://localhost:3000", "http://127.0.0.1:9229", "http://[::1]:1"];
    await make({ endpoint: "http://127.0.0.1:9229", issuer: "http://127.0.0.1:9229/eu-west-1_DemoPool1", api: { origins } }).ready();
    assert.deepEqual(vault.configs[0].apiOrigins, origins);
    assert.deepEqual(vault.configs[0].issuers, ["http://127.0.0.1:9229/eu-west-1_DemoPool1"]);
  });

  test("reaches the core as it was, whatever becomes of the caller's objects", async () => {
    const config = { ...POOL, issuer: ["https://a.example.com"], api: { origins: [API], token: "id" }, clientMetadata: { a: "1" } };
    const auth = make(config);
    config.api.origins.push("https://evil.test");
    config.issuer.push("https://evil.test");
    config.clientMetadata.a = "2";
    config.api.token = "access";
    await auth.ready();
    assert.deepEqual(vault.configs, [
      { ...POOL, issuers: ["https://a.example.com"], apiOrigins: [API], apiToken: "id", tokens: "sealed", clientMetadata: { a: "1" }, storage: "memory" },
    ]);
    assert.equal(await codeOf(auth.fetch("https://evil.test/")), "OriginNotAllowed");
    assert.ok(Object.isFrozen(auths[0]));
  });

  test("names the worker's file, made absolute", async () => {
    await make().ready();
    await make({ workerUrl: "/vault/worker.js" }).ready();
    const [beside, named] = vault.workers;
    assert.equal(beside.url, new URL("worker.js", dist).href);
    assert.equal(named.url, "https://app.example.com/vault/worker.js");
    for (const { options } of vault.workers) {
      assert.equal(options.type, "module");
      assert.match(options.name, /^cognito-vault:0\.1\.0:\[\{.*"1vault2demo3client4app5id6".*\]$/);
    }
  });
});

describe("the state", () => {
  test("begins as loading and is signed out when the vault is ready", async () => {
    const auth = make();
    assert.equal(auth.snapshot().status, "loading");
    assert.deepEqual(await auth.ready(), { status: "signedOut" });
  });

  test("keeps its identity until what it shows changes", async () => {
    const auth = make();
    await auth.ready();
    vault.core.signIn = signsIn;
    await auth.signIn({ username: "ada", password: "x" });
    const signedIn = auth.snapshot();
    assert.deepEqual(signedIn, { status: "signedIn", user: JSON.parse(USER) });
    assert.ok(Object.isFrozen(signedIn) && Object.isFrozen(signedIn.user) && Object.isFrozen(signedIn.user["cognito:groups"]));
    let told = 0;
    auth.subscribe(() => told++);
    vault.core.refresh = async () => vault.tell("signedIn", USER, "refreshed", undefined);
    await auth.refresh();
    assert.equal(auth.snapshot(), signedIn);
    assert.equal(told, 0);
    vault.core.refresh = async () => vault.tell("stale", USER, "refreshFailed", "Network");
    await auth.refresh();
    assert.equal(auth.snapshot().status, "stale");
    assert.equal(auth.snapshot().user, signedIn.user);
    vault.core.refresh = async () => vault.tell("signedIn", USER.replace("ada@", "countess@"), "refreshed", undefined);
    await auth.refresh();
    assert.equal(auth.snapshot().user.email, "countess@example.com");
    assert.equal(told, 2);
    vault.core.signOut = async () => vault.tell("signedOut", undefined, "signedOut", "user");
    await auth.signOut();
    assert.deepEqual(auth.snapshot(), { status: "signedOut" });
    vault.core.refresh = async () => {
      vault.tell(undefined, undefined, "deviceFailed", "Network");
      vault.tell(undefined, undefined, "idle", 60_000);
      vault.tell(undefined, undefined, "rememberDevice", undefined);
    };
    await auth.refresh();
    assert.deepEqual(auth.events.splice(5), [{ name: "deviceFailed", code: "Network" }, { name: "idle", millis: 60_000 }, { name: "rememberDevice" }]);
    assert.deepEqual(auth.events, [
      { name: "signedIn" },
      { name: "refreshed" },
      { name: "refreshFailed", code: "Network" },
      { name: "refreshed" },
      { name: "signedOut", reason: "user" },
    ]);
  });

  test("is told before the call that changed it is answered, even when that call fails", async () => {
    const auth = make();
    vault.core.signIn = signsIn;
    const step = await auth.signIn({ username: "ada", password: "x" });
    assert.equal(step.user, auth.snapshot().user);
    vault.core.signOut = async () => {
      vault.tell("signedOut", undefined, "signedOut", "user");
      throw failure({ code: "Network", retryable: true });
    };
    const seen = await auth.signOut().catch((error) => [error.code, auth.snapshot().status]);
    assert.deepEqual(seen, ["Network", "signedOut"]);
  });

  test("is told to each subscriber until it leaves, whatever another one throws", async () => {
    const auth = make();
    await auth.ready();
    const seen = [];
    const thrown = [];
    mock.method(globalThis, "queueMicrotask", (report) => {
      try {
        report();
      } catch (error) {
        thrown.push(error.message);
      }
    });
    auth.subscribe(() => {
      throw new Error("mine");
    });
    const twice = () => seen.push(auth.snapshot().status);
    const leave = auth.subscribe(twice);
    auth.subscribe(twice);
    vault.core.refresh = async () => vault.tell("signedIn", USER, "signedIn", undefined);
    await auth.refresh();
    leave();
    vault.core.refresh = async () => vault.tell("signedOut", undefined, "signedOut", "refused");
    await auth.refresh();
    assert.deepEqual(seen, ["signedIn", "signedIn", "signedOut"]);
    assert.deepEqual(thrown, ["mine", "mine"]);
  });
});

describe("what the page tells the vault", () => {
  const heard = {};
  const happens = (type, more = {}) => heard[type]?.({ isTrusted: true, timeStamp: 0, ...more });
  beforeEach(() => {
    globalThis.document = { hidden: false };
    globalThis.addEventListener = (type, hear, { signal }) => {
      heard[type] = hear;
      signal.addEventListener("abort", () => delete heard[type]);
    };
  });
  afterEach(() => {
    delete globalThis.document;
    delete globalThis.addEventListener;
  });
  const asked = async (auth) => {
    await auth.attributes(); // messages keep their order
    return vault.calls.splice(0).map(({ name }) => name).filter((name) => name !== "account");
  };

  test("is that it is seen again, and that the network is back", async () => {
    const auth = make();
    await auth.ready();
    happens("visibilitychange");
    happens("online");
    assert.deepEqual(await asked(auth), ["tend", "tend"]);
    document.hidden = true;
    happens("visibilitychange");
    assert.deepEqual(await asked(auth), []);
    happens("online");
    assert.deepEqual(await asked(auth), ["tend"]);
    auth.close();
    assert.deepEqual(heard, {});
  });

  test("is what the user does, every two seconds at most, where a session may idle", async () => {
    const auth = make({ session: { idleTimeout: 60_000 } });
    await auth.ready();
    for (const timeStamp of [100, 200, 2099, 2100, 2101]) happens("keydown", { timeStamp });
    assert.deepEqual(await asked(auth), ["touch", "touch"]);
    for (const type of ["pointerdown", "pointermove", "wheel"]) happens(type, { timeStamp: 9000 });
    assert.deepEqual(await asked(auth), ["touch", "touch", "touch"]);
    happens("keydown", { timeStamp: 99_000, isTrusted: false });
    assert.deepEqual(await asked(auth), []);
    auth.close();
    await make().ready();
    assert.deepEqual(Object.keys(heard).sort(), ["online", "visibilitychange"]);
  });
});

describe("a storage that the page reaches", () => {
  test("is asked by the vault, and what becomes of it goes back without a message", async () => {
    const kept = [];
    const storage = {
      kept: "first",
      async load() {
        return this.kept;
      },
      save: async (record) => void kept.push(record),
      clear: () => Promise.reject(new TypeError("eyJhbGciOi")),
    };
    await make({ storage }).ready();
    assert.equal(vault.configs[0].storage, "page");
    assert.equal(await vault.ask("load"), "first");
    assert.equal(await vault.ask("save", "second"), undefined);
    assert.deepEqual(kept, ["second"]);
    assert.deepEqual(await vault.ask("clear").catch((error) => error), { name: "TypeError" });
    assert.deepEqual([await vault.ask("saveDevices", "third"), await vault.ask("loadDevices")], [undefined, undefined]);
  });
});

describe("a step", () => {
  const NEW_PASSWORD = { name: "newPassword", id: 4, parameters: { requiredAttributes: '["userAttributes.given_name"]', userAttributes: '{"email":"a@b.c"}' } };
  const CONFIRM = { name: "confirmSignUp", id: 5, username: "ada", sentTo: { destination: "a***", medium: "email" } };

  test("has its data and its calls, and no more", async () => {
    const auth = make();
    vault.core.signIn = async () => NEW_PASSWORD;
    const newPassword = await auth.signIn({ username: "ada", password: "x" });
    assert.deepEqual(Object.keys(newPassword).sort(), ["answer", "attributes", "giveUp", "name", "requiredAttributes"]);
    vault.core.signIn = async () => CONFIRM;
    const confirm = await auth.signIn({ username: "ada", password: "x" });
    assert.deepEqual(Object.keys(confirm).sort(), ["answer", "giveUp", "name", "resend", "sentTo", "username"]);
    assert.ok(Object.isFrozen(confirm));
    vault.core.signUp = async () => ({ name: "signedUp" });
    assert.deepEqual(await auth.signUp({ username: "ada", password: "x" }), { name: "signedUp" });
  });

  test("is answered once", async () => {
    const auth = make();
    vault.core.signIn = async () => NEW_PASSWORD;
    vault.core.answer = signsIn;
    const step = await auth.signIn({ username: "ada", password: "x" });
    const answers = [step.answer({ password: "y", attributes: { given_name: "Ada" } }), step.answer({ password: "z", attributes: { given_name: "Ada" } })];
    assert.deepEqual(await Promise.all(answers.map((answer) => answer.then((next) => next.name, (error) => error.code))), ["signedIn", "InvalidState"]);
    assert.equal(await codeOf(step.answer({ password: "y" })), "InvalidState");
    const asked = vault.calls.filter(({ name }) => name === "answer");
    assert.deepEqual(asked.map(({ args: [argument, , passwords] }) => [argument, passwords]), [[{ id: 4, responses: { "userAttributes.given_name": "Ada" } }, ["y"]]]);
  });

  test("leaves it to the core whether a failed answer was the last", async () => {
    const auth = make();
    vault.core.signUp = async () => ({ name: "confirm", id: 6, username: "ada" });
    const step = await auth.signUp({ username: "ada", password: "x" });
    vault.core.answer = async () => Promise.reject(failure({ code: "CodeMismatch", retryable: false, status: 400, requestId: "r-1" }));
    assert.equal(await codeOf(step.answer("1")), "CodeMismatch");
    vault.core.answer = async () => ({ name: "signedUp" });
    assert.equal((await step.answer("2")).name, "signedUp");
    assert.deepEqual(vault.calls.slice(1).map(({ args }) => args[0]), [{ id: 6, code: "1" }, { id: 6, code: "2" }]);
  });

  test("sends another code, and can be given up", async () => {
    const auth = make();
    vault.core.signIn = async () => CONFIRM;
    vault.core.resend = async () => ({ CodeDeliveryDetails: { DeliveryMedium: "SMS", Destination: "+***12" } });
    const step = await auth.signIn({ username: "ada", password: "x" });
    assert.deepEqual(await step.resend(), { medium: "sms", destination: "+***12" });
    step.giveUp();
    await auth.refresh();
    assert.deepEqual(vault.calls.slice(1).map(({ name, args }) => [name, args[0]]).slice(0, 2), [["resend", { id: 5 }], ["giveUp", { id: 5 }]]);
    assert.equal(await codeOf(step.answer("1")), "InvalidState");
  });

  test("does not say signed in when the session ended before the answer", async () => {
    const auth = make();
    vault.core.signIn = async () => {
      await signsIn();
      vault.tell("signedOut", undefined, "signedOut", "user");
      return { name: "signedIn" };
    };
    assert.equal(await codeOf(auth.signIn({ username: "ada", password: "x" })), "NotSignedIn");
  });
});

describe("a call given up", () => {
  test("rejects at once, and the core's signal fires", async () => {
    const auth = make();
    const give = new AbortController();
    let fired;
    const asked = new Promise((resolve) => {
      vault.core.signIn = (_request, signal) => {
        fired = aborted(signal);
        resolve();
        return new Promise(() => {});
      };
    });
    const code = codeOf(auth.signIn({ username: "ada", password: "x", signal: give.signal }));
    await asked;
    give.abort();
    assert.equal(await code, "Aborted");
    await fired;
    assert.deepEqual([vault.calls[0].args[0], vault.calls[0].args[2]], [{ username: "ada" }, ["x"]]);
  });

  test("is never posted when it was given up before", async () => {
    const auth = make();
    assert.equal(await codeOf(auth.signIn({ username: "ada", password: "x", signal: AbortSignal.abort() })), "Aborted");
    const give = new AbortController();
    const early = codeOf(auth.signIn({ username: "ada", password: "x", signal: give.signal })); // the vault is still loading
    give.abort();
    assert.equal(await early, "Aborted");
    await auth.refresh();
    assert.deepEqual(vault.calls.map(({ name }) => name), ["refresh"]);
  });

  test("leaves no listener on a signal that outlives it", async () => {
    const auth = make();
    const { signal } = new AbortController();
    const added = mock.method(signal, "addEventListener");
    const removed = mock.method(signal, "removeEventListener");
    vault.core.signIn = signsIn;
    await auth.signIn({ username: "ada", password: "x", signal });
    assert.equal(added.mock.callCount(), 1);
    assert.deepEqual(removed.mock.calls[0].arguments, added.mock.calls[0].arguments.slice(0, 2));
  });
});

describe("errors", () => {
  test("of the core keep their members, and are AuthErrors here", async () => {
    const auth = make();
    vault.core.refresh = async () => Promise.reject(failure({ code: "TooManyRequests", retryable: true, status: 429, requestId: "r-1", secret: "s" }));
    const error = await auth.refresh().catch((error) => error);
    assert.ok(error instanceof AuthError && error instanceof Error && isAuthError(error, "TooManyRequests"));
    assert.deepEqual({ ...error, message: error.message }, { name: "AuthError", code: "TooManyRequests", message: "refused", retryable: true, status: 429, requestId: "r-1" });
    vault.core.refresh = async () => Promise.reject(failure({ code: "NotSignedIn", retryable: false }));
    assert.deepEqual(Object.keys(await auth.refresh().catch((error) => error)).sort(), ["code", "name", "retryable"]);
  });

  test("that nobody foresaw say no value", async () => {
    const auth = make();
    vault.core.refresh = () => {
      throw new TypeError("cannot read eyJhbGciOi");
    };
    const error = await auth.refresh().catch((error) => error);
    assert.equal(error.code, "EngineFailed");
    assert.equal(error.message, "the vault failed: TypeError");
  });

  test("say so when an argument cannot be copied", async () => {
    const auth = make();
    assert.equal(await codeOf(auth.signUp({ username: "ada", password: "x", attributes: { email: () => "" } })), "InvalidParameter");
    assert.deepEqual(vault.calls, []);
  });

  test("are known by their shape", () => {
    assert.ok(isAuthError({ name: "AuthError", code: "Network" }));
    assert.ok(isAuthError(new AuthError("Network", "lost"), "Network"));
    assert.ok(!isAuthError(new AuthError("Network", "lost"), "Timeout"));
    for (const other of [undefined, null, "AuthError", new Error("x"), { name: "AuthError" }, { code: "Network" }, { name: "AuthError", code: 7 }]) assert.ok(!isAuthError(other));
  });
});

describe("the engine", () => {
  const never = () => new Promise(() => {});

  test("falls back to the page, and says so, where the worker's file cannot be loaded", async (t) => {
    await withWasm(t);
    globalThis.Worker = class {
      constructor() {
        this.terminate = mock.fn();
        vault.workers.push(this);
      }
      postMessage() {
        queueMicrotask(() => this.onerror({ preventDefault() {} }));
      }
    };
    const auth = make();
    assert.equal((await auth.ready()).status, "signedOut");
    assert.deepEqual(auth.events.map(({ name }) => name), ["engineFellBack"]);
    assert.equal(vault.workers[0].terminate.mock.callCount(), 1);
    assert.equal(await codeOf(auth.refresh()), "NotSignedIn");
  });

  test("falls back where there is no Worker, or it may not be made", async (t) => {
    await withWasm(t);
    delete globalThis.Worker;
    const without = make();
    await without.ready();
    globalThis.Worker = class {
      constructor() {
        throw new DOMException("not here", "SecurityError");
      }
    };
    const refused = make();
    assert.deepEqual(refused.events, [], "not before createAuth has returned");
    await refused.ready();
    assert.equal(without.events[0].name, "engineFellBack");
    assert.deepEqual(refused.events, [{ name: "engineFellBack", engine: "page", message: "not here" }]);
  });

  test("falls back where a worker says nothing for half a minute", async (t) => {
    await withWasm(t);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    vault.load = never;
    const auth = make();
    await new Promise(setImmediate);
    t.mock.timers.tick(29_999);
    assert.deepEqual(auth.events, []);
    t.mock.timers.tick(1);
    await auth.ready();
    assert.deepEqual(auth.events.map(({ name }) => name), ["engineFellBack"]);
  });

  test("fails where the page cannot run it either, and every call says so", async (t) => {
    t.mock.method(globalThis, "fetch", async () => new Response("", { status: 404 }));
    vault.load = async () => Promise.reject(new WebAssembly.CompileError("refused by the policy"));
    const auth = make();
    const early = codeOf(auth.refresh());
    assert.equal(await codeOf(auth.ready()), "EngineFailed");
    assert.equal(await early, "EngineFailed");
    assert.equal(await codeOf(auth.signIn({ username: "ada", password: "x" })), "EngineFailed");
    assert.deepEqual(auth.snapshot(), { status: "signedOut" });
    assert.deepEqual(auth.events, [
      { name: "engineFellBack", engine: "page", message: "CompileError: refused by the policy" },
      { name: "engineFailed", message: "the vault does not run: Error: cognito_vault.wasm: HTTP 404" },
    ]);
  });

  test("stays in the worker when the app says so", async () => {
    vault.load = async () => Promise.reject(new Error("no"));
    const auth = make({ engine: "worker" });
    assert.equal(await codeOf(auth.ready()), "EngineFailed");
    assert.deepEqual(auth.events.map(({ name }) => name), ["engineFailed"]);
  });

  test("is on the page when the app says so", async (t) => {
    await withWasm(t);
    const auth = make({ engine: "page" });
    assert.equal((await auth.ready()).status, "signedOut");
    assert.deepEqual(vault.workers, []);
    assert.deepEqual(auth.events, []);
  });

  test("that crashes is started anew: every call of before ends, and a session that was in memory alone", async () => {
    const auth = make();
    vault.core.signIn = signsIn;
    await auth.signIn({ username: "ada", password: "x" });
    vault.core.refresh = never;
    const open = codeOf(auth.refresh());
    vault.workers[0].port.onerror({ preventDefault() {}, message: "eyJhbGciOi" });
    assert.equal(await open, "EngineFailed");
    assert.equal(auth.events.at(-1).name, "engineRestarted");
    assert.doesNotMatch(auth.events.at(-1).message, /eyJ/);
    assert.equal(auth.snapshot().status, "signedIn", "what becomes of the session is not known yet");
    assert.equal((await auth.signIn({ username: "ada", password: "x" })).name, "signedIn");
    assert.equal(vault.workers.length, 2);
    vault.workers[1].port.onclose();
    await auth.attributes();
    assert.deepEqual([auth.snapshot().status, auth.events.slice(-2)[0].name, auth.events.at(-1)], ["signedOut", "engineRestarted", { name: "signedOut", reason: "lost" }]);
  });

  test("that crashes goes on with the session that is kept, and nobody sees the difference", async () => {
    vault.load = async (...given) => {
      const core = await load(...given);
      vault.tell("signedIn", USER, "restored", undefined);
      return core;
    };
    const auth = make();
    const before = await auth.ready();
    const told = mock.fn();
    auth.subscribe(told);
    vault.workers[0].port.onclose();
    await auth.attributes();
    assert.deepEqual(auth.events.map(({ name }) => name), ["restored", "engineRestarted", "restored"]);
    assert.equal(auth.snapshot(), before);
    assert.equal(told.mock.callCount(), 0);
  });

  test("that was started anew takes no answer and no reading of before for its own", async () => {
    const auth = make();
    vault.core.signIn = async () => ({ name: "totp", id: 1 });
    vault.core.fetch = async () => {
      const body = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1)) }, { highWaterMark: 0 });
      return { status: 200, statusText: "", headers: [], body };
    };
    const step = await auth.signIn({ username: "ada", password: "x" });
    const reader = (await auth.fetch(API)).body.getReader();
    await reader.read();
    vault.workers[0].port.onclose();
    const [next, other] = [await auth.signIn({ username: "ada", password: "x" }), (await auth.fetch(API)).body.getReader()];
    vault.calls = [];
    assert.equal(await codeOf(step.answer("123456")), "InvalidState");
    step.giveUp();
    await assert.rejects(async () => {
      for (;;) await reader.read(); // a chunk may have been on its way
    }, { code: "Network" });
    assert.deepEqual(vault.calls, []);
    assert.equal((await other.read()).value.length, 1);
    vault.core.answer = signsIn;
    assert.equal((await next.answer("123456")).name, "signedIn");
  });

  test("that crashes again and again says so, and answers no more", async () => {
    const auth = make();
    vault.core.refresh = () => {
      vault.crash();
      return never();
    };
    for (let times = 0; times < 4; times++) assert.equal(await codeOf(auth.refresh()), "EngineFailed");
    assert.equal(await codeOf(auth.attributes()), "EngineFailed");
    assert.deepEqual(auth.events.map(({ name }) => name), ["engineRestarted", "engineRestarted", "engineRestarted", "engineFailed"]);
    assert.deepEqual([vault.workers.length, auth.snapshot().status], [4, "signedOut"]);
  });

  test("that crashes while it is closed stays closed", async () => {
    const auth = make();
    await auth.ready();
    vault.crash();
    auth.close();
    assert.equal(await codeOf(auth.attributes()), "InvalidState");
    await new Promise(setImmediate);
    assert.deepEqual([vault.workers.length, auth.events.map(({ name }) => name)], [1, []]);
  });

  test("does not start on a server", async () => {
    delete globalThis.location;
    const auth = make();
    assert.equal(auth.snapshot().status, "loading");
    assert.equal(await codeOf(auth.ready()), "EngineFailed");
    assert.equal(auth.snapshot().status, "loading");
    assert.deepEqual([vault.workers, auth.events], [[], []]);
  });

  test("is over after close", async () => {
    const auth = make();
    vault.core.signIn = signsIn;
    await auth.signIn({ username: "ada", password: "x" });
    vault.core.refresh = never;
    const open = codeOf(auth.refresh());
    auth.close();
    assert.equal(await open, "InvalidState");
    assert.equal(await codeOf(auth.attributes()), "InvalidState");
    assert.deepEqual(auth.snapshot(), { status: "signedOut" });
  });

  /** Serves the package's own wasm to the page engine. */
  async function withWasm(t) {
    const bytes = await readFile(new URL("cognito_vault.wasm", dist));
    t.mock.method(globalThis, "fetch", async (url) => {
      assert.equal(String(url), new URL("cognito_vault.wasm", dist).href);
      return new Response(bytes);
    });
  }
});

describe("the vault's end of the port", () => {
  /** A port served directly; `ask` posts a message as it is and waits for the answer to its id. */
  async function open(loadCore = load) {
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    const waiting = [];
    port1.onmessage = ({ data }) => {
      seen.push(data);
      waiting.shift()?.(data);
    };
    serve(port2, loadCore);
    const post = (message) => port1.postMessage(message);
    const next = () => new Promise((resolve) => waiting.push(resolve));
    const ask = (message) => {
      post(message);
      return next();
    };
    return { ask, post, next, seen, close: () => port1.close() };
  }
  const start = { type: "start", config: { apiOrigins: [API] }, wasmUrl: undefined };

  test("calls the listed methods and no other", async (t) => {
    const port = await open();
    t.after(port.close);
    assert.deepEqual(await port.ask(start), { type: "ready" });
    const others = ["constructor", "__proto__", "free", "prepare", "toString", "hasOwnProperty", "valueOf", "tell", "", undefined, null, 7];
    for (const [id, method] of others.entries()) {
      const { error, value } = await port.ask({ type: "call", id, method, args: [] });
      assert.equal(error.code, "InvalidState", String(method));
      assert.equal(value, undefined);
    }
    assert.deepEqual([vault.calls, vault.freed], [[], 0]);
    assert.deepEqual(await port.ask({ type: "call", id: 99, method: "refresh", args: [] }), { type: "done", id: 99, value: undefined });
  });

  test("has its own signal for each call, whatever a message brings", async (t) => {
    const port = await open();
    t.after(port.close);
    await port.ask(start);
    vault.core.signIn = async () => ({ name: "totp", id: 1 });
    vault.core.answer = async () => ({ name: "signedIn" });
    const { value } = await port.ask({ type: "call", id: 1, method: "signIn", args: [{ username: "ada", flow: "srp", password: "x" }, { aborted: true }, "more"] });
    await port.ask({ type: "call", id: 2, method: "answer", args: [value.id, "123456", { aborted: true }] });
    assert.deepEqual(vault.calls.map(({ args: [argument, , passwords] }) => [argument, passwords]), [
      [{ username: "ada", flow: "srp" }, ["x"]],
      [{ id: 1, code: "123456" }, [""]],
    ]);
    for (const { args } of vault.calls) assert.ok(args[1] instanceof AbortSignal);
    const { error } = await port.ask({ type: "call", id: 3, method: "answer", args: [value.id, "123456"] });
    assert.equal(error.code, "InvalidState");
  });

  test("starts once: a second start changes nothing", async (t) => {
    const port = await open();
    t.after(port.close);
    await port.ask(start);
    port.post({ ...start, config: { apiOrigins: ["https://evil.test"] } });
    await port.ask({ type: "call", id: 1, method: "refresh", args: [] });
    assert.deepEqual(vault.configs, [start.config]);
    assert.deepEqual(port.seen.map(({ type }) => type), ["ready", "done"]);
  });

  test("answers nothing before it is started", async (t) => {
    const port = await open();
    t.after(port.close);
    assert.equal((await port.ask({ type: "call", id: 1, method: "refresh", args: [] })).error.code, "InvalidState");
  });

  test("prepares the next sign-in when nothing is under way", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const port = await open();
    t.after(port.close);
    await port.ask(start);
    await Promise.resolve();
    t.mock.timers.tick(1);
    assert.equal(vault.prepared, 1);
    let release;
    vault.core.refresh = () => new Promise((resolve) => (release = resolve));
    port.post({ type: "call", id: 1, method: "refresh", args: [] });
    await port.ask({ type: "call", id: 2, method: "attributes", args: [] });
    await Promise.resolve();
    t.mock.timers.tick(1);
    assert.equal(vault.prepared, 1, "a call is under way");
    release();
    await port.next();
    await Promise.resolve();
    t.mock.timers.tick(1);
    assert.equal(vault.prepared, 2);
  });

  test("drops the bodies that are open when it is closed", async (t) => {
    const port = await open();
    t.after(port.close);
    await port.ask(start);
    let dropped;
    vault.core.fetch = async (_request, signal) => {
      dropped = aborted(signal);
      return { status: 200, statusText: "", headers: [], body: new ReadableStream() };
    };
    const { value } = await port.ask({ type: "call", id: 1, method: "fetch", args: [{}] });
    port.post({ type: "close" });
    await dropped;
    assert.equal((await port.ask({ type: "call", id: 2, method: "read", args: [value.body] })).error.code, "InvalidState");
  });

  test("aborts what is under way and frees the core when it is closed", async (t) => {
    let freed;
    const free = new Promise((resolve) => (freed = resolve));
    const port = await open(async (...args) => ({ ...(await load(...args)), free: freed }));
    t.after(port.close);
    await port.ask(start);
    vault.core.fetch = async (_request, signal) => {
      await aborted(signal);
      throw failure({ code: "Aborted" });
    };
    port.post({ type: "call", id: 1, method: "fetch", args: [{}] });
    port.post({ type: "close" });
    await free;
  });
});

describe("a vault that pages share", () => {
  const config = { apiOrigins: [API] };
  const name = `cognito-vault:0.1.0:${JSON.stringify([config, "w"])}`;
  const start = { type: "start", config, wasmUrl: "w" };

  /** Pages of one vault, each with what it was sent. */
  function share(loadCore = load) {
    const connect = openVault(loadCore, name, true);
    const page = (message = start) => {
      const { port1, port2 } = new MessageChannel();
      const seen = [];
      let told = () => {};
      port1.onmessage = ({ data }) => {
        seen.push(data);
        told();
      };
      connect(port2);
      const post = (message) => port1.postMessage(message);
      post(message);
      /** Waits until `count` messages have come. */
      const has = async (count) => {
        while (seen.length < count) await new Promise((resolve) => (told = resolve));
        return seen;
      };
      return { post, has, seen, close: () => port1.close() };
    };
    return { page };
  }

  test("tells all of them, and a later one how it stands", async (t) => {
    const { page } = share();
    const [one, two] = [page(), page()];
    await Promise.all([one.has(1), two.has(1)]);
    assert.equal(vault.configs.length, 1);
    vault.tell("signedIn", USER, "refreshed", undefined);
    vault.tell(undefined, undefined, "storageFailed", "save: QuotaExceededError");
    for (const { has } of [one, two]) assert.deepEqual((await has(3)).map(({ type, event }) => event?.name ?? type), ["ready", "refreshed", "storageFailed"]);
    const three = page();
    const [tell, ready] = await three.has(2);
    assert.deepEqual([tell.status, tell.user, tell.event, ready], ["signedIn", USER, { name: "restored" }, { type: "ready" }]);
    vault.tell("signedOut", undefined, "signedOut", "user");
    const four = page();
    assert.deepEqual((await four.has(2)).map(({ status, event }) => [status, event]), [["signedOut", undefined], [undefined, undefined]]);
    t.after(() => [one, two, three, four].forEach(({ close }) => close()));
  });

  test("answers each of them by its own numbers, and gives up what one has begun when it goes", async (t) => {
    const { page } = share();
    const [one, two] = [page(), page()];
    t.after(() => [one, two].forEach(({ close }) => close()));
    await Promise.all([one.has(1), two.has(1)]);
    let fired;
    const asked = new Promise((resolve) => {
      vault.core.signIn = (_request, signal) => {
        fired = aborted(signal);
        resolve();
        return new Promise(() => {});
      };
    });
    vault.core.signUp = async () => ({ name: "confirm", id: 31, username: "ada" });
    one.post({ type: "call", id: 1, method: "signUp", args: [{}] });
    await one.has(2);
    one.post({ type: "call", id: 2, method: "signIn", args: [{}] });
    await asked;
    vault.core.account = async () => ({ UserAttributes: [{ Name: "of", Value: "two" }] });
    two.post({ type: "call", id: 1, method: "attributes", args: [] });
    assert.deepEqual((await two.has(2))[1].value, { of: "two" });
    one.post({ type: "close" });
    await fired;
    two.post({ type: "call", id: 2, method: "attributes", args: [] });
    await two.has(3);
    assert.deepEqual(vault.calls.filter(({ name }) => name === "giveUp").map(({ args }) => args[0]), [{ id: 31 }]);
    assert.equal(one.seen.length, 2);
    one.post({ type: "call", id: 3, method: "attributes", args: [] });
    assert.equal((await one.has(3))[2].error.code, "InvalidState");
    assert.equal(vault.freed, 0);
  });

  test("takes no other configuration or version than its name says", async (t) => {
    const { page } = share();
    const others = [{ ...start, config: { apiOrigins: ["https://evil.test"] } }, { ...start, wasmUrl: "other" }, { ...start, wasmUrl: undefined }];
    const pages = others.map((message) => page(message));
    t.after(() => pages.forEach(({ close }) => close()));
    for (const { has, post } of pages) {
      assert.equal((await has(1))[0].error.code, "EngineFailed");
      post({ type: "call", id: 1, method: "attributes", args: [] });
      assert.equal((await has(2))[1].error.code, "InvalidState");
    }
    assert.deepEqual(vault.configs, []);
    pages[0].post(start);
    assert.deepEqual((await pages[0].has(3))[2], { type: "ready" });
    assert.deepEqual(vault.configs, [config]);
  });

  test("has another core for the next page, where one cannot be loaded or has crashed", async (t) => {
    let refused = true;
    const { page } = share(async (...given) => (refused ? Promise.reject(new Error("no")) : load(...given)));
    const one = page();
    assert.equal((await one.has(1))[0].error.code, "EngineFailed");
    refused = false;
    const [two, three] = [page(), page()];
    for (const { has } of [two, three]) assert.equal((await has(1))[0].type, "ready");
    const asked = new Promise((resolve) => {
      vault.core.refresh = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    two.post({ type: "call", id: 1, method: "refresh", args: [] });
    await asked;
    vault.tell("signedIn", USER, "signedIn", undefined);
    for (const { has } of [two, three]) await has(2);
    vault.crash();
    for (const { has } of [two, three]) assert.equal((await has(3))[2].error.code, "EngineFailed");
    assert.deepEqual([vault.freed, vault.configs.length], [1, 1]);
    const four = page();
    t.after(() => [one, two, three, four].forEach(({ close }) => close()));
    assert.deepEqual((await four.has(1)).map(({ type, error }) => [type, error]), [["ready", undefined]], "nothing is left of the session");
    assert.equal(vault.configs.length, 2);
    vault.core.account = async () => ({ UserAttributes: [] });
    four.post({ type: "call", id: 1, method: "attributes", args: [] });
    assert.deepEqual((await four.has(2))[1].value, {});
    assert.deepEqual(two.seen.slice(3), []);
  });
});

describe("an API call", () => {
  /** What a core answers: its body as a stream, as a fetch has it. */
  const reply = (body, init) => {
    const { status, statusText, headers, body: stream } = new Response(body, init);
    return { status, statusText, headers: [...headers], body: stream };
  };
  /** A body of one chunk for each pull, which says how it was read. */
  function counted(chunk = (at) => new Uint8Array([at])) {
    const seen = { pulls: 0 };
    seen.body = new ReadableStream({ pull: (to) => to.enqueue(chunk(++seen.pulls)) }, { highWaterMark: 0 });
    seen.ended = new Promise((resolve) => {
      seen.fetch = async (_request, signal) => {
        void aborted(signal).then(resolve);
        return reply(seen.body);
      };
    });
    return seen;
  }
  const textOf = (body) => new Response(body).text();

  test("goes to the vault as a plain message", async () => {
    const auth = make();
    vault.core.fetch = async () => reply("ok");
    await auth.fetch(`${API}/orders?a=1`, { method: "post", headers: { "X-Trace": "7" }, body: new URLSearchParams({ b: "2" }), cache: "no-store", credentials: "include", keepalive: true, referrerPolicy: "no-referrer" });
    const [request, signal] = vault.calls[0].args;
    assert.ok(signal instanceof AbortSignal);
    assert.equal(await textOf(request.body), "b=2");
    assert.deepEqual(
      { ...request, body: undefined },
      {
        url: `${API}/orders?a=1`,
        method: "POST",
        headers: [["content-type", "application/x-www-form-urlencoded;charset=UTF-8"], ["x-trace", "7"]],
        body: undefined,
        cache: "no-store",
        credentials: "include",
        integrity: "",
        keepalive: true,
        referrerPolicy: "no-referrer",
      },
    );
  });

  test("takes a Request, a URL and every kind of body", async () => {
    const auth = make();
    vault.core.fetch = async () => reply("ok");
    const bytes = new TextEncoder().encode("text");
    const bodies = [
      ["text", "text/plain;charset=UTF-8", "String"],
      [new Blob(["text"], { type: "text/x-own" }), "text/x-own", "Blob"],
      [new File(["text"], "a.txt"), undefined, "Blob"],
      [bytes, undefined, "ArrayBuffer"],
      [bytes.buffer, undefined, "ArrayBuffer"],
      [new DataView(bytes.buffer), undefined, "ArrayBuffer"],
      [new URLSearchParams("text"), "application/x-www-form-urlencoded;charset=UTF-8", "ArrayBuffer", "text="],
      [new Blob(["text"]).stream(), undefined, "ReadableStream"],
    ];
    for (const [body, type, kind, text = "text"] of bodies) {
      await auth.fetch(new URL(API), { method: "PUT", body, duplex: "half" });
      const [message] = vault.calls.at(-1).args;
      assert.equal(new Headers(message.headers).get("content-type") ?? undefined, type);
      assert.equal(message.body.constructor.name.replace("File", "Blob"), kind);
      assert.equal(await textOf(message.body), text);
    }
    assert.equal(bytes.byteLength, 4, "what was given is copied");
    const typed = (type) => new Request(API, { method: "PUT", body: "text", headers: { "content-type": type } });
    for (const [type, kind] of [["application/json", "ArrayBuffer"], ["video/mp4", "Blob"]]) {
      await auth.fetch(typed(type));
      const [{ body }] = vault.calls.at(-1).args;
      assert.deepEqual([body.constructor.name, await textOf(body)], [kind, "text"]);
    }
    await auth.fetch(`${API}/`);
    assert.deepEqual([vault.calls.at(-1).args[0].body, vault.calls.at(-1).args[0].method], [null, "GET"]);
    await auth.fetch(API, { method: "DELETE" });
    assert.equal(vault.calls.at(-1).args[0].body, null);
  });

  test("keeps the boundary of a form", async () => {
    const auth = make();
    vault.core.fetch = async () => reply("ok");
    const form = new FormData();
    form.set("file", new Blob(["text"]), "a.txt");
    for (const request of [[API, { method: "POST", body: form }], [new Request(`${API}/form`, { method: "POST", body: form })]]) {
      await auth.fetch(...request);
      const { headers, body } = vault.calls.at(-1).args[0];
      const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(new Headers(headers).get("content-type"));
      assert.ok(body instanceof Blob);
      const text = await textOf(body);
      assert.ok(text.startsWith(`--${boundary}\r\n`));
      assert.match(text, /filename="a.txt"/);
    }
  });

  test("gathers a stream where a request cannot be one", async (t) => {
    const auth = make();
    vault.core.fetch = async () => reply("ok");
    const Native = Request;
    t.after(() => (globalThis.Request = Native));
    // As in Firefox, which knows neither streams as bodies nor `duplex`.
    globalThis.Request = class extends Native {
      constructor(input, { method, body } = {}) {
        super(input, { method, body: body instanceof ReadableStream ? String(body) : body });
      }
    };
    await auth.fetch(API, { method: "POST", body: new Blob(["text"]).stream(), duplex: "half" });
    const [{ headers, body }] = vault.calls[0].args;
    assert.deepEqual(headers, []);
    assert.ok(body instanceof Blob);
    assert.equal(await body.text(), "text");
    const broken = new ReadableStream({ pull: () => Promise.reject(new TypeError("mine")) });
    assert.equal(await codeOf(auth.fetch(API, { method: "POST", body: broken, duplex: "half" })), "InvalidParameter");
  });

  test("is refused here already for an origin that is not listed, or a header that is the vault's", async () => {
    const auth = make();
    for (const url of ["https://api.example.com.evil.test/", "http://api.example.com/", "https://api.example.com:8443/", "https://evil.test/#https://api.example.com", "blob:https://api.example.com/1"]) {
      assert.equal(await codeOf(auth.fetch(url)), "OriginNotAllowed", url);
    }
    assert.equal(await codeOf(auth.fetch(API, { headers: { authorization: "Bearer x" } })), "InvalidParameter");
    assert.equal(await codeOf(auth.fetch("https://user:pass@api.example.com/")), "InvalidParameter");
    assert.equal(await codeOf(auth.fetch(API, { body: "x" })), "InvalidParameter");
    assert.equal(await codeOf(make({ api: undefined }).fetch(API)), "OriginNotAllowed");
    assert.deepEqual(vault.calls, []);
  });

  test("comes back as a Response", async () => {
    const auth = make();
    vault.core.fetch = async () => reply("hello", { status: 418, statusText: "teapot", headers: { "x-a": "1" } });
    const response = await auth.fetch(`${API}/tea#pot`);
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, response.statusText, response.url, response.headers.get("x-a"), response.ok], [418, "teapot", `${API}/tea`, "1", false]);
    assert.equal(await response.text(), "hello");
    vault.core.fetch = async () => ({ ...reply(null), body: new TextEncoder().encode("whole").buffer });
    assert.equal(await (await auth.fetch(API)).text(), "whole");
    for (const status of [204, 205, 304]) {
      vault.core.fetch = async () => reply(null, { status });
      assert.equal((await auth.fetch(API)).status, status);
    }
  });

  test("has its body read as the page reads it, and no further ahead than two chunks", async () => {
    const auth = make();
    const seen = counted();
    vault.core.fetch = seen.fetch;
    const reader = (await auth.fetch(API)).body.getReader();
    for (let at = 1; at <= 20; at++) assert.deepEqual((await reader.read()).value, new Uint8Array([at]));
    await auth.attributes(); // messages keep their order
    assert.ok(seen.pulls <= 22, `${seen.pulls} chunks were read`);
  });

  test("has many bodies at once, each at its own pace", async () => {
    const auth = make();
    const bodies = Array.from({ length: 30 }, (_, at) => counted(() => new Uint8Array([at])).body);
    vault.core.fetch = async ({ url }) => reply(bodies[Number(new URL(url).hash.slice(1))]);
    const responses = await Promise.all(bodies.map((_, at) => auth.fetch(`${API}/#${at}`)));
    const first = await Promise.all(responses.toReversed().map(async (response) => (await response.body.getReader().read()).value[0]));
    assert.deepEqual(first, bodies.map((_, at) => 29 - at));
  });

  test("ends in the vault when its body is not wanted any more", async () => {
    const auth = make();
    for (const leave of [(body) => body.cancel(), async (body) => { for await (const _ of body) break; }]) {
      const seen = counted();
      vault.core.fetch = seen.fetch;
      await leave((await auth.fetch(API)).body);
      await seen.ended;
    }
  });

  test("has a body that errors as Network when it breaks off", async () => {
    const auth = make();
    vault.core.fetch = async () => reply(new ReadableStream({ pull: () => Promise.reject(new TypeError("cut")) }));
    const response = await auth.fetch(API);
    const error = await response.text().catch((error) => error);
    assert.ok(error instanceof AuthError);
    assert.deepEqual([error.code, error.retryable], ["Network", true]);
  });

  test("has a body that errors when the vault ends", async () => {
    const auth = make();
    const never = () => new ReadableStream({ pull: () => new Promise(() => {}) });
    vault.core.fetch = async () => reply(never());
    const body = codeOf((await auth.fetch(API)).text());
    auth.close();
    assert.equal(await body, "InvalidState");
    const crashing = make();
    const other = codeOf((await crashing.fetch(API)).text());
    vault.crash();
    assert.equal(await other, "EngineFailed");
  });

  test("is given up by its signal", async () => {
    const auth = make();
    await auth.ready();
    const give = new AbortController();
    let fired;
    const asked = new Promise((resolve) => {
      vault.core.fetch = (_request, signal) => {
        fired = aborted(signal);
        resolve();
        return new Promise(() => {});
      };
    });
    const code = codeOf(auth.fetch(API, { signal: give.signal }));
    await asked;
    give.abort();
    assert.equal(await code, "Aborted");
    await fired;
  });

  test("is given up by its signal while the body streams", async () => {
    const auth = make();
    const give = new AbortController();
    const seen = counted();
    vault.core.fetch = seen.fetch;
    const reader = (await auth.fetch(API, { signal: give.signal })).body.getReader();
    await reader.read();
    const why = new Error("enough");
    give.abort(why);
    const error = await reader.read().catch((error) => error);
    assert.ok(isAuthError(error, "Aborted"));
    assert.equal(error.cause, why);
    await seen.ended;
  });
});
