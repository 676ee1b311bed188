// Second factors through the demo: asked for, chosen, set up at a sign-in and in the account.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADA, FLOWS, not, stageDemo } from "./support/demo.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS, mfa: { mode: "optional" } } });
const HEDY = { username: "hedy", password: "Lamarr-1914" };
const FRANCES = { username: "frances", password: "Spence-1922!" };
const SECRET = "[data-testid=secret]";

/** What the page gives an authenticator app. */
const secretOn = async (page) => (await page.page.waitForSelector(SECRET)).evaluate((one) => one.textContent.replaceAll(" ", ""));

describe("a second factor", () => {
  test("of an authenticator app, with a wrong code first", async () => {
    const page = await on.open();
    await page.signIn(HEDY);
    await page.heading("Enter the code of your app");
    await page.reads("Hedy's phone");
    await page.code(not(await on.pool.totp({ username: "hedy" })));
    await page.fails("That code is not right.");
    await page.press("Show the code");
    const shown = await page.page.waitForSelector("[data-testid=app-code]");
    await page.code(await shown.evaluate((one) => one.textContent));
    await page.heading("Hello, hedy");
  });

  for (const [user, title, where] of [
    [{ username: "radia", password: "Perlman-1951" }, "Enter the code of our text message", "by text message to"],
    [{ username: "edith", password: "Clarke-1883!" }, "Enter the code of our e-mail", "by e-mail to"],
  ]) {
    test(`that is sent: ${title}`, async () => {
      const page = await on.open();
      await page.signIn(user);
      await page.heading(title);
      await page.reads(where);
      await page.code(await on.pool.code(user.username, "mfa"));
      await page.heading(`Hello, ${user.username}`);
    });
  }

  test("chosen among three, after another sign-in was begun again", async () => {
    const page = await on.open();
    await page.signIn(FRANCES);
    await page.heading("Choose a second factor");
    await page.press("Code by e-mail");
    await page.heading("Enter the code of our e-mail");
    await page.press("Start again");
    await page.signIn(FRANCES);
    await page.press("Authenticator app");
    await page.heading("Enter the code of your app");
    await page.code(await on.pool.totp({ username: "frances" }));
    await page.heading("Hello, frances");
  });

  test("after a password that is sent, a chosen password and a temporary one", async () => {
    const page = await on.open("/#/sign-in-sent");
    await page.signIn(HEDY, "Sign in with the password sent");
    await page.heading("Enter the code of your app");
    await page.follow("Your choice");
    await page.heading("Sign in by your choice");
    await page.fill({ "User name": "hedy" });
    await page.choose("Preferred factor", "Password");
    await page.press("Continue");
    await page.heading("Enter your password");
    await page.fill({ Password: HEDY.password });
    await page.press("Continue");
    await page.heading("Enter the code of your app");
    await page.code(await on.pool.totp({ username: "hedy" }));
    await page.heading("Hello, hedy");
    await page.press("Sign out");
    await on.pool.settings({ mfa: { mode: "required" } });
    await page.follow("Password");
    await page.signIn({ username: "grace", password: "Hopper-1906-tmp" });
    await page.heading("Choose a new password");
    await page.fill({ "Given name": "Grace", "New password": "Hopper-1906-new" });
    await page.press("Save and sign in");
    await page.heading("Set up a second factor");
  });

  for (const wrongSetupCode of ["exception", "status"]) {
    test(`that the pool wants: an app is set up, a wrong code is said by ${wrongSetupCode}`, async () => {
      await on.pool.settings({ mfa: { mode: "required", wrongSetupCode } });
      const page = await on.open();
      await page.signIn(ADA);
      await page.heading("Set up a second factor");
      await page.press("Authenticator app");
      await page.heading("Set up your authenticator app");
      const secret = await secretOn(page);
      const link = await page.page.$eval("a[href^=otpauth]", (one) => one.href);
      assert.match(link, /^otpauth:\/\/totp\/cognito-vault%20demo:ada\?secret=[A-Z2-7]+&issuer=/);
      assert.ok(link.includes(secret));
      const code = await on.pool.totp({ secret });
      await page.code(not(code));
      await page.fails("The app\u2019s code is not right.");
      await page.code(code);
      await page.heading("Hello, ada");
      await page.press("Sign out");
      await page.signIn(ADA);
      await page.heading("Enter the code of your app");
      await page.code(await on.pool.totp({ secret }, 1));
      await page.heading("Hello, ada");
    });
  }

  test("that the pool wants: the only kind is begun at once", async () => {
    await on.pool.settings({ mfa: { mode: "required", methods: ["SOFTWARE_TOKEN_MFA"] } });
    const page = await on.open();
    await page.signIn(ADA);
    await page.heading("Set up your authenticator app");
    await page.code(await on.pool.totp({ secret: await secretOn(page) }));
    await page.heading("Hello, ada");
  });

  test("that the pool wants: codes by e-mail are set up", async () => {
    await on.pool.settings({ mfa: { mode: "required", emailDigits: 8 } });
    await on.pool.addUser("mary", "Shelley-1797", { attributes: {} });
    const page = await on.open();
    await page.signIn({ username: "mary", password: "Shelley-1797" });
    await page.heading("Set up a second factor");
    await page.press("Codes by e-mail");
    await page.heading("Set up codes by e-mail");
    await page.fill({ "E-mail": "mary@example.com" });
    await page.press("Continue");
    await page.heading("Enter the code of our e-mail");
    const code = await on.pool.code("mary", "mfa");
    assert.match(code, /^\d{8}$/);
    await page.code(code);
    await page.heading("Hello, mary");
  });
});

