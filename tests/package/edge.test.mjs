// What the built package asks of the platform: the real core on the page engine in Node, with a scripted `fetch`.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, mock, test } from "node:test";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { createAuth } = await import(new URL("index.js", dist));
const { serve } = await import(new URL("worker.js", dist));
const wasm = await readFile(new URL("cognito_vault.wasm", dist));

const POOL = "https://pool.example.com";
const API = "https://api.example.com";
const CONFIG = { userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6", endpoint: POOL, engine: "page", api: { origins: [API] } };

let auth;
let sent;
let api;
let issued;
let service;

beforeEach(() => {
  globalThis.location = new URL("https://app.example.com/");
  sent = [];
  issued = 0;
  service = reply;
  api = () => new Response("ok");
  mock.method(globalThis, "fetch", async (input, init) => {
    const url = String(input);
    if (url.endsWith(".wasm")) return new Response(wasm);
    if (url.endsWith("/jwks.json")) return Response.json({ keys: [{ ...keys.publicKey.export({ format: "jwk" }), alg: "RS256", kid: "1", use: "sig" }] });
    sent.push({ url, ...init, headers: Object.fromEntries(new Headers(init.headers)) });
    return url.startsWith(API) ? api(sent.at(-1)) : service();
  });
  auth = createAuth(CONFIG);
});
afterEach(() => {
  auth.close();
  delete globalThis.location;
  mock.restoreAll();
});

const codeOf = (promise) => promise.then(() => "no error", (error) => error.code);
const signIn = () => auth.signIn({ username: "ada", password: new TextEncoder().encode("Lovelace-1815"), flow: "password" });

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** New tokens, signed by the pool's key. */
function reply(iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_DemoPool1") {
  const now = Math.floor(Date.now() / 1000);
  const token = (claims) => {
    const text = [{ alg: "RS256", kid: "1" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${sign("RSA-SHA256", text, keys.privateKey).toString("base64url")}`;
  };
  issued++;
  const common = { sub: "1", iss, iat: now, auth_time: now, exp: now + 3600, origin_jti: "o", jti: `j${issued}` };
  const AuthenticationResult = {
    AccessToken: token({ ...common, token_use: "access", client_id: CONFIG.clientId, username: "ada", scope: "aws.cognito.signin.user.admin" }),
    IdToken: token({ ...common, token_use: "id", aud: CONFIG.clientId, "cognito:username": "ada", email: "ada@example.com" }),
    RefreshToken: `refresh-${issued}`,
    ExpiresIn: 3600,
    TokenType: "Bearer",
  };
  return Response.json({ AuthenticationResult, ChallengeParameters: {} });
}

test("the service is asked as its protocol says, and the password goes in as it is", async () => {
  const step = await signIn();
  assert.equal(step.name, "signedIn");
  assert.equal(step.user.email, "ada@example.com");
  const [{ url, method, headers, body, cache, credentials, redirect, signal }] = sent;
  assert.deepEqual({ url: new URL(url).origin, method, cache, credentials, redirect }, { url: POOL, method: "POST", cache: "no-store", credentials: "omit", redirect: "error" });
  assert.deepEqual(headers, { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" });
  assert.ok(signal instanceof AbortSignal);
  assert.equal(JSON.parse(body).AuthParameters.PASSWORD, "Lovelace-1815");
});

test("the pool's own issuers are taken, in either form, and no other", async () => {
  for (const [host, code] of [["issuer-cognito-idp.eu-west-1", "no error"], ["cognito-idp.eu-west-2", "InvalidToken"]]) {
    service = () => reply(`https://${host}.amazonaws.com/eu-west-1_DemoPool1`);
    assert.equal(await codeOf(signIn()), code);
  }
});

test("what the app's callbacks say goes along with the calls that take it", async () => {
  auth.close();
  auth = createAuth({ ...CONFIG, wafToken: async () => "waf", contextData: async (username) => `seen: "${username}"` });
  await signIn();
  const [{ headers, body }] = sent;
  assert.equal(headers["aws-waf-token"], "waf");
  assert.deepEqual(JSON.parse(body).UserContextData, { EncodedData: 'seen: "ada"' });
  assert.equal(JSON.parse(body).AuthParameters.USERNAME, "ada");
  await auth.signOut();
  assert.equal(sent.at(-1).headers["aws-waf-token"], "waf");
  assert.doesNotMatch(sent.at(-1).body, /UserContextData/);
});

test("an API call carries the token and the caller's request, and follows no redirect", async () => {
  await signIn();
  const response = await auth.fetch(`${API}/orders`, { method: "POST", headers: { "x-trace": "7" }, body: "text", cache: "no-store" });
  assert.equal(await response.text(), "ok");
  const { url, method, headers, body, cache, redirect } = sent.at(-1);
  assert.deepEqual({ url, method, cache, redirect }, { url: `${API}/orders`, method: "POST", cache: "no-store", redirect: "error" });
  assert.equal(body, "text");
  assert.equal(headers["x-trace"], "7");
  assert.match(headers.authorization, /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
});

test("a 401 is answered with one refresh, and the request goes again with the new token", async () => {
  await signIn();
  const tokens = [];
  api = ({ headers, body }) => {
    tokens.push([headers.authorization, body]);
    return new Response(`try ${tokens.length}`, { status: tokens.length === 1 ? 401 : 200 });
  };
  const response = await auth.fetch(`${API}/orders`, { method: "PUT", body: "text" });
  assert.equal(await response.text(), "try 2");
  assert.notEqual(tokens[0][0], tokens[1][0]);
  assert.deepEqual(tokens.map(([, body]) => body), ["text", "text"]);
});

test("the answer that is not kept lets its connection go", async () => {
  await signIn();
  let cancelled;
  const dropped = new Promise((resolve) => (cancelled = resolve));
  api = () => {
    api = () => new Response("ok");
    return new Response(new ReadableStream({ cancel: cancelled }), { status: 401 });
  };
  assert.equal(await (await auth.fetch(API)).text(), "ok");
  await dropped;
});

test("a body that was streamed does not go again: the 401 stands, and the tokens are new", async () => {
  await signIn();
  const before = sent.length;
  api = () => new Response("who?", { status: 401 });
  const response = await auth.fetch(API, { method: "POST", body: new Blob(["text"]).stream(), duplex: "half" });
  assert.deepEqual([response.status, await response.text()], [401, "who?"]);
  const [first, renewal, ...more] = sent.slice(before);
  assert.equal(await new Response(first.body).text(), "text");
  assert.equal(first.duplex, "half");
  assert.equal(new URL(renewal.url).origin, POOL);
  assert.deepEqual(more, []);
});

test("nothing of the head that shows the token crosses", async () => {
  await signIn();
  api = ({ headers: { authorization } }) => {
    const token = authorization.slice(7);
    const headers = {
      ...{ authorization, "x-token": token, "x-words": `it was "${token}".`, "x-part": token.split(".")[2] },
      ...{ "x-amzn-remapped-authorization": "Bearer", "x-other": "kept", "www-authenticate": "Bearer" },
    };
    return new Response("ok", { statusText: token, headers });
  };
  const response = await auth.fetch(API);
  assert.deepEqual([...response.headers], [["content-type", "text/plain;charset=UTF-8"], ["www-authenticate", "Bearer"], ["x-other", "kept"]]);
  assert.equal(response.statusText, "");
});

test("an answer that says that it is small crosses with its head", async () => {
  await signIn();
  const broken = (length) => () => new Response(new ReadableStream({ pull: () => Promise.reject(new TypeError("cut")) }), { headers: length && { "content-length": length } });
  const outcome = (promise) => promise.then(() => "a head", (error) => [error.code, error.retryable]);
  api = broken("16384");
  assert.deepEqual(await outcome(auth.fetch(API)), ["Network", true]);
  for (const length of ["16385", undefined]) {
    api = broken(length);
    assert.equal(await outcome(auth.fetch(API)), "a head");
  }
});

test("a connection that fails is Network, and one given up is Aborted", async () => {
  await signIn();
  api = () => Promise.reject(new TypeError("failed"));
  assert.equal(await codeOf(auth.fetch(API)), "Network");
  const give = new AbortController();
  let fired;
  const asked = new Promise((resolve) => {
    api = ({ signal }) =>
      new Promise((_, reject) => {
        fired = new Promise((done) => signal.addEventListener("abort", () => done(reject(signal.reason))));
        resolve();
      });
  });
  const code = codeOf(auth.fetch(API, { signal: give.signal }));
  await asked;
  give.abort();
  assert.equal(await code, "Aborted");
  await fired;
});

test("nobody's token is nobody's request", async () => {
  assert.equal(await codeOf(auth.fetch(API)), "NotSignedIn");
  assert.deepEqual(sent, []);
});

test("the vault itself refuses what a page that posts its own messages may ask for", async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => {
    port1.postMessage({ type: "close" });
    port1.close();
  });
  const waiting = new Map();
  const settle = (key, data) => waiting.get(key)?.(data);
  port1.onmessage = ({ data }) => settle(data.type === "done" ? data.id : data.type, data);
  serve(port2);
  const ask = (key, message) => new Promise((resolve) => {
    waiting.set(key, resolve);
    port1.postMessage(message);
  });
  const config = { userPoolId: CONFIG.userPoolId, clientId: CONFIG.clientId, endpoint: POOL, apiOrigins: [API], apiToken: "access" };
  assert.equal((await ask("ready", { type: "start", config })).error, undefined);
  const call = (id, method, args) => ask(id, { type: "call", id, method, args });
  const { value } = await call(1, "signIn", [{ username: "ada", password: "Lovelace-1815", flow: "password" }]);
  assert.equal(value.name, "signedIn");
  const before = sent.length;
  const refused = { "https://evil.test/": "OriginNotAllowed", [`${API}.evil.test/`]: "OriginNotAllowed", [`blob:${API}/1`]: "OriginNotAllowed", "/orders": "InvalidParameter" };
  let id = 1;
  for (const [url, code] of Object.entries(refused)) assert.equal((await call(++id, "fetch", [{ url }])).error.code, code, url);
  const own = { url: `${API}/orders`, headers: [["Authorization", "Bearer mine"]] };
  assert.equal((await call(++id, "fetch", [own])).error.code, "InvalidParameter");
  assert.equal((await call(++id, "tokens", [])).error.code, "OriginNotAllowed");
  const circle = {};
  circle.own = circle;
  for (const username of [7, null, ["ada"], {}, "ada\0password", undefined, ""]) assert.equal((await call(++id, "signIn", [{ username, password: "x" }])).error.code, "InvalidParameter", String(username));
  for (const more of [{ flow: 1 }, { flow: "password\0" }, { stepUp: "now" }, { clientMetadata: { a: 1n } }, { clientMetadata: circle }, { password: 7 }]) {
    assert.equal((await call(++id, "signIn", [{ username: "ada", password: "x", ...more }])).error.code, "InvalidParameter", Object.keys(more)[0]);
  }
  for (const given of [undefined, null, 7]) assert.equal((await call(++id, "signUp", [given])).error.code, "InvalidParameter", String(given));
  assert.equal(sent.length, before, "nothing was sent");
  assert.equal((await call(++id, "fetch", [{ url: `${API}/orders` }])).value.status, 200);
});

test("tokens come out where the app says so, renewed when they are due, and nowhere else", async () => {
  assert.equal("tokens" in auth, false);
  auth.close();
  auth = createAuth({ ...CONFIG, tokens: "sealed" });
  assert.equal("tokens" in auth, false);
  auth.close();
  auth = createAuth({ ...CONFIG, api: undefined, tokens: "exposed" });
  assert.equal(await codeOf(auth.tokens()), "NotSignedIn");
  await signIn();
  const { accessToken, idToken, ...more } = await auth.tokens();
  const use = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url")).token_use;
  assert.deepEqual([use(accessToken), use(idToken), more], ["access", "id", {}]);
  assert.deepEqual(await auth.tokens(), { accessToken, idToken });
  mock.method(Date, "now", (now => () => now() + 3_600_000)(Date.now));
  const [one, other] = await Promise.all([auth.tokens(), auth.tokens()]);
  assert.notEqual(one.accessToken, accessToken);
  assert.deepEqual([one, issued], [other, 2]);
  assert.equal(await codeOf(auth.tokens({ signal: AbortSignal.abort() })), "Aborted");
  await auth.signOut();
  assert.equal(await codeOf(auth.tokens()), "NotSignedIn");
});

test("a sign-in given up changes nothing when its reply comes late", async () => {
  let answer;
  const asked = new Promise((resolve) => {
    service = () => new Promise((late) => {
      answer = () => late(reply());
      resolve();
    });
  });
  const give = new AbortController();
  const code = codeOf(auth.signIn({ username: "ada", password: "Lovelace-1815", flow: "password", signal: give.signal }));
  await asked;
  give.abort();
  assert.equal(await code, "Aborted");
  assert.equal(await codeOf(auth.attributes()), "NotSignedIn"); // messages keep their order: the vault knows by now
  answer();
  assert.equal(await codeOf(auth.attributes()), "NotSignedIn");
  assert.equal(auth.snapshot().status, "signedOut");
});
