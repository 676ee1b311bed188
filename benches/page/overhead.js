// How long an API's answer takes through the vault and by this page's own fetch, in paired rounds.

let client;

/** Reads the answer to its end, chunk by chunk, so that none of it is held. */
async function drain(response) {
  for (const reader = response.body.getReader(); ; ) if ((await reader.read()).done) return;
}

/** Milliseconds by round, of which each has both in turns at being first. */
async function overhead(file, config, user, url, { rounds, warmUp }) {
  if (!client) {
    client = await import(file);
    await client.signIn(config, user);
  }
  const ways = {
    plain: () => fetch(url, { headers: { authorization: "Bearer mine" } }),
    ours: () => client.auth.fetch(url),
  };
  const times = { plain: [], ours: [] };
  for (let round = -warmUp; round < rounds; round++) {
    const names = Object.keys(ways);
    for (const name of round % 2 ? names : names.toReversed()) {
      const start = performance.now();
      await drain(await ways[name]());
      const took = performance.now() - start;
      if (round >= 0) times[name].push(took);
    }
  }
  return times;
}

window.overhead = overhead;
