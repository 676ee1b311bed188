// What the hostile script of tests/e2e/custody takes from each library, in each browser that this machine has.

import { existsSync } from "node:fs";
import { WAYS, raid } from "../tests/e2e/custody/raid.mjs";

const NEEDS = { chromium: [], firefox: [], webkit: [process.env.WEBKITDRIVER, process.env.XVFB] };

/** The browsers of these in which the script can run. */
export const raidable = (browsers) => browsers.filter((browser) => NEEDS[browser].every((path) => path && existsSync(path)));

/** Tokens found by library; by way and library; and how many were given out. */
export async function attack(browser) {
  const { version, libraries } = await raid(browser);
  const by = (read) => Object.fromEntries(Object.entries(libraries).map(([name, one]) => [name, read(one)]));
  return {
    version,
    tokens: by(({ tokens }) => tokens),
    issued: by(({ issued }) => issued),
    ways: Object.fromEntries(Object.keys(WAYS).map((way) => [way, by(({ ways }) => ways[way])])),
  };
}
