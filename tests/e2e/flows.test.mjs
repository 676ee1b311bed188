// Every flow of a sign-in and a sign-up, through the demo's pages.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADA, FLOWS, not, stageDemo } from "./support/demo.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS } });
const ANNIE = { username: "annie", password: "Easley-1933" };
const WRONG_CODE = "That code is not right.";

/** The page of a way, with the user name entered and handed over. */
async function begin(way, username, fields = {}) {
  const page = await on.open(`/#/${way}`);
  await page.fill({ "User name": username, ...fields });
  return page;
}

/** The pool's view of the first call of the last sign-in. */
const flowOf = async () => (await on.pool.requests("InitiateAuth")).at(-1).body.AuthFlow;

/** A code of eight digits or six that is not this one. */
const other = (code) => (/^0+$/.test(code) ? code.replace(/0$/, "1") : "0".repeat(code.length));

describe("a sign-in through the demo", () => {
  test("by a password that is proved without being sent, and by one that is sent", async () => {
    const page = await on.open();
    await page.signIn(ADA);
    await page.heading("Hello, ada");
    assert.equal(await flowOf(), "USER_SRP_AUTH");
    await page.press("Sign out");
    await page.reads("You are signed out.");
    await page.follow("Password, sent");
    await page.signIn({ ...ADA, password: "Wrong-1" }, "Sign in with the password sent");
    await page.fails("The user name or the password is wrong.");
    await page.signIn(ADA, "Sign in with the password sent");
    await page.heading("Hello, ada");
    assert.equal(await flowOf(), "USER_PASSWORD_AUTH");
  });

  test("by choice, of all that the account has", async () => {
    const page = await begin("sign-in-choice", "annie");
    await page.press("Continue");
    await page.heading("Choose how to sign in");
    const choices = await page.page.$$eval(".choices button", (all) => all.map((one) => one.textContent));
    assert.deepEqual(choices.sort(), ["Code by e-mail", "Code by text message", "Password"]);
    await page.press("Code by text message");
    await page.heading("Enter the code of our text message");
    const code = await on.pool.code("annie", "signIn");
    await page.code(other(code));
    await page.fails(WRONG_CODE);
    await page.code(code);
    await page.heading("Hello, annie");
    assert.equal(await flowOf(), "USER_AUTH");
  });

  test("by choice, where the pool does not name the challenge", async () => {
    await on.pool.settings({ choice: { unnamed: true } });
    const page = await begin("sign-in-choice", "annie");
    await page.press("Continue");
    await page.press("Password");
    await page.fill({ Password: ANNIE.password });
    await page.press("Continue");
    await page.heading("Hello, annie");
  });

  test("by the password as the preferred factor, wrong and right", async () => {
    const page = await begin("sign-in-choice", "annie");
    await page.choose("Preferred factor", "Password");
    await page.press("Continue");
    await page.heading("Enter your password");
    await page.fill({ Password: "Wrong-1" });
    await page.press("Continue");
    await page.fails("The user name or the password is wrong.");
    await page.press("Start again");
    await page.fill({ "User name": "annie" });
    await page.choose("Preferred factor", "Password");
    await page.press("Continue");
    await page.heading("Enter your password");
    await page.fill({ Password: ANNIE.password });
    await page.press("Continue");
    await page.heading("Hello, annie");
  });

  for (const [how, title] of [["Code by e-mail", "Enter the code of our e-mail"], ["Code by text message", "Enter the code of our text message"]]) {
    test(`without a password: ${how}`, async () => {
      const page = await begin("sign-in-code", "lynn");
      await page.choose("How it is sent", how);
      await page.press("Send the code");
      await page.heading(title);
      await page.press("Open the mailbox");
      const code = await on.pool.code("lynn", "signIn");
      await page.reads(`Code ${code}`);
      await page.code(code);
      await page.heading("Hello, lynn");
    });
  }

  test("a preferred factor that the account does not have leads to the choice", async () => {
    const page = await begin("sign-in-code", "ada");
    await page.choose("How it is sent", "Code by text message");
    await page.press("Send the code");
    await page.heading("Choose how to sign in");
  });

  test("a step that has run out is begun again", async () => {
    const page = await begin("sign-in-code", "lynn");
    await page.press("Send the code");
    await page.heading("Enter the code of our e-mail");
    const code = await on.pool.code("lynn", "signIn");
    await on.pool.advance(200);
    await page.code(code);
    await page.page.waitForSelector("[role=alert]");
    await page.press("Start again");
    await page.heading("Sign in with a code");
    await page.fill({ "User name": "lynn" });
    await page.press("Send the code");
    await page.heading("Enter the code of our e-mail");
    await page.code(await on.pool.code("lynn", "signIn"));
    await page.heading("Hello, lynn");
  });

  test("by questions, without a password and after a wrong answer", async () => {
    const page = await begin("sign-in-custom", "ada");
    await page.press("Continue");
    await page.heading("Answer a question");
    await page.fill({ "The colour of the sky?": "green" });
    await page.press("Continue");
    await page.reads("One more: the next question");
    assert.equal(await (await page.field("The colour of the sky?")).evaluate((input) => input.value), "");
    await page.fill({ "The colour of the sky?": "blue" });
    await page.press("Continue");
    await page.heading("Hello, ada");
    assert.equal(await on.pool.count("RespondToAuthChallenge"), 2);
  });

  test("by several questions after the password", async () => {
    const round = (question, answer) => ({ parameters: { question, hint: "a word" }, answer, wrong: "fail" });
    await on.pool.settings({ custom: { password: "required", rounds: [round("First?", "one"), round("Second?", "two"), round("Third?", "three")] } });
    const page = await begin("sign-in-custom", "ada", { Password: ADA.password });
    await page.press("Continue");
    for (const [question, answer] of [["First?", "one"], ["Second?", "two"], ["Third?", "three"]]) {
      await page.fill({ [question]: answer });
      await page.reads("a word");
      await page.press("Continue");
    }
    await page.heading("Hello, ada");
    assert.equal(await on.pool.count("RespondToAuthChallenge"), 4);
  });

  test("a wrong answer that ends the sign-in, and a trigger that fails", async () => {
    await on.pool.settings({ custom: { rounds: [{ parameters: { question: "Once?" }, answer: "yes", wrong: "fail" }] } });
    const page = await begin("sign-in-custom", "ada");
    await page.press("Continue");
    await page.fill({ "Once?": "no" });
    await page.press("Continue");
    await page.page.waitForSelector("[role=alert]");
    await page.press("Start again");
    await on.pool.settings({ custom: { failure: { name: "UserLambdaValidationException", message: "CreateAuthChallenge failed with error not today." } } });
    await page.fill({ "User name": "ada" });
    await page.press("Continue");
    await page.fails("The pool refused what was entered.");
  });

  test("more certainty than the account can give is refused, and nobody is signed in", async () => {
    const page = await begin("sign-in-choice", "annie");
    await page.choose("How sure the pool has to be", "A passkey");
    await page.press("Continue");
    await page.fails("The service refused.");
    assert.equal((await on.pool.requests("InitiateAuth")).at(-1).body.AuthParameters.TARGET_ACR_VALUES, "urn:cognito:loa:4");
    await page.status("Signed out");
  });

  test("an account that is switched off", async () => {
    const page = await on.open();
    await page.signIn({ username: "alan", password: "Turing-1912!" });
    await page.fails("The user name or the password is wrong.");
  });

  test("a reset that the pool asks for, and a confirmation that is still owed", async () => {
    await on.pool.settings({ preventUserExistenceErrors: "LEGACY" });
    const page = await on.open();
    await page.signIn({ username: "ida", password: "Rhodes-1900!" });
    await page.heading("Reset your password");
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    await page.fill({ Code: await on.pool.code("ida", "resetPassword"), "New password": "Rhodes-1901!" });
    await page.press("Save and sign in");
    await page.heading("Hello, ida");
    await page.press("Sign out");
    await page.signIn({ username: "kay", password: "McNulty-1921" });
    await page.heading("Confirm your account");
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    await page.code(await on.pool.code("kay"), "Confirm and sign in");
    await page.heading("Hello, kay");
  });
});

