// What a hostile script on the page could see: installed before any script of the page runs.

/** Keeps every message that the page receives from a worker or a port, as text, in `window.messages`. */
export function spyOnMessages(page) {
  return page.evaluateOnNewDocument(() => {
    const messages = (window.messages = []);
    const text = (value, depth = 0) => {
      if (depth > 8) return "";
      if (ArrayBuffer.isView(value)) return text(value.buffer, depth);
      if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
      if (value instanceof Error) return `${value.name} ${value.message} ${value.stack} ${text({ ...value }, depth + 1)}`;
      if (value instanceof Map || value instanceof Set) return text([...value], depth + 1);
      if (typeof value === "object" && value !== null) {
        return Object.entries(value).map(([name, member]) => `${name}=${text(member, depth + 1)}`).join(" ");
      }
      return String(value);
    };
    const keep = (event) => {
      messages.push(text(event.data));
      event.ports.forEach(listen);
    };
    const listen = (end) => end.addEventListener("message", keep);
    window.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        listen(this);
      }
    };
    window.SharedWorker &&= class extends SharedWorker {
      constructor(...args) {
        super(...args);
        listen(this.port);
      }
    };
    window.MessageChannel = class extends MessageChannel {
      constructor() {
        super();
        listen(this.port1);
        listen(this.port2);
      }
    };
  });
}

/** Keeps every request that goes through the page's own fetch, XMLHttpRequest and sendBeacon in `window.sent`. */
export function spyOnRequests(page) {
  return page.evaluateOnNewDocument(() => {
    const sent = (window.sent = []);
    const original = window.fetch;
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.url} ${JSON.stringify([...request.headers])} ${await request.clone().text()}`);
      return original(request);
    };
    const { open, send, setRequestHeader } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
      sent.push(`${method} ${url}`);
      return open.call(this, method, url, ...rest);
    };
    XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
      sent.push(`${name}: ${value}`);
      return setRequestHeader.call(this, name, value);
    };
    XMLHttpRequest.prototype.send = function (body) {
      sent.push(String(body));
      return send.call(this, body);
    };
    navigator.sendBeacon = (url, body) => sent.push(`${url} ${body}`) > 0;
  });
}

/** Everything that the page's storage holds, as one text. */
export function storageText(page) {
  return page.evaluate(async () => {
    const all = (storage) => Array.from(storage, (_, at) => `${storage.key(at)}=${storage.getItem(storage.key(at))}`);
    const parts = [document.cookie, ...all(localStorage), ...all(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => done(opening.result);
        opening.onerror = () => failed(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store).getAll();
        parts.push(await new Promise((done) => (reading.onsuccess = () => done(`${name} ${store} ${JSON.stringify(reading.result)}`))));
      }
      database.close();
    }
    for (const name of await caches.keys()) parts.push(`cache ${name}`);
    return parts.join("\n");
  });
}
