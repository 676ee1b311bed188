// Our client against ministack with triggers, which are Python functions: custom sign-ins, and what they change of others.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { at } from "../e2e/support/project.mjs";
import { run } from "../e2e/support/vault.mjs";
import { PASSWORD, stage } from "./ministack-stage.mjs";

// Of a custom sign-in, its Session stays the same from round to round, and no USERNAME is among the parameters; ours takes either.
// It ends a sign-in after three answers, right or wrong, the proof of a password counted as two.
describe("our client against ministack's triggers", () => {
  const on = stage(() => ({ clientId, clientMetadata: { hint: "of the app" } }));
  let clientId;
  before(async () => {
    clientId = await on.pool.addClient(on.pool.userPoolId, ["CUSTOM_AUTH", "USER_SRP_AUTH"]);
    await on.pool.addTriggers(at("tests/peers/triggers.py"), {
      DefineAuthChallenge: "triggers.define",
      CreateAuthChallenge: "triggers.create",
      VerifyAuthChallengeResponse: "triggers.verify",
      PreSignUp: "triggers.sign_up",
      PreTokenGeneration: "triggers.tokens",
    });
    await on.pool.addUser("joan", PASSWORD);
  });

  const begin = (more = {}) => on.call("auth.signIn", { username: "joan", flow: "custom", ...more });
  const answer = (value) => on.call("step.answer", value);
  /** What a trigger has put into the tokens of who is signed in. */
  const claims = () => run(on.page, () => (({ hint, source }) => ({ hint, source }))(window.auth.snapshot().user));

  test("answers several rounds, one of them wrongly", async () => {
    const first = await begin();
    assert.equal(first.name, "custom");
    assert.deepEqual(first.parameters, { sum: "1 + 1", hint: "of the app" });
    await run(on.page, () => void (window.first = window.step));
    assert.deepEqual((await answer("3")).parameters, { sum: "2 + 2", hint: "of the app" });
    assert.equal(await on.refused("first.answer", "2"), "InvalidState");
    assert.equal((await answer("4")).parameters.sum, "3 + 3");
    assert.equal(await on.status(), "signedOut");
    assert.equal((await answer("6")).user["cognito:username"], "joan");
    assert.equal(await on.status(), "signedIn");
    assert.deepEqual(await claims(), { hint: "of the app", source: "TokenGeneration_Authentication" });
    await on.call("auth.refresh");
    // The clientMetadata that the refresh brings is lost.
    assert.deepEqual(await claims(), { hint: "none", source: "TokenGeneration_RefreshTokens" });
  });

  test("is refused after two wrong answers, and the step is over", async () => {
    await begin();
    assert.equal((await answer("7")).name, "custom");
    assert.equal(await on.refused("step.answer", "7"), "NotAuthorized");
    assert.equal(await on.refused("step.answer", "4"), "InvalidState");
    assert.equal(await on.status(), "signedOut");
  });

  test("proves the password first, and answers one round then", async () => {
    assert.equal(await on.refused("auth.signIn", { username: "joan", flow: "custom", password: "x" }), "NotAuthorized");
    const step = await begin({ password: PASSWORD });
    assert.equal(step.parameters.sum, "3 + 3");
    assert.equal((await answer("6")).name, "signedIn");
    assert.equal(await on.status(), "signedIn");
  });

  test("hands the triggers what the call says, in every round", async () => {
    const step = await begin({ clientMetadata: { hint: "of the call" } });
    assert.equal(step.parameters.hint, "of the call");
    assert.equal((await answer("2")).parameters.hint, "of the call");
  });

  // A trigger that throws is told as 400 InvalidLambdaResponseException with Python's traceback; Cognito says UserLambdaValidationException.
  test("is refused by a trigger that throws", async () => {
    await begin();
    assert.equal(await on.refused("step.answer", "a poem"), "InvalidLambdaResponse");
    assert.equal(await on.status(), "signedOut");
  });

  test("is refused where the client has no custom sign-in, and for an unknown user", async () => {
    assert.equal(await on.refused("auth.signIn", { username: "nobody", flow: "custom" }), "NotAuthorized");
    await on.reload({ clientId: on.pool.clientId });
    assert.equal(await on.refused("auth.signIn", { username: "joan", flow: "custom" }), "InvalidParameter");
  });

  // It hands the trigger neither validationData nor clientMetadata.
  test("signs up as a trigger says: confirmed at once, with a code, or not at all", async () => {
    const up = (username, host) => ({ username, password: PASSWORD, attributes: { email: `${username}@${host}` } });
    assert.deepEqual(await on.call("auth.signUp", up("ida", "example.org")), { name: "signedUp" });
    assert.equal((await on.signIn("ida")).user.email_verified, true);
    assert.equal((await on.call("auth.signUp", up("eve", "example.com"))).name, "confirm");
    assert.equal(await on.refused("auth.signUp", up("sue", "example.net")), "UserLambdaValidation");
    assert.equal(await on.refused("auth.signIn", { username: "sue", password: PASSWORD }), "NotAuthorized");
  });
});
