// Serves a built single-page app on this machine: its files, its /config.json, and index.html for its routes.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/**
 * Serves `root` until `close()`.
 * `port` 0 takes any free one. `config` is what /config.json answers: an object, or a function that is asked each time.
 * `headers` are added to every answer and win over the server's own: an object, or a function of the path.
 */
export async function serve({ root, port = 0, host = "127.0.0.1", config, headers = {} }) {
  const top = resolve(root);
  const server = createServer(async (request, response) => {
    try {
      await answer(request, response, { top, config, headers });
    } catch (error) {
      if (error.code === "ERR_STREAM_PREMATURE_CLOSE") return;
      if (!response.headersSent) send(response, 500, "text/plain", `${error.message}\n`);
      else response.destroy();
    }
  });
  await new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(port, host, listening);
  });
  return {
    url: `http://${host}:${server.address().port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(request, response, { top, config, headers }) {
  const path = pathOf(request.url);
  if (path === undefined) return send(response, 400, "text/plain", "Bad request\n");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-cache");
  const extra = typeof headers === "function" ? headers(path) : headers;

  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return send(response, 405, "text/plain", "Method not allowed\n");
  }
  if (path === "/config.json" && config !== undefined) {
    response.setHeader("Cache-Control", "no-store");
    apply(response, extra);
    const values = typeof config === "function" ? await config() : config;
    return send(response, 200, TYPES[".json"], JSON.stringify(values));
  }
  const file = await fileFor(top, path);
  if (file === undefined) {
    apply(response, extra);
    return send(response, 404, "text/plain", "Not found\n");
  }
  // A bundler names the files in assets/ by their contents, so that a name never changes its bytes.
  if (path.startsWith("/assets/")) response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
  response.setHeader("Content-Type", TYPES[extname(file.path)] ?? "application/octet-stream");
  response.setHeader("Content-Length", file.size);
  apply(response, extra);
  response.writeHead(200);
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(file.path), response);
}

function pathOf(url) {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    return path.startsWith("/") && !path.includes("\0") ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The file of a path; index.html for a directory, and for a route of the app: a path whose last part has no dot. */
async function fileFor(top, path) {
  const wanted = resolve(join(top, path));
  if (wanted !== top && !wanted.startsWith(top + sep)) return undefined;
  const route = !path.slice(path.lastIndexOf("/")).includes(".");
  const candidates = route ? [wanted, join(wanted, "index.html"), join(top, "index.html")] : [wanted];
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return { path: candidate, size: found.size };
  }
  return undefined;
}

function apply(response, headers) {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
}

function send(response, status, type, text) {
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.writeHead(status);
  response.end(text);
}
