// What the core's glue exports, which wasm-bindgen writes at build time.

/** Instantiates the core; a second call gives the same instance. */
export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

/** What the core asks of the script around it. Each function that takes a ticket begins something, whose end `resume` brings later. */
export interface Edge {
  /** Milliseconds since 1970. */
  now(): number;
  /** Fills the bytes, or says that there is no generator. */
  entropy(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Posts a body to one of the user pool's operations; without an operation, gets what is at `url`. */
  send(ticket: number, url: string, operation: string, body: string): void;
  /** Sends the API request of a call, with a token. */
  api(ticket: number, call: number, token: string): void;
  pause(ticket: number, millis: number): void;
  /** Status 200 where the key, a JWK as JSON, has signed it: RS256, the signature in Base64url; 401 where not. */
  verify(ticket: number, jwk: string, signed: string, signature: string): void;
  /** Status 200 with the record that is kept, or 404. */
  load(ticket: number): void;
  /** Keeps the record where `over` is kept, or whatever is where `over` is 0: status 200, or 409 where it did not. */
  save(ticket: number, record: string, revision: number, over: number): void;
  /** Forgets what is kept, and tells other engines who has signed out. */
  clear(ticket: number, subject: string): void;
  /** Resumes once this engine has the lock of its pool and client. */
  lock(ticket: number): void;
  unlock(): void;
  /** Calls `tend` after so many milliseconds; replaces the alarm before. */
  alarm(millis: number): void;
  /** `{ status, user?, event, detail? }` */
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
  /** Does what is due by the clock. */
  tend(): void;
  /** The user has done something. */
  touch(): void;
  /** Another engine has changed what is kept; the subject is who has signed out there, or empty. */
  changed(subject: string): void;
  prepare(): void;
  free(): void;
}
