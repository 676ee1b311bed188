// The demo's settings, and the one auth object made from them, outside every component.
import { createAuth, type Auth, type AuthEvent } from "cognito-vault";
import { createHostedPage, type HostedPage } from "cognito-vault/hosted";
import { tellOfDevice } from "./device";
import { tell } from "./notice";
import { goTo } from "./route";

export interface DemoConfig {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly endpoint: string;
  readonly issuer: string;
  readonly apiOrigin: string;
  /** Whether the pool is the demo's own, which shows the codes that it would have sent, and lets itself be set up. */
  readonly mailbox: boolean;
  /** The identity pool, if there is one; the demo's is at the user pool's address. */
  readonly identityPoolId: string | undefined;
  /** Where the pool's hosted page is, if it has one. */
  readonly hostedDomain: string | undefined;
}

/** Reads /config.json. Rejects with a TypeError that says what is wrong with it. */
export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetch("/config.json", { cache: "no-store" });
  if (!response.ok) throw new TypeError(`config.json could not be read: ${response.status}`);
  const read: unknown = await response.json().catch(() => undefined);
  if (typeof read !== "object" || read === null) throw new TypeError("config.json is missing, or is not JSON");
  const text = (name: string): string => {
    const value = (read as Record<string, unknown>)[name];
    if (typeof value !== "string" || value === "") throw new TypeError(`config.json has no ${name}`);
    return value;
  };
  return {
    userPoolId: text("userPoolId"),
    clientId: text("clientId"),
    endpoint: text("endpoint"),
    issuer: text("issuer"),
    apiOrigin: text("apiOrigin"),
    mailbox: (read as Record<string, unknown>)["mailbox"] === true,
    identityPoolId: "identityPoolId" in read ? text("identityPoolId") : undefined,
    hostedDomain: "hostedDomain" in read ? text("hostedDomain") : undefined,
  };
}

export function makeAuth(config: DemoConfig): Auth {
  return createAuth({
    userPoolId: config.userPoolId,
    clientId: config.clientId,
    endpoint: config.endpoint,
    issuer: config.issuer,
    api: { origins: [config.apiOrigin], token: "access" },
    // In a worker or not at all: the page says that scripts cannot reach the tokens.
    engine: "worker",
    identityPoolId: config.identityPoolId,
    identityEndpoint: config.endpoint,
    appName: "cognito-vault demo",
    onEvent: showSession,
  });
}

export function makeHostedPage(auth: Auth, { hostedDomain }: DemoConfig): HostedPage | undefined {
  if (hostedDomain === undefined) return undefined;
  return createHostedPage(auth, { domain: hostedDomain, redirectUri: `${location.origin}/callback`, signOutUri: `${location.origin}/` });
}

function showSession(event: AuthEvent): void {
  switch (event.name) {
    case "signedIn":
      return tell(undefined);
    case "rememberDevice":
      return tellOfDevice({ asks: true });
    case "deviceFailed":
      return tellOfDevice({ failed: event.code });
    case "signedOut":
      tellOfDevice();
      return backToSignIn(event.reason === "user" ? "You are signed out." : "Your session has ended. Please sign in again.");
    case "engineFailed":
      return backToSignIn("The vault has stopped, and the session with it. Reload the page.");
  }
}

function backToSignIn(why: string): void {
  goTo("sign-in");
  tell(why);
}