describe("an account through the demo", () => {
  test("signing up, and being signed in by the confirmation", async () => {
    const page = await on.open("/#/sign-up");
    await page.fill({ "User name": "mary", "E-mail": "mary@example.com", Password: "Shelley-1797" });
    await page.press("Create account");
    await page.heading("Confirm your account");
    const code = await on.pool.code("mary");
    await page.code(not(code), "Confirm");
    await page.fails(WRONG_CODE);
    await page.code(code, "Confirm");
    await page.heading("Hello, mary");
  });

  test("signing up without a password", async () => {
    const page = await on.open("/#/sign-up");
    await page.follow("Create one without a password");
    await page.heading("Create an account without a password");
    await page.fill({ "User name": "mary", "E-mail": "mary@example.com" });
    await page.press("Create account");
    await page.heading("Confirm your account");
    await page.code(await on.pool.code("mary"), "Confirm");
    await page.heading("Hello, mary");
    assert.equal((await on.pool.user("mary")).hasPassword, false);
  });

  test("a confirmation whose sign-in has run out confirms all the same", async () => {
    const page = await on.open("/#/sign-up");
    await page.fill({ "User name": "mary", "E-mail": "mary@example.com", Password: "Shelley-1797" });
    await page.press("Create account");
    await page.heading("Confirm your account");
    await on.pool.advance(200);
    await page.code(await on.pool.code("mary"), "Confirm");
    await page.reads("Your account is ready.");
    await page.signIn({ username: "mary", password: "Shelley-1797" });
    await page.heading("Hello, mary");
  });

  test("a forgotten password, with a wrong code, a weak password and a new code", async () => {
    const page = await on.open();
    await page.follow("Forgotten your password?");
    await page.heading("Forgotten your password?");
    await page.fill({ "User name": "ada" });
    await page.press("Send the code");
    await page.heading("Reset your password");
    const wrong = not(await on.pool.code("ada", "resetPassword"));
    await page.fill({ Code: wrong, "New password": "Lovelace-1852" });
    await page.press("Save the password");
    await page.fails(WRONG_CODE);
    await page.press("Send a new code");
    await page.reads("A new code is on its way.");
    const code = await on.pool.code("ada", "resetPassword");
    await page.fill({ Code: code, "New password": "weak" });
    await page.press("Save the password");
    await page.fails("That password does not meet the rules.");
    await page.fill({ Code: code, "New password": "Lovelace-1852" });
    await page.press("Save the password");
    await page.reads("Your password is the new one.");
    await page.signIn({ username: "ada", password: "Lovelace-1852" });
    await page.heading("Hello, ada");
  });

  test("a forgotten password of nobody looks the same", async () => {
    const page = await on.open("/#/forgotten");
    await page.fill({ "User name": "nobody" });
    await page.press("Send the code");
    await page.heading("Reset your password");
    await page.reads("We sent a code by e-mail to");
  });

  test("the situation of the pool can be changed beside the page", async () => {
    const page = await on.open();
    await page.heading("Sign in");
    await page.page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await page.reads("codes by text message");
    await page.choose("Second factors", "wanted of all");
    await page.reads("Second factors: wanted of all.");
    await page.signIn(ADA);
    await page.heading("Set up a second factor");
  });
});

test("the pool has heard all of it", () =>
  on.asked(
    "SignUp", "ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword", "USER_SRP_AUTH", "USER_PASSWORD_AUTH",
    "USER_AUTH", "USER_AUTH Session", "CUSTOM_AUTH", "CUSTOM_AUTH SRP_A", "SELECT_CHALLENGE", "PASSWORD_SRP", "PASSWORD_VERIFIER",
    "EMAIL_OTP", "SMS_OTP", "CUSTOM_CHALLENGE",
  ));
