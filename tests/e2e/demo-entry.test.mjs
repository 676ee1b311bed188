// The ways into the demo: signing up, confirming, signing in, and what an account may still owe.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADA, GRACE, not, stageDemo } from "./support/demo.mjs";

const on = stageDemo();
const MARY = { username: "mary", password: "Shelley-1797" };
const WRONG_CODE = "That code is not right.";

async function signUpMary() {
  const page = await on.open("/#/sign-up");
  await page.heading("Create an account");
  await page.fill({ "User name": MARY.username, "E-mail": "mary@example.com", Password: MARY.password });
  await page.press("Create account");
  await page.heading("Confirm your account");
  return page;
}

describe("the demo's ways in", () => {
  test("sign up, a wrong code, a new code, confirm, sign in", async () => {
    const page = await signUpMary();
    await page.reads("We sent a code by e-mail to m***");
    await page.fill({ Code: not(await on.pool.code("mary")) });
    await page.press("Confirm");
    await page.fails(WRONG_CODE);
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    await page.fill({ Code: await on.pool.code("mary") });
    await page.press("Confirm");
    await page.reads("Your account is ready.");
    await page.signIn(MARY);
    await page.heading("Hello, mary");
    await page.status("Signed in");
    assert.equal((await on.pool.user("mary")).status, "CONFIRMED");
  });

  test("the mailbox of the demo shows the code", async () => {
    const page = await signUpMary();
    await page.press("Open the mailbox");
    await page.reads(`Code ${await on.pool.code("mary")}`);
  });

  test("sign up is refused for a taken name and for a weak password", async () => {
    const page = await on.open("/#/sign-up");
    await page.fill({ "User name": "ada", "E-mail": "x@example.com", Password: MARY.password });
    await page.press("Create account");
    await page.fails("That user name is taken.");
    await page.fill({ "User name": "mary", Password: "weak" });
    await page.press("Create account");
    await page.fails("That password does not meet the rules.");
  });

  test("a reload in the middle of confirming: the code is entered on the page for it", async () => {
    const page = await signUpMary();
    await page.page.reload();
    await page.heading("Create an account");
    await page.follow("Enter your code");
    await page.heading("Enter your code");
    await page.fill({ "User name": "mary", Code: not(await on.pool.code("mary")) });
    await page.press("Confirm");
    await page.fails(WRONG_CODE);
    await page.fill({ Code: await on.pool.code("mary") });
    await page.press("Confirm");
    await page.reads("Your account is confirmed.");
    await page.signIn(MARY);
    await page.heading("Hello, mary");
  });

  test("signing in to an account that was never confirmed", async () => {
    await on.pool.addUser("mary", MARY.password, { status: "UNCONFIRMED", attributes: { email: "mary@example.com" } });
    const page = await on.open();
    await page.signIn(MARY);
    await page.heading("Confirm your account");
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    await page.fill({ Code: await on.pool.code("mary") });
    await page.press("Confirm and sign in");
    await page.heading("Hello, mary");
  });

  test("a first sign-in asks for a password and what the pool still wants", async () => {
    const page = await on.open();
    await page.signIn(GRACE);
    await page.heading("Choose a new password");
    await page.fill({ "Given name": "Grace", "New password": "weak" });
    await page.press("Save and sign in");
    await page.fails("That password does not meet the rules.");
    await page.fill({ "Given name": "Grace", "New password": "Hopper-1906-new" });
    await page.press("Save and sign in");
    await page.heading("Hello, Grace");
    await page.press("Sign out");
    await page.signIn({ username: "grace", password: "Hopper-1906-new" });
    await page.heading("Hello, Grace");
  });

  test("a password that has to be reset", async () => {
    await on.pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await on.pool.addUser("mary", MARY.password, { status: "RESET_REQUIRED", attributes: { email: "mary@example.com", email_verified: "true" } });
    const page = await on.open();
    await page.signIn(MARY);
    await page.heading("Reset your password");
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    const code = await on.pool.code("mary", "resetPassword");
    await page.fill({ Code: not(code), "New password": "Shelley-1818" });
    await page.press("Save and sign in");
    await page.fails(WRONG_CODE);
    await page.fill({ Code: code, "New password": "Shelley-1818" });
    await page.press("Save and sign in");
    await page.heading("Hello, mary");
  });

  test("a wrong password and an unknown user read the same", async () => {
    const page = await on.open();
    const alert = async (who) => {
      await page.signIn(who);
      await page.fails("The user name or the password is wrong.");
      return page.page.$eval("[role=alert]", (one) => one.textContent);
    };
    assert.equal(await alert({ ...ADA, password: "Wrong-Password-1" }), await alert({ username: "nobody", password: "Wrong-Password-1" }));
    await page.status("Signed out");
    assert.equal(await (await page.field("Password")).evaluate((input) => input.value), "");
    await page.signIn(ADA);
    await page.heading("Hello, ada");
  });

  test("a kind of sign-in that the demo does not have", async () => {
    await on.pool.challenge("ada", "FROBNICATE");
    const page = await on.open();
    await page.signIn(ADA);
    await page.fails("This account asks for a kind of sign-in that this demo does not have.");
  });
});
