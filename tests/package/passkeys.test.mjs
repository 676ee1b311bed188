// Passkeys on the page: what the browser is asked, what goes to the vault, and what a user who leaves gets; the browser is a fake.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { named } from "./texts.mjs";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError, createAuth } = await import(new URL("index.js", dist));
const { serve } = await import(new URL("worker.js", dist));

const bytes = (...values) => new Uint8Array(values).buffer;
const REQUEST = { challenge: "-_8", rpId: "example.com", allowCredentials: [{ type: "public-key", id: "AQI=" }], userVerification: "preferred" };
const CREATION = { challenge: "AQID", rp: { id: "example.com", name: "Example" }, user: { id: "BA", name: "ada", displayName: "Ada" }, pubKeyCredParams: [], excludeCredentials: [{ type: "public-key", id: "BQ" }] };

let auth;
let core;
let calls;
let asked;
let browser;

beforeEach(() => {
  calls = [];
  asked = [];
  core = { signIn: () => ({ name: "passkey", id: 1, parameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(REQUEST) } }), answer: () => ({ name: "signedUp" }), account: ({ operation }) => (operation.startsWith("Start") ? { CredentialCreationOptions: CREATION } : {}) };
  globalThis.location = new URL("https://app.example.com/");
  globalThis.Worker = class {
    constructor() {
      const { port1, port2 } = new MessageChannel();
      serve(port2, async () => ({
        call: async (name, texts) => {
          const [method, argument] = named(name, texts);
          calls.push([method, argument]);
          return core[method]?.(argument);
        },
        prepare() {},
        free() {},
      }));
      port1.terminate = () => port1.close();
      return port1;
    }
  };
  const dialogue = async (options) => asked.push(options) && browser(options);
  stand({ get: dialogue, create: dialogue });
  globalThis.PublicKeyCredential = class {};
  auth = createAuth({ userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6" });
});
afterEach(() => {
  auth.close();
  delete globalThis.location;
  delete globalThis.Worker;
  delete globalThis.PublicKeyCredential;
  if (own) Object.defineProperty(globalThis, "navigator", own);
  else delete globalThis.navigator;
});

/** What Node itself has there. */
const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
const stand = (credentials) => Object.defineProperty(globalThis, "navigator", { value: { credentials }, configurable: true });

/** A credential of a browser without `toJSON`. */
const assertion = () => ({
  id: "AQI",
  rawId: bytes(1, 2),
  type: "public-key",
  authenticatorAttachment: null,
  response: { clientDataJSON: bytes(251, 255), authenticatorData: bytes(3), signature: bytes(4), userHandle: bytes() },
  getClientExtensionResults: () => ({}),
});
const leaves = (name) => () => {
  throw new DOMException("", name);
};
const codeOf = (promise) => promise.then(() => "no error", (error) => (error instanceof AuthError ? error.code : error));

describe("a sign-in by passkey", () => {
  const step = () => auth.signIn({ username: "ada", prefer: "passkey" });

  test("asks the browser in its own shapes, and answers in the service's", async () => {
    browser = assertion;
    await (await step()).answer();
    const [{ publicKey, ...more }] = asked;
    assert.deepEqual(more, {});
    assert.deepEqual(publicKey, { ...REQUEST, challenge: new Uint8Array([251, 255]), allowCredentials: [{ type: "public-key", id: new Uint8Array([1, 2]) }] });
    const [method, { id, code }] = calls.at(-1);
    assert.deepEqual([method, id], ["answer", 1]);
    assert.deepEqual(JSON.parse(code), { id: "AQI", rawId: "AQI", type: "public-key", response: { clientDataJSON: "-_8", authenticatorData: "Aw", signature: "BA" }, clientExtensionResults: {} });
  });

  test("leaves the shapes to the browser where it knows them", async () => {
    PublicKeyCredential.parseRequestOptionsFromJSON = (json) => ({ parsed: json });
    browser = () => ({ toJSON: () => ({ id: "x" }) });
    await (await step()).answer({ mediation: "conditional" });
    assert.deepEqual(asked, [{ publicKey: { parsed: REQUEST }, mediation: "conditional" }]);
    assert.equal(calls.at(-1)[1].code, '{"id":"x"}');
  });

  test("takes a credential that the app has got by itself", async () => {
    await (await step()).answer(assertion());
    assert.equal(JSON.parse(calls.at(-1)[1].code).rawId, "AQI");
    await (await step()).answer({ id: "x", rawId: "x", response: {} });
    assert.equal(JSON.parse(calls.at(-1)[1].code).rawId, "x");
    assert.deepEqual(asked, []);
  });

  test("stays answerable when the user leaves the dialogue", async () => {
    const open = await step();
    for (const [name, code] of [["NotAllowedError", "PasskeyCancelled"], ["AbortError", "PasskeyCancelled"], ["SecurityError", "PasskeyUnavailable"], ["InvalidStateError", "PasskeyUnavailable"]]) {
      browser = leaves(name);
      assert.equal(await codeOf(open.answer()), code, name);
    }
    const give = new AbortController();
    browser = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
    const code = codeOf(open.answer({ mediation: "conditional", signal: give.signal }));
    setImmediate(() => give.abort());
    assert.equal(await code, "Aborted");
    assert.deepEqual(calls.map(([method]) => method), ["signIn"]);
    browser = assertion;
    assert.equal((await open.answer()).name, "signedUp");
  });

  test("needs a browser that has passkeys", async () => {
    stand(undefined);
    assert.equal(await codeOf((await step()).answer()), "PasskeyUnavailable");
    assert.deepEqual(await auth.passkeys.supported(), { passkeys: false, autofill: false, upgrade: false });
  });
});

describe("a new passkey", () => {
  test("is begun, made and completed", async () => {
    const { response, ...credential } = assertion();
    browser = () => ({
      ...credential,
      authenticatorAttachment: "platform",
      response: { clientDataJSON: response.clientDataJSON, attestationObject: bytes(9), getTransports: () => ["internal"], getPublicKeyAlgorithm: () => -7, getAuthenticatorData: () => bytes(3), getPublicKey: () => null },
    });
    await auth.passkeys.register();
    const [{ publicKey }] = asked;
    assert.deepEqual([publicKey.challenge, publicKey.user.id, publicKey.excludeCredentials[0].id], [new Uint8Array([1, 2, 3]), new Uint8Array([4]), new Uint8Array([5])]);
    assert.deepEqual(calls.map(([, { operation }]) => operation), ["StartWebAuthnRegistration", "CompleteWebAuthnRegistration"]);
    assert.deepEqual(calls[1][1].members.Credential, {
      ...{ id: "AQI", rawId: "AQI", type: "public-key", authenticatorAttachment: "platform", clientExtensionResults: {} },
      response: { clientDataJSON: "-_8", attestationObject: "CQ", authenticatorData: "Aw", transports: ["internal"], publicKeyAlgorithm: -7 },
    });
  });

  test("is made without a dialogue, after a password that was filled in", async () => {
    browser = () => ({ toJSON: () => ({ id: "x" }) });
    await auth.passkeys.register({ mediation: "conditional" });
    assert.equal(asked[0].mediation, "conditional");
    assert.deepEqual(calls.map(([, { operation }]) => operation), ["StartWebAuthnRegistration", "CompleteWebAuthnRegistration"]);
  });

  test("is not made twice on one device", async () => {
    browser = leaves("InvalidStateError");
    assert.equal(await codeOf(auth.passkeys.register()), "PasskeyExists");
    browser = leaves("NotAllowedError");
    assert.equal(await codeOf(auth.passkeys.register()), "PasskeyCancelled");
    assert.deepEqual(calls.map(([, { operation }]) => operation), Array(2).fill("StartWebAuthnRegistration"));
  });
});

test("what the browser can do is asked of it", async () => {
  const can = async () => {
    const { passkeys, autofill, upgrade } = await auth.passkeys.supported();
    return [passkeys, autofill, upgrade];
  };
  assert.deepEqual(await can(), [true, false, false]);
  PublicKeyCredential.isConditionalMediationAvailable = async () => true;
  assert.deepEqual(await can(), [true, true, false]);
  PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: true });
  assert.deepEqual(await can(), [true, true, true]);
  PublicKeyCredential.isConditionalMediationAvailable = () => Promise.reject(new Error("no"));
  PublicKeyCredential.getClientCapabilities = async () => ({ conditionalGet: true });
  assert.deepEqual(await can(), [true, false, false]);
  PublicKeyCredential.getClientCapabilities = () => {
    throw new Error("no");
  };
  assert.deepEqual(await can(), [true, false, false]);
});

