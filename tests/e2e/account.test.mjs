// The account's pages of the demo: attributes, password, sessions, AWS credentials, and the end of the account.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADA, FLOWS, not, stageDemo } from "./support/demo.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS } });

/** Signed in as ada, on a page of the account. */
async function ada(link, title = link) {
  const page = await on.open();
  await page.signIn(ADA);
  await page.heading("Hello, ada");
  if (link === undefined) return page;
  await page.follow(link);
  await page.heading(title);
  return page;
}

describe("attributes", () => {
  test("are changed and deleted, and follow into the claims", async () => {
    await on.pool.settings({ account: { customAttributes: ["custom:team"] } });
    const page = await ada("Attributes");
    await page.fill({ "Given name": "Ada", Team: "engines" });
    await page.press("Save");
    await page.reads("Saved.");
    assert.equal((await on.pool.user("ada")).attributes["custom:team"], "engines");
    await page.follow("Overview");
    await page.press("Refresh now");
    await page.heading("Hello, Ada");
    await page.follow("Attributes");
    const name = await page.field("Given name");
    assert.equal(await name.evaluate((input) => input.value), "Ada");
    await name.evaluate((input) => input.select());
    await name.press("Backspace");
    await page.press("Save");
    await page.reads("Saved.");
    assert.equal((await on.pool.user("ada")).attributes["given_name"], undefined);
    // The form is made anew from what the pool has.
    await page.page.waitForFunction(() => document.querySelector("input[name=given_name]")?.defaultValue === "");
    await page.press("Save");
    await page.reads("Nothing was changed.");
  });

  test("a new address is proven by a code, after a wrong one", async () => {
    const page = await ada("Attributes");
    await page.fill({ "E-mail": "countess@example.com" });
    await page.press("Save");
    await page.reads("Saved. We sent a code by e-mail to");
    await page.reads("Verify countess@example.com");
    await page.code(not(await on.pool.code("ada", "verifyEmail")), "Verify");
    await page.fails("That code is not right.");
    await page.press("Send a code");
    await page.page.waitForFunction(() => document.querySelector("section section .outcome")?.innerText.includes("We sent a code"));
    await page.code(await on.pool.code("ada", "verifyEmail"), "Verify");
    await page.reads("Verified.");
    assert.equal((await on.pool.user("ada")).attributes["email_verified"], "true");
  });

  test("a required one cannot be deleted, and one that the client may not write stays", async () => {
    await on.pool.settings({ account: { readOnlyAttributes: ["given_name"] } });
    const page = await ada("Attributes");
    const email = await page.field("E-mail");
    await email.evaluate((input) => input.select());
    await email.press("Backspace");
    await page.press("Save");
    await page.fails("The service did not accept what was entered.");
    await page.fill({ "E-mail": "ada@example.com", "Given name": "Ada" });
    await page.press("Save");
    await page.page.waitForSelector("[role=alert]");
    assert.equal((await on.pool.user("ada")).attributes["given_name"], undefined);
  });

  test("are loaded again after a failure", async () => {
    const page = await ada();
    await on.pool.fault("GetUser", "refuse", { error: "InternalErrorException", times: 9 });
    await page.follow("Attributes");
    await page.fails("The service is busy or has a fault.");
    await on.pool.clearFaults();
    await page.press("Load again");
    await page.field("Given name");
  });
});

describe("the password", () => {
  test("is changed, not with a wrong one, not to a weak one or one that was used", async () => {
    await on.pool.settings({ passwordPolicy: { history: 1 } });
    const page = await ada("Password", "Change your password");
    const change = async (present, next) => {
      await page.fill({ "Present password": present, "New password": next });
      await page.press("Change the password");
    };
    await change("Wrong-1", "Lovelace-1852");
    await page.fails("Your present password is another one.");
    await change(ADA.password, "weak");
    await page.fails("That password does not meet the rules.");
    await change(ADA.password, ADA.password);
    await page.fails("You have used that password before.");
    await change(ADA.password, "Lovelace-1852");
    await page.reads("Your password is changed.");
    await page.follow("Overview");
    await page.press("Sign out");
    await page.signIn({ ...ADA, password: "Lovelace-1852" });
    await page.heading("Hello, ada");
  });

  test("is set for the first time by a user who has none", async () => {
    const page = await on.open("/#/sign-in-code");
    await page.fill({ "User name": "lynn" });
    await page.press("Send the code");
    await page.heading("Enter the code of our e-mail");
    await page.code(await on.pool.code("lynn", "signIn"));
    await page.heading("Hello, lynn");
    await page.follow("Password");
    await page.fill({ "New password": "Conway-1938" });
    await page.press("Change the password");
    await page.reads("Your password is changed.");
    assert.equal((await on.pool.user("lynn")).hasPassword, true);
  });
});

