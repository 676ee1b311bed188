// The engine behind one interface, whichever rung of the ladder it is on; all speak these messages over a port.

import { AuthError, type AuthErrorOptions } from "./errors.js";
import type { AuthErrorCode } from "./codes.js";
import { vaultName } from "./name.js";
import type { EngineKind, SessionStorage } from "./places.js";
import { ladder, rungsOf, wasmOf } from "./rungs.js";

/** What the vault is made with. */
export interface VaultConfig {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint?: string | undefined;
  readonly issuers?: readonly string[] | undefined;
  readonly apiOrigins: readonly string[];
  readonly apiToken: "access" | "id";
  readonly tokens: "sealed" | "exposed";
  readonly fips?: boolean | undefined;
  readonly dualStack?: boolean | undefined;
  readonly identityPoolId?: string | undefined;
  readonly identityEndpoint?: string | undefined;
  readonly identityLogin?: string | undefined;
  readonly appName?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
  /** In milliseconds. */
  readonly idleTimeout?: number | undefined;
  readonly maxAge?: number | undefined;
  /** `session`: of this tab alone; `page`: what the page reaches, of several tabs. */
  readonly storage: "memory" | "indexedDb" | "session" | "page";
}

/** What the app's callbacks have said for a call: `wafToken`, `contextData`. */
export type Context = readonly (string | undefined)[];

/** An error without its prototype, which would be lost on the way. */
export interface PlainError extends AuthErrorOptions {
  readonly code: AuthErrorCode;
  readonly message: string;
}

/** What has happened, and the state since: no state where it has not changed, no event where a page joins that nobody is signed in to. `user` is the JSON of the claims. */
export interface Tell {
  readonly type: "tell";
  readonly status?: "signedOut" | "signedIn" | "stale" | undefined;
  readonly user?: string | undefined;
  readonly event?: object | undefined;
}

export type ToVault =
  /** `lock`: a lock that the page holds while it is there, where the vault outlives it. */
  | { readonly type: "start"; readonly config: VaultConfig; readonly wasmUrl: string | undefined; readonly lock?: string | undefined }
  | { readonly type: "call"; readonly id: number; readonly method: string; readonly args: readonly unknown[]; readonly context?: Context | undefined }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "stored"; readonly id: number; readonly record?: string | null | undefined; readonly failed?: string }
  /** `tend`: the page is seen again, or the network is back. `touch`: the user has done something. */
  | { readonly type: "tend" | "touch" | "close" };

/** A `tell` is posted before the `done` of the call that caused it. */
export type FromVault =
  /** `lock`: one that the vault holds as long as it runs, where it is not the page's own. */
  | { readonly type: "ready"; readonly error?: PlainError; readonly lock?: string | undefined }
  | Tell
  | { readonly type: "store"; readonly id: number; readonly op: keyof SessionStorage; readonly record: string | undefined }
  | { readonly type: "done"; readonly id: number; readonly value?: unknown; readonly error?: PlainError };

/** Has the page's storage do something. @internal */
export type Ask = (op: keyof SessionStorage, record?: string) => Promise<string | null | undefined>;

/** What a worker, its inside and a message port have in common. */
export interface Port<Out, In> {
  postMessage(message: Out, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<In>) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  /** Told of a port whose other end is gone, where the platform does. */
  onclose?: (() => void) | null;
  terminate?(): void;
  close?(): void;
}

export type VaultPort = Port<ToVault, FromVault>;

export interface EngineOptions {
  readonly config: VaultConfig;
  /** This rung or none. */
  readonly engine: EngineKind | undefined;
  readonly workerUrl: string | undefined;
  readonly wasmUrl: string | undefined;
  readonly trustedTypesPolicy: string;
  /** What the page reaches for the vault. */
  readonly storage: SessionStorage | undefined;
  /** Asked before a call; `username` is whose it is, where that is known. */
  readonly context: ((username: string | undefined) => Promise<Context>) | undefined;
}

export interface Engine {
  /** Rejects with `EngineFailed`, or with `InvalidState` once closed. */
  readonly ready: Promise<void>;
  /** The `signal` of an argument does not cross: it is the call's. */
  call<T>(method: string, args: readonly unknown[], signal?: AbortSignal | null, transfer?: Transferable[]): Promise<T>;
  close(): void;
}

/** How long an engine may take to load, in milliseconds: a script that is not this package's worker never says that it is ready. */
const PATIENCE = 30_000;

