// Every page of the demo and every step of a sign-in for everyone: no faults that axe finds, nothing wider than a narrow screen, the focus where it belongs.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SCHEMES, faultsOf, tooWide } from "./support/access.mjs";
import { ADA, FLOWS, stageDemo } from "./support/demo.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS, mfa: { mode: "optional" }, devices: { tracking: "optIn", challenge: "forMfa" } } });
const WIDE = { width: 1024, height: 800 };

/** What is still loading moves what is to be pressed. */
const loaded = (page) => page.waitForFunction(() => document.querySelector("h1") && !document.querySelector(".loading"));

/** One heading of the first level, which names the document and the place of the focus; and nothing that keeps people out. */
async function isForEveryone({ page }, where) {
  await loaded(page);
  const { headings, title, focus } = await page.evaluate(() => {
    const headings = [...document.querySelectorAll("h1")].map((one) => one.textContent);
    return { headings, title: document.title, focus: document.querySelector("main h1").closest("section").contains(document.activeElement) };
  });
  assert.deepEqual([`${headings} – cognito-vault demo`, focus], [title, true], where);
  for (const scheme of SCHEMES) assert.deepEqual(await faultsOf(page, scheme), [], `${where}, ${scheme}`);
  assert.deepEqual(await tooWide(page), [], where);
  await page.setViewport(WIDE);
}

describe("every page of the demo", () => {
  test("of a visitor", async () => {
    const demo = await on.open();
    await demo.heading("Sign in");
    for (const [link, title] of [
      ["Password, sent", "Sign in with the password sent"],
      ["Your choice", "Sign in by your choice"],
      ["Passkey", "Sign in with a passkey"],
      ["Code", "Sign in with a code"],
      ["Questions", "Sign in by questions"],
      ["Forgotten your password?", "Forgotten your password?"],
      ["Sign in", "Sign in"],
      ["Create an account", "Create an account"],
      ["Create one without a password", "Create an account without a password"],
      ["Sign in", "Sign in"],
      ["AWS credentials of a guest", "AWS credentials of a guest"],
    ]) {
      await demo.follow(link);
      await demo.heading(title);
      await isForEveryone(demo, title);
    }
    await demo.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await isForEveryone(demo, "the situation of the pool");
  });

  test("of an account", async () => {
    await on.pool.addUser("mary", "Shelley-1797", { attributes: { email: "mary@example.com", email_verified: "false" } });
    const demo = await on.open();
    await demo.signIn({ username: "mary", password: "Shelley-1797" });
    await demo.reads("Remember this device?");
    await isForEveryone(demo, "Overview");
    for (const [link, title] of [
      ["Attributes", "Attributes"],
      ["Password", "Change your password"],
      ["Second factors", "Second factors"],
      ["Passkeys", "Passkeys"],
      ["Devices", "Devices"],
      ["Sessions", "Sessions"],
      ["AWS credentials", "AWS credentials"],
      ["Delete account", "Delete your account"],
    ]) {
      await demo.follow(link);
      await demo.heading(title);
      await loaded(demo.page);
      if (link === "Second factors") {
        await demo.press("Set up an app");
        await demo.field("Code");
      }
      if (link === "AWS credentials") {
        await demo.press("Get credentials");
        await demo.reads("Good until");
      }
      await isForEveryone(demo, title);
    }
  });

  test("of the steps of a sign-in", async () => {
    const demo = await on.open();
    await demo.signIn({ username: "frances", password: "Spence-1922!" });
    await demo.heading("Choose a second factor");
    await isForEveryone(demo, "chooseMfa");
    await demo.press("Authenticator app");
    await demo.heading("Enter the code of your app");
    await demo.press("Show the code");
    await (await demo.field("Code")).focus();
    await isForEveryone(demo, "totp");
    await on.pool.settings({ mfa: { mode: "required" } });
    await demo.press("Start again");
    await demo.signIn(ADA);
    await demo.heading("Set up a second factor");
    await isForEveryone(demo, "setUpMfa");
    await demo.press("Authenticator app");
    await demo.heading("Set up your authenticator app");
    await isForEveryone(demo, "setUpMfa, with a secret");
    await on.pool.settings({ mfa: { mode: "optional" } });
    await demo.follow("Your choice");
    await demo.fill({ "User name": "annie" });
    await demo.press("Continue");
    await demo.heading("Choose how to sign in");
    await isForEveryone(demo, "chooseFactor");
    await demo.press("Code by text message");
    await demo.heading("Enter the code of our text message");
    await demo.code("00000000");
    await demo.fails("That code is not right.");
    await isForEveryone(demo, "smsCode, refused");
    await demo.press("Start again");
    await demo.fill({ "User name": "annie" });
    await demo.choose("Preferred factor", "Password");
    await demo.press("Continue");
    await demo.heading("Enter your password");
    await isForEveryone(demo, "password");
    await demo.follow("Questions");
    await demo.fill({ "User name": "ada" });
    await demo.press("Continue");
    await demo.heading("Answer a question");
    await isForEveryone(demo, "custom");
  });
});
