// The core and its edge: what the platform does for it, and its calls as promises.

import init, { Engine, type Edge } from "./cognito_vault.js";
import type { Method, PlainError, VaultConfig } from "./engine.js";
import type { RequestMessage } from "./request.js";

/** A change of state, as the core tells it. */
export type Say = (status: string, user: string | undefined, event: string, detail: string | undefined) => void;

/** The core's methods, each taking an `AbortSignal` after its arguments. Their errors are {@link PlainError}s. */
export type Core = { prepare(): void; free(): void } & { readonly [method in Method]: (...args: never[]) => unknown };

/** A reply of the service that has not come after so many milliseconds is not waited for. */
const PATIENCE = 30_000;

const WRONG_FORM: PlainError = { code: "InvalidParameter", message: "the request has a wrong form", retryable: false };

type Password = string | Uint8Array;
type Answer = string | { readonly code?: string; readonly password?: Password; readonly attributes?: object };

/** An API request under way, and the newest response to it. */
interface ApiCall {
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers };
  response?: Response;
}

/** Makes the core. `crash` is called when it has trapped, after which it answers nothing more. */
export async function loadCore(config: VaultConfig, wasmUrl: string | undefined, tell: Say, crash: () => void): Promise<Core> {
  await init({ module_or_path: await compile(wasmUrl ?? new URL("./cognito_vault.wasm", import.meta.url)) });

  const calls = new Map<number, (result: { value?: unknown; error?: PlainError }) => void>();
  const apiCalls = new Map<number, ApiCall>();
  let lastCall = 0;
  let over = false;

  const edge: Edge = {
    now: () => Date.now(),
    entropy(bytes) {
      try {
        return !!crypto.getRandomValues(bytes);
      } catch {
        return false;
      }
    },
    send(ticket, url, operation, body) {
      post(url, operation, body).then(
        ([head, text]) => resume(ticket, head, text),
        (error: Error) => resume(ticket, { failed: error.name === "TimeoutError" ? "Timeout" : "Network" }),
      );
    },
    api(ticket, call, token) {
      const { url, init } = apiCalls.get(call)!;
      init.headers.set("authorization", `Bearer ${token}`);
      fetch(url, init).then(
        (response) => {
          apiCalls.get(call)!.response = response;
          resume(ticket, { status: response.status });
        },
        () => resume(ticket, { failed: init.signal?.aborted ? "Aborted" : "Network" }),
      );
    },
    pause: (ticket, millis) => void setTimeout(resume, millis, ticket, {}),
    tell(news) {
      const { status, user, event, detail } = JSON.parse(news) as { status: string; user?: string; event: string; detail?: string };
      tell(status, user, event, detail);
    },
    done: (call, result) => calls.get(call)!(JSON.parse(result)),
  };

  const engine = make(edge, config);

  /** Every way into the core: one that traps leaves nothing usable behind. */
  function enter(work: () => void): void {
    if (over) return;
    try {
      work();
    } catch {
      over = true;
      crash();
    }
  }

  const resume = (ticket: number, head: object, body = "") => enter(() => engine.resume(ticket, JSON.stringify(head), body));

  function call(method: Method, argument: object, signal: AbortSignal, password: Password = "", api?: ApiCall): Promise<unknown> {
    const text = toText(argument);
    const bytes = typeof password === "string" ? new TextEncoder().encode(password) : password;
    // A trap would end the session of whoever is signed in.
    if (!text || !(bytes instanceof Uint8Array)) throw WRONG_FORM;
    const id = ++lastCall;
    if (api) apiCalls.set(id, api);
    return new Promise((resolve, reject) => {
      calls.set(id, ({ value, error }) => {
        calls.delete(id);
        apiCalls.delete(id);
        if (error) reject(error);
        else resolve(value);
      });
      signal.addEventListener("abort", () => enter(() => engine.giveUp(id)));
      enter(() => engine.call(id, method, text, bytes));
      bytes.fill(0);
    });
  }

  const withPassword = (method: "signIn" | "signUp") => ({ password, ...argument }: { password?: Password }, signal: AbortSignal) => call(method, argument, signal, password);
  const ofStep = (method: "resend" | "giveUp") => (id: number, signal: AbortSignal) => call(method, { id }, signal);
  const withRequest = (method: "confirmSignUp" | "resendSignUpCode") => (request: object, signal: AbortSignal) => call(method, request, signal);
  const bare = (method: "attributes" | "refresh" | "signOut") => (signal: AbortSignal) => call(method, {}, signal);

  return {
    signIn: withPassword("signIn"),
    signUp: withPassword("signUp"),
    answer(id: number, answer: Answer, signal: AbortSignal) {
      const { password, ...argument } = typeof answer === "string" ? { code: answer } : answer;
      return call("answer", { id, ...argument }, signal, password);
    },
    resend: ofStep("resend"),
    giveUp: ofStep("giveUp"),
    confirmSignUp: withRequest("confirmSignUp"),
    resendSignUpCode: withRequest("resendSignUpCode"),
    attributes: bare("attributes"),
    refresh: bare("refresh"),
    signOut: bare("signOut"),
    async fetch(request: RequestMessage, signal: AbortSignal) {
      const { origin, api } = toApiCall(request, signal);
      await call("fetch", { origin }, signal, "", api);
      return api.response;
    },
    prepare: () => enter(() => engine.prepare()),
    free() {
      over = true;
      engine.free();
    },
  };
}

// Not by streaming, which a server that does not know the media type of wasm would break.
async function compile(url: string | URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cognito_vault.wasm: HTTP ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

function make(edge: Edge, config: VaultConfig): Engine {
  try {
    return new Engine(edge, JSON.stringify(config));
  } catch (error) {
    throw typeof error === "string" ? new Error((JSON.parse(error) as PlainError).message) : error;
  }
}

/** One call of the user pool's API: its head and its body. */
async function post(url: string, operation: string, body: string): Promise<[head: object, body: string]> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}` },
    body,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const head = {
    status: response.status,
    date: Date.parse(header("date") ?? "") || undefined,
    errorType: header("x-amzn-errortype"),
    errorMessage: header("x-amzn-errormessage"),
    requestId: header("x-amzn-requestid"),
  };
  return [head, await response.text()];
}

/** The request as the vault sends it, to the very address whose origin the core looks at. A redirect fails it, because the token would go along. */
function toApiCall(request: RequestMessage, signal: AbortSignal): { origin: string; api: ApiCall } {
  const { method, body, cache, credentials, integrity, keepalive, referrerPolicy } = request;
  try {
    const { href, protocol, origin } = new URL(request.url);
    const headers = new Headers(request.headers);
    if (!headers.has("authorization")) {
      const init = { method, headers, body, cache, credentials, integrity, keepalive, referrerPolicy, redirect: "error", signal } as const;
      // A blob: URL has the origin that it was made by.
      return { origin: protocol === "blob:" ? protocol : origin, api: { url: href, init } };
    }
  } catch {
    // An address or a header that is none.
  }
  throw WRONG_FORM;
}

/** The JSON of what a page sent; nothing where it has none. */
function toText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // a BigInt, a circle
  }
}
