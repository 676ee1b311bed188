// The vault's end of the port: it runs the core and keeps every token on this side.

import { openAccount, type Account, type Calls } from "./account.js";
import { openBodies, type Answer } from "./api.js";
import { loadCore, type Core, type Say } from "./edge.js";
import type { Ask, FromVault, PlainError, Port, Tell, ToVault, VaultConfig } from "./engine.js";
import { vaultName } from "./name.js";
import { plainError } from "./plain.js";

type PagePort = Port<FromVault, ToVault>;
/** Makes the core, or rejects where the platform cannot run it. @internal */
export type Load = (config: VaultConfig, wasmUrl: string | undefined, tell: Say, crash: () => void, ask: Ask) => Promise<Core>;

/** What a call brings that can be answered. */
interface Step {
  readonly name: string;
  readonly id?: string;
}

/** Serves one core on a port, which takes one `start`: a later one cannot change the configuration. @internal */
export const serve = (port: PagePort, load?: Load): void => openVault(load)(port);

/**
 * One core for all the ports that the result is called with; one that cannot be used makes way for the next page's. `name` is the
 * worker's, which says the configuration. A vault that pages share stays; any other ends with its port. @internal
 */
export function openVault(load: Load = loadCore, name?: string, shared?: boolean): (port: PagePort) => void {
  const ports = new Set<PagePort>();
  const asked = new Map<number, { resolve(record: string | null | undefined): void; reject(error: unknown): void }>();
  /** The newest open step of each tab that wants it kept, by the tab's name. */
  const carried = new Map<string, Step>();
  let core: Promise<Core> | undefined;
  let account: Account | undefined;
  let latest: Tell | undefined;
  let lastAsked = 0;
  let busy = 0;
  let closed = false;
  /** The name of the lock that this vault holds as long as it runs: who waits for it learns that it is gone. */
  let alive: Promise<string | undefined> | undefined;

  const toAll = (message: FromVault) => ports.forEach((port) => port.postMessage(message, []));

  const tell: Say = (status, user, event, detail) => {
    const member = event === "idle" ? "millis" : /^(refresh|device)Failed$/.test(event) ? "code" : "reason";
    const news = { type: "tell", status, user, event: { name: event, ...(detail !== undefined && { [member]: detail }) } } as Tell;
    if (status) {
      latest = { ...news, event: user === undefined ? undefined : { name: "restored" } };
      account!.told(user);
    }
    toAll(news);
  };

  const crash = () => {
    toAll({ type: "ready", error: plainError("EngineFailed", "the vault has crashed") });
    discard();
  };

  function discard(): void {
    void core?.then((core) => core.free(), () => undefined);
    core = account = latest = undefined;
    busy = 0;
    carried.clear();
    ports.clear();
  }

  /** None without locks, and another one where a script has taken it away. */
  function hold(): Promise<string | undefined> {
    const name = `cognito-vault:${crypto.randomUUID()}`;
    return new Promise((held) => {
      const whileItRuns = () => {
        held(name);
        return new Promise(() => undefined);
      };
      const request = async () => navigator.locks.request(name, whileItRuns);
      request().catch(() => {
        alive = undefined;
        held(undefined);
      });
    });
  }

  /** Only a vault of one page is asked to reach what one page has. */
  const ask: Ask = (op, record) =>
    new Promise((resolve, reject) => {
      asked.set(++lastAsked, { resolve, reject });
      toAll({ type: "store", id: lastAsked, op, record });
    });

  /** What is done between calls: the proof of the next sign-in, or the end. */
  async function rest(): Promise<void> {
    const idle = await core?.catch(() => undefined);
    if (!idle || busy > 0) return;
    if (closed) return idle.free();
    (globalThis.requestIdleCallback ?? setTimeout)(() => {
      try {
        if (!closed && busy === 0) idle.nudge("prepare");
      } catch {
        // The next sign-in makes the pair itself and reports what stops it.
      }
    });
  }

  return (port) => {
    const running = new Map<number, AbortController>();
    const bodies = openBodies();
    const steps = new Set<string>();
    let open = false;
    let tab: string | undefined;

    const post = (message: FromVault, transfer: Transferable[] = []) => port.postMessage(message, transfer);

    async function start({ config, wasmUrl, lock: ofPage }: Extract<ToVault, { type: "start" }>): Promise<void> {
      if (open) return;
      if (name && name !== vaultName(config, wasmUrl)) return post({ type: "ready", error: plainError("EngineFailed", "the worker has another configuration") });
      open = true;
      ports.add(port);
      if (latest) post(latest);
      if (ofPage) navigator.locks.request(ofPage, leave).catch(() => undefined);
      account ??= openAccount(config, () => core!);
      const mine = (core ??= load(config, wasmUrl, tell, crash, ask));
      try {
        await mine;
        const lock = shared && (await (alive ??= hold()));
        post({ type: "ready", ...(lock && { lock }) });
        await rest();
      } catch (error) {
        const { name, message } = error as Error;
        post({ type: "ready", error: { code: "EngineFailed", message: `${name}: ${message}` } });
        if (core === mine) discard();
      }
    }

    async function call({ id, method, args, context }: Extract<ToVault, { type: "call" }>): Promise<void> {
      const abort = new AbortController();
      const mine = core;
      running.set(id, abort);
      busy++;
      try {
        const calls: Calls = { ...account?.calls, resume, read: (_, body) => bodies.read(body), drop: (_, body) => bodies.drop(body) };
        if (!core || !open || !Object.hasOwn(calls, method)) throw plainError("InvalidState", "the vault has no such call");
        if (context) (await core).around(context);
        const value = await calls[method]!(abort.signal, ...(args as never[]));
        if (abort.signal.aborted) return;
        const step = (value ?? {}) as Step;
        if (step.id !== undefined) {
          steps.add(step.id);
          if (tab) carried.set(tab, step);
        } else if (tab && (method === "answer" || method === "giveUp")) carried.delete(tab);
        post({ type: "done", id, value: method === "fetch" ? bodies.keep(value as Answer, abort) : value }, value instanceof Uint8Array ? [value.buffer] : []);
      } catch (error) {
        if (!abort.signal.aborted) post({ type: "done", id, error: toPlainError(error) });
      } finally {
        running.delete(id);
        if (core === mine) busy--;
        void rest();
      }
    }

    function resume(_: AbortSignal, name: string): Step | undefined {
      tab = String(name);
      return carried.get(tab);
    }

    /** Settles a call that is under way; what is done already stays done. */
    function cancel(id: number): void {
      const abort = running.get(id);
      if (!abort || abort.signal.aborted) return;
      abort.abort();
      post({ type: "done", id, error: plainError("Aborted", "the caller gave up") });
    }

    /** The page is gone: what it has begun is given up. The core stays for other pages, or for this one when it comes back. */
    async function leave(): Promise<void> {
      open = false;
      ports.delete(port);
      closed = !shared;
      for (const abort of running.values()) abort.abort();
      bodies.close();
      const left = shared && (await core?.catch(() => undefined));
      steps.delete(carried.get(tab!)?.id!);
      if (left) for (const step of steps) void Promise.resolve(account!.calls["giveUp"]!(new AbortController().signal, step as never)).catch(() => undefined);
      steps.clear();
      void rest();
    }

    port.onclose = leave;
    port.onmessage = ({ data }) => {
      if (!data) return; // a script of the page may post anything
      if (data.type === "call") void call(data);
      else if (data.type === "cancel") cancel(data.id);
      else if (data.type === "start") void start(data);
      else if (data.type === "close") void leave();
      else if (data.type === "stored") {
        const waiting = asked.get(data.id);
        asked.delete(data.id);
        if (data.failed === undefined) waiting?.resolve(data.record);
        else waiting?.reject({ name: data.failed });
      } else if (data.type === "tend" || data.type === "touch") void core?.then((core) => core.nudge(data.type as "tend" | "touch"), () => undefined);
    };
  };
}

/** The core's own errors by their members; of any other only the name, because its message may quote a value. */
function toPlainError(error: unknown): PlainError {
  const { code, message, retryable, status, requestId, name } = error as PlainError & { name?: string };
  return typeof code === "string" ? { code, message, retryable, status, requestId } : plainError("EngineFailed", `the vault failed: ${name}`);
}

// A worker made by this package, and no other realm that loads this file.
const scope = globalThis as unknown as PagePort & { name?: string; onconnect?: (event: MessageEvent) => void };
if (typeof document === "undefined" && scope.name?.startsWith("cognito-vault:")) {
  if ("onconnect" in scope) {
    const connect = openVault(loadCore, scope.name, true);
    scope.onconnect = ({ ports: [port] }) => connect(port as unknown as PagePort);
  } else openVault(loadCore, scope.name)(scope);
}
