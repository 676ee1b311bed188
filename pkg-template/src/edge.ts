// The core and its edge: what the platform does for it, and its calls as promises.

import { toApiCall, type Answer, type Send } from "./api.js";
import { withEndpoints } from "./endpoints.js";
import type { Ask, Context, PlainError, VaultConfig } from "./engine.js";
import { placeOf } from "./name.js";
import { wrongForm } from "./plain.js";
import type { RequestMessage } from "./request.js";
import { openStore } from "./store.js";
import { openTabs, type News } from "./tabs.js";

/** What has happened, as the core tells it; without a status where that stays as it was. */
export type Say = (status: string | undefined, user: string | undefined, event: string, detail: string | number | undefined) => void;

/** The core and its edge. What `call` and `fetch` reject with is a {@link PlainError}. */
export interface Core {
  /** One of the core's methods with its texts, see `enter` of wasm/mod.rs; `send` is what `fetch` does with a token. Passwords given as bytes are wiped. */
  call(method: string, texts: readonly Said[], signal: AbortSignal, passwords: readonly Password[], send?: Send): Promise<unknown>;
  fetch(request: RequestMessage, signal: AbortSignal): Promise<Answer>;
  /** What goes along with the requests of the service from now on. */
  around(context: Context): void;
  /** The service's clock, as far as its replies have shown it, in milliseconds. */
  now(): number;
  /** What nobody waits for. */
  nudge(method: "prepare" | "tend" | "touch"): void;
  free(): void;
}

/** A reply of the service that has not come after so many milliseconds is not waited for. */
const PATIENCE = 30_000;
/** The longest that a timer can be set to, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Password = string | Uint8Array;
/** What crosses to the core as a text. */
export type Said = string | undefined;

/** The operations of identity pools, which are a service of their own. */
const IDENTITY = /^Get(Id|CredentialsForIdentity)$/;
/** The operations that take what the browser says of itself. */
const OBSERVED = /^(SignUp|ConfirmSignUp|ResendConfirmationCode|ForgotPassword|ConfirmForgotPassword|InitiateAuth|RespondToAuthChallenge)$/;

