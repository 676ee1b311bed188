// What keeps people out of a page: what axe finds, and what scrolls sideways on a narrow screen.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { kind } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WebDriver BiDi has no word for the colour scheme. */
export const SCHEMES = kind === "firefox" ? ["light"] : ["light", "dark"];

/** @param {import("puppeteer-core").Page} page */
export async function faultsOf(page, scheme) {
  if (SCHEMES.length > 1) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  });
}

/** What reaches beyond the screen at 320 pixels; none where nothing scrolls sideways. */
export async function tooWide(page) {
  await page.setViewport({ width: 320, height: 640 });
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return beyond.map((one) => one.outerHTML.slice(0, 80));
  });
}
