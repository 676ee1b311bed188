// The hostile script, third part: calls everything that there is to call, and writes to the worker past the package.

(() => {
  const { ends, posted, workers, keep, take, attempted, quietly } = window.hostile;
  const METHODS = ["signIn", "answer", "resend", "giveUp", "signUp", "confirmSignUp", "resendSignUpCode", "attributes", "refresh", "fetch", "restore", "importSession", "prepare", "free",
    "tokens", "token", "session", "load", "export", "constructor", "__proto__", "toString", "valueOf", "then", "call", "__wbg_ptr", "__destroy_into_raw", "hasOwnProperty", "tend", "touch", "changed", "read", "drop", "exchange", ""];

  const SILENCE = "no answer";
  const within = (promise) => Promise.race([promise, new Promise((late) => setTimeout(late, 1000, SILENCE))]);

  async function outcome(work, into) {
    try {
      const value = await within(work());
      take(value, into);
      if (value instanceof Response) take({ url: value.url, headers: [...value.headers], body: await value.text() }, into);
    } catch (error) {
      take({ ...error, name: error?.name, message: error?.message, stack: error?.stack, cause: error?.cause }, into);
    }
  }

  /** Every function of an object, but for those that would end the session, with what they may take. */
  async function callAll(object, urls) {
    const into = new Set();
    for (const name of Reflect.ownKeys(object)) {
      if (typeof object[name] !== "function" || /^(signOut|close)$/.test(String(name))) continue;
      const given = name === "fetch" ? urls.map((url) => [url]) : name === "subscribe" ? [[() => take(object.snapshot(), into)]] : [[], [{}], ["tokens"], [{ tokens: "exposed", username: "x", password: "y" }]];
      for (const args of given) await outcome(() => object[name](...args), into);
    }
    return [...into];
  }

  /** Listens to one end, posts a message to it and takes what it answers under the message's id. */
  function ask(end, message) {
    return within(new Promise((done) => {
      const hear = ({ data }) => {
        keep(6, data);
        if (data?.id !== message.id) return;
        end.removeEventListener("message", hear);
        done(data);
      };
      end.addEventListener("message", hear);
      end.start?.();
      end.postMessage(message);
    }));
  }

  let lastId = 1_000_000;
  const call = (end, method, args) => ask(end, { type: "call", id: ++lastId, method, args });

  /** Every method that there might be, every message that was ever posted again, and messages of no form, to every end there is. */
  async function forge(urls) {
    const into = new Set();
    for (const end of [...ends].filter((one) => one.postMessage)) {
      if ((await call(end, "attributes", [])) === SILENCE) continue;
      for (const method of METHODS) for (const args of [[], [{}], [1, "x"]]) take(await call(end, method, args), into);
      for (const url of urls) take(await call(end, "fetch", [{ url, method: "GET", headers: [], body: null, redirect: "follow", mode: "no-cors", credentials: "include" }]), into);
      for (const [, [message]] of posted.filter(([to]) => to === end).slice(0, 50)) {
        if (message?.type === "call" && message.method !== "signOut") take(await ask(end, { ...message, id: ++lastId }), into);
      }
      for (const message of [...posted.map(([, [message]]) => message).filter((message) => message?.type === "start"), 0, null, undefined, "tokens", [], {}, { type: "tokens" }, { type: "done", id: 1 }, { type: "tell", status: "signedIn", user: "{}" }, { type: "ready" }, { type: "stored", id: 1 }]) {
        await attempted(() => end.postMessage(message));
      }
    }
    return [...into];
  }

  /** The worker's own file again, by every door and with other origins; what its vault then says. */
  async function secondVaults(config, urls) {
    const into = new Set();
    for (const { file, options } of [...workers]) {
      // A worker's name says its configuration, so that the other origins have to be in both.
      const [, head, json] = /^([^:]+:[^:]+:)?(.*)$/.exec(options.name);
      const [named, wasmUrl] = head ? JSON.parse(json) : [config];
      const start = { type: "start", config: { ...named, apiOrigins: urls.map((url) => new URL(url).origin) }, wasmUrl };
      const name = head ? head + JSON.stringify([start.config, wasmUrl]) : options.name;
      const opened = [
        () => new Worker(file, { ...options, name }),
        () => new Worker(file, { ...options, name: "" }),
        () => new Worker(`${file}?again`, options),
        () => new SharedWorker(file, { ...options, name }).port,
        async () => {
          const { port1, port2 } = new MessageChannel();
          (await import(file)).serve(port2);
          return port1;
        },
      ];
      for (const open of opened) {
        // Unheard by the spies, so that a second look does not find the script's own doors among the page's workers.
        const end = await attempted(() => quietly(open));
        if (!end) continue;
        end.onerror = (event) => event.preventDefault();
        await attempted(() => end.postMessage(start));
        if ((await call(end, "attributes", [])) === SILENCE) continue;
        take(await call(end, "refresh", []), into);
        for (const url of urls) take(await call(end, "fetch", [{ url, method: "GET", headers: [], body: null }]), into);
        (end.terminate ?? end.close).call(end);
      }
    }
    return [...into];
  }

  Object.assign(window.hostile, { callAll, forge, call, ask, secondVaults });
})();
