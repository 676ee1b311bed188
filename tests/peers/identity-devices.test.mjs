// amazon-cognito-identity-js and cognito-vault/compat on remembered devices: made, proven in place of a second factor, listed, marked and forgotten.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startPool } from "../e2e/support/pool.mjs";
import { LIBRARIES, closePeers, isOurs, heard, peer } from "./cognito-identity.mjs";

const PASSWORD = "Correct-Horse-1";
const UNKNOWN = "eu-west-1_00000000-0000-4000-8000-000000000000";
const refused = (name) => (error) => error.code === name;

for (const [name, library] of Object.entries(LIBRARIES)) describe(`remembered devices by ${name}`, () => {
  let pool;
  let client;
  before(async () => void (pool = await startPool()));
  beforeEach(async () => {
    await pool.reset();
    await pool.settings({
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      devices: { tracking: "always", challenge: "forMfa" },
    });
    await pool.addUser("joan", PASSWORD, { attributes: { email: "joan@example.com", phone_number: "+15555550100" } });
    client = peer(pool, library);
  });
  after(async () => {
    closePeers();
    await pool?.close();
  });

  /** One step of a sign-in of somebody who has just loaded the page. */
  const begin = async (flow = "USER_PASSWORD_AUTH", from = client) => {
    const one = from.user("joan");
    one.setAuthenticationFlowType(flow);
    return { one, step: await from.begin(one, PASSWORD) };
  };
  const withSms = async () => {
    await pool.settings({ mfa: { mode: "optional" } });
    await pool.changeUser("joan", { mfa: { methods: ["SMS_MFA"], preferred: "SMS_MFA" } });
  };
  const code = (one, digits) => heard((on) => one.sendMFACode(digits, on));
  const list = (one, most = 10, token = null) => heard((on) => one.listDevices(most, token, on)).then(({ values }) => values[0]);
  const devices = async () => (await pool.user("joan")).devices;

  for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    test(`the first sign-in by ${flow} makes the device known, the second names it`, async () => {
      const { one } = await begin(flow);
      const [device] = await devices();
      assert.deepEqual([device.key, device.group, device.confirmed, device.remembered], [one.deviceKey, one.deviceGroupKey, true, true]);
      await begin(flow);
      assert.equal((await devices()).length, 1);
      assert.equal(await pool.count("ConfirmDevice"), 1);
    });

    test(`a device stands for the code by SMS after ${flow}`, async () => {
      await withSms();
      const first = await begin(flow);
      assert.equal(first.step.by, "mfaRequired");
      assert.equal((await code(first.one, await pool.code("joan", "mfa"))).by, "onSuccess");
      const second = await begin(flow);
      assert.equal(second.step.by, "onSuccess");
      const answered = (await pool.requests("RespondToAuthChallenge")).map(({ body }) => body.ChallengeName);
      assert.deepEqual(answered.slice(-2), ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
      assert.ok((await client.attributes(second.one)).length > 0);
    });
  }

  test("a device whose secret is another is refused", async () => {
    await withSms();
    const first = await begin();
    await code(first.one, await pool.code("joan", "mfa"));
    first.one.randomPassword = "another secret";
    first.one.cacheDeviceKeyAndPassword();
    await assert.rejects(begin(), refused("NotAuthorizedException"));
  });

  test("a device that the pool no longer knows is dropped, and the same proof goes in without it", async () => {
    const { one } = await begin("USER_SRP_AUTH");
    const old = one.deviceKey;
    await heard((on) => one.forgetSpecificDevice(old, on));
    assert.equal((await list(one)).Devices.length, 0);
    const second = await begin("USER_SRP_AUTH");
    assert.equal(second.step.by, "onSuccess");
    assert.notEqual(second.one.deviceKey, old);
    if (isOurs(library)) return; // it names the device, and drops it, in the first request already
    const proofs = (await pool.requests("RespondToAuthChallenge")).slice(-2).map(({ body, error }) => [body.ChallengeResponses.DEVICE_KEY, error]);
    assert.deepEqual(proofs, [[old, "ResourceNotFoundException"], [null, undefined]]);
  });

  test(`a device named with the password itself that is not known is ${isOurs(library) ? "dropped" : "refused, and stays named"}`, async () => {
    const { one } = await begin();
    await heard((on) => one.forgetSpecificDevice(one.deviceKey, on));
    if (isOurs(library)) return assert.equal((await begin()).step.by, "onSuccess");
    // The peer drops a device only in SRP.
    await assert.rejects(begin(), refused("ResourceNotFoundException"));
  });

  test("a device that waits for its user's word is remembered by it alone", async () => {
    await pool.settings({ devices: { tracking: "optIn" } });
    await withSms();
    const first = await begin();
    const done = await code(first.one, await pool.code("joan", "mfa"));
    assert.deepEqual([done.by, done.values[1]], ["onSuccess", true]);
    const { one, step } = await begin();
    assert.equal(step.by, "mfaRequired");
    await code(one, await pool.code("joan", "mfa"));
    assert.deepEqual((await heard((on) => one.setDeviceStatusRemembered(on))).values, ["SUCCESS"]);
    assert.equal((await begin()).step.by, "onSuccess");
    assert.deepEqual((await heard((on) => one.setDeviceStatusNotRemembered(on))).values, ["SUCCESS"]);
    assert.equal((await begin()).step.by, "mfaRequired");
  });

  test("an alias signs in the user behind it, on the same device each time", async () => {
    await pool.settings({ aliasEmail: true });
    await pool.changeUser("joan", { attributes: { email: "joan@example.com", email_verified: "true" } });
    for (const _ of "ab") {
      const one = client.user("joan@example.com");
      assert.equal((await client.begin(one, PASSWORD)).by, "onSuccess");
      assert.deepEqual([one.getUsername(), client.current().getUsername()], ["joan", "joan"]);
      assert.ok((await client.attributes(one)).length > 0);
    }
    assert.equal((await devices()).length, 1);
  });

  test("devices are told of one by one and page by page", async () => {
    const { one } = await begin();
    for (const _ of "ab") await begin("USER_PASSWORD_AUTH", peer(pool, library));
    const first = await list(one, 2);
    assert.equal(first.Devices.length, 2);
    const rest = await list(one, 2, first.PaginationToken);
    assert.deepEqual([rest.Devices.length, rest.PaginationToken], [1, undefined]);
    const { Device } = (await heard((on) => one.getDevice(on))).values[0];
    assert.equal(Device.DeviceKey, one.deviceKey);
    if (!isOurs(library)) assert.equal(Device.DeviceAttributes.find(({ Name }) => Name === "device_name").Value, "nodejs");

    await assert.rejects(list(one, 61), refused("InvalidParameterException"));
    one.deviceKey = UNKNOWN;
    for (const call of [one.getDevice, one.setDeviceStatusRemembered, one.setDeviceStatusNotRemembered, one.forgetDevice]) {
      await assert.rejects(heard((on) => call.call(one, on)), refused("ResourceNotFoundException"));
    }
  });

  test("a device is forgotten, and with it the way to refresh", async () => {
    const { one } = await begin();
    await client.refresh(one);
    const named = isOurs(library)
      ? (await pool.requests("GetTokensFromRefreshToken")).at(-1).body.DeviceKey
      : (await pool.requests("InitiateAuth")).at(-1).body.AuthParameters.DEVICE_KEY;
    assert.equal(named, one.deviceKey);
    assert.deepEqual((await heard((on) => one.forgetDevice(on))).values, ["SUCCESS"]);
    assert.equal(one.deviceKey, null);
    // Ours names the device that the access token names.
    await assert.rejects(client.refresh(one), refused(isOurs(library) ? "ResourceNotFoundException" : "NotAuthorizedException"));
  });

  if (!isOurs(library)) test("a refresh that names no device is refused, one that names another too", async () => {
    const { one } = await begin();
    const elsewhere = peer(pool, library).user("joan");
    elsewhere.setSignInUserSession(one.getSignInUserSession());
    await assert.rejects(client.refresh(elsewhere), refused("NotAuthorizedException"));
    Object.assign(elsewhere, { deviceKey: UNKNOWN, deviceGroupKey: "-x", randomPassword: "x" });
    elsewhere.setSignInUserSession(one.getSignInUserSession());
    elsewhere.cacheDeviceKeyAndPassword();
    await assert.rejects(client.refresh(elsewhere), refused("ResourceNotFoundException"));
  });

  test("a token that is revoked, and nobody at all", async () => {
    const { one } = await begin();
    await heard((on) => one.globalSignOut(on));
    const nobody = client.user("joan");
    const calls = [
      (user, on) => user.getDevice(on),
      (user, on) => user.listDevices(1, null, on),
      (user, on) => user.setDeviceStatusRemembered(on),
      (user, on) => user.forgetDevice(on),
    ];
    for (const call of calls) {
      await assert.rejects(heard((on) => call(one, on)), refused("NotAuthorizedException"));
      await assert.rejects(heard((on) => call(nobody, on)), { message: "User is not authenticated" });
    }
  });

  test("a custom sign-in has its device too", async () => {
    const one = client.user("joan");
    one.setAuthenticationFlowType("CUSTOM_AUTH");
    await client.begin(one, PASSWORD);
    assert.equal((await heard((on) => one.sendCustomChallengeAnswer("blue", on))).by, "onSuccess");
    assert.equal((await devices())[0].key, one.deviceKey);
  });
});
