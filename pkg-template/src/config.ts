// The configuration: what an app may say, checked once, copied and frozen.

import { AuthError } from "./errors.js";
import type { AuthErrorCode } from "./codes.js";
import type { EngineOptions } from "./engine.js";
import { placeOf } from "./name.js";
import type { EngineKind, SessionStorage, StorageKind } from "./places.js";
import { pageStorage } from "./storage.js";

/** What {@link createAuth} takes. It is copied: a later change of this object changes nothing. */
export interface AuthConfig {
  /** `eu-west-1_AbCdEf123`: Region, underscore, id. */
  readonly userPoolId: string;
  /** An app client without a secret: a page cannot keep one. */
  readonly clientId: string;
  /** Where the user pool's API is, an `https:` URL: a proxy or a local pool. Default: the Region's endpoint. */
  readonly endpoint?: string | undefined;
  /** The issuers whose tokens are accepted, compared exactly. Default: the pool's own. */
  readonly issuer?: string | readonly string[] | undefined;
  /**
   * Where the vault runs, and nowhere else. `"shared"`: in a worker that all tabs of this version and configuration share. `"worker"`: in
   * a worker of this page's own. `"page"`: on this page, whose scripts can then reach its memory.
   * Default: the first of these that this browser has, and the next where one cannot be started, which `engineFellBack` tells.
   */
  readonly engine?: EngineKind | undefined;
  /**
   * Where the session is kept besides the vault's memory. `"indexedDb"`: encrypted, under a key that scripts can use and not read.
   * `"session"`, `"local"`: this page's web storage, where any script can read the tokens; so it is with an object of the app's own. With
   * these the engine is `"worker"` or `"page"`. Default: `"memory"`, nowhere else. A storage that fails is told by `storageFailed`.
   */
  readonly storage?: StorageKind | SessionStorage | undefined;
  /** When a session ends by itself, whole milliseconds. */
  readonly session?:
    | {
        /** After so long without the user at any tab; `idle` tells when it is near. Default: never. */
        readonly idleTimeout?: number | undefined;
        /** So long after the sign-in. Default: when the service says so. */
        readonly maxAge?: number | undefined;
      }
    | undefined;
  /** Where {@link Auth.fetch} may send a token. */
  readonly api?:
    | {
        /** Exact origins, `https://api.example.com`: https, or http on a loopback address. */
        readonly origins: readonly string[];
        /** Which token they get. Default: `"access"`. */
        readonly token?: "access" | "id" | undefined;
      }
    | undefined;
  /** Calls the FIPS endpoints of the Region; there are some in the United States only. Not with `endpoint`. */
  readonly fips?: boolean | undefined;
  /** Calls the endpoints that answer on IPv6 too, where they differ. Not with `endpoint`. */
  readonly dualStack?: boolean | undefined;
  /** For {@link Auth.awsCredentials}: `eu-west-1:` and a UUID. */
  readonly identityPoolId?: string | undefined;
  /** Where the identity pool's API is, an `https:` URL. Default: the Region's endpoint. */
  readonly identityEndpoint?: string | undefined;
  /** The name by which the identity pool knows the user pool. Default: the issuer's address without `https://`. */
  readonly identityLogin?: string | undefined;
  /** What authenticator apps call this app. Default: the page's host. */
  readonly appName?: string | undefined;
  /** Asked before each call for the token of AWS WAF, which goes along as `aws-waf-token`. Where it fails, the call goes without. */
  readonly wafToken?: (() => Promise<string | undefined>) | undefined;
  /**
   * Asked before each call for what threat protection wants to know of the browser, which goes along as `UserContextData`:
   * `AmazonCognitoAdvancedSecurityData.getData(username, userPoolId, clientId)`. Where it fails, the call goes without.
   */
  readonly contextData?: ((username: string | undefined) => Promise<string | undefined>) | undefined;
  /** Handed to the pool's triggers with every call that takes it. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
  /** Where `worker.js` of this package is, of the page's own origin. Default: beside the module. */
  readonly workerUrl?: string | URL | undefined;
  /** Where `cognito_vault.wasm` of this package is. Default: beside the worker. */
  readonly wasmUrl?: string | URL | undefined;
  /** The Trusted Types policy that is made for the worker's URL where the page requires one. Default: `"cognito-vault"`. */
  readonly trustedTypesPolicy?: string | undefined;
  /** Told of every change; never with a secret. */
  readonly onEvent?: ((event: AuthEvent) => void) | undefined;
}