/** Makes the core. `crash` is called when it has trapped, after which it answers nothing more. */
export async function loadCore(config: VaultConfig, wasmUrl: string | undefined, tell: Say, crash: () => void, ask: Ask): Promise<Core> {
  const wasm = await instantiate(wasmUrl ?? new URL("./cognito_vault.wasm", import.meta.url));
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: PlainError): void }>();
  const sends = new Map<number, Send>();
  const store = openStore(config, ask, (reason) => tell(undefined, undefined, "storageFailed", reason));
  let lastCall = 0;
  let over = false;
  let blind = false;
  let signedOut = false;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  // Of the latest call: a request that nobody has asked for takes it too.
  let context: Context = [];
  let ahead = 0;

  // What the core asks, by name. What has a ticket begins something, whose end `resume` brings later.
  const edge = {
    /** Posts a body to an operation, or gets the address where there is none. */
    send(ticket: number, url: string, operation: string, body: string): void {
      post(url, operation, body, context).then(
        ([text, status, ...head]) => {
          if (head[0]) ahead = head[0] - Date.now();
          resume(ticket, "", status, text, head);
        },
        (error: Error) => resume(ticket, error.name === "TimeoutError" ? "Timeout" : "Network"),
      );
    },
    /** Whether the signature, in Base64url, is that of the text by a JWK: 200. */
    verify(ticket: number, key: string, text: string, signature: string): void {
      verify(key, text, signature).then(
        (good) => resume(ticket, "", good ? 200 : 401),
        () => resume(ticket, "", 401),
      );
    },
    /** What is kept: 200. */
    load: (ticket: number) => void (blind ? nothing() : store.load()).then((kept) => resume(ticket, "", kept ? 200 : 404, kept?.record)),
    /** Keeps a record in the place of the revision `over`, or of any where that is 0: 200. */
    save(ticket: number, revision: number, over: number, record: string): void {
      void store.save({ record, revision }, over).then((kept) => {
        if (kept && store.shared()) tabs.announce({ revision, subject: "" });
        resume(ticket, "", kept ? 200 : 409);
      });
    },
    /** Forgets what is kept; `subject` has signed out. */
    clear(ticket: number, subject: string): void {
      void store.clear().then(() => {
        tabs.announce({ revision: 0, subject });
        done(ticket);
      });
    },
    /** The record of a user's device: 200. */
    device: (ticket: number, username: string) => void store.device(username).then((record) => resume(ticket, "", record ? 200 : 404, record)),
    /** Keeps it, or by an empty one forgets the device of the user, or with the key, that is called so. */
    keepDevice: (ticket: number, username: string, record: string) => void store.keepDevice(username, record).then(() => done(ticket)),
    lock: (ticket: number) => void (store.shared() ? tabs.lock() : Promise.resolve()).then(() => done(ticket)),
    unlock: () => tabs.unlock(),
    /** Calls `tend` after so many milliseconds, instead of what was set before. */
    alarm(millis: number): void {
      clearTimeout(alarm);
      alarm = setTimeout(unasked, Math.min(millis, LONGEST), "tend");
    },
    /** Sends the API request of a call, with one of the tokens. */
    api: (ticket: number, call: number, access: string, id: string) => void sends.get(call)!(access, id).then((told) => resume(ticket, ...told)),
    pause: (ticket: number, millis: number) => void setTimeout(done, millis, ticket),
    /** What there is nothing of is 0 or empty. */
    tell(remaining: number, status: string, event: string, detail: string, user: string): void {
      signedOut = status === "signedOut";
      tell(status, user || undefined, event, detail || remaining || undefined);
    },
    /** Brings the result of a call, as JSON, or an empty text for none. */
    done: (call: number, value: string) => settle(call).resolve(value ? JSON.parse(value) : undefined),
    fail: (call: number, retryable: number, status: number, code: PlainError["code"], message: string, requestId: string) =>
      settle(call).reject({ code, message, retryable: retryable > 0, status: status || undefined, requestId: requestId || undefined }),
  };

  // The page is one more origin, of a name that no address has: `exposed` where it may have the tokens.
  const { issuers, ...told } = withEndpoints(config);
  const lists = [issuers, [...config.apiOrigins, config.tokens], config.clientMetadata].map((list) => JSON.stringify(list));
  const whole = [told.userPoolId, told.clientId, told.endpoint, told.keys, told.identityEndpoint, told.identityLogin, told.idleTimeout, told.maxAge, ...lists];
  const vault = wasm.vault(...into(encoder.encode(whole.join("\0"))));
  const tabs = openTabs(placeOf(config), hear);

  /** The core's memory from an address on. The buffer is another one after the memory has grown. */
  function memory(from: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(wasm.memory.buffer as ArrayBuffer, from);
  }

  /** Writes into the core's memory: where, and how many bytes. */
  function into(...parts: Uint8Array[]): [from: number, size: number] {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const from = wasm.room(size);
    let at = from;
    for (const part of parts) {
      memory(at).set(part);
      at += part.length;
    }
    return [from, size];
  }

  /** The way into the core, and then what it asks. One that traps leaves nothing usable behind. */
  function enter(number: number, message: string, password: Uint8Array = new Uint8Array()): void {
    if (over) return;
    try {
      const text = encoder.encode(message);
      const answer = memory(wasm.enter(vault, number, ...into(text, password), text.length));
      const asked = answer.subarray(0, answer.indexOf(0));
      const list = JSON.parse(decoder.decode(asked)) as [keyof typeof edge, ...never[]][];
      asked.fill(0);
      for (const [name, ...given] of list) (edge[name] as (...given: never[]) => void)(...given);
    } catch {
      over = true;
      crash();
    }
  }

  /** Brings what has become of a ticket: the code of why there is nothing, or a reply. */
  const resume = (ticket: number, failed: string, status?: number, body?: string, head: readonly unknown[] = Array(4)) => enter(ticket, ["", failed, status, ...head, body].join("\0"));
  const done = (ticket: number) => resume(ticket, "", 200);

  function call(method: string, texts: readonly Said[], signal: AbortSignal, passwords: readonly Password[], send?: Send): Promise<unknown> {
    const parts = passwords.map((password) => (typeof password === "string" ? encoder.encode(password) : password));
    // A page may have handed over anything; and a byte that is 0 stands between two texts, and between two passwords.
    const fit = (text: unknown = "") => typeof text === "string" && !text.includes("\0");
    if (!texts.every(fit) || !parts.every((part) => part instanceof Uint8Array && !(parts[1] && part.includes(0)))) throw wrongForm();
    const bytes = new Uint8Array(Math.max(0, parts.reduce((length, part) => length + part.length + 1, -1)));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length + 1;
      part.fill(0);
    }
    const id = ++lastCall;
    if (send) sends.set(id, send);
    return new Promise((resolve, reject) => {
      calls.set(id, { resolve, reject });
      signal.addEventListener("abort", () => enter(id, ""));
      enter(id, [method, ...texts].join("\0"), bytes);
      bytes.fill(0);
    });
  }

  function settle(call: number) {
    const waiting = calls.get(call)!;
    calls.delete(call);
    sends.delete(call);
    return waiting;
  }

  /** A call that no page waits for; what comes of it is told. */
  const unasked = (method: string, ...texts: string[]) => call(method, texts, new AbortController().signal, []).then(nothing, nothing);
  const nothing = async () => undefined;

  /** Another engine has changed what it keeps. Where that is not what this one keeps, the core sees nothing kept, and only has to know whose it was. */
  async function hear({ revision, subject }: News): Promise<void> {
    store.expect(revision);
    blind = !store.shared();
    const heard = unasked("changed", subject);
    blind = false; // by now the core has asked
    await heard;
    if (signedOut && !store.shared()) await store.clear();
  }

  const core: Core = {
    call,
    async fetch(request, signal) {
      const api = toApiCall(request, config.apiToken, signal);
      await call("fetch", [api.origin], signal, [], api.send);
      return api.answer();
    },
    around: (given) => void (context = given),
    now: () => Date.now() + ahead,
    nudge: (method) => void unasked(method),
    free() {
      over = true;
      clearTimeout(alarm);
      tabs.close();
      memory(0).fill(0);
    },
  };
  await unasked("restore"); // whoever waits for the vault begins with who is signed in
  return core;
}

