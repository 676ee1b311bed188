// One proof, A and signature, by every contender on the same page: warm, and cold in fresh browsers.

import { newPage, startBrowser } from "../tests/e2e/support/browser.mjs";
import { inputs, isRight } from "./challenge.mjs";
import { factor, median } from "./statistics.mjs";

/** All rounds are one call into the page; a slow machine may take minutes. */
export const PATIENT = { protocolTimeout: 900_000 };

const file = (name) => `./${name}.js`;

async function load(browser, url) {
  const { page, faults } = await newPage(browser);
  await page.goto(url);
  await page.waitForSelector("html[data-ready=yes]");
  return { page, faults };
}

function check(name, answer) {
  if (!isRight(answer, answer.timestamp)) throw new Error(`${name} proves nothing: its signature is wrong`);
}

/** @returns medians in milliseconds and the factors to `ours`, by contender */
export async function warm(which, url, names, { rounds = 31, warmUp = 5 } = {}) {
  const browser = await startBrowser(which, PATIENT);
  try {
    const { page } = await load(browser, url);
    const files = Object.fromEntries(names.map((name) => [name, file(name)]));
    const { times, answers } = await page.evaluate((...all) => window.compare(...all), files, inputs, { rounds, warmUp });
    for (const name of names) check(name, answers[name]);
    return {
      version: await browser.version(),
      ms: Object.fromEntries(names.map((name) => [name, median(times[name])])),
      factors: Object.fromEntries(names.map((name) => [name, factor(times.ours, times[name])])),
    };
  } finally {
    await browser.close();
  }
}

/** The first proof of a fresh browser with a fresh profile, from the import to the signature; the contenders take turns at being first. */
export async function cold(which, url, names, { rounds = 9 } = {}) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names : names.toReversed()) {
      const browser = await startBrowser(which, PATIENT);
      try {
        const { page } = await load(browser, url);
        const { took, answer } = await page.evaluate((...all) => window.first(...all), file(name), inputs);
        check(name, answer);
        times[name].push(took);
      } finally {
        await browser.close();
      }
    }
  }
  return {
    ms: Object.fromEntries(names.map((name) => [name, median(times[name])])),
    factors: Object.fromEntries(names.map((name) => [name, factor(times.ours, times[name])])),
  };
}
