// What proves a remembered device: how long it is kept, and that it comes back with the storage.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { PASSWORD, stage } from "./support/stage.mjs";
import { run, signIn } from "./support/vault.mjs";

const on = stage();
beforeEach(() => on.pool.settings({ devices: { tracking: "always", challenge: "everySignIn" } }));

const signOut = (page) => run(page, () => window.auth.signOut());
const named = async () => (await on.pool.requests("InitiateAuth")).at(-1).body.AuthParameters.DEVICE_KEY;
const asked = async () => (await on.pool.requests("RespondToAuthChallenge")).at(-1).body.ChallengeName;

for (const [storage, engine, lives] of [["memory", "worker", false], ["indexedDb", "worker", true], ["local", "page", true], ["session", "worker", true]]) {
  describe(`a remembered device, with the storage ${storage}`, () => {
    test(`${lives ? "outlives" : "goes with"} a reload, and a sign-out ends it in neither case`, async () => {
      await on.pool.addUser("joan", PASSWORD);
      const config = { storage, engine };
      const page = await on.page(config);
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      assert.equal(await named(), undefined);
      const { key } = await run(page, () => window.auth.devices.get());
      await signOut(page);
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      assert.deepEqual([await named(), await asked()], [key, "DEVICE_PASSWORD_VERIFIER"]);
      await run(page, () => window.auth.refresh());
      await signOut(page);

      await on.reload(page, config);
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      assert.equal(await named(), lives ? key : undefined);
      await run(page, () => window.auth.devices.forget());
      await signOut(page);
      assert.equal(await signIn(page, "joan", PASSWORD), "signedIn");
      assert.equal(await named(), undefined);
    });
  });
}

test("two users of one browser have a device each", async () => {
  const page = await on.page({ storage: "indexedDb", engine: "worker" });
  const keys = [];
  for (const name of ["joan", "mary", "joan", "mary"]) {
    if (keys.length < 2) await on.pool.addUser(name, PASSWORD);
    assert.equal(await signIn(page, name, PASSWORD), "signedIn");
    keys.push((await run(page, () => window.auth.devices.get())).key);
    await signOut(page);
  }
  assert.deepEqual(keys.slice(2), keys.slice(0, 2));
  assert.notEqual(keys[0], keys[1]);
});