/** What happened, for logs and side effects; what to show is in the snapshot. */
export type AuthEvent =
  /** `restored`: a session goes on that was kept, or that another tab has. */
  | { readonly name: "signedIn" | "restored" | "refreshed" }
  /**
   * `user`: asked for here. `elsewhere`: in another tab. `idle`, `expired`: by `session` of the configuration. `refused`: the service takes
   * the session no more. `reused`: it saw a refresh token for the second time.
   */
  | { readonly name: "signedOut"; readonly reason: "user" | "elsewhere" | "idle" | "expired" | "refused" | "reused" }
  /** The tokens could not be refreshed; the session is kept, as `stale`. */
  | { readonly name: "refreshFailed"; readonly code: AuthErrorCode }
  /** Nobody has touched any tab for long: in so many milliseconds the session ends. */
  | { readonly name: "idle"; readonly millis: number }
  /**
   * The storage is full, blocked or gone, which the reason says for a log, and the session is kept in memory alone; or, without a reason,
   * what it held was no session of this version, and is wiped.
   */
  | { readonly name: "storageFailed"; readonly reason?: string }
  /** A stronger engine could not be started, and this one is tried; the message is for a log. */
  | { readonly name: "engineFellBack"; readonly engine: EngineKind; readonly message: string }
  /** The vault could not be loaded or has crashed; every call rejects with `EngineFailed`. */
  | { readonly name: "engineFailed"; readonly message: string };

/** A checked configuration. @internal */
export interface CheckedConfig extends EngineOptions {
  readonly onEvent: ((event: AuthEvent) => void) | undefined;
}

const KINDS: readonly unknown[] = ["memory", "indexedDb", "session", "local"];
const STORAGE = ["load", "save", "clear"] as const;