describe("a passkey that is deleted", () => {
  const PASSKEY = { id: "AQI", name: "phone", relyingParty: "example.com", transports: [], created: new Date() };
  let signalled;
  beforeEach(() => {
    signalled = [];
    PublicKeyCredential.signalUnknownCredential = async (what) => void signalled.push(what);
  });
  const deleted = () => calls.map(([, { operation, members }]) => [operation, members.CredentialId]);

  test("is forgotten by the browser too, where it is said whose it was", async () => {
    await auth.passkeys.delete(PASSKEY);
    assert.deepEqual(signalled, [{ rpId: "example.com", credentialId: "AQI" }]);
    await auth.passkeys.delete("BQ");
    assert.equal(signalled.length, 1);
    assert.deepEqual(deleted(), [["DeleteWebAuthnCredential", "AQI"], ["DeleteWebAuthnCredential", "BQ"]]);
  });

  test("is deleted where the browser cannot be told, and kept by it where the service refuses", async () => {
    PublicKeyCredential.signalUnknownCredential = () => Promise.reject(new DOMException("", "SecurityError"));
    await auth.passkeys.delete(PASSKEY);
    delete PublicKeyCredential.signalUnknownCredential;
    await auth.passkeys.delete(PASSKEY);
    delete globalThis.PublicKeyCredential;
    await auth.passkeys.delete(PASSKEY);
    assert.equal(deleted().length, 3);
    globalThis.PublicKeyCredential = class {
      static signalUnknownCredential = async (what) => void signalled.push(what);
    };
    core.account = () => Promise.reject({ code: "ResourceNotFound", message: "refused" });
    assert.equal(await codeOf(auth.passkeys.delete(PASSKEY)), "ResourceNotFound");
    assert.equal(await codeOf(auth.passkeys.delete(PASSKEY, { signal: AbortSignal.abort() })), "Aborted");
    assert.deepEqual(signalled, []);
  });
});
