// Measures speed, size and custody beside other libraries, prints them as tables and writes target/bench.json.
// Usage: node benches/run.mjs [--browsers chromium,firefox] [--rounds 31] [--cold 9] [--exponents 10000]

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { at } from "../tests/e2e/support/project.mjs";
import { unpack } from "../tests/e2e/support/fixture.mjs";
import { attack, raidable } from "./attack.mjs";
import { longest } from "./blocking.mjs";
import { packageBytes, peerBytes } from "./bytes.mjs";
import { BARS, check } from "./bars.mjs";
import { leaks } from "./leaks.mjs";
import { overhead } from "./overhead.mjs";
import { refreshes } from "./refreshes.mjs";
import { serveSite } from "./site.mjs";
import { cold, warm } from "./speed.mjs";
import { attackTable, bytesTable, fetchTable, leaksTable, longestTable, refreshesTable, speedTable } from "./tables.mjs";

const { values } = parseArgs({
  options: {
    browsers: { type: "string", default: "chromium,firefox" },
    rounds: { type: "string", default: "31" },
    cold: { type: "string", default: "9" },
    exponents: { type: "string", default: "10000" },
  },
});
const browsers = values.browsers.split(",");
const rounds = Number(values.rounds);

const CONTENDERS = ["ours", "amazon_cognito_identity_js", "amplify", "bigint", "bigint_same_a"];
const COLD = ["ours", "amazon_cognito_identity_js"];

const folder = at("target/bench/package");
const vault = unpack(folder);
const site = await serveSite(
  {
    ours: at("benches/ours.js"),
    amazon_cognito_identity_js: at("benches/peers/cognito-identity.js"),
    amplify: at("benches/peers/amplify.js"),
    bigint: at("benches/peers/bigint.js"),
    bigint_same_a: at("benches/peers/bigint-same-a.js"),
    client_ours: at("benches/client.js"),
    client_amazon_cognito_identity_js: at("benches/peers/cognito-identity-client.js"),
  },
  { vault },
);
const result = { srp: {}, cold_ms: {}, longest_task_ms: {}, fetch: {}, refreshes: {}, bytes: {}, constant_time: {}, attack: {}, attack_ways: {} };
const factors = { warm: {}, cold: {} };
try {
  for (const browser of browsers) {
    const { version, ms, factors: times } = await warm(browser, site.url, CONTENDERS, { rounds });
    result.srp[browser] = Object.fromEntries(CONTENDERS.map((name) => [`${name}_ms`, ms[name]]));
    factors.warm[browser] = times;
    console.log(speedTable(`One SRP sign-in, A and signature, warm, ${version}, median of ${rounds} rounds`, ms, times));
  }
  const first = await cold(browsers[0], site.url, COLD, { rounds: Number(values.cold) });
  result.cold_ms = first.ms;
  factors.cold = first.factors;
  console.log(speedTable(`The first one in a fresh browser, from import to signature, ${browsers[0]}, median of ${values.cold}`, first.ms, first.factors));

  for (const browser of browsers) {
    const seen = await longest(browser, site.url, { ours: "./client_ours.js", amazon_cognito_identity_js: "./client_amazon_cognito_identity_js.js" });
    if (browser === browsers[0]) Object.assign(result.longest_task_ms, seen);
    else result.longest_task_ms[browser] = seen;
    console.log(longestTable(`The longest time that a sign-in keeps the page busy, ${browser}`, seen));
  }
  for (const browser of browsers) {
    const seen = await overhead(browser, site.url, "./client_ours.js");
    result.fetch[browser] = seen;
    if (browser === browsers[0]) result.fetch_overhead_ms = seen.overhead_ms;
    console.log(fetchTable(`An API call beside a plain fetch, ${browser}`, seen));
  }
  for (const browser of browsers) {
    const seen = await refreshes(browser);
    result.refreshes[browser] = seen;
    console.log(refreshesTable(`Tabs that refresh at once, the pool rotating, ${browser}`, seen));
  }
  const { react, ...bytes } = await packageBytes(vault);
  const peers = await peerBytes();
  result.bytes = bytes;
  console.log(bytesTable("Bytes to download, brotli 11", { ...bytes, react }, peers));

  result.constant_time = await leaks(Number(values.exponents));
  console.log(leaksTable(`Times of g^a for one fixed and for random a, largest |t| of ${values.exponents}`, result.constant_time));

  for (const browser of raidable([...browsers, "webkit"])) {
    const seen = await attack(browser);
    result.attack[browser] = seen.tokens;
    result.attack_ways[browser] = seen.ways;
    console.log(attackTable(`Tokens that a hostile script on the page takes, ${seen.version}`, seen));
  }
} finally {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}

mkdirSync(at("target"), { recursive: true });
const rounded = (_, value) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value);
writeFileSync(at("target/bench.json"), `${JSON.stringify(result, rounded, 2)}\n`);
const missed = BARS.map((bar) => check(bar, result, factors)).filter(Boolean);
console.log(missed.length === 0 ? "Every bar is met." : missed.join("\n"));
