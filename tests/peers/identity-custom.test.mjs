// amazon-cognito-identity-js and cognito-vault/compat on custom authentication, with and without the password first.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, isOurs, details, heard, peer } from "./cognito-identity.mjs";

const PASSWORD = "Correct-Horse-1";
const refused = (name) => (error) => error.code === name;

for (const [name, library] of Object.entries(LIBRARIES)) describe(`custom authentication by ${name}`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD);
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  const rounds = (...list) => pool.settings({ custom: { rounds: list } });
  const begin = (one, more) => heard((on) => one.initiateAuth(details(one.getUsername(), undefined, more), on));
  const answer = (one, text, metadata) => heard((on) => one.sendCustomChallengeAnswer(text, on, metadata));

  test("question after question, without a password", async () => {
    await rounds({ parameters: { question: "one?" }, answer: "1", wrong: "fail" }, { parameters: { question: "two?" }, answer: "2", wrong: "fail" });
    const one = client.user("joan");
    const first = await begin(one, { ClientMetadata: { from: "here" } });
    assert.deepEqual([first.by, first.values[0].question], ["customChallenge", "one?"]);
    const second = await answer(one, "1", { from: "there" });
    assert.deepEqual([second.by, second.values[0].question], ["customChallenge", "two?"]);
    assert.equal((await answer(one, "2")).by, "onSuccess");
    assert.ok((await client.attributes(one)).length > 0);
    const told = (await pool.requests()).map(({ body }) => body.ClientMetadata?.from).filter(Boolean);
    // Ours sends what the sign-in was given, with every answer.
    assert.deepEqual(told, isOurs(library) ? ["here", "here", "here"] : ["here", "there"]);
  });

  test("a wrong answer is asked for again, or ends the sign-in", async () => {
    const one = client.user("joan");
    await begin(one);
    assert.equal((await answer(one, "green")).by, "customChallenge");
    assert.equal((await answer(one, "blue")).by, "onSuccess");
    await rounds({ parameters: {}, answer: "blue", wrong: "fail" });
    await begin(one);
    await assert.rejects(answer(one, "green"), refused("NotAuthorizedException"));
    await assert.rejects(answer(one, "blue"), refused("NotAuthorizedException"));
  });

  test("an answer that comes too late, or a second time", async () => {
    const one = client.user("joan");
    await begin(one);
    await pool.advance(181);
    await assert.rejects(answer(one, "blue"), refused("NotAuthorizedException"));
    await begin(one);
    const { Session } = one;
    await answer(one, "blue");
    one.Session = Session;
    await assert.rejects(answer(one, "blue"), refused("NotAuthorizedException"));
  });

  test("after the password by SRP", async () => {
    const one = client.user("joan");
    one.setAuthenticationFlowType("CUSTOM_AUTH");
    await assert.rejects(client.begin(one, "Wrong-Horse-1"), refused("NotAuthorizedException"));
    const step = await client.begin(one, PASSWORD);
    assert.deepEqual([step.by, step.values[0].question], ["customChallenge", "The colour of the sky?"]);
    assert.equal((await answer(one, "blue")).by, "onSuccess");
  });

  test("a trigger that fails, a name that is unknown, a flow that is not allowed", async () => {
    await pool.settings({ custom: { failure: { name: "UserLambdaValidationException", message: "CreateAuthChallenge failed with error no." } } });
    await assert.rejects(begin(client.user("joan")), { code: "UserLambdaValidationException", message: "CreateAuthChallenge failed with error no." });
    await pool.settings({ custom: { failure: null }, preventUserExistenceErrors: "LEGACY" });
    await assert.rejects(begin(client.user("nobody")), refused(isOurs(library) ? "NotAuthorizedException" : "UserNotFoundException"));
    await pool.settings({ explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"] });
    await assert.rejects(begin(client.user("joan")), refused("InvalidParameterException"));
  });
});
