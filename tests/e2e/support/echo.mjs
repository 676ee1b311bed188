// A small API of another origin that says what it received, with CORS as an API has it.

import { createServer } from "node:http";

/** `/redirect?to=…` sends elsewhere; every other path answers with the request as JSON, or its body when asked for /same. */
export async function startEcho() {
  const received = [];
  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type, x-note");
    response.setHeader("access-control-allow-methods", "GET, POST, PUT, DELETE");
    response.setHeader("access-control-expose-headers", "x-reply");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: body.toString() });
    const { pathname, searchParams } = new URL(url, "http://echo");
    if (pathname === "/redirect") return response.writeHead(302, { location: searchParams.get("to") }).end();
    if (pathname === "/same") return response.writeHead(200, { "content-type": "application/octet-stream" }).end(body);
    response.writeHead(Number(searchParams.get("status") ?? 200), { "content-type": "application/json", "x-reply": "yes" });
    response.end(JSON.stringify({ method, url, headers, body: body.toString() }));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    received,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}