/** What the module exports: see its boundary.rs. */
interface Module {
  readonly memory: WebAssembly.Memory;
  room(size: number): number;
  vault(from: number, size: number): number;
  enter(vault: number, call: number, from: number, size: number, length: number): number;
}

// Not by streaming, which a server that does not know the media type of wasm would break.
async function instantiate(url: string | URL): Promise<Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cognito_vault.wasm: HTTP ${response.status}`);
  const entropy = (at: number, size: number) => void crypto.getRandomValues(new Uint8Array(module.memory.buffer, at, size));
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { edge: { now: () => Date.now(), entropy } });
  const module = instance.exports as unknown as Module;
  return module;
}

/** RSASSA-PKCS1-v1_5 with SHA-256, whatever the key says of itself: whether `signature`, in Base64url, is that of `text` by `key`, a JWK. */
async function verify(key: string, text: string, signature: string): Promise<boolean> {
  const rs256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const { kty, n, e } = JSON.parse(key) as JsonWebKey;
  const bytes = Uint8Array.from(atob(signature.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const imported = await crypto.subtle.importKey("jwk", { kty, n, e } as JsonWebKey, rs256, false, ["verify"]);
  return crypto.subtle.verify(rs256, imported, bytes, encoder.encode(text));
}

/** A reply; the date is in milliseconds since 1970. @internal */
export type Replied = [body: string, status: number, date: number | undefined, errorType: Said, errorMessage: Said, requestId: Said];

/** One call of the service's API, a form or, without a body, a plain GET. @internal */
export async function post(url: string, operation: string, body: string, [wafToken, contextData]: Context): Promise<Replied> {
  const pool = !IDENTITY.test(operation);
  const json = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AWSCognitoIdentity${pool ? "Provider" : ""}Service.${operation}`,
    ...(pool && wafToken && { "aws-waf-token": wafToken }),
  };
  const headers = operation ? json : { "content-type": "application/x-www-form-urlencoded" };
  const seen = contextData && OBSERVED.test(operation) && `,"UserContextData":${JSON.stringify({ EncodedData: contextData })}}`;
  const response = await fetch(url, {
    ...(body && ({ method: "POST", headers, body: seen ? body.slice(0, -1) + seen : body, cache: "no-store" } as const)),
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const date = Date.parse(header("date") ?? "") || undefined;
  return [await response.text(), response.status, date, header("x-amzn-errortype"), header("x-amzn-errormessage"), header("x-amzn-requestid")];
}
