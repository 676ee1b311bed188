// An API call on its way to the vault and back: a Request and a Response as messages that can cross; loaded beside the vault by apps that name origins.

import type { Engine } from "./engine.js";
import type { AuthError } from "./errors.js";
import { sendable } from "./streams.js";

/** The members of a request that the vault's own `fetch` keeps. */
export interface RequestMessage {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: string | Blob | ArrayBuffer | ReadableStream | null;
  readonly cache: RequestCache;
  readonly credentials: RequestCredentials;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly referrerPolicy: ReferrerPolicy;
}

export interface ResponseMessage {
  readonly status: number;
  readonly statusText: string;
  readonly headers: [string, string][];
  /** A text is the name of a body to `read` until it ends, or to `drop`. */
  readonly body: ArrayBuffer | string | null;
}

/** Handed in, so that this file and the page have one class. */
type Errors = typeof AuthError;

/** Why a body has ended before its end. */
interface Failure {
  why?: unknown;
}

/** The `fetch` of an Auth object. */
export function toFetch(Errors: Errors, engine: Engine, origins: readonly string[]): (input: RequestInfo | URL, init?: RequestInit) => Promise<Response> {
  const drop = (name: string) => void engine.call("drop", [name]).catch(() => undefined);
  // A response that nobody reads to its end must not keep its connection.
  const unread = new FinalizationRegistry(drop);

  function pump(name: string, signal: AbortSignal, failure: Failure): ReadableStream<Uint8Array> {
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start(controller) {
        const giveUp = () => {
          controller.error((failure.why ??= new Errors("Aborted", "the caller gave up", { cause: signal.reason })));
          drop(name);
        };
        if (signal.aborted) giveUp();
        else signal.addEventListener("abort", giveUp);
      },
      async pull(controller) {
        const chunk = await engine.call<Uint8Array | undefined>("read", [name]).catch((error) => {
          throw (failure.why ??= error);
        });
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel: () => drop(name),
    };
    unread.register(source, name);
    return new ReadableStream(source);
  }

  return async (input, init) => {
    const stream = init?.body;
    if (stream instanceof ReadableStream) init = { ...init, body: await read(Errors, () => sendable(stream)) };
    const request = toRequest(Errors, input, init, origins);
    const { url, method, headers: sent, cache, credentials, integrity, keepalive, referrerPolicy, signal } = request;
    const given = method === "GET" || method === "HEAD" ? null : await toBody(Errors, request, init?.body);
    const message: RequestMessage = { url, method, headers: [...sent], body: given, cache, credentials, integrity, keepalive, referrerPolicy };
    const transfer = typeof given === "string" || !given || given instanceof Blob ? [] : [given];
    const { status, statusText, headers, body } = await engine.call<ResponseMessage>("fetch", [message], signal, transfer);
    const failure: Failure = {};
    const content = typeof body === "string" ? pump(body, signal, failure) : body;
    // No redirect was followed, so the address is the one asked for.
    return dress(new Response(content, { status, statusText, headers }), url.split("#")[0]!, failure);
  };
}

/** Gives a response its address, and the error of its body to who reads it whole: Chromium would say `TypeError` instead. */
function dress(response: Response, url: string, failure: Failure): Response {
  const own: PropertyDescriptorMap = { url: { value: url }, clone: { value: () => dress(Response.prototype.clone.call(response), url, failure) } };
  for (const name of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"] as const) {
    const read = response[name] as (() => Promise<unknown>) | undefined;
    if (read) own[name] = { value: () => read.call(response).catch((error) => Promise.reject(failure.why ?? error)) };
  }
  return Object.defineProperties(response, own);
}

/** Builds the platform's own Request, which resolves the address, joins the headers and finds the content type of the body. */
function toRequest(Errors: Errors, input: RequestInfo | URL, init: RequestInit | undefined, origins: readonly string[]): Request {
  let request: Request;
  try {
    request = new Request(input, init);
  } catch (cause) {
    throw unfit(Errors, "not a request", cause);
  }
  if (request.headers.has("authorization")) throw unfit(Errors, "the Authorization header is the vault's to set");
  const { origin, protocol } = new URL(request.url);
  // A blob: URL has the origin that it was made by.
  if (protocol === "blob:" || !origins.includes(origin)) throw new Errors("OriginNotAllowed", `${origin} is not in api.origins`);
  return request;
}

/** The body as it crosses: what need not be read stays as it is, and a Blob, which need not be memory of the page, holds what may be large. */
async function toBody(Errors: Errors, request: Request, given: BodyInit | null | undefined): Promise<RequestMessage["body"]> {
  if (typeof given === "string" || given instanceof Blob || given instanceof ReadableStream) return given;
  // A small Blob takes longer than its bytes.
  const small = given ? !(given instanceof FormData) : /^$|text|json|urlencoded/.test(request.headers.get("content-type") ?? "");
  const body = await read<ArrayBuffer | Blob>(Errors, () => (small ? request.arrayBuffer() : request.blob()), request.signal);
  return (body instanceof Blob ? body.size : body.byteLength) ? body : null;
}

async function read<T>(Errors: Errors, body: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    throw signal?.aborted ? new Errors("Aborted", "the caller gave up", { cause }) : unfit(Errors, "its body cannot be read", cause);
  }
}

function unfit(Errors: Errors, why: string, cause?: unknown): AuthError {
  return new Errors("InvalidParameter", `the request cannot be sent: ${why}`, { cause });
}