/** How often a vault that has crashed is started anew. */
const RESTARTS = 3;
/** How long after the first crash, in milliseconds, and as much more after each next one: for a moment the browser still connects to a shared worker that is gone. */
const RESTART_PAUSE = 500;

/** What shows that the user is there; told at most every so many milliseconds. */
const ACTIVITY = ["pointerdown", "pointermove", "wheel", "keydown"];
const THROTTLE = 2_000;

/** The calls that ask nothing of the service. */
const QUIET = /^(read|drop|giveUp)$/;

function stop(port: VaultPort | undefined): void {
  if (port === undefined) return;
  port.onmessage = null;
  if (port.terminate) return port.terminate();
  port.postMessage({ type: "close" }, []);
  port.close?.();
}

/** `tell` hears what the vault says, and what becomes of the engine itself. */
export function startEngine(options: EngineOptions, tell: (news: Omit<Tell, "type">) => void): Engine {
  const { config, engine, workerUrl: url, trustedTypesPolicy, storage, context } = options;
  const wasmUrl = options.wasmUrl ?? wasmOf(url);
  const rungs = rungsOf({ url, name: vaultName(config, wasmUrl), trustedTypesPolicy });
  const ears = new AbortController();
  const pending = new Map<number, (error: AuthError | undefined, value?: unknown) => void>();
  let port: VaultPort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;
  let restarts = 0;
  /** The rung that the app asks for or that has run: a script that comes later brings the vault down to no weaker one. */
  let only = engine;
  let opening: Promise<void>;
  /** As the vault that runs has told it, and as the one before. */
  let status: Tell["status"];
  let before: Tell["status"];
  let over: AuthError | undefined;
  let username: string | undefined;
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
    ears.abort();
    stop(port);
    refused(why);
    for (const settle of pending.values()) settle(why);
  }

  /** Later, so that the caller has its Auth object before any event of it. */
  function start(): void {
    before = status;
    status = undefined;
    opening = new Promise<void>((go) => (restarts ? setTimeout(go, RESTART_PAUSE * restarts) : go())).then(open);
    opening.then(opened, (cause: unknown) => crash(cause, false));
  }

  /** The vault that ran is gone, with every call and step. Another one goes on with the session, if that is kept anywhere. */
  function crash(cause: unknown, again: boolean): void {
    if (over) return;
    const why = new AuthError("EngineFailed", `the vault does not run: ${reasonOf(cause)}`, { cause });
    const { message } = why;
    if (again && restarts++ < RESTARTS) {
      for (const settle of pending.values()) settle(why);
      tell({ event: { name: "engineRestarted", message } });
      return start();
    }
    end(why);
    tell({ status: "signedOut", event: { name: "engineFailed", message } });
  }

  function connect(kind: EngineKind, candidate: VaultPort): Promise<void> {
    port = candidate;
    let running = false;
    let gone = false;
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        if (gone) return; // its end may be told in several ways
        gone = true;
        clearTimeout(timer);
        stop(candidate);
        reject(cause);
        if (running) crash(cause, true);
      };
      timer = setTimeout(fail, PATIENCE, new Error("it does not answer"));
      candidate.onerror = (event) => {
        event.preventDefault();
        fail(event);
      };
      candidate.onclose = () => fail(undefined);
      candidate.onmessage = ({ data }) => {
        if (data.type === "tell") {
          status = data.status ?? status;
          return tell(data);
        }
        if (data.type === "store") return void reach(candidate, data);
        const error = data.error && new AuthError(data.error.code, data.error.message, data.error);
        if (data.type === "done") return pending.get(data.id)?.(error, data.value);
        if (error) return fail(error);
        clearTimeout(timer);
        running = true;
        only = kind;
        if (data.lock) navigator.locks.request(data.lock, { mode: "shared", signal: ears.signal }, fail).catch(() => undefined);
        // Of nobody a vault that begins says nothing.
        if (!status) {
          status = "signedOut";
          tell({ status, event: before && before !== status ? { name: "signedOut", reason: "lost" } : undefined });
        }
        resolve();
      };
      void presence(kind, ears.signal).then((lock) => candidate.postMessage({ type: "start", config, wasmUrl, lock }, []));
    });
  }

  async function reach(vault: VaultPort, { id, op, record }: Extract<FromVault, { type: "store" }>): Promise<void> {
    const asked = (async () => storage![op]?.(record!))();
    const answer = await asked.then((record) => ({ record: record as string | undefined }), (error: unknown) => ({ failed: String((error as Error | undefined)?.name) }));
    vault.postMessage({ type: "stored", id, ...answer }, []);
  }

  async function open(): Promise<void> {
    // Chromium may freeze a page that is left while its vault makes the database, and nobody else can open that: what such a page would
    // hear ends it.
    const starts = new BroadcastChannel("cognito-vault");
    starts.postMessage(0);
    ready.catch(() => undefined).then(() => starts.close());
    const kinds = only ? [only] : ladder(!storage);
    for (const [at, kind] of kinds.entries()) {
      try {
        if (over) throw over;
        const candidate = await rungs[kind]();
        if (over) return stop(candidate);
        return await connect(kind, candidate);
      } catch (cause) {
        const next = kinds[at + 1];
        if (over || !next) throw cause;
        tell({ event: { name: "engineFellBack", engine: next, message: reasonOf(cause) } });
      }
    }
  }

  function listen(): void {
    const hear = (event: string, type: "tend" | "touch", wait: number) => {
      let last = -Infinity;
      const told = ({ isTrusted, timeStamp }: Event) => {
        if (!isTrusted || timeStamp - last < wait || (document.hidden && event !== "online")) return;
        last = timeStamp;
        port?.postMessage({ type }, []);
      };
      globalThis.addEventListener?.(event, told, { signal: ears.signal, capture: true, passive: true });
    };
    for (const event of ["visibilitychange", "online"]) hear(event, "tend", 0);
    if (config.idleTimeout) for (const event of ACTIVITY) hear(event, "touch", THROTTLE);
  }

  // On a server there is nothing to open: no location, and nobody to sign in.
  if (typeof location === "undefined") end(new AuthError("EngineFailed", "no browser"));
  else {
    listen();
    start();
  }

  return {
    ready,
    close: () => end(new AuthError("InvalidState", "this Auth object was closed")),
    call: <T>(method: string, given: readonly unknown[], signal?: AbortSignal | null, transfer: Transferable[] = []) =>
      new Promise<T>((resolve, reject) => {
        const id = ++lastId;
        const args = given.map((argument) => {
          const { username: named, signal: own, target } = Object(argument) as { username?: string; signal?: AbortSignal; target?: unknown };
          username = named ?? username;
          signal ??= own;
          // A call may be a button's handler: an event is no argument.
          return target ? undefined : own ? { ...(argument as object), signal: undefined } : argument;
        });
        const whose = username;
        let sent = false;
        const settle = (error: AuthError | undefined, value?: unknown) => {
          pending.delete(id);
          signal?.removeEventListener("abort", abort);
          if (!error) resolve(value as T);
          else reject(error.code === "Aborted" ? new AuthError("Aborted", error.message, { cause: signal?.reason }) : error);
        };
        // The vault says whether it was in time: a call that is done already cannot be given up.
        const abort = () => (sent ? port!.postMessage({ type: "cancel", id }, []) : settle(new AuthError("Aborted", "the caller gave up")));
        if (over) return reject(over);
        if (signal?.aborted) return abort();
        signal?.addEventListener("abort", abort);
        pending.set(id, settle);
        const post = (context: Context | undefined) => {
          if (!pending.has(id)) return;
          port!.postMessage({ type: "call", id, method, args, context }, transfer);
          sent = true;
        };
        opening.then(() => (QUIET.test(method) ? undefined : context?.(whose)))
          .then(post)
          .catch((cause: unknown) => settle(over ?? new AuthError("InvalidParameter", "an argument that cannot be copied", { cause })));
      }),
  };
}

/** A lock that this page holds until `gone`, by which a worker that outlives it learns that it is gone; none where it would not, or without locks. */
function presence(rung: EngineKind, gone: AbortSignal): Promise<string | undefined> {
  return new Promise((held) => {
    if (rung !== "shared" || !navigator.locks) return held(undefined);
    const name = `cognito-vault:${crypto.randomUUID()}`;
    const hold = () => {
      held(name);
      return gone.aborted || new Promise((release) => gone.addEventListener("abort", release));
    };
    navigator.locks.request(name, hold).catch(() => held(undefined));
  });
}

/** Not the message of a worker's `error` event: it is of any exception in there, and may quote a value. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "its file could not be loaded, or it crashed";
}
