// The names of amazon-cognito-identity-js without a service: their values, what is kept, and what becomes of faults. With a service: tests/peers.

import assert from "node:assert/strict";
import { afterEach, describe, mock, test } from "node:test";

const compat = await import(new URL("../../target/package/dist/compat.js", import.meta.url));
const { AuthenticationDetails, CognitoAccessToken, CognitoIdToken, CognitoRefreshToken, CognitoUser, CognitoUserAttribute, CognitoUserPool, CognitoUserSession } = compat;

const POOL = { UserPoolId: "eu-west-1_DemoPool1", ClientId: "1vault2demo3client4app5id6" };
const PREFIX = `CognitoIdentityServiceProvider.${POOL.ClientId}`;
const NOW = 1_800_000_000;
const token = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const session = (exp, more) => new CognitoUserSession({ IdToken: new CognitoIdToken({ IdToken: token({ exp, iat: NOW - 60 }) }), AccessToken: new CognitoAccessToken({ AccessToken: token({ exp, iat: NOW - 60 }) }), ...more });

/** A storage as a page has one, that holds these. */
function storage(held = {}) {
  const map = new Map(Object.entries(held));
  return { getItem: (name) => map.get(name) ?? null, setItem: (name, value) => map.set(name, value), removeItem: (name) => map.delete(name), clear: () => map.clear(), map };
}
const got = (work) => new Promise((done) => work((error, value) => done(error ? { error } : { value })));
const heard = (work) => new Promise((done) => work({ onSuccess: (value) => done({ value }), onFailure: (error) => done({ error }) }));
const at = (seconds) => mock.method(Date, "now", () => seconds * 1000);

afterEach(() => mock.restoreAll());

describe("values", () => {
  test("a pool and a user need what names them", () => {
    assert.throws(() => new CognitoUserPool({ UserPoolId: "eu-west-1_a" }), { message: "Both UserPoolId and ClientId are required." });
    for (const UserPoolId of ["nonsense", `eu-west-1_${"a".repeat(55)}`, "eu-west-1_a-b"]) assert.throws(() => new CognitoUserPool({ ...POOL, UserPoolId }), { message: "Invalid UserPoolId format." });
    const pool = new CognitoUserPool(POOL);
    assert.deepEqual([pool.getUserPoolId(), pool.getUserPoolName(), pool.getClientId()], [POOL.UserPoolId, "DemoPool1", POOL.ClientId]);
    assert.equal(pool.client.endpoint, "https://cognito-idp.eu-west-1.amazonaws.com/");
    assert.equal(new CognitoUserPool({ ...POOL, UserPoolId: "cn-north-1_a" }).client.endpoint, "https://cognito-idp.cn-north-1.amazonaws.com.cn/");
    assert.throws(() => new CognitoUser({ Pool: pool }), { message: "Username and Pool information are required." });
    assert.equal(pool.getCurrentUser(), null);
  });

  test("attributes, details and tokens are what they were given", () => {
    const attribute = new CognitoUserAttribute({ Name: "email", Value: "a@example.com" });
    assert.equal(String(attribute.setName("name").setValue("Ada")), '{"Name":"name","Value":"Ada"}');
    const details = new AuthenticationDetails({ Username: "ada", Password: "secret", ClientMetadata: { a: "b" } });
    assert.deepEqual([details.getUsername(), details.getPassword(), details.getValidationData(), details.getClientMetadata()], ["ada", "secret", {}, { a: "b" }]);
    const id = new CognitoIdToken({ IdToken: token({ exp: 2, iat: 1, name: "Zoë" }) });
    assert.deepEqual([id.getExpiration(), id.getIssuedAt(), id.payload.name], [2, 1, "Zoë"]);
    for (const text of [undefined, "", "none", "a.b.c"]) assert.deepEqual(new CognitoAccessToken({ AccessToken: text }).payload, {});
    assert.equal(new CognitoRefreshToken().getToken(), "");
  });

  test("a session is good while both tokens are, by the service's clock", () => {
    at(NOW);
    assert.throws(() => new CognitoUserSession({}), { message: "Id token and Access Token must be present." });
    assert.ok(session(NOW + 1, { ClockDrift: 0 }).isValid());
    assert.ok(!session(NOW, { ClockDrift: 0 }).isValid());
    assert.ok(session(NOW, { ClockDrift: 10 }).isValid());
    // Just issued, on a machine whose clock is a minute ahead.
    assert.equal(session(NOW).getClockDrift(), 60);
  });
});