/** Throws `InvalidConfig`, whose message begins with the name of the wrong option. @internal */
export function checkConfig(given: AuthConfig): CheckedConfig {
  if (!isObject(given)) refuse("config", "an object");
  const { userPoolId, clientId, endpoint, issuer, engine, storage = "memory", session = {}, api, clientMetadata, ...more } = ownOf(given);
  const { workerUrl, wasmUrl, trustedTypesPolicy = "cognito-vault", onEvent, wafToken, contextData, ...others } = ownOf(more);
  const { fips, dualStack, identityPoolId, identityEndpoint, identityLogin, appName, ...unknown } = ownOf(others);
  onlyKnown(unknown, "");
  if (!isText(userPoolId) || userPoolId.length > 55 || !/^[\w-]+_[0-9a-zA-Z]+$/.test(userPoolId)) refuse("userPoolId", "an id like eu-west-1_AbCdEf123");
  if (!isText(clientId) || !/^[\w+]{1,128}$/.test(clientId)) refuse("clientId", "an app client's id");
  const own = typeof storage === "object";
  if (own ? !STORAGE.every((call) => typeof storage?.[call] === "function") : !KINDS.includes(storage)) refuse("storage", `${KINDS.join(", ")} or an object with load, save and clear`);
  const reached = own || storage === "session" || storage === "local";
  const engines = reached ? ["worker", "page"] : ["shared", "worker", "page"];
  if (engine !== undefined && !engines.includes(engine)) refuse("engine", `${engines.join(" or ")}${reached ? " with this storage" : ""}`);
  if (!isText(trustedTypesPolicy) || !/^[-#=/@.%\w]+$/.test(trustedTypesPolicy)) refuse("trustedTypesPolicy", "the name of a policy");
  every({ onEvent, wafToken, contextData }, "function");
  every({ fips, dualStack }, "boolean");
  every({ identityPoolId, identityLogin, appName }, "string");
  if (identityPoolId !== undefined && !/^[\w-]+:[0-9a-f-]+$/.test(identityPoolId)) refuse("identityPoolId", "a Region, a colon and a UUID");
  if (endpoint !== undefined) {
    secureUrl("endpoint", endpoint);
    if (fips || dualStack) refuse("endpoint", "none with fips or dualStack");
  }
  if (identityEndpoint !== undefined) secureUrl("identityEndpoint", identityEndpoint);
  const issuers = issuer === undefined ? undefined : isText(issuer) ? [issuer] : list("issuer", issuer);
  issuers?.forEach((one) => secureUrl("issuer", one));
  if (issuers?.length === 0) refuse("issuer", "one issuer or more");
  return Object.freeze({
    config: Object.freeze({
      userPoolId,
      clientId,
      endpoint,
      issuers: Object.freeze(issuers),
      ...checkApi(api),
      fips,
      dualStack,
      identityPoolId,
      identityEndpoint,
      identityLogin,
      appName,
      clientMetadata: clientMetadata === undefined ? undefined : texts("clientMetadata", clientMetadata),
      ...checkSession(session),
      storage: reached && storage !== "session" ? "page" : (storage as "memory" | "indexedDb" | "session"),
    }),
    engine,
    storage: pageStorage(storage, placeOf(given)),
    context: (wafToken || contextData) && (async (username?: string) => ({ wafToken: await said(wafToken), contextData: await said(contextData, username) })),
    trustedTypesPolicy,
    workerUrl: fileUrl("workerUrl", workerUrl),
    wasmUrl: fileUrl("wasmUrl", wasmUrl),
    onEvent,
  });
}

/** What a callback of the app's says; nothing where it fails. */
async function said(ask: ((username: string | undefined) => Promise<string | undefined>) | undefined, username?: string): Promise<string | undefined> {
  try {
    return await ask?.(username);
  } catch {
    return undefined;
  }
}

function every(options: object, type: string): void {
  for (const [name, value] of Object.entries(options)) if (value !== undefined && typeof value !== type) refuse(name, `a ${type}`);
}

function checkApi(api: AuthConfig["api"]): { apiOrigins: readonly string[]; apiToken: "access" | "id" } {
  if (api === undefined) return { apiOrigins: Object.freeze([]), apiToken: "access" };
  if (!isObject(api)) refuse("api", "an object");
  const { origins, token = "access", ...unknown } = ownOf(api);
  onlyKnown(unknown, "api.");
  if (token !== "access" && token !== "id") refuse("api.token", '"access" or "id"');
  const apiOrigins = list("api.origins", origins);
  for (const origin of apiOrigins) if (secureUrl("api.origins", origin).origin !== origin) refuse("api.origins", "exact origins like https://api.example.com");
  return { apiOrigins: Object.freeze(apiOrigins), apiToken: token };
}

function checkSession(session: NonNullable<AuthConfig["session"]>): { idleTimeout: number | undefined; maxAge: number | undefined } {
  if (!isObject(session)) refuse("session", "an object");
  const { idleTimeout, maxAge, ...unknown } = ownOf(session);
  onlyKnown(unknown, "session.");
  for (const [name, millis] of Object.entries({ idleTimeout, maxAge })) {
    if (millis !== undefined && !(Number.isSafeInteger(millis) && millis > 0)) refuse(`session.${name}`, "whole milliseconds");
  }
  return { idleTimeout, maxAge };
}

function refuse(field: string, expected: string): never {
  throw new AuthError("InvalidConfig", `${field}: expected ${expected}`);
}

const isText = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The object's own members: what a script has put on `Object.prototype` is no option. */
const ownOf = <T extends object>(given: T): T => Object.assign(Object.create(null), given);

function onlyKnown(rest: object, path: string): void {
  for (const name of Object.keys(rest)) refuse(path + name, "no such option");
}

function list(field: string, value: unknown): string[] {
  if (!Array.isArray(value)) refuse(field, "a list");
  return [...(value as string[])];
}

function texts(field: string, value: object): Readonly<Record<string, string>> {
  const copy = isObject(value) ? ({ ...value } as Record<string, string>) : refuse(field, "an object");
  if (!Object.values(copy).every(isText)) refuse(field, "text values");
  return Object.freeze(copy);
}

/** https, or http on this machine; without credentials, query, fragment or wildcard. */
function secureUrl(field: string, value: unknown): URL {
  const url = isText(value) && !/[\s?#@\\*]/.test(value) ? parse(value) : undefined;
  const local = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (!url || !(local || url.protocol === "https:")) refuse(field, "an https URL");
  return url;
}

/** Made absolute here, because the worker's own address is another base. */
function fileUrl(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const base = globalThis.document?.baseURI ?? globalThis.location?.href ?? "https://server.invalid";
  const url = isText(value) || value instanceof URL ? parse(value, base) : undefined;
  if (!url || /^(blob|data):/.test(url.protocol)) refuse(field, "the URL of a file");
  return url.href;
}

function parse(value: string | URL, base?: string): URL | undefined {
  try {
    return new URL(value, base);
  } catch {
    return undefined;
  }
}
