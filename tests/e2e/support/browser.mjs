// A real browser, chosen by BROWSER=chromium|firefox|webkit, with a new empty profile at every start unless it is given one.

import { launch } from "puppeteer-core";
import { startWebKit } from "./webdriver.mjs";

export const kind = ["firefox", "webkit"].includes(process.env.BROWSER) ? process.env.BROWSER : "chromium";

const CHROMIUM = {
  browser: "chrome",
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    // Renderers that no test sees: two below the address bar of every window, and one in reserve. They take half of the processor's time.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
  ],
};

const FIREFOX = {
  browser: "firefox",
  executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  extraPrefsFirefox: {
    "app.update.auto": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "browser.safebrowsing.downloads.enabled": false,
  },
};

/**
 * @param {"chromium"|"firefox"|"webkit"} which puppeteer cannot drive WebKit: its pages have less
 * @param {{ protocolTimeout?: number, profile?: string, acceptInsecureCerts?: boolean }} [options] milliseconds that one call into a page may
 * take; a folder that is kept; whether any certificate is good
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export const startBrowser = (which = kind, { profile, ...options } = {}) =>
  which === "webkit"
    ? startWebKit()
    : launch({ headless: true, protocolTimeout: 60_000, ...options, ...(profile && { userDataDir: profile }), ...(which === "firefox" ? FIREFOX : CHROMIUM) });

/**
 * A page of its own browsing context (its own storage and cookies), which keeps what went wrong on it.
 * @param {import("puppeteer-core").Browser} browser
 */
export async function newPage(browser) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  return { page, faults, close: () => context.close() };
}
