// ministack, an independent user pool, as a child process with a pool and a client made in it.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { at, need } from "../e2e/support/project.mjs";

export const program = process.env.MINISTACK ?? at("target/tools/ministack-1.5.33/bin/ministack");
const signedFor = (service) => `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
/** The code that it sends to everyone who signs up. */
export const SIGN_UP_CODE = "123456";
/** The code that it sends to everyone who has forgotten a password. */
export const RESET_CODE = "654321";
const POLICY = { MinimumLength: 6, RequireUppercase: false, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false };

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export async function startMinistack() {
  need(program, "python3 -m venv, then pip install ministack==1.5.33 cryptography");
  const state = mkdtempSync(join(tmpdir(), "ministack-"));
  const port = await freePort();
  const child = spawn(program, {
    stdio: ["ignore", "ignore", "ignore"],
    env: {
      PATH: process.env.PATH,
      HOME: state,
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: "localhost",
      AUTH: "true",
      IOT_MTLS_ENABLED: "false",
      SERVICES: "cognito-idp,cognito-identity,ses,sns,lambda,iam,sts",
      STATE_DIR: state,
    },
  });
  const ended = once(child, "exit");
  const url = `http://localhost:${port}`;
  let over = false;
  ended.then(() => (over = true));
  for (;;) {
    if (over) throw new Error("ministack ended at once");
    const reply = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (reply?.ok) break;
    await new Promise((next) => setTimeout(next, 50));
  }

  const post = async (path, body, headers) => {
    const reply = await fetch(`${url}${path}`, { method: "POST", headers, body: body instanceof URLSearchParams ? body : JSON.stringify(body) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${headers["x-amz-target"] ?? path}: ${reply.status} ${text}`);
    return text.startsWith("{") ? JSON.parse(text) : {};
  };
  /** An operation of the user pool, or with a "." of the service that it names. */
  const ask = (operation, body, headers = { authorization: signedFor("cognito-idp") }) => {
    const target = operation.includes(".") ? operation : `AWSCognitoIdentityProviderService.${operation}`;
    return post("/", body, { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers });
  };
  const addPool = async (more = {}) =>
    (await ask("CreateUserPool", { PoolName: "peers", AutoVerifiedAttributes: ["email"], Policies: { PasswordPolicy: POLICY }, ...more })).UserPool.Id;
  const addClient = async (UserPoolId, flows = ["USER_SRP_AUTH"], more = {}) => {
    const ExplicitAuthFlows = [...flows, "REFRESH_TOKEN_AUTH"].map((flow) => `ALLOW_${flow}`);
    return (await ask("CreateUserPoolClient", { UserPoolId, ClientName: "peers", ExplicitAuthFlows, ...more })).UserPoolClient.ClientId;
  };
  const userPoolId = await addPool();
  return {
    url,
    userPoolId,
    clientId: await addClient(userPoolId),
    ask,
    /** Makes another pool, which takes any password of six characters; returns its id. */
    addPool,
    /** Makes a client of a pool with these flows beside the refresh; returns its id. */
    addClient,
    /** Makes a client that may use the hosted page; returns its id. */
    addHostedClient: (CallbackURLs, LogoutURLs) =>
      addClient(userPoolId, ["USER_SRP_AUTH"], {
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", "email", "aws.cognito.signin.user.admin"],
        SupportedIdentityProviders: ["COGNITO"],
        CallbackURLs,
        LogoutURLs,
      }),
    /** Makes a user; one whose password is not `permanent` has to choose another at the first sign-in. */
    async addUser(Username, Password, { attributes = {}, permanent: Permanent = true, pool: UserPoolId = userPoolId } = {}) {
      const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
      await ask("AdminCreateUser", { UserPoolId, Username, UserAttributes, MessageAction: "SUPPRESS" });
      await ask("AdminSetUserPassword", { UserPoolId, Username, Password, Permanent });
    },
    /** Makes the functions of a Python file the triggers of the pool, by the names of `LambdaConfig`. */
    async addTriggers(file, handlers) {
      const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] };
      const role = { Action: "CreateRole", Version: "2010-05-08", RoleName: "triggers", AssumeRolePolicyDocument: JSON.stringify(trust) };
      await post("/", new URLSearchParams(role), { authorization: signedFor("iam") });
      const archive = join(state, "triggers.zip");
      execFileSync(join(dirname(program), "python"), ["-m", "zipfile", "-c", archive, file]);
      const Code = { ZipFile: readFileSync(archive).toString("base64") };
      const LambdaConfig = {};
      for (const [trigger, Handler] of Object.entries(handlers)) {
        const made = { FunctionName: trigger, Runtime: "python3.12", Role: "arn:aws:iam::000000000000:role/triggers", Handler, Code };
        LambdaConfig[trigger] = (await post("/2015-03-31/functions", made, { authorization: signedFor("lambda") })).FunctionArn;
      }
      await ask("UpdateUserPool", { UserPoolId: userPoolId, LambdaConfig });
    },
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(state, { recursive: true, force: true });
    },
  };
}
