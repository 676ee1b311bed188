// The rungs of the ladder: a vault in a shared worker, in a worker of this page's own, or on this page, each behind a port.

import type { VaultPort } from "./engine.js";
import type { EngineKind } from "./places.js";

/** Where the worker is, and how this page may name it to the platform. */
export interface WorkerFile {
  readonly url: string | undefined;
  readonly name: string;
  readonly trustedTypesPolicy: string;
  /** The platform's own, as they were when the engine began: a script that comes later makes no worker of ours. */
  readonly SharedWorker: typeof SharedWorker | undefined;
  readonly Worker: typeof Worker | undefined;
  /** What the platform is given for the address; made once, for the same reason. */
  address?: string;
}

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

/** Where the wasm is: where a bundler puts it, or beside a worker whose place the app says, which finds it there. */
export const wasmOf = (workerUrl: string | undefined): string | undefined => (workerUrl ? undefined : new URL("./cognito_vault.wasm", import.meta.url).href);

/** Each throws where the platform does not have it, or the page may not use it. */
export const RUNGS: Readonly<Record<EngineKind, (file: WorkerFile) => VaultPort | Promise<VaultPort>>> = {
  shared(file) {
    // Where it is known, the worker outlives a reload of the only page that has it.
    const options = { type: "module", name: file.name, extendedLifetime: true } as const;
    const worker = new file.SharedWorker!((file.address ??= trusted(file)), options);
    const port: VaultPort = worker.port;
    worker.onerror = (event) => port.onerror?.(event);
    return port;
  },
  worker: (file) => new file.Worker!((file.address ??= trusted(file)), { type: "module", name: file.name }),
  async page() {
    const { serve } = await import("./worker.js");
    const { port1, port2 } = new MessageChannel();
    serve(port2);
    return port1;
  },
};

/** The rungs from the strongest on that this platform has; what fails is found out by trying. */
export const ladder = (shareable: boolean, { SharedWorker }: WorkerFile): readonly EngineKind[] => (shareable && SharedWorker ? ["shared", "worker", "page"] : ["worker", "page"]);
