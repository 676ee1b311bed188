// ministack, an independent user pool, as a child process with a pool and a client made in it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, need } from "../e2e/support/project.mjs";

export const program = process.env.MINISTACK ?? at("target/tools/ministack-1.5.33/bin/ministack");
const CREDENTIAL = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0";
/** The code that it sends to everyone who signs up. */
export const SIGN_UP_CODE = "123456";

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

  const ask = async (operation, body, headers = { authorization: CREDENTIAL }) => {
    const reply = await fetch(`${url}/`, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`, ...headers },
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${operation}: ${reply.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
  const { UserPool } = await ask("CreateUserPool", {
    PoolName: "peers",
    AutoVerifiedAttributes: ["email"],
    Policies: { PasswordPolicy: { MinimumLength: 6, RequireUppercase: false, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false } },
  });
  const { UserPoolClient } = await ask("CreateUserPoolClient", {
    UserPoolId: UserPool.Id,
    ClientName: "peers",
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  const userPoolId = UserPool.Id;
  return {
    url,
    userPoolId,
    clientId: UserPoolClient.ClientId,
    ask,
    /** Makes a client that may use the hosted page; returns its id. */
    async addHostedClient(CallbackURLs, LogoutURLs) {
      const { UserPoolClient } = await ask("CreateUserPoolClient", {
        UserPoolId: userPoolId,
        ClientName: "hosted",
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", "email", "aws.cognito.signin.user.admin"],
        SupportedIdentityProviders: ["COGNITO"],
        CallbackURLs,
        LogoutURLs,
      });
      return UserPoolClient.ClientId;
    },
    async addUser(Username, Password) {
      await ask("AdminCreateUser", { UserPoolId: userPoolId, Username, MessageAction: "SUPPRESS" });
      await ask("AdminSetUserPassword", { UserPoolId: userPoolId, Username, Password, Permanent: true });
    },
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(state, { recursive: true, force: true });
    },
  };
}
