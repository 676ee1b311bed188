// The vault's half of an API call: sends it with a token, and hands over the answer piece by piece, without what shows the token.

import type { VaultConfig } from "./engine.js";
import { plainError, wrongForm } from "./plain.js";
import type { RequestMessage, ResponseMessage } from "./request.js";

/** An answer of so many bytes at most, as its head says, crosses in one message. */
const SMALL = 16_384;

/** A response on its way to the page: its body whole, or still to be read. */
export type Answer = Omit<ResponseMessage, "body"> & { readonly body: ArrayBuffer | ReadableStream<Uint8Array> | null };

/** Does something with a token, and says why it failed, or the status. */
export type Send = (access: string, id: string) => Promise<[failed: string, status?: number]>;

export interface ApiCall {
  readonly origin: string;
  /** Sends the request. */
  readonly send: Send;
  /** What was answered last. */
  answer(): Promise<Answer>;
}

/** The request as the vault sends it, to the very address whose origin the core looks at. A redirect fails it, because the token would go along. */
export function toApiCall(request: RequestMessage, kind: VaultConfig["apiToken"], signal: AbortSignal): ApiCall {
  const { method, body, cache, credentials, integrity, keepalive, referrerPolicy } = request;
  try {
    const { href, protocol, origin } = new URL(request.url);
    const headers = new Headers(request.headers);
    if (!headers.has("authorization")) {
      const init = { method, headers, body, cache, credentials, integrity, keepalive, referrerPolicy, redirect: "error", signal, duplex: "half" } as const;
      let response: Response;
      let secret: string;
      return {
        // A blob: URL has the origin that it was made by.
        origin: protocol === "blob:" ? protocol : origin,
        async send(access, id) {
          const token = kind === "id" ? id : access;
          try {
            // What was streamed cannot go again: the first answer stands.
            if (!response || !(body instanceof ReadableStream)) {
              response?.body?.cancel().catch(() => undefined);
              secret = token.slice(token.lastIndexOf(".") + 1);
              headers.set("authorization", `Bearer ${token}`);
              response = await fetch(href, init);
            }
            return ["", response.status];
          } catch {
            return [signal.aborted ? "Aborted" : "Network"];
          }
        },
        answer: () => toAnswer(response, secret),
      };
    }
  } catch {
    // An address or a header that is none.
  }
  throw wrongForm();
}

/** `secret` is the token's signature, without which the rest of it is worth nothing. */
async function toAnswer(response: Response, secret: string): Promise<Answer> {
  const { status, statusText, headers, body } = response;
  const told = Number(headers.get("content-length") ?? Infinity);
  // In Firefox the statuses that have no body have an empty one, which no Response takes.
  const full = body && ![204, 205, 304].includes(status);
  return {
    status,
    statusText: statusText.includes(secret) ? "" : statusText,
    headers: [...headers].filter(([name, value]) => !(name.includes("authorization") || value.includes(secret))),
    body: full ? (told <= SMALL ? await response.arrayBuffer().catch(lost) : body) : null,
  };
}

function lost(): never {
  throw plainError("Network", "the connection was lost while the body was read", true);
}

/** The bodies that one page has still to read, each under a name that nobody can guess. WebKit cannot transfer a stream, so the page asks for chunk after chunk. */
export interface Bodies {
  /** Takes a body that is not whole in, and puts its name in its place; `request` is what ends it. */
  keep(answer: Answer, request: AbortController): ResponseMessage;
  /** The next chunk; `undefined` is the end. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Ends the request of a body that nobody wants. */
  drop(name: string): void;
  /** Drops all. */
  close(): void;
}

export function openBodies(): Bodies {
  const open = new Map<string, { readonly reader: ReadableStreamDefaultReader<Uint8Array>; readonly request: AbortController }>();
  // Not by cancelling the body, after which Firefox keeps a quiet connection.
  const drop = (name: string): void => {
    open.get(name)?.request.abort();
    open.delete(name);
  };
  return {
    keep({ body, ...head }, request) {
      if (!(body instanceof ReadableStream)) return { ...head, body };
      const name = crypto.randomUUID();
      open.set(name, { reader: body.getReader(), request });
      return { ...head, body: name };
    },
    async read(name) {
      const { value } = await (open.get(name)?.reader.read() ?? Promise.reject()).catch(lost);
      if (!value) open.delete(name);
      return value;
    },
    drop,
    close: () => [...open.keys()].forEach(drop),
  };
}
