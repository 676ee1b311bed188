// An API call on its way to the vault and back: a Request and a Response as messages that can cross.

import { AuthError } from "./errors.js";

/** The members of a request that the vault's own `fetch` keeps. */
export interface RequestMessage {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer | null;
  readonly cache: RequestCache;
  readonly credentials: RequestCredentials;
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly referrerPolicy: ReferrerPolicy;
}

export interface ResponseMessage {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer;
}

/** Builds the platform's own Request, which resolves the address, joins the headers and encodes the body with its content type. */
export function toRequest(input: RequestInfo | URL, init: RequestInit | undefined, origins: readonly string[]): Request {
  let request: Request;
  try {
    request = new Request(input, init);
  } catch (cause) {
    throw unfit("not a request", cause);
  }
  if (request.headers.has("authorization")) throw unfit("the Authorization header is the vault's to set");
  const { origin, protocol } = new URL(request.url);
  // A blob: URL has the origin that it was made by.
  if (protocol === "blob:" || !origins.includes(origin)) throw new AuthError("OriginNotAllowed", `${origin} is not in api.origins`);
  return request;
}

export async function toMessage(request: Request): Promise<RequestMessage> {
  const { url, method, headers, cache, credentials, integrity, keepalive, referrerPolicy } = request;
  try {
    const body = await request.arrayBuffer();
    return { url, method, headers: [...headers], body: body.byteLength > 0 ? body : null, cache, credentials, integrity, keepalive, referrerPolicy };
  } catch (cause) {
    throw request.signal.aborted ? new AuthError("Aborted", "the caller gave up", { cause }) : unfit("its body cannot be read", cause);
  }
}

export function toResponse({ status, statusText, url, headers, body }: ResponseMessage): Response {
  // The statuses for which the platform takes no body.
  const response = new Response([204, 205, 304].includes(status) ? null : body, { status, statusText, headers });
  return Object.defineProperty(response, "url", { value: url });
}

function unfit(why: string, cause?: unknown): AuthError {
  return new AuthError("InvalidParameter", `the request cannot be sent: ${why}`, { cause });
}
