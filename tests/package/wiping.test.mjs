// Secrets wiped: after each flow the module's whole memory is searched for the password, what SRP makes of it, and old tokens.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { inputs, secrets } from "../../benches/challenge.mjs";
import { remains, rowsOf } from "./remains.mjs";
import { withoutStackWipe } from "./rewrite.mjs";
import { challenge, newPassword, openVault, packageWith, refuse, wasm } from "./vault.mjs";

/** What the stack may keep at its top: the frame of the function that was called, which holds no more than addresses. */
const FRAME = 2048;
const STACK = 1 << 17;

let vault;
beforeEach(async () => void (vault = await openVault()));
afterEach(() => vault.close());

const { username, password } = inputs;
const found = (secret) => remains(vault.memory, rowsOf(secret));
const ofPasswords = (...texts) => ({ bytes: Object.fromEntries(texts.map((text, at) => [`password ${at + 1}`, Buffer.from(text)])) });
const newSecret = () => randomBytes(18).toString("base64");
const wrong = () => refuse("NotAuthorizedException", "Incorrect username or password.");
const lastSecret = () => BigInt(`0x${vault.drawn.findLast(({ length }) => length === 32).toString("hex")}`);

/** What of a token is its own: the signature, or all of one that nobody can read. */
const ofTokens = (issued) => ({
  bytes: Object.fromEntries(
    issued.flatMap(({ AccessToken, IdToken, RefreshToken }, at) => {
      const ends = { "access token": AccessToken.split(".")[2], "ID token": IdToken.split(".")[2], "refresh token": RefreshToken };
      return Object.entries(ends).map(([name, text]) => [`${name} ${at + 1}`, Buffer.from(text)]);
    }),
  ),
});

/** Nothing of the secrets is anywhere, and the stack is zero below the frame of the call. */
function assertWiped(secret) {
  assert.deepEqual(found(secret), []);
  const dirty = Buffer.from(vault.memory.buffer, 0, STACK - FRAME).findIndex((byte) => byte !== 0);
  assert.equal(dirty, -1, "the stack is wiped");
}

/** Answers an operation, and looks into the memory while the vault waits for that. */
function looking(operation, look, answer) {
  const { reply } = vault;
  vault.reply = async (asked, body) => {
    if (asked !== operation) return reply(asked, body);
    await new Promise(setImmediate); // the core has returned to the event loop
    await look();
    return (answer ?? reply)(asked, body);
  };
}

test("a proof leaves nothing of a, x, S and the key, whether it is accepted or not", async () => {
  for (const answer of [undefined, wrong]) {
    vault.rest();
    const secret = secrets(lastSecret());
    const { a } = secret.numbers;
    assert.notDeepEqual(found({ numbers: { a } }), [], "the pair that is ready is found");
    const { password: _, ...proof } = secret.bytes;
    let looked = false;
    looking("RespondToAuthChallenge", () => {
      assertWiped({ numbers: secret.numbers, bytes: proof });
      looked = true;
    }, answer);
    const code = await vault.auth.signIn({ username, password }).then(() => "signed in", (error) => error.code);
    assert.equal(code, answer ? "NotAuthorized" : "signed in");
    assert.ok(looked);
    assertWiped(secret);
  }
});

test("a pair that was never used is gone with its vault", async () => {
  vault.rest();
  const numbers = { a: lastSecret() };
  assert.notDeepEqual(found({ numbers }), []);
  vault.auth.close();
  while (found({ numbers }).length > 0) await new Promise(setImmediate);
  assertWiped({ numbers });
});

test("a password that is sent is gone when the reply is there", async () => {
  for (const answer of [undefined, wrong]) {
    const secret = ofPasswords(newSecret());
    const text = secret.bytes["password 1"].toString();
    looking("InitiateAuth", () => assert.notDeepEqual(found(secret), [], "while it is needed it is found"), answer);
    await vault.auth.signIn({ username, password: text, flow: "password" }).catch(() => undefined);
    assertWiped(secret);
  }
});

test("a new password is gone, and so is the one before", async () => {
  const texts = [newSecret(), newSecret(), newSecret()];
  const { reply } = vault;
  let refused = false;
  vault.reply = (operation, body) => {
    if (operation === "InitiateAuth") return newPassword();
    if (refused) return reply(operation, body);
    refused = true;
    return refuse("InvalidPasswordException", "Password did not conform with policy");
  };
  const step = await vault.auth.signIn({ username, password: texts[0], flow: "password" });
  assert.equal(step.name, "newPassword");
  await assert.rejects(step.answer({ password: texts[1] }));
  assertWiped(ofPasswords(texts[1]));
  await step.answer({ password: texts[2] });
  assertWiped(ofPasswords(...texts));
});

test("the password and the code of a sign-up are gone", async () => {
  const [text, code] = [newSecret(), newSecret()];
  const step = await vault.auth.signUp({ username, password: text });
  assertWiped(ofPasswords(text));
  await step.answer(code);
  assertWiped(ofPasswords(text, code));
});

test("a sign-in that is given up leaves nothing, though its reply comes late", async () => {
  const give = new AbortController();
  const secret = ofPasswords(newSecret());
  looking("InitiateAuth", async () => {
    give.abort();
    await vault.auth.attributes().catch(() => undefined); // messages keep their order: the vault knows by now
  });
  const text = secret.bytes["password 1"].toString();
  await assert.rejects(vault.auth.signIn({ username, password: text, flow: "password", signal: give.signal }));
  await assert.rejects(vault.auth.attributes());
  while (vault.issued.length === 0) await new Promise(setImmediate);
  await assert.rejects(vault.auth.attributes());
  assertWiped({ bytes: { ...secret.bytes, ...ofTokens(vault.issued).bytes } });
});

test("a refresh leaves nothing of the tokens before, and a sign-out of any", async () => {
  vault.reply = ((reply) => (operation, body) => (operation === "InitiateAuth" && vault.issued.length === 0 ? challenge() : reply(operation, body)))(vault.reply);
  await vault.auth.signIn({ username, password });
  assert.equal(vault.issued.length, 1);
  assert.equal(found(ofTokens(vault.issued)).length, 3, "those of the session are found");
  await vault.auth.refresh();
  assert.equal(vault.issued.length, 2);
  assertWiped(ofTokens(vault.issued.slice(0, 1)));
  await vault.auth.signOut();
  assertWiped(ofTokens(vault.issued));
});

test("the search finds S where the stack is not wiped", async () => {
  vault.close();
  vault = await openVault({ folder: packageWith("unwiped", withoutStackWipe(wasm)) });
  vault.rest();
  const { S } = secrets(lastSecret()).numbers;
  await vault.auth.signIn({ username, password });
  assert.match(found({ numbers: { S } }).join(), /S \(digits\)/);
});
