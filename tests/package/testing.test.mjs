// The Auth of an app's own tests: the same shape as the real one, and nothing but what the test says.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError, createAuth, isAuthError } = await import(new URL("index.js", dist));
const { createTestAuth } = await import(new URL("testing.js", dist));

const shape = (object) => Object.fromEntries(Object.entries(object).map(([name, member]) => [name, typeof member === "function" ? "function" : shape(member)]));
const code = (code) => (error) => error instanceof AuthError && isAuthError(error, code);

describe("a test's Auth", () => {
  test("has every call of the real one", () => {
    const { show, ...auth } = createTestAuth();
    assert.equal(typeof show, "function");
    assert.deepEqual(shape(auth), shape(createAuth({ userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6", tokens: "exposed" })));
  });

  test("has nobody signed in, or whom the test names", async () => {
    assert.deepEqual(createTestAuth().snapshot(), { status: "signedOut" });
    const auth = createTestAuth({ user: { email: "ada@example.com", "cognito:groups": ["staff"] } });
    const { status, user } = auth.snapshot();
    assert.equal(status, "signedIn");
    assert.deepEqual([user.email, user["cognito:username"], typeof user.sub], ["ada@example.com", "ada", "string"]);
    assert.ok(Object.isFrozen(user["cognito:groups"]));
    assert.equal(await auth.ready(), auth.snapshot());
  });

  test("signs in without being told how", async () => {
    const auth = createTestAuth();
    const step = await auth.signIn({ username: "joan", password: "any" });
    assert.equal(step.name, "signedIn");
    assert.equal(step.user, auth.snapshot().user);
    await assert.rejects(auth.signIn({ username: "joan", password: "any" }), code("InvalidState"));
  });

  test("goes from step to step as the test says, and tells what was asked", async () => {
    const asked = [];
    const auth = createTestAuth({
      steps: [
        { name: "newPassword", requiredAttributes: ["email"], attributes: {} },
        (answer) => (asked.push(answer), { name: "emailCode", sentTo: { destination: "a***@e***" } }),
        new AuthError("CodeMismatch", "wrong"),
        async (answer) => (asked.push(answer), { name: "signedIn", user: { sub: "7" } }),
      ],
    });
    const first = await auth.signIn({ username: "joan", password: "old" });
    assert.deepEqual(first.requiredAttributes, ["email"]);
    const second = await first.answer({ password: "new", attributes: { email: "j@example.com" } });
    assert.deepEqual([second.name, second.sentTo.destination, "resend" in second], ["emailCode", "a***@e***", false]);
    await assert.rejects(first.answer({ password: "newer" }), code("InvalidState"));
    await assert.rejects(second.answer("000000"), code("CodeMismatch"));
    assert.equal(auth.snapshot().status, "signedOut");
    const { name, user } = await second.answer("123456");
    assert.deepEqual([name, user.sub], ["signedIn", "7"]);
    assert.deepEqual(asked, [{ password: "new", attributes: { email: "j@example.com" } }, "123456"]);
  });

  test("signs up, resets a password and sets up an app by the same list", async () => {
    const auth = createTestAuth({
      user: {},
      steps: [
        { name: "confirm", username: "joan", sentTo: { medium: "email" } },
        { name: "signedUp" },
        { name: "resetPassword", username: "joan" },
        { name: "passwordReset" },
        { name: "setUpTotp", secret: "AAAA", otpauthUri: "otpauth://totp/a" },
        { name: "totpReady" },
      ],
    });
    const confirm = await auth.signUp({ username: "joan", password: "any" });
    assert.deepEqual(await confirm.resend(), { medium: "email" });
    assert.deepEqual(await confirm.answer("1"), { name: "signedUp" });
    const reset = await auth.resetPassword("joan");
    assert.equal(await reset.resend(), undefined);
    assert.deepEqual(await reset.answer({ code: "1", password: "new" }), { name: "passwordReset" });
    const totp = await auth.mfa.setUpTotp();
    assert.equal(totp.secret, "AAAA");
    assert.deepEqual(await totp.answer("1"), { name: "totpReady" });
  });

  test("answers no step that was given up", async () => {
    const step = await createTestAuth({ steps: [{ name: "totp" }, { name: "signedIn" }] }).signIn({ username: "joan", password: "any" });
    step.giveUp();
    await assert.rejects(step.answer("1"), code("InvalidState"));
  });

  test("lets go of a call that is aborted, and changes nothing by it", async () => {
    let arrive;
    const late = new Promise((resolve) => (arrive = () => resolve({ name: "signedIn" })));
    const auth = createTestAuth({ steps: [{ name: "totp" }, () => late] });
    const step = await auth.signIn({ username: "joan", password: "any" });
    const abort = new AbortController();
    const answering = step.answer("1", { signal: abort.signal });
    abort.abort("left");
    await assert.rejects(answering, (error) => code("Aborted")(error) && error.cause === "left");
    arrive();
    await late;
    assert.equal(auth.snapshot().status, "signedOut");
    await assert.rejects(createTestAuth().signIn({ username: "joan", password: "any", signal: AbortSignal.abort() }), code("Aborted"));
  });

  test("rejects a call that the test says nothing of, by its name", async () => {
    const auth = createTestAuth({ user: {} });
    for (const [name, call] of Object.entries({
      fetch: () => auth.fetch("/"),
      attributes: () => auth.attributes(),
      "devices.list": () => auth.devices.list(),
      "passkeys.register": () => auth.passkeys.register(),
    })) {
      await assert.rejects(call(), (error) => code("InvalidState")(error) && error.message.includes(`${name}()`));
    }
  });

  test("has the calls of the test in the place of its own", async () => {
    const auth = createTestAuth({
      calls: { fetch: async () => Response.json({ orders: [] }), attributes: async () => ({ email: "a@example.com" }), mfa: { preferences: async () => ({ enabled: [] }) } },
    });
    assert.deepEqual(await (await auth.fetch("https://api.example.com")).json(), { orders: [] });
    assert.deepEqual(await auth.attributes(), { email: "a@example.com" });
    assert.deepEqual(await auth.mfa.preferences(), { enabled: [] });
    await assert.rejects(auth.mfa.setPreferences({}), code("InvalidState"));
  });

  test("tells its subscribers, and shows what it is told to", async () => {
    const auth = createTestAuth({ user: { email: "a@example.com" } });
    const seen = [];
    const stop = auth.subscribe(() => seen.push(auth.snapshot().status));
    const { user } = auth.snapshot();
    auth.show({ status: "stale" });
    assert.deepEqual(auth.snapshot(), { status: "stale", user });
    auth.show({ status: "signedIn", user: { email: "b@example.com" } });
    assert.equal(auth.snapshot().user.email, "b@example.com");
    await auth.refresh();
    await auth.signOut();
    auth.show({ status: "loading" });
    const ready = auth.ready();
    auth.show({ status: "signedOut" });
    assert.deepEqual(await ready, { status: "signedOut" });
    stop();
    auth.close();
    assert.deepEqual(seen, ["stale", "signedIn", "signedOut", "loading", "signedOut"]);
  });
});
