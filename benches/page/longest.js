// How long a sign-in keeps this page from doing anything else.

/**
 * Runs `work` while messages go round this page's event loop: the longest gap between two turns is the longest time that a click would wait.
 * A browser that reports long tasks (50 ms and more) itself has the last word: a gap may also be another process's time.
 * @returns {Promise<number>} milliseconds
 */
async function watch(work) {
  let task = 0;
  const reports = PerformanceObserver.supportedEntryTypes.includes("longtask");
  const take = (list) => (task = Math.max(task, ...list.map((entry) => entry.duration)));
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  if (reports) observer.observe({ type: "longtask" });

  let gap = 0;
  let last = performance.now();
  let running = true;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    gap = Math.max(gap, now - last);
    last = now;
    if (running) port2.postMessage(0);
  };
  port2.postMessage(0);
  await work();
  running = false;
  await new Promise((next) => setTimeout(next, 0));
  take(observer.takeRecords());
  observer.disconnect();
  port1.close();
  return reports ? task || Math.min(gap, 50) : gap;
}

/** Signs in with the client that `file` exports, `times` over; the first time loads it too. */
async function longest(file, config, user, times) {
  const seen = [];
  for (let at = 0; at < times; at++) {
    seen.push(await watch(async () => (await import(file)).signIn(config, user)));
  }
  return seen;
}

window.longest = longest;
