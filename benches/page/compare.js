// Runs contenders in rounds on this page: every contender once per round, each round in a new order.

function shuffled(list) {
  const left = [...list];
  const order = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return order;
}

/** A turn of the event loop: work that a contender left behind is not charged to the next one. */
const turn = () =>
  new Promise((next) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      next();
    };
    port2.postMessage(0);
  });

/**
 * @param {Record<string, string>} files the module of each contender; it exports `prove(inputs)`
 * @returns {Promise<{ times: Record<string, number[]>, answers: Record<string, object> }>} milliseconds by round, and one answer of each
 */
export async function compare(files, inputs, { rounds, warmUp }) {
  const provers = {};
  for (const [name, file] of Object.entries(files)) provers[name] = (await import(file)).prove;
  const times = Object.fromEntries(Object.keys(files).map((name) => [name, []]));
  const answers = {};
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of shuffled(Object.keys(files))) {
      await turn();
      const start = performance.now();
      const answer = await provers[name](inputs);
      const took = (answer.end ?? performance.now()) - start;
      answers[name] = answer;
      if (round >= 0) times[name].push(took);
    }
  }
  return { times, answers };
}

/** The first proof on a page that has loaded nothing yet: from the import to the signature. */
export async function first(file, inputs) {
  const start = performance.now();
  const { prove } = await import(file);
  const answer = await prove(inputs);
  return { took: (answer.end ?? performance.now()) - start, answer };
}

Object.assign(window, { compare, first });
document.documentElement.dataset.ready = "yes";
