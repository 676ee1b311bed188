// The hostile script, first part, before every other script of the page: patches what they all use and keeps whatever passes.

(() => {
  const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys, setPrototypeOf } = Reflect;
  const { isView } = ArrayBuffer;
  const Bytes = Uint8Array;
  const latin1 = new TextDecoder("latin1");
  const then = Promise.prototype.then;
  const { clone, text: bodyText } = Response.prototype;
  const [LEAST, MOST] = [8, 500_000];

  /** Everything that passed, as texts; and every end of a port, every memory and every module function that was seen. */
  const seen = new Set();
  const ends = new Set();
  const memories = new Set();
  const workers = [];
  const posted = [];
  let busy = false;

  function take(value, depth, into) {
    if (typeof value === "string") {
      if (value.length >= LEAST) into.add(value.slice(0, MOST));
    } else if (typeof value === "object" && value !== null) {
      if (isView(value) || value instanceof ArrayBuffer) {
        const bytes = isView(value) ? new Bytes(value.buffer, value.byteOffset, value.byteLength) : new Bytes(value);
        return take(latin1.decode(bytes), depth, into);
      }
      if (depth === 0) return;
      if (Array.isArray(value) && typeof value[0] === "number") return take(String.fromCharCode(...value.slice(0, 10_000)), depth, into);
      if (value instanceof Headers || value instanceof Map || value instanceof FormData || value instanceof URLSearchParams) {
        for (const [name, member] of value.entries()) take(name, 0, into), take(member, depth - 1, into);
      } else if (value instanceof Set) for (const member of value.values()) take(member, depth - 1, into);
      if (value instanceof Request) take(value.headers, 1, into);
      if (value instanceof Event && "data" in value) take(value.data, depth, into);
      if (value instanceof Error) take(`${value.message} ${value.stack}`, 0, into);
      for (const name of ownKeys(value)) {
        take(name, 0, into);
        const { value: member } = getOwnPropertyDescriptor(value, name) ?? {};
        if (member !== undefined && !(member instanceof Node) && member !== window) take(member, depth - 1, into);
      }
    }
  }

  /** Runs the script's own work: the spies let what it calls pass by. */
  function quietly(work) {
    const before = busy;
    busy = true;
    try {
      return work();
    } catch {
      return undefined; // a value that cannot be looked into
    } finally {
      busy = before;
    }
  }

  /** Keeps values, looking so many levels into them. */
  const keep = (depth, ...values) => void quietly(() => values.forEach((value) => take(value, depth, seen)));

  function noticed(result) {
    quietly(() => {
      if (result instanceof Response) {
        keep(2, result.headers, result.url);
        if (!result.bodyUsed && result.body) apply(then, apply(bodyText, apply(clone, result, []), []), [(text) => keep(0, text), () => undefined]);
      } else keep(3, result);
      const exports = result instanceof WebAssembly.Instance ? result.exports : result?.instance?.exports;
      for (const memory of [result, ...Object.values(exports ?? {})]) if (memory instanceof WebAssembly.Memory) memories.add(memory);
      if (result instanceof MessageChannel) ends.add(result.port1).add(result.port2);
    });
  }

  const CALLED_BACK = /^(then|catch|finally|addEventListener|removeEventListener|setTimeout|queueMicrotask)$/;
  /** Puts a spy in the place of a function or a class; `depth` says how far it looks into what passes. */
  function spyOn(owner, name, depth) {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    const original = found?.value;
    if (typeof original !== "function" || !found.configurable) return;
    const calledBack = CALLED_BACK.test(name);
    const spy = function (...args) {
      const target = new.target === spy ? original : new.target;
      const run = (given) => (target ? construct(original, given, target) : apply(original, this, given));
      if (busy) return run(args);
      const heard = quietly(() => {
        keep(depth, ...args);
        if (name === "postMessage") posted.push([this, args]);
        return calledBack ? args.map((arg) => (typeof arg === "function" ? listener(arg) : arg)) : args;
      });
      const result = run(heard ?? args);
      if (depth > 1) quietly(() => {
        noticed(result);
        if (name !== "Promise" && result instanceof Promise) apply(then, result, [noticed, () => undefined]);
        if (/Worker$/.test(name)) {
          workers.push({ worker: result, file: String(args[0]), options: args[1] });
          ends.add(result.port ?? result);
        }
      });
      return result;
    };
    setPrototypeOf(spy, original);
    spy.prototype = original.prototype;
    defineProperty(owner, name, { ...found, value: spy });
    // What awaits a promise then calls the patched `then`, because the promise's constructor is not the platform's own.
    if (name === "Promise") defineProperty(original.prototype, "constructor", { value: spy, configurable: true, writable: true });
  }

  const wrapped = new WeakMap();
  /** A callback that keeps what it is called with; the same one each time, so that it can be removed. */
  function listener(original) {
    const known = wrapped.get(original);
    if (known) return known;
    const spy = function (...args) {
      keep(3, ...args);
      quietly(() => args.forEach((arg) => arg instanceof MessageEvent && arg.ports.forEach((port) => ends.add(port))));
      return new.target ? construct(original, args) : apply(original, this, args);
    };
    wrapped.set(original, spy).set(spy, spy);
    return spy;
  }

  /** Everything that an event handler is given by assignment: `worker.onmessage = …`. */
  function spyOnHandler(owner, name) {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    if (!found?.set || !found.configurable) return;
    defineProperty(owner, name, { ...found, set(handler) {
      apply(found.set, this, [quietly(() => ends.add(this) && (typeof handler === "function" ? listener(handler) : handler))]);
    } });
  }

  /** And what is read from or given to a member: `input.value`, `xhr.responseText`, `event.data`. */
  function spyOnMember(owner, name) {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    if (!found?.get || !found.configurable) return;
    const get = function () {
      const value = apply(found.get, this, []);
      keep(4, value);
      return value;
    };
    const set = found.set && function (value) {
      keep(2, value);
      apply(found.set, this, [value]);
    };
    defineProperty(owner, name, { ...found, get, set });
  }

  const of = (name) => globalThis[name]?.prototype;
  /** By owner: the names of functions, and how far to look into their values. Those that everything calls are looked at, not into. */
  const FUNCTIONS = () => [
    [globalThis, ["fetch", "structuredClone", "atob", "btoa", "postMessage", "setTimeout", "queueMicrotask", "encodeURIComponent", "decodeURIComponent"], 4],
    [globalThis, ["Worker", "SharedWorker", "MessageChannel", "BroadcastChannel", "XMLHttpRequest", "Request", "Response", "Headers", "Blob", "URL", "Promise", "Proxy", "FormData", "WebSocket", "EventSource"], 2],
    [JSON, ["parse", "stringify"], 4],
    [Object, ["assign", "freeze", "entries", "values", "fromEntries", "defineProperty", "create"], 3],
    [Reflect, ["get", "set", "apply", "construct", "ownKeys"], 2],
    [of("Promise"), ["then", "catch", "finally"], 3],
    [Promise, ["resolve", "all", "race", "allSettled"], 3],
    [of("Array"), ["push", "map", "join", "concat", "includes", "forEach", "some"], 0],
    [of("String"), ["split", "replace", "concat", "slice", "substring", "startsWith", "trim"], 0],
    [of("RegExp"), ["exec", "test"], 0],
    [of("Map"), ["set", "get"], 1],
    [of("Set"), ["add", "has"], 1],
    [of("WeakMap"), ["set"], 1],
    [of("Function"), ["call", "apply", "bind"], 1],
    [of("TextEncoder"), ["encode", "encodeInto"], 1],
    [of("TextDecoder"), ["decode"], 1],
    [of("Headers"), ["set", "append", "get"], 1],
    [of("Response"), ["text", "json", "arrayBuffer", "blob", "clone", "formData"], 3],
    [of("Request"), ["text", "json", "arrayBuffer", "clone"], 3],
    [of("XMLHttpRequest"), ["open", "send", "setRequestHeader", "getResponseHeader"], 2],
    [of("Storage"), ["setItem", "getItem"], 1],
    [of("IDBObjectStore"), ["put", "add", "get"], 4],
    [of("Cache"), ["put", "add", "match"], 2],
    [of("Worker"), ["postMessage"], 5],
    [of("MessagePort"), ["postMessage"], 5],
    [of("BroadcastChannel"), ["postMessage"], 5],
    [of("WebSocket"), ["send"], 2],
    [of("Navigator"), ["sendBeacon"], 2],
    [of("History"), ["pushState", "replaceState"], 2],
    [of("EventTarget"), ["addEventListener", "removeEventListener", "dispatchEvent"], 2],
    [of("SubtleCrypto"), ["encrypt", "decrypt", "sign", "verify", "digest", "importKey", "exportKey", "deriveBits", "deriveKey", "generateKey"], 3],
    [of("Crypto"), ["getRandomValues"], 1],
    [globalThis.WebAssembly, ["compile", "instantiate", "Instance", "Module", "Memory"], 2],
  ];
  const HANDLERS = ["Worker", "MessagePort", "BroadcastChannel", "XMLHttpRequest", "WebSocket"];
  const MEMBERS = [["MessageEvent", "data"], ["XMLHttpRequest", "responseText"], ["XMLHttpRequest", "response"], ["Document", "cookie"], ["IDBRequest", "result"]];
  /** Where a token may be put by assignment, on an object that has no such member yet. */
  const TRAPS = ["AccessToken", "IdToken", "RefreshToken", "AuthenticationResult", "accessToken", "idToken", "refreshToken", "access_token", "id_token", "refresh_token", "jwtToken", "token", "tokens", "access", "refresh", "Authorization", "authorization", "session", "secret"];

  /** Patches all of it; again after the page has loaded, whatever the page has put there meanwhile. */
  function patch() {
    for (const [owner, names, depth] of FUNCTIONS()) for (const name of names) spyOn(owner, name, depth);
    for (const name of HANDLERS) for (const handler of ["onmessage", "onload", "onreadystatechange"]) spyOnHandler(of(name), handler);
    for (const [name, member] of MEMBERS) spyOnMember(of(name), member);
    for (const name of TRAPS) {
      defineProperty(Object.prototype, name, { configurable: true, get: () => undefined, set(value) {
        keep(3, value);
        if (Object(this) === this) defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      } });
    }
  }
  patch();

  const hostile = { patch, keep, quietly, take: (value, into) => void quietly(() => take(value, 6, into)), seen, ends, memories, workers, posted };
  defineProperty(window, "hostile", { value: hostile, enumerable: false });
})();