describe("what is kept", () => {
  const left = (more) => ({
    [`${PREFIX}.LastAuthUser`]: "joan",
    [`${PREFIX}.joan.idToken`]: token({ exp: NOW + 60 }),
    [`${PREFIX}.joan.accessToken`]: token({ exp: NOW + 60 }),
    ...more,
  });
  const user = (held) => new CognitoUserPool({ ...POOL, Storage: storage(held) }).getCurrentUser();

  test("is taken up at once while it is good", async () => {
    at(NOW);
    const one = user(left());
    assert.equal(one.getUsername(), "joan");
    let told;
    one.getSession((error, value) => (told = [error, value.isValid()]));
    assert.deepEqual(told, [null, true]);
  });

  test("is judged by no clock drift of another library, whose unit nobody knows", async () => {
    at(NOW + 3600);
    const { error } = await got((done) => user(left({ [`${PREFIX}.joan.clockDrift`]: "60000" })).getSession(done));
    assert.equal(error.message, "Cannot retrieve a new session. Please authenticate.");
  });

  test("has one vault, however often an app makes its pool and its storage", () => {
    const { CookieStorage } = compat;
    const vault = (Storage, username = "joan") => new CognitoUserPool({ ...POOL, Storage }).vaultOf(username, Storage);
    globalThis.document = { cookie: "" };
    try {
      const held = storage();
      assert.equal(vault(held), vault(held));
      assert.equal(vault(new CookieStorage()), vault(new CookieStorage()));
      assert.notEqual(vault(new CookieStorage()), vault(new CookieStorage({ domain: "example.com" })));
      assert.notEqual(vault(held), vault(storage()));
      assert.notEqual(vault(held), vault(held, "mary"));
    } finally {
      delete globalThis.document;
    }
  });

  test("is nothing where there is none", async () => {
    const { error } = await got((done) => user({ [`${PREFIX}.LastAuthUser`]: "joan" }).getSession(done));
    assert.equal(error.message, "Local storage is missing an ID Token, Please authenticate");
  });

  test("goes at a sign-out, the device stays, and another user too", async () => {
    const device = Object.fromEntries(["deviceKey", "deviceGroupKey", "randomPasswordKey"].map((name) => [`${PREFIX}.joan.${name}`, "x"]));
    const held = storage(left({ ...device, [`${PREFIX}.mary.idToken`]: "y" }));
    const one = new CognitoUserPool({ ...POOL, Storage: held }).getCurrentUser();
    assert.equal(one.deviceKey, "x");
    assert.equal(await new Promise((done) => one.signOut(done)), undefined);
    assert.deepEqual([...held.map.keys()], [...Object.keys(device), `${PREFIX}.mary.idToken`]);
  });
});

describe("calls", () => {
  const pool = () => new CognitoUserPool({ ...POOL, Storage: storage() });
  const user = () => new CognitoUser({ Username: "joan", Pool: pool() });
  const answers = (...replies) => {
    const sent = [];
    mock.method(globalThis, "fetch", async (url, { headers, body }) => (sent.push([headers["x-amz-target"], JSON.parse(body)]), replies.shift()()));
    return sent;
  };

  test("fail by the service's name and text, or as a NetworkError", async () => {
    answers(
      () => Response.json({ __type: "com.amazonaws#LimitExceededException", message: "Attempt limit exceeded" }, { status: 400 }),
      () => new Response("<html>", { status: 403, headers: { "x-amzn-errortype": "ForbiddenException:http://x/" } }),
      () => new Response("<html>", { status: 502 }),
      () => Promise.reject(new TypeError("Failed to fetch")),
    );
    const codes = [];
    for (const _ of "abcd") {
      const { error } = await heard((on) => user().forgotPassword(on));
      codes.push([error.code, error.message]);
    }
    assert.deepEqual(codes, [["LimitExceededException", "Attempt limit exceeded"], ["ForbiddenException", "403"], ["UnknownError", "502"], ["NetworkError", "Network error"]]);
  });

  test("take along what threat protection wants to know, unless the pool is told not to", async () => {
    globalThis.AmazonCognitoAdvancedSecurityData = { getData: (...given) => given.join("|") };
    try {
      const sent = answers(...Array(2).fill(() => Response.json({})));
      await heard((on) => user().forgotPassword(on));
      await heard((on) => new CognitoUser({ Username: "joan", Pool: new CognitoUserPool({ ...POOL, AdvancedSecurityDataCollectionFlag: false }) }).forgotPassword(on));
      assert.deepEqual(sent.map(([, body]) => body.UserContextData), [{ EncodedData: `joan|${POOL.UserPoolId}|${POOL.ClientId}` }, undefined]);
    } finally {
      delete globalThis.AmazonCognitoAdvancedSecurityData;
    }
  });

  test("of nobody say so", async () => {
    const { error } = await got((done) => user().getUserAttributes(done));
    assert.equal(error.message, "User is not authenticated");
  });

  test("of an unknown flow, and an answer to nothing, are refused", async () => {
    const one = user();
    one.setAuthenticationFlowType("USER_AUTH");
    assert.equal((await heard((on) => one.authenticateUser(new AuthenticationDetails({ Username: "joan" }), on))).error.message, "Authentication flow type is invalid.");
    assert.equal((await heard((on) => one.sendMFACode("123456", on))).error.code, "NotAuthorizedException");
    assert.equal((await heard((on) => one.completeNewPasswordChallenge("", {}, on))).error.message, "New password is required.");
  });

  test("try the module again where it could not be loaded", async () => {
    let asked = 0;
    mock.method(globalThis, "fetch", async () => (asked++, new Response("", { status: 404 })));
    const one = user();
    for (const _ of "ab") {
      const { error } = await heard((on) => one.authenticateUser(new AuthenticationDetails({ Username: "joan", Password: "secret" }), on));
      assert.equal(error.message, "cognito_vault.wasm: HTTP 404");
    }
    assert.equal(asked, 2);
  });
});