describe("sessions", () => {
  test("are listed, another is ended, and its page finds out", async () => {
    const other = await ada();
    const page = await ada("Sessions");
    await page.reads("this session");
    await page.press("End this session");
    await page.reads("That session is ended.");
    await page.page.waitForFunction(() => document.querySelectorAll(".items li").length === 1);
    await other.press("Refresh now");
    await other.reads("Your session has ended.");
    await page.follow("Overview");
    await page.press("Refresh now");
    await page.reads("Tokens refreshed at");
  });

  test("come page by page", async () => {
    await on.pool.settings({ tracking: { page: 1 } });
    await ada();
    const page = await ada("Sessions");
    await page.press("Show more");
    await page.page.waitForFunction(() => document.querySelectorAll(".items li").length === 2);
  });

  test("are not listed by a pool that keeps no list", async () => {
    await on.pool.settings({ tracking: { enabled: false } });
    const page = await ada("Sessions");
    await page.fails("This pool does not keep a list of sessions.");
  });

  test("all end at once", async () => {
    const other = await ada();
    const page = await ada("Sessions");
    await page.press("Sign out everywhere");
    await page.reads("You are signed out.");
    await other.press("Refresh now");
    await other.reads("Your session has ended.");
    assert.equal(await on.pool.count("GlobalSignOut"), 1);
  });
});

describe("AWS credentials", () => {
  test("of the user, asked for once", async () => {
    const page = await ada("AWS credentials");
    await page.press("Get credentials");
    await page.reads("Access key");
    await page.press("Get credentials");
    const { sub } = await on.pool.user("ada");
    const identities = await on.pool.control("GET", "identities");
    assert.deepEqual(Object.values(identities), [[sub]]);
    assert.ok((await page.text()).includes(Object.keys(identities)[0]));
    assert.equal(await on.pool.count("GetCredentialsForIdentity"), 1);
  });

  test("of a guest, and of the user after the sign-in", async () => {
    const page = await on.open("/#/guest");
    await page.press("Get credentials");
    await page.reads("Access key");
    await page.follow("Sign in");
    await page.signIn(ADA);
    await page.heading("Hello, ada");
    await page.follow("AWS credentials");
    await page.press("Get credentials");
    await page.reads("Access key");
    assert.equal(await on.pool.count("GetCredentialsForIdentity"), 2);
  });

  test("are refused to guests where the pool has none", async () => {
    await on.pool.settings({ identityPool: { guests: false } });
    const page = await on.open("/#/guest");
    await page.press("Get credentials");
    await page.page.waitForSelector("[role=alert]");
  });
});

describe("the end of an account", () => {
  test("needs its name, and is for good", async () => {
    const page = await ada("Delete account", "Delete your account");
    await page.fill({ "Your user name, to be sure": "grace" });
    await page.press("Delete the account");
    await page.fails("That is not the name of this account.");
    assert.equal(await on.pool.count("DeleteUser"), 0);
    await page.fill({ "Your user name, to be sure": "ada" });
    await page.press("Delete the account");
    await page.reads("You are signed out.");
    await page.signIn(ADA);
    await page.fails("The user name or the password is wrong.");
  });
});

test("the pool has heard all of it", () =>
  on.asked(
    "GetUser", "UpdateUserAttributes", "DeleteUserAttributes", "GetUserAttributeVerificationCode", "VerifyUserAttribute", "ChangePassword",
    "ListUserSessions", "RevokeUserSession", "GlobalSignOut", "RevokeToken", "GetTokensFromRefreshToken", "DeleteUser", "GetId",
    "GetCredentialsForIdentity",
  ));
