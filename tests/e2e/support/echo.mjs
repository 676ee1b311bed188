// A small API of another origin that says what it received, with CORS as an API has it.

import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { pipeline } from "node:stream/promises";
import { certificate } from "./certificate.mjs";

const CHUNK = Buffer.alloc(65_536, "0123456789abcdef");

/**
 * | path | answer |
 * |---|---|
 * | `/redirect?to=…&status=302` | sends elsewhere |
 * | `/same` | the body |
 * | `/bytes?size=…` | so many bytes, their number in the head; without `size` no end |
 * | `/gate?name=…` | "first", then what `gate(name)` writes |
 * | `/sink?refused=…` | how many bytes came, none of which is kept; 401 to so many requests with this address |
 * | `/never` | nothing |
 * | `/mirror` | the token, in headers of every kind |
 * | any other, `?status=…` | the request as JSON |
 *
 * `secure` speaks HTTP/2, over which alone a browser sends a stream.
 */
export async function startEcho({ secure = false } = {}) {
  const received = [];
  const gates = new EventEmitter();
  const written = new Map();
  const paths = {
    "/redirect": (_, response, query) => response.writeHead(Number(query.get("status") ?? 302), { location: query.get("to") }).end(),
    "/gate": (_, response, query) => {
      response.writeHead(200, { "content-type": "text/plain" }).write("first"); // Firefox shows no head before a byte of the body
      gates.emit(query.get("name"), response);
    },
    async "/bytes"(request, response, query) {
      const size = Number(query.get("size") ?? Infinity);
      response.writeHead(200, size < Infinity ? { "content-length": size } : {});
      const chunks = function* () {
        for (let sent = 0; sent < size; sent += CHUNK.length) {
          written.set(request.url, sent);
          yield CHUNK.subarray(0, size - sent);
        }
      };
      await pipeline(chunks, response).catch(() => undefined); // who asked has left
    },
    async "/sink"(request, response, query, seen) {
      seen.size = 0;
      for await (const part of request) seen.size += part.length;
      const again = received.filter(({ url }) => url === request.url).length;
      response.writeHead(again > Number(query.get("refused")) ? 200 : 401).end(String(seen.size));
    },
    "/never": () => {},
    "/mirror": (request, response) => {
      const token = request.headers.authorization.replace("Bearer ", "");
      const said = {
        "x-token": token,
        "x-words": `the token is "${token}".`,
        "x-part": token.split(".")[2],
        "x-amzn-remapped-authorization": "Bearer",
        "x-reply": "yes",
      };
      response.writeHead(200, token, { ...said, "access-control-expose-headers": Object.keys(said).join() }).end();
    },
  };
  const answer = async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type, x-note");
    response.setHeader("access-control-allow-methods", "GET, HEAD, POST, PUT, DELETE");
    response.setHeader("access-control-expose-headers", "x-reply");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const { method, url, headers } = request;
    const { pathname, searchParams } = new URL(url, "http://echo");
    const seen = { method, url, headers, closed: once(response, "close") };
    received.push(seen);
    if (paths[pathname]) return paths[pathname](request, response, searchParams, seen);
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    seen.body = body.toString();
    if (pathname === "/same") return response.writeHead(200, { "content-type": "application/octet-stream" }).end(body);
    response.writeHead(Number(searchParams.get("status") ?? 200), { "content-type": "application/json", "x-reply": "yes" });
    response.end(JSON.stringify({ method, url, headers, body: body.toString() }));
  };
  const server = secure ? createSecureServer(certificate(), answer) : createServer(answer);
  const sessions = new Set();
  server.on("session", (session) => sessions.add(session));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `${secure ? "https://localhost" : "http://127.0.0.1"}:${server.address().port}`,
    received,
    /** The response to the next `/gate?name=…`: `write`, `end` or `destroy` it. */
    gate: async (name) => (await once(gates, name))[0],
    /** How many bytes `/bytes` has written to this address. */
    written: (path) => written.get(path),
    close() {
      server.closeAllConnections?.();
      for (const session of sessions) session.destroy();
      return new Promise((closed) => server.close(closed));
    },
  };
}
