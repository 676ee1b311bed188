// The rungs of the ladder: a vault in a shared worker, in a worker of this page's own, or on this page, each behind a port.

import type { VaultPort } from "./engine.js";
import type { EngineKind } from "./places.js";

/** Where the worker is, and how this page may name it to the platform. */
export interface WorkerFile {
  readonly url: string | undefined;
  readonly name: string;
  readonly trustedTypesPolicy: string;
}

/** How each rung is opened. */
export type Rungs = Readonly<Record<EngineKind, () => VaultPort | Promise<VaultPort>>>;

/** Trusted Types, as far as they matter here. */
interface Policy {
  createScriptURL(url: string): string;
}
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

/** A page whose policy lists the names of policies lets each be made once. */
const policies = new Map<string, Policy>();
let own: string;

// `blob:` and `data:` workers would inherit the page's policy, which may refuse WebAssembly. Bundlers recognise the address as it
// stands and copy the file, which needs nothing else of this package; as `new Worker(new URL(…))` they would take no trusted URL.
function trusted({ url, trustedTypesPolicy: name }: WorkerFile): string {
  own = url ?? new URL("./worker.js", import.meta.url).href;
  if (typeof trustedTypes === "undefined") return own;
  const createScriptURL = (asked: string) => {
    if (asked === own) return asked;
    throw new TypeError("not this worker");
  };
  const policy = policies.get(name) ?? trustedTypes.createPolicy(name, { createScriptURL });
  policies.set(name, policy);
  return policy.createScriptURL(own);
}

/** Where the wasm is: where a bundler puts it, or beside a worker whose place the app says, which finds it there. A server's bundle may have no address. */
export const wasmOf = (workerUrl: string | undefined): string | undefined => (workerUrl || typeof location === "undefined" ? undefined : new URL("./cognito_vault.wasm", import.meta.url).href);

/**
 * Each throws where the platform does not have it, or the page may not use it. The constructors are those of now, and the address that of
 * the first time: a script that comes later stands in for no vault that is started anew.
 */
export function rungsOf(file: WorkerFile): Rungs {
  const { SharedWorker, Worker } = globalThis;
  const { name } = file;
  let address: string | undefined;
  const place = () => (address ??= trusted(file));
  return {
    shared() {
      // Where it is known, the worker outlives a reload of the only page that has it.
      const options = { type: "module", name, extendedLifetime: true } as const;
      const worker = new SharedWorker(place(), options);
      const port: VaultPort = worker.port;
      worker.onerror = (event) => port.onerror?.(event);
      return port;
    },
    worker: () => new Worker(place(), { type: "module", name }),
    async page() {
      const { serve } = await import("./worker.js");
      const { port1, port2 } = new MessageChannel();
      serve(port2);
      return port1;
    },
  };
}

/** The rungs from the strongest on that this platform has; what fails is found out by trying. */
export const ladder = (shareable: boolean): readonly EngineKind[] => (shareable && typeof SharedWorker !== "undefined" ? ["shared", "worker", "page"] : ["worker", "page"]);
