// amazon-cognito-identity-js and cognito-vault/compat on accounts: sign-up, forgotten passwords, the password, the attributes and the end of an account.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, heard, peer, settled } from "./cognito-identity.mjs";

const PASSWORD = "Correct-Horse-1";
const NEXT = "Another-Horse-2";
const DAY = 86_400;
const refused = (name) => (error) => error.code === name;
const wrong = (code) => (code === "000000" ? "000001" : "000000");

for (const [name, library] of Object.entries(LIBRARIES)) describe(`accounts by ${name}`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({ explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com", phone_number: "+15555550100" } });
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  const signIn = (username = "joan", password = PASSWORD) => client.signIn(username, password, { flow: "USER_PASSWORD_AUTH" });
  const stranger = () => client.user("joan");
  const NOBODY = { message: "User is not authenticated" };
  /** A user whose access token is no longer good, which the peer cannot know. */
  const revoked = async () => {
    const one = await signIn();
    await heard((on) => one.globalSignOut(on));
    return one;
  };

  test("a sign-up is confirmed neither with an expired code nor by an unknown name, and once only", async () => {
    await client.signUp("mary", PASSWORD, { email: "mary@example.com" });
    const old = await pool.code("mary");
    await pool.advance(2 * DAY);
    await assert.rejects(client.confirm("mary", old), refused("ExpiredCodeException"));
    const { CodeDeliveryDetails } = await client.resend("mary");
    assert.deepEqual(CodeDeliveryDetails, { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "m***@e***" });
    await assert.rejects(client.confirm("nobody", old), refused("ExpiredCodeException"));
    const code = await pool.code("mary");
    assert.equal(await client.confirm("mary", code), "SUCCESS");
    await assert.rejects(client.confirm("mary", code), refused("NotAuthorizedException"));
    await assert.rejects(client.resend("mary"), refused("InvalidParameterException"));
  });

  test("the metadata and the validation data of a sign-up reach the pool", async () => {
    const { user } = await settled((done) => {
      const { pool: Pool } = client.user("mary");
      Pool.signUp("mary", PASSWORD, [{ Name: "email", Value: "m@example.com" }], [{ Name: "invite", Value: "7" }], done, { from: "spring" });
    });
    assert.equal(user.getUsername(), "mary");
    const [{ body }] = await pool.requests("SignUp");
    assert.deepEqual([body.ValidationData, body.ClientMetadata], [[{ Name: "invite", Value: "7" }], { from: "spring" }]);
  });

  test("a forgotten password is replaced with the code of the mail, and with that alone", async () => {
    const one = client.user("joan");
    const sent = await heard((on) => one.forgotPassword(on));
    assert.equal(sent.by, "inputVerificationCode");
    assert.equal(sent.values[0].CodeDeliveryDetails.DeliveryMedium, "EMAIL");
    const code = await pool.code("joan", "resetPassword");
    const confirm = (given, password = NEXT) => heard((on) => one.confirmPassword(given, password, on));
    await assert.rejects(confirm(wrong(code)), refused("CodeMismatchException"));
    await assert.rejects(confirm(code, "short"), refused("InvalidPasswordException"));
    assert.deepEqual((await confirm(code)).values, ["SUCCESS"]);
    await assert.rejects(confirm(code), refused("ExpiredCodeException"));
    await signIn("joan", NEXT);
    await assert.rejects(signIn(), refused("NotAuthorizedException"));
  });

  test("a code for a forgotten password expires, and an unknown name is not told from a known one", async () => {
    const one = client.user("joan");
    await heard((on) => one.forgotPassword(on));
    const code = await pool.code("joan", "resetPassword");
    await pool.advance(DAY);
    await assert.rejects(heard((on) => one.confirmPassword(code, NEXT, on)), refused("ExpiredCodeException"));
    const nobody = client.user("nobody");
    const sent = await heard((on) => nobody.forgotPassword(on));
    assert.match(sent.values[0].CodeDeliveryDetails.Destination, /\*\*\*/);
    await assert.rejects(heard((on) => nobody.confirmPassword("123456", NEXT, on)), refused("CodeMismatchException"));
    await pool.settings({ preventUserExistenceErrors: "LEGACY" });
    await assert.rejects(heard((on) => nobody.forgotPassword(on)), refused("UserNotFoundException"));
  });

  test("the password is changed by who knows it", async () => {
    const one = await signIn();
    const change = (from, to) => settled((done) => one.changePassword(from, to, done));
    await assert.rejects(change("Wrong-Horse-1", NEXT), refused("NotAuthorizedException"));
    await assert.rejects(change(PASSWORD, "short"), refused("InvalidPasswordException"));
    assert.equal(await change(PASSWORD, NEXT), "SUCCESS");
    await signIn("joan", NEXT);
    await assert.rejects(settled((done) => stranger().changePassword(PASSWORD, NEXT, done)), NOBODY);
  });

  test("attributes are written, read and deleted", async () => {
    const one = await signIn();
    const write = (Name, Value) => settled((done) => one.updateAttributes([{ Name, Value }], done));
    const names = async () => (await client.attributes(one)).map((attribute) => attribute.getName());
    assert.equal(await write("given_name", "Joan"), "SUCCESS");
    assert.equal(await write("custom:plan", "gold"), "SUCCESS");
    const data = await settled((done) => one.getUserData(done, { bypassCache: true }));
    assert.equal(data.UserAttributes.find(({ Name }) => Name === "custom:plan").Value, "gold");
    assert.equal(await settled((done) => one.deleteAttributes(["given_name"], done)), "SUCCESS");
    assert.ok(!(await names()).includes("given_name"));

    await assert.rejects(write("custom:unknown", "x"), refused("InvalidParameterException"));
    await assert.rejects(write("email_verified", "true"), refused("NotAuthorizedException"));
    await assert.rejects(settled((done) => one.deleteAttributes(["email"], done)), refused("InvalidParameterException"));
    const late = await revoked();
    await assert.rejects(client.attributes(late), refused("NotAuthorizedException"));
    await assert.rejects(settled((done) => late.getUserData(done, { bypassCache: true })), refused("NotAuthorizedException"));
    await assert.rejects(settled((done) => stranger().getUserData(done)), NOBODY);
  });

  test("a changed address is verified with the code that it was sent", async () => {
    await pool.settings({ account: { attributeCodeSeconds: 60 } });
    const one = await signIn();
    await settled((done) => one.updateAttributes([{ Name: "email", Value: "new@example.com" }], done));
    const verified = async () => (await pool.user("joan")).attributes.email_verified;
    assert.equal(await verified(), "false");
    const verify = (code) => heard((on) => one.verifyAttribute("email", code, on));
    const first = await pool.code("joan", "verifyEmail");
    await assert.rejects(verify(wrong(first)), refused("CodeMismatchException"));
    await pool.advance(61);
    await assert.rejects(verify(first), refused("ExpiredCodeException"));
    const sent = await heard((on) => one.getAttributeVerificationCode("email", on));
    assert.equal(sent.values[0].CodeDeliveryDetails.AttributeName, "email");
    assert.deepEqual((await verify(await pool.code("joan", "verifyEmail"))).values, ["SUCCESS"]);
    assert.equal(await verified(), "true");
    await assert.rejects(heard((on) => one.getAttributeVerificationCode("given_name", on)), refused("InvalidParameterException"));
    await assert.rejects(heard((on) => stranger().getAttributeVerificationCode("email", on)), NOBODY);
  });

  test("an account ends once", async () => {
    const one = await signIn();
    const other = await signIn();
    assert.equal(await settled((done) => one.deleteUser(done)), "SUCCESS");
    assert.equal(client.current(), null);
    await assert.rejects(settled((done) => other.deleteUser(done)), (error) => ["NotAuthorizedException", "UserNotFoundException"].includes(error.code));
    await assert.rejects(signIn(), refused("NotAuthorizedException"));
    await assert.rejects(settled((done) => stranger().deleteUser(done)), NOBODY);
  });
});
