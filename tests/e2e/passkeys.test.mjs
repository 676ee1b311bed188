// Passkeys through the demo. Chromium has authenticators of its own for tests; elsewhere there is what a browser without one shows.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { FLOWS, stageDemo } from "./support/demo.mjs";

const on = stageDemo({ settings: { explicitAuthFlows: FLOWS } });
const ANNIE = { username: "annie", password: "Easley-1933" };

/** Signed in, on the page of passkeys. */
async function passkeys(page) {
  await page.signIn(ANNIE);
  await page.heading("Hello, annie");
  await page.follow("Passkeys");
  await page.heading("Passkeys");
  await page.reads("You have no passkeys.");
}

/** A page with an authenticator that says yes, until it is told to say no. */
async function withAuthenticator() {
  // A passkey belongs to a name: an address has none.
  const page = await on.open("/", on.url.replace("127.0.0.1", "localhost"));
  const cdp = await page.page.createCDPSession();
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  const says = (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  return { page, says, cdp, authenticatorId };
}

async function registered() {
  const all = await withAuthenticator();
  await passkeys(all.page);
  await all.page.press("Make a passkey");
  await all.page.reads("The passkey is ready.");
  return all;
}

async function signOut(page) {
  await page.follow("Overview");
  await page.press("Sign out");
  await page.reads("You are signed out.");
}

/** On the step that asks for the passkey. */
async function asked(page) {
  await page.follow("Passkey");
  await page.heading("Sign in with a passkey");
  await page.fill({ "User name": "annie" });
  await page.press("Continue");
  await page.heading("Use your passkey");
}

if (kind === "chromium") {
  describe("a passkey", () => {
    test("is made, signs in, is listed and deleted", async () => {
      const { page, cdp, authenticatorId } = await registered();
      const kept = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
      assert.deepEqual([(await on.pool.user("annie")).passkeys.length, await kept()], [1, 1]);
      await page.reads("for localhost");
      await signOut(page);
      await asked(page);
      await page.press("Use your passkey");
      await page.heading("Hello, annie");
      await page.follow("Passkeys");
      await (await page.page.waitForSelector(".items button")).click();
      await page.reads("The passkey is deleted.");
      await page.reads("You have no passkeys.");
      assert.deepEqual([(await on.pool.user("annie")).passkeys, await kept()], [[], 0], "the browser was told");
    });

    test("is chosen among the factors", async () => {
      const { page } = await registered();
      await signOut(page);
      await page.follow("Your choice");
      await page.fill({ "User name": "annie" });
      await page.press("Continue");
      await page.heading("Choose how to sign in");
      await page.press("Passkey");
      await page.heading("Use your passkey");
      await page.press("Use your passkey");
      await page.heading("Hello, annie");
    });

    test("is not given, and then is: the step stays", async () => {
      const { page, says } = await registered();
      await signOut(page);
      await on.pool.settings({ passkeys: { userVerification: "required" } });
      await asked(page);
      await says(false);
      await page.press("Use your passkey");
      await page.fails("The dialogue was closed, or took too long.");
      await says(true);
      await page.press("Try again");
      await page.heading("Hello, annie");
      assert.equal(await on.pool.count("RespondToAuthChallenge"), 2);
    });

    test("is offered in a field instead of a dialogue", async () => {
      const { page } = await registered();
      await signOut(page);
      await asked(page);
      await page.press("Offer it in a field instead");
      await page.heading("Hello, annie");
    });

    test("is made once on a device", async () => {
      const { page } = await registered();
      await page.press("Make a passkey");
      await page.fails("This device has a passkey for your account already.");
    });

    test("that the pool does not have any more is refused", async () => {
      const { page } = await registered();
      await signOut(page);
      await asked(page);
      const other = await on.open("/", on.url.replace("127.0.0.1", "localhost"));
      await other.signIn(ANNIE);
      await other.heading("Hello, annie");
      await other.follow("Passkeys");
      await (await other.page.waitForSelector(".items button")).click();
      await other.reads("The passkey is deleted.");
      await page.press("Use your passkey");
      await page.page.waitForSelector("[role=alert]");
      await page.status("Signed out");
    });

    test("belongs to a name: at an address there is none", async () => {
      const page = await on.open();
      await passkeys(page);
      await page.press("Make a passkey");
      await page.page.waitForSelector("[role=alert]");
      assert.equal((await on.pool.user("annie")).passkeys.length, 0);
    });
  });
}

describe("a browser or a pool without passkeys", () => {
  test("the page says that this browser has none", async () => {
    const page = await on.open();
    await page.page.evaluateOnNewDocument(() => delete window.PublicKeyCredential);
    await page.page.reload();
    await passkeys(page);
    await page.reads("This browser cannot use passkeys at this address.");
  });

  test("the pool has switched them off", async () => {
    await on.pool.settings({ passkeys: { enabled: false } });
    const page = await on.open();
    await passkeys(page);
    await page.press("Make a passkey");
    await page.fails("This pool does not have passkeys.");
  });

  test("a user without a passkey is led to the choice", async () => {
    const page = await on.open("/#/sign-in-passkey");
    await page.fill({ "User name": "annie" });
    await page.press("Continue");
    await page.heading("Choose how to sign in");
  });
});

const everywhere = ["StartWebAuthnRegistration", "ListWebAuthnCredentials"];
const byOne = ["CompleteWebAuthnRegistration", "DeleteWebAuthnCredential", "WEB_AUTHN"];
test("the pool has heard all of it", () => on.asked(...everywhere, ...(kind === "chromium" ? byOne : [])));
