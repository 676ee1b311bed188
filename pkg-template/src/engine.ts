// The engine behind one interface: in a worker, or on the page where no worker runs; both speak these messages over a port.

import { AuthError, type AuthErrorOptions } from "./errors.js";
import type { AuthErrorCode } from "./codes.js";

/** What the core is made with. */
export interface VaultConfig {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint: string | undefined;
  readonly issuers: readonly string[] | undefined;
  readonly apiOrigins: readonly string[];
  readonly apiToken: "access" | "id";
  readonly clientMetadata: Readonly<Record<string, string>> | undefined;
}

/** What a page may call: the core's methods, and what reads the body of an API's answer. */
export type Method =
  | "signIn"
  | "answer"
  | "resend"
  | "giveUp"
  | "signUp"
  | "confirmSignUp"
  | "resendSignUpCode"
  | "attributes"
  | "refresh"
  | "signOut"
  | "fetch"
  | "read"
  | "drop";

/** An error without its prototype, which would be lost on the way. */
export interface PlainError extends AuthErrorOptions {
  readonly code: AuthErrorCode;
  readonly message: string;
}

/** A change of state; `user` is the JSON of the claims. */
export interface Tell {
  readonly type: "tell";
  readonly status: "signedOut" | "signedIn" | "stale";
  readonly user: string | undefined;
  readonly event: string;
  readonly detail: string | undefined;
}

export type ToVault =
  | { readonly type: "start"; readonly config: VaultConfig; readonly wasmUrl: string | undefined }
  | { readonly type: "call"; readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** A `tell` is posted before the `done` of the call that caused it. */
export type FromVault =
  | { readonly type: "ready"; readonly error?: PlainError }
  | Tell
  | { readonly type: "done"; readonly id: number; readonly value?: unknown; readonly error?: PlainError };

/** What a worker, its inside and a message port have in common. */
export interface Port<Out, In> {
  postMessage(message: Out, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<In>) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  terminate?(): void;
  close?(): void;
}

type VaultPort = Port<ToVault, FromVault>;

export interface EngineOptions {
  readonly config: VaultConfig;
  readonly engine: "worker" | "page" | undefined;
  readonly workerUrl: string | undefined;
  readonly wasmUrl: string | undefined;
}

export interface Listener {
  tell(message: Tell): void;
  /** The worker could not be used, and the page engine takes its place. */
  fellBack(reason: string): void;
  /** Nothing answers any more. */
  failed(reason: string): void;
}

export interface Engine {
  /** Rejects with `EngineFailed`, or with `InvalidState` once closed. */
  readonly ready: Promise<void>;
  call<T>(method: Method, args: readonly unknown[], signal?: AbortSignal | null, transfer?: Transferable[]): Promise<T>;
  close(): void;
}

/** How long an engine may take to load, in milliseconds: a script that is not this package's worker never says that it is ready. */
const PATIENCE = 30_000;

// Bundlers recognise this expression as it stands; `blob:` and `data:` workers would inherit the page's policy, which may refuse WebAssembly.
function openWorker(url: string | undefined): VaultPort {
  return url === undefined
    ? new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "cognito-vault" })
    : new Worker(url, { type: "module", name: "cognito-vault" });
}

async function openPage(): Promise<VaultPort> {
  const { serve } = await import("./worker.js");
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  return port1;
}

function stop(port: VaultPort | undefined): void {
  if (port === undefined) return;
  port.onmessage = null;
  if (port.terminate) return port.terminate();
  port.postMessage({ type: "close" }, []);
  port.close?.();
}

export function startEngine({ config, engine, workerUrl, wasmUrl }: EngineOptions, listener: Listener): Engine {
  const pending = new Map<number, { done(value: unknown): void; fail(error: AuthError): void }>();
  let port: VaultPort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;
  let over: AuthError | undefined;
  let opened: () => void;
  let refused: (why: AuthError) => void;
  const ready = new Promise<void>((resolve, reject) => {
    opened = resolve;
    refused = reject;
  });
  ready.catch(() => undefined); // every caller gets this rejection; without any caller it is not an unhandled one

  function end(why: AuthError): void {
    if (over) return;
    over = why;
    clearTimeout(timer);
    stop(port);
    refused(why);
    for (const { fail } of pending.values()) fail(why);
  }

  function crash(cause: unknown): void {
    if (over) return;
    const why = new AuthError("EngineFailed", `the vault does not run: ${reasonOf(cause)}`, { cause });
    end(why);
    listener.failed(why.message);
  }

  function connect(candidate: VaultPort): Promise<void> {
    port = candidate;
    let running = false;
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        clearTimeout(timer);
        stop(candidate);
        reject(cause);
        if (running) crash(cause);
      };
      timer = setTimeout(fail, PATIENCE, new Error("it does not answer"));
      candidate.onerror = (event) => {
        event.preventDefault();
        fail(event);
      };
      candidate.onmessage = ({ data }) => {
        if (data.type === "tell") return listener.tell(data);
        if (data.type === "done") {
          const call = pending.get(data.id);
          return data.error ? call?.fail(toAuthError(data.error)) : call?.done(data.value);
        }
        if (data.error) return fail(toAuthError(data.error));
        clearTimeout(timer);
        running = true;
        resolve();
      };
      candidate.postMessage({ type: "start", config, wasmUrl }, []);
    });
  }

  async function open(): Promise<void> {
    if (over) throw over;
    if (engine !== "page") {
      try {
        return await connect(openWorker(workerUrl));
      } catch (cause) {
        if (over || engine) throw cause;
        listener.fellBack(reasonOf(cause));
      }
    }
    const candidate = await openPage();
    if (over) return stop(candidate);
    return connect(candidate);
  }

  // On a server there is nothing to open: no location, and nobody to sign in.
  if (typeof location === "undefined") end(new AuthError("EngineFailed", "the vault runs in browsers only"));
  // Later, so that the caller has its Auth object before any event of it.
  else queueMicrotask(() => void open().then(() => opened(), crash));

  return {
    ready,
    close: () => end(new AuthError("InvalidState", "this Auth object was closed")),
    call: <T>(method: Method, args: readonly unknown[], signal?: AbortSignal | null, transfer: Transferable[] = []) =>
      new Promise<T>((resolve, reject) => {
        const id = ++lastId;
        const settle = () => {
          pending.delete(id);
          signal?.removeEventListener("abort", abort);
        };
        const fail = (error: AuthError) => {
          settle();
          reject(error);
        };
        let sent = false;
        const aborted = () => new AuthError("Aborted", "the caller gave up", { cause: signal?.reason });
        // The vault says whether it was in time: a call that is done already cannot be given up.
        const abort = () => (sent ? port!.postMessage({ type: "cancel", id }, []) : fail(aborted()));
        if (over) return reject(over);
        if (signal?.aborted) return reject(aborted());
        signal?.addEventListener("abort", abort);
        pending.set(id, {
          fail: (error) => fail(error.code === "Aborted" ? aborted() : error),
          done: (value) => {
            settle();
            resolve(value as T);
          },
        });
        const post = () => {
          if (!pending.has(id)) return;
          port!.postMessage({ type: "call", id, method, args }, transfer);
          sent = true;
        };
        ready.then(post).catch((cause: unknown) => fail(over ?? new AuthError("InvalidParameter", "a value that cannot be copied to the vault", { cause })));
      }),
  };
}

/** Not the message of a worker's `error` event: it is of any exception in there, and may quote a value. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "its file could not be loaded, or it crashed";
}

function toAuthError(error: PlainError): AuthError {
  return new AuthError(error.code, error.message, error);
}