describe("second factors of an account", () => {
  /** Signed in, on the page of second factors. */
  async function factors() {
    const page = await on.open();
    await page.signIn(ADA);
    await page.heading("Hello, ada");
    await page.follow("Second factors");
    await page.heading("Second factors");
    await page.field("Authenticator app");
    return page;
  }

  test("an app is set up, preferred, asked for, and switched off again", async () => {
    const page = await factors();
    await page.press("Set up an app");
    const secret = await secretOn(page);
    const code = await on.pool.totp({ secret });
    await page.code(not(code), "Finish");
    await page.fails("The app\u2019s code is not right.");
    await page.code(code, "Finish");
    await page.reads("The app is set up.");
    await page.choose("Authenticator app", "On, and asked for first");
    await page.press("Save");
    await page.reads("Saved.");
    assert.deepEqual((await on.pool.user("ada")).mfa.preferred, "SOFTWARE_TOKEN_MFA");
    await page.follow("Overview");
    await page.press("Sign out");
    await page.signIn(ADA);
    await page.heading("Enter the code of your app");
    await page.code(await on.pool.totp({ secret }, 1));
    await page.heading("Hello, ada");
    await page.follow("Second factors");
    await page.choose("Authenticator app", "Off");
    await page.press("Save");
    await page.reads("Saved.");
    assert.deepEqual((await on.pool.user("ada")).mfa.methods, []);
  });

  test("a factor that is not set up is refused, and the page says so", async () => {
    const page = await factors();
    await page.choose("Code by text message", "On");
    await page.press("Save");
    await page.page.waitForSelector("[role=alert]");
    await page.heading("Second factors");
    await page.choose("Code by text message", "Off");
    await page.choose("Code by e-mail", "On");
    await page.press("Save");
    await page.reads("Saved.");
    assert.deepEqual((await on.pool.user("ada")).mfa.methods, ["EMAIL_OTP"]);
  });
});

test("the pool has heard all of it", () =>
  on.asked(
    "SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "SELECT_MFA_TYPE", "MFA_SETUP", "AssociateSoftwareToken", "VerifySoftwareToken",
    "SetUserMFAPreference", "GetUserAuthFactors",
  ));
