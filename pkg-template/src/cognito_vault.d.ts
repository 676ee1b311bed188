// What the core's glue exports, which wasm-bindgen writes at build time.

/** Instantiates the core; a second call gives the same instance. */
export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

/** What the core asks of the script around it. Each function that takes a ticket begins something, whose end `resume` brings later. */
export interface Edge {
  /** Milliseconds since 1970. */
  now(): number;
  /** Fills the bytes, or says that there is no generator. */
  entropy(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Posts a body to one of the user pool's operations, or to another service's by its whole target, `Service.Operation`; gets the address where there is no operation. */
  send(ticket: number, url: string, operation: string, body: string): void;
  /** Sends the API request of a call, with a token. */
  api(ticket: number, call: number, token: string): void;
  pause(ticket: number, millis: number): void;
  /** Whether the signature, in Base64url, is that of the text by a JWK: 200. */
  verify(ticket: number, key: string, text: string, signature: string): void;
  /** What is kept: 200. */
  load(ticket: number): void;
  /** Keeps a record in the place of the revision `over`, or of any where that is 0: 200. */
  save(ticket: number, record: string, revision: number, over: number): void;
  /** Forgets what is kept; `subject` has signed out. */
  clear(ticket: number, subject: string): void;
  /** What is kept of the devices that the service remembers: 200. */
  devices(ticket: number): void;
  /** Keeps a record of them, or forgets them by an empty one: 200. */
  keepDevices(ticket: number, record: string): void;
  lock(ticket: number): void;
  unlock(): void;
  /** Calls `tend` after so many milliseconds, instead of what was set before. */
  alarm(millis: number): void;
  /** `{ status, user?, event, detail?, remaining? }` */
  tell(news: string): void;
  /** `{ value? }` or `{ error }` */
  done(call: number, result: string): void;
}

/** The core: one user pool, one client, at most one session. */
export class Engine {
  /** Throws an error as JSON. */
  constructor(edge: Edge, config: string);
  call(call: number, method: string, argument: string, password: Uint8Array): void;
  /** `head` is `{ failed }` or `{ status, date?, errorType?, errorMessage?, requestId? }`. */
  resume(ticket: number, head: string, body: string): void;
  giveUp(call: number): void;
  prepare(): void;
  free(): void;
}
