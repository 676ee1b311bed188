// What the core's glue exports, which wasm-bindgen writes at build time.

/** Instantiates the core; a second call gives the same instance. */
export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

/** The core: one user pool, one client, at most one session. */
export class Engine {
  /**
   * Takes a message, JSON in UTF-8, and brings what the edge is to do: a list of a name, numbers and texts each. A message without
   * a method is what became of a ticket: `{ failed }` or `{ status, body?, date?, errorType?, errorMessage?, requestId? }`. One with
   * a `method` is a call, `open` with the configuration the first; `password` is wiped when it is used.
   */
  enter(number: number, message: Uint8Array, password: Uint8Array): Uint8Array<ArrayBuffer>;
  free(): void;
}
