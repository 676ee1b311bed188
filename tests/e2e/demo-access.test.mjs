// The demo for everyone: by keyboard alone, on narrow screens, and without faults that axe finds.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SCHEMES, faultsOf, tooWide } from "./support/access.mjs";
import { ADA, GRACE, stageDemo } from "./support/demo.mjs";

const on = stageDemo();

/** Every page and state of the demo, as [name, how to come there]. */
const PAGES = {
  "sign in": async () => {
    const page = await on.open();
    await page.heading("Sign in");
    return page;
  },
  "sign in, refused": async () => {
    const page = await on.open();
    await page.signIn({ ...ADA, password: "wrong" });
    await page.fails("wrong");
    return page;
  },
  "sign up": async () => {
    const page = await on.open("/#/sign-up");
    await page.heading("Create an account");
    return page;
  },
  confirm: async () => {
    await on.pool.addUser("mary", "Shelley-1797", { status: "UNCONFIRMED" });
    const page = await on.open();
    await page.signIn({ username: "mary", password: "Shelley-1797" });
    await page.heading("Confirm your account");
    await page.press("Open the mailbox");
    return page;
  },
  "enter a code": async () => {
    const page = await on.open("/#/code");
    await page.heading("Enter your code");
    return page;
  },
  "new password": async () => {
    const page = await on.open();
    await page.signIn(GRACE);
    await page.heading("Choose a new password");
    return page;
  },
  "reset password": async () => {
    await on.pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await on.pool.addUser("mary", "Shelley-1797", { status: "RESET_REQUIRED", attributes: { email: "mary@example.com", email_verified: "true" } });
    const page = await on.open();
    await page.signIn({ username: "mary", password: "Shelley-1797" });
    await page.heading("Reset your password");
    return page;
  },
  "hosted page, refused": async () => {
    const page = await on.open(`/callback?error=access_denied&state=cv${"a".repeat(43)}r`);
    await page.heading("You are not signed in");
    return page;
  },
  "for members": async () => {
    const page = await on.open();
    await page.page.evaluate(() => sessionStorage.setItem("cognito-vault:sent", "1"));
    await page.page.goto(`${on.url}/members`);
    await page.heading("For members");
    return page;
  },
  account: async () => {
    const page = await on.open();
    await page.signIn(ADA);
    await page.heading("Hello, ada");
    await page.reads("ada@example.com");
    await page.press("Call the API");
    await page.reads("200");
    return page;
  },
};

describe("the demo for everyone", () => {
  for (const [name, come] of Object.entries(PAGES)) {
    for (const scheme of SCHEMES) {
      test(`axe finds nothing: ${name}, ${scheme}`, async () => {
        const { page } = await come();
        assert.deepEqual(await faultsOf(page, scheme), []);
      });
    }

    test(`nothing scrolls sideways at 320 pixels: ${name}`, async () => {
      const { page } = await come();
      assert.deepEqual(await tooWide(page), []);
    });
  }

  test("signing in, calling the API and signing out by keyboard alone", async () => {
    const demo = await on.open();
    const { page } = demo;
    const { keyboard } = page;
    await demo.heading("Sign in");
    /** Tab until the focus is on what has this name. */
    const tabTo = async (name) => {
      for (let presses = 0; presses < 40; presses++) {
        await keyboard.press("Tab");
        const focused = await page.evaluate(() => {
          const at = document.activeElement;
          const name = at.labels?.[0]?.textContent ?? at.textContent;
          const style = getComputedStyle(at);
          return { name: name.trim(), seen: style.outlineStyle !== "none" || style.boxShadow !== "none" || at.parentElement?.matches(":focus-within") };
        });
        if (focused.name === name) return assert.ok(focused.seen, `the focus on ${name} can be seen`);
      }
      assert.fail(`${name} cannot be reached by Tab`);
    };
    await tabTo("User name");
    await keyboard.type(ADA.username);
    await tabTo("Password");
    await keyboard.type(ADA.password);
    await keyboard.press("Enter");
    await demo.heading("Hello, ada");
    await tabTo("Call the API");
    await keyboard.press("Enter");
    await demo.reads("200");
    await page.evaluate(() => document.querySelector("h1").focus());
    await tabTo("Sign out");
    await keyboard.press(" ");
    await demo.heading("Sign in");
  });

  test("a refusal brings the focus back to the field and is announced", async () => {
    const demo = await on.open();
    await demo.signIn({ ...ADA, password: "wrong" });
    await demo.fails("wrong");
    const focused = await demo.page.evaluate(() => {
      const at = document.activeElement;
      return { name: at.name, invalid: at.getAttribute("aria-invalid"), described: document.getElementById(at.getAttribute("aria-describedby")?.split(" ").at(-1))?.textContent };
    });
    assert.deepEqual(focused, { name: "password", invalid: "true", described: "The user name or the password is wrong." });
  });

  test("password managers know the fields", async () => {
    const entry = await on.open();
    await entry.heading("Sign in");
    const hint = async (demo, label) => (await demo.field(label)).evaluate((input) => input.getAttribute("autocomplete"));
    assert.equal(await hint(entry, "User name"), "username");
    assert.equal(await hint(entry, "Password"), "current-password");
    const up = await on.open("/#/sign-up");
    assert.equal(await hint(up, "E-mail"), "email");
    assert.equal(await hint(up, "Password"), "new-password");
    const code = await on.open("/#/code");
    assert.equal(await hint(code, "Code"), "one-time-code");
  });
});
