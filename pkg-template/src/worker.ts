// The vault's end of the port: it runs the core and keeps every token on this side.

import { openBodies, type Answer } from "./api.js";
import { loadCore, type Core, type Say } from "./edge.js";
import type { FromVault, Method, PlainError, Port, Tell, ToVault, VaultConfig } from "./engine.js";

type PagePort = Port<FromVault, ToVault>;
/** Makes the core, or rejects where the platform cannot run it. @internal */
export type Load = (config: VaultConfig, wasmUrl: string | undefined, tell: Say, crash: () => void) => Promise<Core>;

/** The methods that a message may name, and how many arguments each takes before the signal. */
const ARITY: Readonly<Record<Method, number>> = {
  signIn: 1,
  answer: 2,
  resend: 1,
  giveUp: 1,
  signUp: 1,
  confirmSignUp: 1,
  resendSignUpCode: 1,
  attributes: 0,
  refresh: 0,
  signOut: 0,
  fetch: 1,
  read: 1,
  drop: 1,
};

/** Serves one core on a port, which takes one `start`: a later one cannot change the configuration. @internal */
export function serve(port: PagePort, load: Load = loadCore): void {
  const running = new Map<number, AbortController>();
  const bodies = openBodies();
  let core: Promise<Core> | undefined;
  let closed = false;

  const post = (message: FromVault, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  async function start(config: VaultConfig, wasmUrl: string | undefined): Promise<void> {
    try {
      const tell: Say = (status, user, event, detail) => post({ type: "tell", status, user, event, detail } as Tell);
      core = load(config, wasmUrl, tell, () => post({ type: "ready", error: plain("EngineFailed", "the vault has crashed") }));
      await core;
      post({ type: "ready" });
      await rest();
    } catch (error) {
      const { name, message } = error as Error;
      post({ type: "ready", error: { code: "EngineFailed", message: `${name}: ${message}` } });
    }
  }

  async function call(id: number, method: Method, args: readonly unknown[]): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      if (!core || !Object.hasOwn(ARITY, method)) throw plain("InvalidState", "the vault has no such call");
      const given = args.slice(0, ARITY[method]);
      given.length = ARITY[method];
      const value = await ({ ...(await core), ...bodies }[method] as (...given: unknown[]) => unknown)(...given, abort.signal);
      if (abort.signal.aborted) return;
      post({ type: "done", id, value: method === "fetch" ? bodies.keep(value as Answer, abort) : value }, value instanceof Uint8Array ? [value.buffer] : []);
    } catch (error) {
      if (!abort.signal.aborted) post({ type: "done", id, error: toPlainError(error) });
    } finally {
      running.delete(id);
      void rest();
    }
  }

  /** Settles a call that is under way; what is done already stays done. */
  function cancel(id: number): void {
    const abort = running.get(id);
    if (!abort || abort.signal.aborted) return;
    abort.abort();
    post({ type: "done", id, error: plain("Aborted", "the caller gave up") });
  }

  /** What is done between calls: the proof of the next sign-in, or the end. */
  async function rest(): Promise<void> {
    const idle = await core?.catch(() => undefined);
    if (!idle || running.size > 0) return;
    if (closed) return idle.free();
    (globalThis.requestIdleCallback ?? setTimeout)(() => {
      try {
        if (!closed && running.size === 0) idle.prepare();
      } catch {
        // The next sign-in makes the pair itself and reports what stops it.
      }
    });
  }

  port.onmessage = ({ data }) => {
    if (data.type === "call") void call(data.id, data.method, data.args);
    else if (data.type === "cancel") cancel(data.id);
    else if (data.type === "start") core ?? void start(data.config, data.wasmUrl);
    else if (data.type === "close") {
      closed = true;
      for (const abort of running.values()) abort.abort();
      bodies.close();
      void rest();
    }
  };
}

const plain = (code: PlainError["code"], message: string): PlainError => ({ code, message });

/** The core's own errors by their members; of any other only the name, because its message may quote a value. */
function toPlainError(error: unknown): PlainError {
  const { code, message, retryable, status, requestId, name } = error as PlainError & { name?: string };
  return typeof code === "string" ? { code, message, retryable, status, requestId } : plain("EngineFailed", `the vault failed: ${name}`);
}

// A worker made by this package, and no other realm that loads this file.
const scope = globalThis as unknown as PagePort & { name?: string };
if (typeof document === "undefined" && scope.name === "cognito-vault") serve(scope);
