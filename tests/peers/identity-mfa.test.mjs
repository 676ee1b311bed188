// amazon-cognito-identity-js and cognito-vault/compat on second factors: codes by SMS and from an authenticator app, the choice between them, and their set-up.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, isOurs, details, heard, peer, settled } from "./cognito-identity.mjs";

const PASSWORD = "Correct-Horse-1";
const refused = (name) => (error) => error.code === name;
const wrong = (code) => (code === "000000" ? "000001" : "000000");

for (const [name, library] of Object.entries(LIBRARIES)) describe(`second factors by ${name}`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      mfa: { mode: "optional" },
    });
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  /** Adds Joan with these factors and comes to the first step after her password. */
  const begin = async (mfa, flow = "USER_PASSWORD_AUTH") => {
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com", phone_number: "+15555550100" }, ...(mfa && { mfa }) });
    return again(flow);
  };
  const again = async (flow = "USER_PASSWORD_AUTH") => {
    const one = client.user("joan");
    one.setAuthenticationFlowType(flow);
    const step = await client.begin(one, PASSWORD);
    const send = (code, kind, metadata) => heard((on) => one.sendMFACode(code, on, kind, metadata));
    return { one, step, send };
  };
  const totp = (query) => pool.control("GET", `totp?${new URLSearchParams(query)}`).then(({ code }) => code);
  const attributes = (one) => client.attributes(one);

  test("a code by SMS, after a wrong one", async () => {
    const { one, step, send } = await begin({ methods: ["SMS_MFA"] }, "USER_SRP_AUTH");
    assert.equal(step.by, "mfaRequired");
    assert.deepEqual([step.values[0], step.values[1].CODE_DELIVERY_DELIVERY_MEDIUM], ["SMS_MFA", "SMS"]);
    const code = await pool.code("joan", "mfa");
    await assert.rejects(send(wrong(code)), refused("CodeMismatchException"));
    assert.equal((await send(code, "SMS_MFA", { from: "here" })).by, "onSuccess");
    assert.ok((await attributes(one)).length > 0);
    assert.deepEqual((await pool.requests("RespondToAuthChallenge")).at(-1).body.ClientMetadata, isOurs(library) ? undefined : { from: "here" });
    await assert.rejects(send(code), refused("NotAuthorizedException"));
  });

  test("a code by SMS that comes too late", async () => {
    const { send } = await begin({ methods: ["SMS_MFA"] });
    const code = await pool.code("joan", "mfa");
    await pool.advance(181);
    await assert.rejects(send(code), refused("NotAuthorizedException"));
  });

  test("a code of the authenticator app, once", async () => {
    const { one, step, send } = await begin({ methods: ["SOFTWARE_TOKEN_MFA"], totpName: "Phone" }, "USER_SRP_AUTH");
    assert.deepEqual([step.by, step.values[1].FRIENDLY_DEVICE_NAME], ["totpRequired", "Phone"]);
    const code = await totp({ username: "joan" });
    await assert.rejects(send(wrong(code), "SOFTWARE_TOKEN_MFA"), refused("CodeMismatchException"));
    assert.equal((await send(code, "SOFTWARE_TOKEN_MFA")).by, "onSuccess");
    assert.ok((await attributes(one)).length > 0);
    const second = await again();
    await assert.rejects(second.send(code, "SOFTWARE_TOKEN_MFA"), refused("CodeMismatchException"));
  });

  for (const [method, callback] of [["SMS_MFA", "mfaRequired"], ["SOFTWARE_TOKEN_MFA", "totpRequired"]]) {
    test(`a choice of ${method}`, async () => {
      const { one, step, send } = await begin({ methods: ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], preferred: null });
      assert.equal(step.by, "selectMFAType");
      assert.deepEqual(JSON.parse(step.values[1].MFAS_CAN_CHOOSE).sort(), ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]);
      assert.equal((await heard((on) => one.sendMFASelectionAnswer(method, on))).by, callback);
      const code = method === "SMS_MFA" ? await pool.code("joan", "mfa") : await totp({ username: "joan" });
      assert.equal((await send(code, method)).by, "onSuccess");
    });
  }

  test("a choice that is not offered, and one made too late", async () => {
    const { one } = await begin({ methods: ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], preferred: null });
    await assert.rejects(heard((on) => one.sendMFASelectionAnswer("EMAIL_OTP", on)), refused("InvalidParameterException"));
    const late = await again();
    await pool.advance(181);
    await assert.rejects(heard((on) => late.one.sendMFASelectionAnswer("SMS_MFA", on)), refused("NotAuthorizedException"));
  });

  test("the app is set up in a sign-in that demands it", async () => {
    await pool.settings({ mfa: { mode: "required", methods: ["SOFTWARE_TOKEN_MFA"] } });
    const { one, step } = await begin();
    assert.equal(step.by, "mfaSetup");
    assert.deepEqual(JSON.parse(step.values[1].MFAS_CAN_SETUP), ["SOFTWARE_TOKEN_MFA"]);
    const { by, values } = await heard((on) => one.associateSoftwareToken(on));
    assert.equal(by, "associateSecretCode");
    const code = await totp({ secret: values[0] });
    const verify = (given) => heard((on) => one.verifySoftwareToken(given, "Joan's phone", on));
    await assert.rejects(verify(wrong(code)), refused("EnableSoftwareTokenMFAException"));
    assert.equal((await verify(code)).by, "onSuccess");
    assert.ok((await attributes(one)).length > 0);
    if (!isOurs(library)) assert.equal((await pool.user("joan")).mfa.totpName, "Joan's phone");
    assert.equal((await again()).step.by, "totpRequired");
  });

  test("a set-up without a session, and one whose session has expired", async () => {
    const stranger = client.user("joan");
    stranger.Session = "A session that was never given.";
    const nobody = isOurs(library) ? { message: "User is not authenticated" } : refused("NotAuthorizedException");
    await assert.rejects(heard((on) => stranger.associateSoftwareToken(on)), nobody);
    await pool.settings({ mfa: { mode: "required", methods: ["SOFTWARE_TOKEN_MFA"] } });
    const { one } = await begin();
    await pool.advance(181);
    const late = async () => {
      await heard((on) => one.associateSoftwareToken(on));
      // Ours has the secret by then.
      await heard((on) => one.verifySoftwareToken("123456", "Phone", on));
    };
    await assert.rejects(late(), refused("NotAuthorizedException"));
  });

  test("the app is set up by somebody signed in, preferred, and given up", async () => {
    const { one } = await begin();
    const prefer = (sms, app) => settled((done) => one.setUserMfaPreference(sms, app, done));
    const on = { Enabled: true, PreferredMfa: true };
    await assert.rejects(prefer(null, on), refused("InvalidParameterException"));
    const { values } = await heard((callbacks) => one.associateSoftwareToken(callbacks));
    const verify = (code) => heard((callbacks) => one.verifySoftwareToken(code, "Phone", callbacks));
    const code = await totp({ secret: values[0] });
    await assert.rejects(verify(wrong(code)), refused("EnableSoftwareTokenMFAException"));
    assert.equal((await verify(code)).values[0].Status, "SUCCESS");
    assert.equal(await prefer(null, on), "SUCCESS");
    const { PreferredMfaSetting, UserMFASettingList } = await settled((done) => one.getUserData(done, { bypassCache: true }));
    assert.deepEqual([PreferredMfaSetting, UserMFASettingList], ["SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"]]);
    assert.equal((await again()).step.by, "totpRequired");
    assert.equal(await prefer(null, { Enabled: false, PreferredMfa: false }), "SUCCESS");
    assert.equal((await again()).step.by, "onSuccess");
  });

  test("SMS is switched on and off by the call of old", async () => {
    const { one } = await begin();
    const options = () => settled((done) => one.getMFAOptions(done));
    assert.equal(await settled((done) => one.enableMFA(done)), "SUCCESS");
    assert.deepEqual(await options(), [{ DeliveryMedium: "SMS", AttributeName: "phone_number" }]);
    assert.equal((await again()).step.by, "mfaRequired");
    assert.equal(await settled((done) => one.disableMFA(done)), "SUCCESS");
    assert.equal((await again()).step.by, "onSuccess");
    await heard((on) => one.globalSignOut(on));
    for (const call of [one.enableMFA, one.disableMFA, one.getMFAOptions]) {
      await assert.rejects(settled((done) => call.call(one, done)), refused("NotAuthorizedException"));
    }
    await assert.rejects(settled((done) => one.setUserMfaPreference(null, null, done)), refused("NotAuthorizedException"));
    await assert.rejects(heard((on) => one.associateSoftwareToken(on)), refused("NotAuthorizedException"));
    await assert.rejects(heard((on) => one.verifySoftwareToken("123456", "Phone", on)), refused("NotAuthorizedException"));
  });

  test(isOurs(library) ? "a code by mail is asked for as one by SMS is" : "a code by mail is not known to the peer", async () => {
    await pool.addUser("edith", PASSWORD, { mfa: { methods: ["EMAIL_OTP"] } });
    const one = client.user("edith");
    one.setAuthenticationFlowType("USER_PASSWORD_AUTH");
    if (isOurs(library)) {
      const step = await client.begin(one, PASSWORD);
      assert.deepEqual([step.by, step.values[0]], ["mfaRequired", "EMAIL_OTP"]);
      return assert.equal((await heard(async (on) => one.sendMFACode(await pool.code("edith", "mfa"), on, "EMAIL_OTP"))).by, "onSuccess");
    }
    // The peer takes every challenge that it does not know for tokens.
    await assert.rejects(heard((on) => one.authenticateUser(details("edith", PASSWORD), on)), TypeError);
  });
});
