// The vault as packed, on the page engine in Node, with all that is around it in hand: the service, chance, idle time, the memory.

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mock } from "node:test";
import { pathToFileURL } from "node:url";
import { inputs } from "../../benches/challenge.mjs";
import { at } from "../e2e/support/project.mjs";

const DIST = at("target/package/dist");
export const wasm = await readFile(join(DIST, "cognito_vault.wasm"));

const ENDPOINT = "https://pool.example.com";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_${inputs.poolName}`;
const CLIENT = "1vault2demo3client4app5id6";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The package once more, with another module in it; returns its folder. */
export function packageWith(name, module) {
  const folder = at(`target/package-tests/${name}`);
  cpSync(DIST, folder, { recursive: true });
  writeFileSync(join(folder, "cognito_vault.wasm"), module);
  return folder;
}

/**
 * Opens a vault of the package in `folder`, whose module is given `imports` on top of its own, with `options` besides those it needs.
 * `draw` gives what a request for so many random bytes gets; the vault's `reply` says what an operation is answered.
 */
export async function openVault({ folder = DIST, imports = {}, now = Date.now, draw = randomBytes, options = {} } = {}) {
  const { createAuth } = await import(pathToFileURL(join(folder, "index.js")));
  const module = await readFile(join(folder, "cognito_vault.wasm"));
  const { instantiate } = WebAssembly;
  const vault = { issued: [], drawn: [], reply: (operation, body) => answer(operation, body, vault) };
  let idle;
  globalThis.location = new URL("https://app.example.com/");
  globalThis.requestIdleCallback = (work) => void (idle = work);
  mock.method(Date, "now", now);
  mock.method(WebAssembly, "instantiate", async (bytes, given) => {
    const made = await instantiate(bytes, { ...given, ...imports });
    vault.memory ??= made.instance?.exports.memory; // binaryen makes an instance of its own
    return made;
  });
  mock.method(crypto, "getRandomValues", (bytes) => {
    bytes.set(draw(bytes.length));
    vault.drawn.push(Buffer.from(bytes));
    return bytes;
  });
  mock.method(globalThis, "fetch", async (input, { headers, body } = {}) => {
    if (String(input).endsWith(".wasm")) return new Response(module);
    if (String(input).endsWith("jwks.json")) return Response.json({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] });
    return vault.reply(new Headers(headers).get("x-amz-target").split(".")[1], JSON.parse(body));
  });
  vault.auth = createAuth({ userPoolId: `eu-west-1_${inputs.poolName}`, clientId: CLIENT, endpoint: ENDPOINT, engine: "page", ...options });
  await vault.auth.signOut().catch(() => undefined); // the vault is there
  /** Lets the vault do what it does in idle time. */
  vault.rest = () => idle();
  vault.close = () => {
    vault.auth.close();
    mock.restoreAll();
    delete globalThis.location;
    delete globalThis.requestIdleCallback;
  };
  return vault;
}

/** What the service says to each operation where all goes well. */
export function answer(operation, body, { issued }) {
  switch (operation) {
    case "InitiateAuth":
      return body.AuthFlow === "USER_SRP_AUTH" ? challenge() : tokens(issued);
    case "RespondToAuthChallenge":
    case "GetTokensFromRefreshToken":
      return tokens(issued);
    case "SignUp":
      return Response.json({ UserConfirmed: false, UserSub: "1" });
    default:
      return Response.json({});
  }
}

export function challenge() {
  const { salt: SALT, B: SRP_B, secretBlock: SECRET_BLOCK, username } = inputs;
  return Response.json({ ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: { SALT, SRP_B, SECRET_BLOCK, USERNAME: username, USER_ID_FOR_SRP: username } });
}

export const newPassword = () =>
  Response.json({
    ChallengeName: "NEW_PASSWORD_REQUIRED",
    Session: randomBytes(300).toString("base64url"),
    ChallengeParameters: { USER_ID_FOR_SRP: inputs.username, requiredAttributes: "[]", userAttributes: "{}" },
  });

export const refuse = (type, message) => Response.json({ __type: type, message }, { status: 400 });

/** Tokens as the service signs them; `issued` keeps them. */
function tokens(issued) {
  const now = Math.floor(Date.now() / 1000);
  const common = { sub: "1", iss: ISSUER, iat: now, auth_time: now, exp: now + 3600, origin_jti: "o", jti: randomBytes(16).toString("hex") };
  const AccessToken = jwt({ ...common, token_use: "access", client_id: CLIENT, username: "ada", scope: "aws.cognito.signin.user.admin" });
  const IdToken = jwt({ ...common, token_use: "id", aud: CLIENT, "cognito:username": "ada", email: "ada@example.com" });
  const RefreshToken = randomBytes(600).toString("base64url");
  issued.push({ AccessToken, IdToken, RefreshToken });
  return Response.json({ AuthenticationResult: { AccessToken, IdToken, RefreshToken, ExpiresIn: 3600, TokenType: "Bearer" }, ChallengeParameters: {} });
}

function jwt(claims) {
  const signed = [{ alg: "RS256", kid: "1" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", signed, privateKey).toString("base64url")}`;
}
