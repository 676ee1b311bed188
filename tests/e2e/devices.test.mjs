// Remembered devices through the demo: confirmed, used in place of a second factor, asked about, forgotten.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FLOWS, stageDemo } from "./support/demo.mjs";
import { until } from "./support/stage.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS, mfa: { mode: "optional" }, devices: { tracking: "always", challenge: "forMfa" } } });
const EDITH = { username: "edith", password: "Clarke-1883!" };

/** Signs in with the code of the mail. */
async function withCode(page) {
  await page.signIn(EDITH);
  await page.heading("Enter the code of our e-mail");
  await page.code(await on.pool.code("edith", "mfa"));
  await page.heading("Hello, edith");
}

async function edith() {
  const page = await on.open();
  await withCode(page);
  // The vault makes the device known while the user is greeted already.
  await until(async () => (await devices()).every(({ confirmed }) => confirmed));
  return page;
}

const devices = async () => (await on.pool.user("edith")).devices;

async function signOut(page) {
  await page.follow("Overview");
  await page.press("Sign out");
  await page.reads("You are signed out.");
}

describe("a remembered device", () => {
  test("stands for the second factor at the next sign-in", async () => {
    const page = await edith();
    assert.equal((await devices()).length, 1);
    assert.ok((await devices())[0].confirmed);
    await signOut(page);
    await page.signIn(EDITH);
    await page.heading("Hello, edith");
    const named = (await on.pool.requests("RespondToAuthChallenge")).map(({ body }) => body.ChallengeName);
    assert.deepEqual(named.slice(-2), ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
    assert.equal((await devices()).length, 1);
  });

  test("is named when the tokens are refreshed", async () => {
    const page = await edith();
    await page.press("Refresh now");
    await page.reads("Tokens refreshed at");
    const refresh = (await on.pool.requests()).findLast(({ operation, body }) => /Refresh/.test(operation) || /REFRESH/.test(body.AuthFlow));
    assert.ok(JSON.stringify(refresh.body).includes((await devices())[0].key));
  });

  test("is listed, remembered no more, and then does not stand for anything", async () => {
    const page = await edith();
    await page.follow("Devices");
    await page.reads("this device");
    await page.reads("is remembered");
    await page.press("Do not remember it");
    await page.reads("This device is not remembered.");
    assert.equal((await devices())[0].remembered, false);
    await signOut(page);
    await withCode(page);
    await page.follow("Devices");
    await page.press("Remember this device");
    await page.reads("This device is remembered.");
    await signOut(page);
    await page.signIn(EDITH);
    await page.heading("Hello, edith");
  });

  test("is forgotten here, and known anew after the next sign-in", async () => {
    const page = await edith();
    const [{ key }] = await devices();
    await page.follow("Devices");
    await page.reads("this device");
    await page.press("Forget it");
    await page.reads("This device is forgotten.");
    await page.reads("No device is known to the service.");
    await signOut(page);
    await withCode(page);
    assert.notEqual((await devices())[0].key, key);
  });

  test("another is forgotten from here", async () => {
    await edith();
    const page = await edith();
    await page.follow("Devices");
    await page.page.waitForFunction(() => document.querySelectorAll(".items li").length === 2);
    const forget = await page.page.waitForSelector(".items li:not(:has(.mark)) button");
    await forget.click();
    await page.reads("The device is forgotten.");
    await page.page.waitForFunction(() => document.querySelectorAll(".items li").length === 1);
    // What was pressed is gone, and the focus is not lost with it.
    assert.equal(await page.page.evaluate(() => document.activeElement.textContent), "Devices");
    await page.reads("this device");
  });

  for (const unknownKey of ["refuse", "replace"]) {
    test(`is dropped where the service has forgotten it, which it says by ${unknownKey}`, async () => {
      await on.pool.settings({ devices: { unknownKey } });
      const page = await edith();
      await signOut(page);
      // From elsewhere: the same device is forgotten by another page's session.
      const other = await edith();
      await other.follow("Devices");
      await other.page.waitForFunction(() => document.querySelectorAll(".items li").length === 2);
      await (await other.page.waitForSelector(".items li:not(:has(.mark)) button")).click();
      await other.reads("The device is forgotten.");
      await withCode(page);
      assert.equal((await devices()).length, 2);
    });
  }
});

describe("a device that the user is asked about", () => {
  for (const [answer, remembered] of [["Remember it", true], ["Do not remember it", false]]) {
    test(answer, async () => {
      await on.pool.settings({ devices: { tracking: "optIn" } });
      const page = await edith();
      await page.reads("Remember this device?");
      await page.press(answer);
      await page.page.waitForFunction(() => !document.body.innerText.includes("Remember this device?"));
      assert.equal((await devices())[0].remembered, remembered);
      await signOut(page);
      await page.signIn(EDITH);
      await page.heading(remembered ? "Hello, edith" : "Enter the code of our e-mail");
    });
  }

  test("a device that cannot be confirmed: signed in all the same, and it is said", async () => {
    await on.pool.fault("ConfirmDevice", "refuse", { error: "InternalErrorException", times: 9 });
    const page = await on.open();
    await withCode(page);
    await page.reads("this device could not be made known to the service");
    await page.status("Signed in");
  });
});

test("the pool has heard all of it", () =>
  on.asked(
    "ConfirmDevice", "ListDevices", "UpdateDeviceStatus", "ForgetDevice", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER",
    "GetTokensFromRefreshToken",
  ));
