// Where the vault as packed looks for the service, and whose tokens it takes: the Region's own, or what the app says.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { wasm } from "./vault.mjs";

const { createAuth } = await import(new URL("../../target/package/dist/index.js", import.meta.url));

/** By Region: what ends a host's name usually, with dual stack, and with dual stack under FIPS. */
const SUFFIXES = {
  "eu-west-1": ["amazonaws.com", "amazonaws.com", "api.aws"],
  ...Object.fromEntries(["us-east-1", "us-east-2", "us-west-1", "us-west-2"].map((region) => [region, Array(3).fill("amazonaws.com")])),
  ...Object.fromEntries(["us-gov-west-1", "us-gov-east-1"].map((region) => [region, ["amazonaws.com", "api.aws", "api.aws"]])),
  "cn-north-1": ["amazonaws.com.cn", "api.amazonwebservices.com.cn", "api.amazonwebservices.com.cn"],
  "eusc-de-east-1": ["amazonaws.eu", "api.amazonwebservices.eu", "api.amazonwebservices.eu"],
};

/** The addresses that a sign-in and a guest's credentials are asked at. */
async function asked(options) {
  globalThis.location = new URL("https://app.example.com/");
  const urls = [];
  mock.method(globalThis, "fetch", async (input) => {
    if (String(input).endsWith(".wasm")) return new Response(wasm);
    urls.push(String(input));
    return Response.json({ __type: "NotAuthorizedException", message: "Incorrect username or password." }, { status: 400 });
  });
  const auth = createAuth({ clientId: "1vault2demo3client4app5id6", identityPoolId: "eu-west-1:0", engine: "page", ...options });
  try {
    await assert.rejects(auth.signIn({ username: "ada", password: "Lovelace-1815", flow: "password" }), { code: "NotAuthorized" });
    await assert.rejects(auth.awsCredentials(), { code: "NotAuthorized" });
    return urls;
  } finally {
    auth.close();
    mock.restoreAll();
    delete globalThis.location;
  }
}

const SERVICES = ["cognito-idp", "cognito-identity"];
const KINDS = [[{}, "", 0], [{ fips: true }, "-fips", 0], [{ dualStack: true }, "", 1], [{ fips: true, dualStack: true }, "-fips", 2]];

for (const [region, suffixes] of Object.entries(SUFFIXES)) {
  test(`${region} has its hosts`, async () => {
    for (const [options, fips, at] of KINDS) {
      const hosts = SERVICES.map((service) => `https://${service}${fips}.${region}.${suffixes[at]}/`);
      assert.deepEqual(await asked({ userPoolId: `${region}_AbC`, ...options }), hosts);
    }
  });
}

test("given addresses win", async () => {
  const given = { endpoint: "http://127.0.0.1:9229/", identityEndpoint: "http://127.0.0.1:9230/" };
  assert.deepEqual(await asked({ userPoolId: "local_Pool1", ...given }), Object.values(given));
});
