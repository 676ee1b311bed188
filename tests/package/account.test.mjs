// The calls about an account, from the page's names to the service's operations and back, with a core of our own in place of the wasm.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { named } from "./texts.mjs";

const dist = new URL("../../target/package/dist/", import.meta.url);
const { AuthError, createAuth } = await import(new URL("index.js", dist));
const { serve } = await import(new URL("worker.js", dist));

const POOL = { userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6" };
const USER = JSON.stringify({ sub: "1", email: "ada@example.com", "cognito:username": "ada" });

let vault;
let auths;

beforeEach(() => {
  vault = { calls: [], contexts: [], core: {}, replies: {}, now: Date.parse("2030-01-01") };
  auths = [];
  globalThis.location = new URL("https://app.example.com/home");
  globalThis.Worker = class {
    constructor() {
      const { port1, port2 } = new MessageChannel();
      serve(port2, load);
      port1.terminate = () => port1.close();
      return port1;
    }
  };
});
afterEach(() => {
  for (const auth of auths) auth.close();
  delete globalThis.location;
  delete globalThis.Worker;
});

async function load(_config, _wasmUrl, tell) {
  vault.tell = tell;
  return {
    async call(name, texts, _signal, passwords) {
      const [method, argument] = named(name, texts);
      vault.calls.push({ method, argument, passwords: [...passwords] });
      if (method !== "account") return vault.core[method]?.(argument);
      const reply = vault.replies[argument.operation];
      return typeof reply === "function" ? reply(argument.members) : reply;
    },
    around: (context) => vault.contexts.push(context),
    now: () => vault.now,
    nudge() {},
    free() {},
  };
}

function make(more = {}) {
  const auth = createAuth({ ...POOL, ...more });
  auths.push(auth);
  return auth;
}

const codeOf = (promise) => promise.then(() => "no error", (error) => (error instanceof AuthError ? error.code : error));
const refuse = (code) => () => {
  throw Object.assign(new Error("refused"), { code, retryable: false });
};
/** What the core was asked last. */
const last = () => vault.calls.at(-1);

describe("an operation", () => {
  // The page's call, what the core is asked, the service's reply, and what the page gets.
  const cases = [
    [(auth) => auth.attributes(), "GetUser", {}, { UserAttributes: [{ Name: "email", Value: "a@b.c" }, { Name: "custom:team", Value: "x" }] }, { email: "a@b.c", "custom:team": "x" }],
    [
      (auth) => auth.updateAttributes({ email: "new@b.c" }, { clientMetadata: { b: "2" } }),
      "UpdateUserAttributes",
      { UserAttributes: [{ Name: "email", Value: "new@b.c" }], ClientMetadata: { a: "1", b: "2" } },
      { CodeDeliveryDetailsList: [{ Destination: "n***@b***", DeliveryMedium: "EMAIL", AttributeName: "email" }] },
      [{ destination: "n***@b***", medium: "email", attribute: "email" }],
    ],
    [(auth) => auth.deleteAttributes(["nickname"]), "DeleteUserAttributes", { UserAttributeNames: ["nickname"] }, {}, undefined],
    [
      (auth) => auth.sendAttributeCode("phone_number"),
      "GetUserAttributeVerificationCode",
      { AttributeName: "phone_number", ClientMetadata: { a: "1" } },
      { CodeDeliveryDetails: { Destination: "+***12", DeliveryMedium: "SMS" } },
      { destination: "+***12", medium: "sms" },
    ],
    [(auth) => auth.verifyAttribute({ attribute: "email", code: " 123456 " }), "VerifyUserAttribute", { AttributeName: "email", Code: "123456" }, undefined, undefined],
    [(auth) => auth.deleteAccount(), "DeleteUser", {}, undefined, undefined],
    [
      (auth) => auth.confirmSignUp({ username: "ada", code: "123456\n", forceAliasCreation: true, clientMetadata: { a: "2" } }),
      "ConfirmSignUp",
      { Username: "ada", ConfirmationCode: "123456", ForceAliasCreation: true, ClientMetadata: { a: "2" } },
      {},
      undefined,
    ],
    [(auth) => auth.resendSignUpCode("ada"), "ResendConfirmationCode", { Username: "ada", ClientMetadata: { a: "1" } }, {}, undefined],
    [
      (auth) => auth.factors(),
      "GetUserAuthFactors",
      {},
      { ConfiguredUserAuthFactors: ["PASSWORD", "WEB_AUTHN", "NEW_ONE"], UserMFASettingList: ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" },
      { factors: ["password", "passkey"], mfa: ["totp", "emailCode"], preferredMfa: "totp" },
    ],
    [(auth) => auth.mfa.preferences(), "GetUser", {}, { UserAttributes: [] }, { enabled: [] }],
    [
      (auth) => auth.mfa.setPreferences({ totp: "preferred", smsCode: "enabled", emailCode: "disabled", passkey: "enabled" }),
      "SetUserMFAPreference",
      {
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
        SMSMfaSettings: { Enabled: true, PreferredMfa: false },
        EmailMfaSettings: { Enabled: false, PreferredMfa: false },
        WebAuthnMfaSettings: { Enabled: true },
      },
      {},
      undefined,
    ],
    [
      (auth) => auth.passkeys.list({ limit: 5, next: "n" }),
      "ListWebAuthnCredentials",
      { MaxResults: 5, NextToken: "n" },
      { Credentials: [{ CredentialId: "c", FriendlyCredentialName: "Phone", RelyingPartyId: "example.com", AuthenticatorTransports: ["internal"], CreatedAt: 1.5 }], NextToken: "m" },
      { items: [{ id: "c", name: "Phone", relyingParty: "example.com", transports: ["internal"], created: new Date(1500) }], next: "m" },
    ],
    [(auth) => auth.passkeys.delete("c"), "DeleteWebAuthnCredential", { CredentialId: "c" }, {}, undefined],
    [
      (auth) => auth.devices.list(),
      "ListDevices",
      {},
      { Devices: [{ DeviceKey: "k", DeviceAttributes: [{ Name: "device_name", Value: "Mac" }, { Name: "dev:device_remembered_status", Value: "not_remembered" }], DeviceCreateDate: 1, DeviceLastModifiedDate: 2, DeviceLastAuthenticatedDate: 3 }] },
      {
        items: [
          {
            key: "k",
            name: "Mac",
            status: "notRemembered",
            created: new Date(1000),
            modified: new Date(2000),
            lastAuthenticated: new Date(3000),
            attributes: { device_name: "Mac", "dev:device_remembered_status": "not_remembered" },
          },
        ],
      },
    ],
    [(auth) => auth.devices.get("k"), "GetDevice", { DeviceKey: "k" }, { Device: { DeviceKey: "k" } }, { key: "k", attributes: {} }],
    [(auth) => auth.devices.remember(), "UpdateDeviceStatus", { DeviceRememberedStatus: "remembered" }, {}, undefined],
    [(auth) => auth.devices.doNotRemember("k"), "UpdateDeviceStatus", { DeviceKey: "k", DeviceRememberedStatus: "not_remembered" }, {}, undefined],
    [(auth) => auth.devices.forget(), "ForgetDevice", {}, undefined, undefined],
    [
      (auth) => auth.sessions.list({ next: "n" }),
      "ListUserSessions",
      { NextToken: "n" },
      { Sessions: [{ SessionId: "tkn1", SessionType: "TOKEN", ClientId: "c", CreateDate: 1, LastIPAddress: "::1", LastLocation: { City: "London" }, IsCurrentSession: true }] },
      { items: [{ id: "tkn1", type: "token", clientId: "c", created: new Date(1000), lastIp: "::1", lastLocation: { city: "London" }, current: true }] },
    ],
    [(auth) => auth.sessions.revoke("tkn1", { linked: true }), "RevokeUserSession", { SessionId: "tkn1", RevokeAssociatedSessions: "LINKED" }, {}, undefined],
    [(auth) => auth.sessions.revoke("tkn1"), "RevokeUserSession", { SessionId: "tkn1" }, {}, undefined],
  ];
  for (const [call, operation, members, reply, expected] of cases) {
    test(`${String(call).slice(15).replace(/\(.*/s, "")} is ${operation}`, async () => {
      vault.replies[operation] = reply;
      const value = await call(make({ clientMetadata: { a: "1" } }));
      assert.deepEqual(last(), { method: "account", argument: { operation, members, secrets: [] }, passwords: [] });
      assert.deepEqual(value, expected);
    });
  }

  test("takes passwords apart from its members", async () => {
    const auth = make();
    await auth.changePassword({ previousPassword: "old", password: new TextEncoder().encode("new") });
    assert.deepEqual(last().argument, { operation: "ChangePassword", members: {}, secrets: ["PreviousPassword", "ProposedPassword"] });
    assert.deepEqual(last().passwords, ["old", new TextEncoder().encode("new")]);
    await auth.changePassword({ password: "first" });
    assert.deepEqual([last().argument.secrets, last().passwords], [["ProposedPassword"], ["first"]]);
    await auth.confirmResetPassword({ username: "ada", code: "1", password: "new" });
    assert.deepEqual(last(), { method: "account", argument: { operation: "ConfirmForgotPassword", members: { Username: "ada", ConfirmationCode: "1" }, secrets: ["Password"] }, passwords: ["new"] });
  });

  test("refuses what has another form, and takes an event for nothing", async () => {
    const auth = make();
    for (const call of [() => auth.confirmSignUp(), () => auth.confirmSignUp({ username: "ada", code: 1 }), () => auth.updateAttributes(), () => auth.verifyAttribute(null), () => auth.resetPassword()]) {
      assert.equal(await codeOf(call()), "InvalidParameter", String(call));
    }
    assert.deepEqual(vault.calls, []);
    const click = { target: {}, preventDefault() {} };
    vault.replies.GetUser = { UserAttributes: [] };
    await auth.attributes(click);
    await auth.devices.forget(click);
    assert.deepEqual(last().argument.members, {});
    await auth.signOut(click);
    assert.deepEqual(last(), { method: "signOut", argument: {}, passwords: [] });
    await auth.signOut({ everywhere: false });
    assert.deepEqual(last().argument, {});
    await auth.signOut({ everywhere: true });
    assert.equal(last().method, "signOutEverywhere");
  });

  test("is frozen into its object", () => {
    const auth = make();
    for (const area of ["mfa", "passkeys", "devices", "sessions"]) assert.ok(Object.isFrozen(auth[area]), area);
  });
});

describe("a sign-in", () => {
  test("is by choice where nothing else is said", async () => {
    const auth = make();
    vault.core.signIn = () => ({ name: "signedUp" });
    const asked = async (request) => {
      await auth.signIn({ username: "ada", ...request });
      return [last().argument, last().passwords];
    };
    assert.deepEqual(await asked({ password: "x" }), [{ username: "ada" }, ["x"]]);
    assert.deepEqual(await asked({}), [{ username: "ada", flow: "choice" }, [""]]);
    assert.deepEqual(await asked({ prefer: "password", password: "x" }), [{ username: "ada", flow: "choice", prefer: "PASSWORD_SRP" }, ["x"]]);
    assert.deepEqual(await asked({ flow: "custom" }), [{ username: "ada", flow: "custom" }, [""]]);
    assert.deepEqual(await asked({ password: "x", stepUp: { acrValues: ["urn:cognito:loa:3", "urn:cognito:loa:2"], maxAge: 60 } }), [
      { username: "ada", flow: "choice", stepUp: { TARGET_ACR_VALUES: "urn:cognito:loa:3 urn:cognito:loa:2", MAX_AGE: "60" } },
      ["x"],
    ]);
    vault.core.signUp = vault.core.signIn;
    await auth.signUp({ username: "ada" });
    assert.deepEqual(last(), { method: "signUp", argument: { username: "ada", members: {} }, passwords: [""] });
    await auth.signUp({ username: "ada", password: "x", attributes: { email: "a@b.c", name: undefined }, validationData: { beta: "1" } });
    const members = { UserAttributes: [{ Name: "email", Value: "a@b.c" }], ValidationData: [{ Name: "beta", Value: "1" }] };
    assert.deepEqual(last(), { method: "signUp", argument: { username: "ada", members }, passwords: ["x"] });
  });

  test("takes the configured metadata along, under the call's own", async () => {
    const auth = make({ clientMetadata: { tenant: "north", app: "x" } });
    for (const method of ["signIn", "signUp"]) {
      vault.core[method] = () => ({ name: "signedUp" });
      for (const [own, clientMetadata] of [[undefined, { tenant: "north", app: "x" }], [{ app: "y" }, { tenant: "north", app: "y" }]]) {
        await auth[method]({ username: "ada", clientMetadata: own });
        assert.deepEqual(last().argument.clientMetadata, clientMetadata);
      }
    }
  });

  test("asks what the challenge's parameters say", async () => {
    const auth = make();
    const all = '{"email":"a@b","email_verified":"true","phone_number_verified":"x","nickname":"","n":7}';
    const attributes = (requiredAttributes, userAttributes) => ({ name: "newPassword", parameters: { requiredAttributes, userAttributes } });
    const none = { requiredAttributes: [], attributes: {} };
    const sms = { CODE_DELIVERY_DESTINATION: "+*******1815", CODE_DELIVERY_DELIVERY_MEDIUM: "SMS" };
    const asks = [
      [{ name: "totp", parameters: { FRIENDLY_DEVICE_NAME: "phone" } }, { deviceName: "phone" }],
      [{ name: "totp", parameters: null }, {}],
      [{ name: "smsCode", parameters: sms }, { sentTo: { destination: "+*******1815", medium: "sms" } }],
      [{ name: "emailCode", parameters: { CODE_DELIVERY_DESTINATION: "a***@e***", CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL" } }, { sentTo: { destination: "a***@e***", medium: "email" } }],
      [{ name: "emailCode", parameters: {} }, { sentTo: {} }],
      [{ name: "chooseMfa", parameters: { MFAS_CAN_CHOOSE: "[]" }, choices: ["totp", "smsCode"] }, { choices: ["totp", "smsCode"] }],
      [{ name: "chooseFactor", parameters: {} }, { choices: [] }],
      [{ name: "setUpMfa", parameters: {}, choices: ["totp", "emailCode"] }, { choices: ["totp", "email"] }],
      [{ name: "password", parameters: {}, choices: ["password", "passkey"] }, {}],
      [{ name: "passkey", parameters: { CREDENTIAL_REQUEST_OPTIONS: '{"challenge":"AAAA"}' } }, { options: { challenge: "AAAA" } }],
      [{ name: "passkey", parameters: { CREDENTIAL_REQUEST_OPTIONS: "nonsense" } }, { options: null }],
      [{ name: "custom", parameters: { USERNAME: "ada", USER_ID_FOR_SRP: "ada", question: "Who?" } }, { parameters: { question: "Who?" } }],
      [attributes('["userAttributes.given_name","custom:x"]', all), { requiredAttributes: ["given_name", "custom:x"], attributes: { email: "a@b" } }],
      [attributes('["userAttributes.a",7,null]', "{}"), { ...none, requiredAttributes: ["a"] }],
      ...[['"[]"', '{"a":null}'], ["", ""], [null, null], ["nonsense", "[1]"], ["{}", "{"], [["userAttributes.a"], { a: "b" }]].map(([one, two]) => [attributes(one, two), none]),
      [{ name: "confirm", username: "ada", delivery: { Destination: "a***@e***", DeliveryMedium: "EMAIL", AttributeName: "email" } }, { username: "ada", sentTo: { destination: "a***@e***", medium: "email", attribute: "email" } }],
      [{ name: "confirm", username: "ada" }, { username: "ada" }],
    ];
    for (const [asked, told] of asks) {
      vault.core.signIn = () => ({ ...asked, id: 7 });
      const { answer, giveUp, resend, ...step } = await auth.signIn({ username: "ada" });
      assert.deepEqual(step, { name: asked.name, ...told }, JSON.stringify(asked));
    }
  });

  test("refuses an attribute too few or too many before it is sent, and one that is both goes", async () => {
    const auth = make();
    const parameters = { requiredAttributes: '["userAttributes.given_name","userAttributes.nickname"]', userAttributes: '{"email":"a@b","nickname":"A"}' };
    vault.core.signIn = () => ({ name: "newPassword", id: 7, parameters });
    vault.core.answer = () => ({ name: "signedUp" });
    const step = await auth.signIn({ username: "ada" });
    const calls = vault.calls.length;
    for (const attributes of [undefined, { given_name: "", nickname: "A" }, { Given_name: "Ada", nickname: "A" }, { given_name: "Ada", nickname: "A", email: "new@b" }]) {
      assert.equal(await codeOf(step.answer({ password: "new", attributes })), "InvalidParameter");
    }
    assert.equal(vault.calls.length, calls);
    await step.answer({ password: "new", attributes: { given_name: "Ada", nickname: "Augusta" } });
    assert.deepEqual(last().argument.responses, { "userAttributes.given_name": "Ada", "userAttributes.nickname": "Augusta" });
  });

  test("has each step answered in the form that the core takes", async () => {
    const auth = make();
    const answers = [
      [{ name: "totp" }, "123456", { code: "123456" }, ""],
      [{ name: "chooseMfa", choices: ["totp"] }, "totp", { code: "totp" }, ""],
      [{ name: "custom", parameters: {} }, " 42 ", { code: " 42 " }, ""],
      [{ name: "setUpMfa", choices: ["email"] }, { email: "a@b.c" }, { email: "a@b.c" }, ""],
      [{ name: "password" }, "secret", {}, "secret"],
      [{ name: "password" }, new Uint8Array([1, 2]), {}, new Uint8Array([1, 2])],
      [{ name: "newPassword" }, { password: "new", attributes: { name: "Ada" } }, { responses: { "userAttributes.name": "Ada" } }, "new"],
      [{ name: "resetPassword", username: "ada" }, { code: "1", password: "new" }, { code: "1" }, "new"],
      [{ name: "passkey", parameters: {} }, { id: "c", rawId: "c", response: {} }, { code: '{"id":"c","rawId":"c","response":{}}' }, ""],
    ];
    for (const [step, answer, argument, password] of answers) {
      vault.core.signIn = () => ({ ...step, id: 7 });
      vault.core.answer = () => ({ name: "signedUp" });
      await (await auth.signIn({ username: "ada" })).answer(answer);
      assert.deepEqual(last(), { method: "answer", argument: { id: 7, ...argument }, passwords: [password] }, step.name);
    }
  });

  test("shows the secret of an authenticator app as an address too", async () => {
    vault.core.signIn = () => ({ name: "setUpMfa", id: 1, choices: ["totp"], secret: "ABC234" });
    const { secret, otpauthUri } = await make().signIn({ username: "ada@example.com" });
    assert.deepEqual([secret, otpauthUri], ["ABC234", "otpauth://totp/app.example.com:ada%40example.com?secret=ABC234&issuer=app.example.com"]);
    const named = await make({ appName: "Tea & Co" }).signIn({ username: "ada" });
    assert.equal(named.otpauthUri, "otpauth://totp/Tea%20%26%20Co:ada?secret=ABC234&issuer=Tea%20%26%20Co");
  });
});

test("a code of the hosted page is exchanged by a form, each value of it quoted", async () => {
  const auth = make();
  vault.core.exchange = () => undefined;
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const grant = { domain: "https://login.example.com", code: "a+b/c= &%ü", verifier, redirectUri: "https://app.example.com/callback?a=b&c=é", nonce: "n" };
  await auth[Symbol.for("cognito-vault")].call("exchange", [grant]);
  const { url, form, nonce } = last().argument;
  assert.deepEqual([url, nonce], ["https://login.example.com/oauth2/token", "n"]);
  assert.equal(
    form,
    `grant_type=authorization_code&client_id=${POOL.clientId}&code=a%2Bb%2Fc%3D+%26%25%C3%BC&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%3Fa%3Db%26c%3D%C3%A9&code_verifier=${verifier}`,
  );
});

describe("a step of the vault's own", () => {
  test("resets a password, with another code or a second try", async () => {
    const auth = make();
    vault.replies.ForgotPassword = { CodeDeliveryDetails: { Destination: "a***", DeliveryMedium: "EMAIL" } };
    const step = await auth.resetPassword("ada");
    assert.deepEqual(Object.keys(step).sort(), ["answer", "giveUp", "name", "resend", "sentTo", "username"]);
    assert.deepEqual([step.name, step.sentTo, await step.resend()], ["resetPassword", ...Array(2).fill({ destination: "a***", medium: "email" })]);
    assert.deepEqual(vault.calls.map(({ argument }) => argument.operation), ["ForgotPassword", "ForgotPassword"]);
    vault.replies.ConfirmForgotPassword = refuse("CodeMismatch");
    assert.equal(await codeOf(step.answer({ code: "0", password: "new" })), "CodeMismatch");
    vault.replies.ConfirmForgotPassword = {};
    assert.deepEqual(await step.answer({ code: "1", password: "new" }), { name: "passwordReset" });
    assert.deepEqual([last().argument.members.ConfirmationCode, last().passwords], ["1", ["new"]]);
    assert.equal(await codeOf(step.answer({ code: "1", password: "new" })), "InvalidState");
    assert.equal(await codeOf(step.resend()), "InvalidState");
  });

  test("sets up an authenticator app", async () => {
    const auth = make();
    await auth.ready();
    vault.tell("signedIn", USER, "signedIn", undefined);
    vault.replies.AssociateSoftwareToken = { SecretCode: "ABC234" };
    const step = await auth.mfa.setUpTotp();
    assert.deepEqual([step.name, step.secret, step.otpauthUri], ["setUpTotp", "ABC234", "otpauth://totp/app.example.com:ada?secret=ABC234&issuer=app.example.com"]);
    assert.equal(step.resend, undefined);
    vault.replies.VerifySoftwareToken = { Status: "ERROR" };
    assert.equal(await codeOf(step.answer("000000")), "EnableSoftwareTokenMFA");
    vault.replies.VerifySoftwareToken = { Status: "SUCCESS" };
    assert.deepEqual(await step.answer("123456", { deviceName: "phone" }), { name: "totpReady" });
    assert.deepEqual(last().argument.members, { UserCode: "123456", FriendlyDeviceName: "phone" });
  });
});

describe("AWS credentials", () => {
  const POOL_ID = "eu-west-1:01234567-89ab-cdef-0123-456789abcdef";
  const HOUR = 3_600_000;
  let given;
  beforeEach(() => {
    given = 0;
    vault.replies.GetId = { IdentityId: "id-1" };
    vault.replies.GetCredentialsForIdentity = ({ IdentityId }) => ({
      IdentityId,
      Credentials: { AccessKeyId: `key-${++given}`, SecretKey: "secret", SessionToken: "token", Expiration: (vault.now + HOUR) / 1000 },
    });
  });
  const asked = () => vault.calls.splice(0).map(({ argument: { operation, members } }) => [operation, members]);

  test("are got once, and again ten minutes before their end", async () => {
    const auth = make({ identityPoolId: POOL_ID });
    const [first, again] = await Promise.all([auth.awsCredentials(), auth.awsCredentials({ callerClientConfig: () => {} })]);
    assert.deepEqual(first, { accessKeyId: "key-1", secretAccessKey: "secret", sessionToken: "token", expiration: new Date(vault.now + HOUR), identityId: "id-1" });
    assert.deepEqual(again, first);
    assert.deepEqual(asked(), [["GetId", { IdentityPoolId: POOL_ID }], ["GetCredentialsForIdentity", { IdentityId: "id-1" }]]);
    vault.now += 50 * 60_000 - 1;
    assert.equal((await auth.awsCredentials()).accessKeyId, "key-1");
    vault.now += 1;
    assert.equal((await auth.awsCredentials()).accessKeyId, "key-2");
    assert.deepEqual(asked(), [["GetCredentialsForIdentity", { IdentityId: "id-1" }]]);
  });

  test("are of one user, and forgotten with the session", async () => {
    const auth = make({ identityPoolId: POOL_ID });
    await auth.awsCredentials();
    vault.tell("signedIn", USER, "signedIn", undefined);
    assert.equal((await auth.awsCredentials()).accessKeyId, "key-2");
    vault.tell("signedIn", USER.replace("ada@", "countess@"), "refreshed", undefined);
    assert.equal((await auth.awsCredentials()).accessKeyId, "key-2");
    vault.tell("signedOut", undefined, "signedOut", "user");
    assert.equal((await auth.awsCredentials()).accessKeyId, "key-3");
    assert.deepEqual(asked().map(([name]) => name), Array(3).fill(["GetId", "GetCredentialsForIdentity"]).flat());
  });

  test("that lack a part are no credentials", async () => {
    const auth = make({ identityPoolId: POOL_ID });
    const whole = { AccessKeyId: "key", SecretKey: "secret", SessionToken: "token", Expiration: 2_000_000_000 };
    for (const Credentials of [undefined, ...Object.keys(whole).map((name) => ({ ...whole, [name]: undefined }))]) {
      vault.replies.GetCredentialsForIdentity = { IdentityId: "id-1", Credentials };
      assert.equal(await codeOf(auth.awsCredentials()), "InvalidResponse");
    }
    vault.replies.ListDevices = { Devices: 7 };
    assert.equal(await codeOf(auth.devices.list()), "InvalidResponse");
  });

  test("are not handed to whoever is there by then, and a failure is not kept", async () => {
    const auth = make({ identityPoolId: POOL_ID });
    await auth.ready();
    vault.tell("signedIn", USER, "signedIn", undefined);
    const { GetId: reply } = vault.replies;
    vault.replies.GetId = () => {
      vault.tell("signedOut", undefined, "signedOut", "user");
      return reply;
    };
    assert.equal(await codeOf(auth.awsCredentials()), "NotSignedIn");
    vault.replies.GetId = refuse("ResourceNotFound");
    assert.equal(await codeOf(auth.awsCredentials()), "ResourceNotFound");
    vault.replies.GetId = reply;
    assert.equal((await auth.awsCredentials()).identityId, "id-1");
    assert.equal(await codeOf(make().awsCredentials()), "InvalidConfig");
  });
});

describe("the app's callbacks", () => {
  test("are asked before each call, and what they say goes along", async () => {
    const names = [];
    const auth = make({ wafToken: async () => "waf", contextData: async (username) => names.push(username) && `of ${username}` });
    vault.core.signIn = () => ({ name: "totp", id: 1 });
    vault.core.answer = () => ({ name: "signedUp" });
    const step = await auth.signIn({ username: "ada", password: "x" });
    await step.answer("123456");
    step.giveUp();
    await auth.refresh();
    assert.deepEqual(names, ["ada", "ada", "ada"]);
    assert.deepEqual(vault.contexts, Array(3).fill(["waf", "of ada"]));
  });

  test("stop nothing when they fail", async () => {
    const auth = make({
      wafToken: () => {
        throw new Error("no script");
      },
      contextData: () => Promise.reject(new Error("no script")),
    });
    await auth.refresh();
    assert.deepEqual([vault.contexts, last().method], [[[undefined, undefined]], "refresh"]);
  });
});
