// A session that another library has left in localStorage, taken over and wiped.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PASSWORD, stage } from "./support/stage.mjs";
import { attempt, run, signIn } from "./support/vault.mjs";

const on = stage();
const take = (page) => attempt(page, () => window.importSession(window.auth));
const left = (page) => run(page, () => Object.keys(localStorage).sort());

/** Tokens of a sign-in, which nobody has revoked. */
async function tokens() {
  await on.pool.addUser("joan.of.arc", PASSWORD);
  const page = await on.page({ storage: "local" });
  await signIn(page, "joan.of.arc", PASSWORD);
  const { id, access, refresh } = await run(page, () => JSON.parse(JSON.parse(Object.values(localStorage)[0]).record));
  return { idToken: id, accessToken: access, refreshToken: refresh };
}

/** What amazon-cognito-identity-js and Amplify v6 keep, between them, and what is not theirs. */
const ours = () => `CognitoIdentityServiceProvider.${on.pool.clientId}`;
const others = ["CognitoIdentityServiceProvider.another.LastAuthUser", "mine"];
function kept(page, tokens) {
  const user = `${ours()}.joan.of.arc`;
  const items = Object.fromEntries(Object.entries({ ...tokens, clockDrift: "-3600", userData: "{}", signInDetails: '{"loginId":"joan"}', deviceKey: "d", deviceGroupKey: "g", randomPasswordKey: "r" }).map(([name, value]) => [`${user}.${name}`, value]));
  return run(page, (items) => void Object.assign(localStorage, items), { ...items, [`${ours()}.LastAuthUser`]: "joan.of.arc", [others[0]]: "mary", mine: "1" });
}

describe("a session of another library", () => {
  test("is taken over, and nothing of it is left", async () => {
    const given = await tokens();
    const page = await on.page();
    await kept(page, given);
    assert.deepEqual(await take(page), { value: true });
    assert.equal((await run(page, () => window.auth.snapshot())).user["cognito:username"], "joan.of.arc");
    assert.deepEqual(await run(page, () => window.events), [{ name: "signedIn" }]);
    assert.deepEqual(await left(page), others);
    await run(page, () => window.auth.refresh());
    assert.deepEqual(await take(page), { value: false });
  });

  test("is renewed when its tokens are over", async () => {
    const given = await tokens();
    await on.pool.advance(7200);
    const page = await on.page({ workerUrl: `${on.fixture.url}/ahead.js`, engine: "worker" });
    await kept(page, given);
    assert.deepEqual(await take(page), { value: true });
    assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
  });

  test("is not there: nothing happens", async () => {
    const page = await on.page();
    await run(page, () => localStorage.setItem("mine", "1"));
    assert.deepEqual(await take(page), { value: false });
    assert.deepEqual(await left(page), ["mine"]);
    await kept(page, {});
    assert.deepEqual(await take(page), { value: false });
    assert.deepEqual(await left(page), others);
  });

  test("gives way to one that the vault has", async () => {
    const given = await tokens();
    const page = await on.page();
    await on.pool.addUser("mary", PASSWORD);
    await signIn(page, "mary", PASSWORD);
    await kept(page, given);
    assert.deepEqual(await take(page), { value: false });
    assert.equal((await run(page, () => window.auth.snapshot())).user["cognito:username"], "mary");
    assert.deepEqual(await left(page), others);
  });

  test("is wiped when it is no good, and said", async () => {
    const given = await tokens();
    const page = await on.page();
    await kept(page, { ...given, idToken: given.idToken.slice(0, -8) + "AAAAAAAA" });
    assert.equal((await take(page)).error.code, "InvalidToken");
    assert.equal((await run(page, () => window.auth.snapshot())).status, "signedOut");
    assert.deepEqual(await left(page), others);
  });

  test("is left for another time when the pool cannot be asked", async () => {
    const given = await tokens();
    const page = await on.page({ endpoint: "http://127.0.0.1:9" });
    await kept(page, given);
    const { error } = await take(page);
    assert.deepEqual([error.code, error.retryable], ["Network", true]);
    assert.equal((await left(page)).length, 12);
  });
});
