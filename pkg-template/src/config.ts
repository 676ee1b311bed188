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
  /**
   * `"exposed"` gives the Auth a call {@link ExposedAuth.tokens}, for what takes no `fetch`: a WebSocket, a client library. Every script of
   * the page can call it then. Default: `"sealed"`: no token leaves the vault.
   */
  readonly tokens?: "sealed" | "exposed" | undefined;
  /** Calls the FIPS endpoints of the Region; there are some in the United States only. Not with `endpoint`. */
  readonly fips?: boolean | undefined;
  /** Calls the endpoints that answer on IPv6 too, where they differ. Not with `endpoint`. */
  readonly dualStack?: boolean | undefined;
  /** For {@link Auth.awsCredentials}: `eu-west-1:` and a UUID. */
  readonly identityPoolId?: string | undefined;
  /** Where the identity pool's API is, an `https:` URL. Default: the Region's endpoint. */
  readonly identityEndpoint?: string | undefined;
  /** The name by which the identity pool knows the user pool. Default: the issuer without its scheme. */
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
   * the session no more. `reused`: it saw a refresh token for the second time. `lost`: the vault has crashed, and nothing else kept it.
   */
  | { readonly name: "signedOut"; readonly reason: "user" | "elsewhere" | "idle" | "expired" | "refused" | "reused" | "lost" }
  /** The tokens could not be refreshed; the session is kept, as `stale`. */
  | { readonly name: "refreshFailed"; readonly code: AuthErrorCode }
  /** The pool leaves it to the user whether this device is remembered: `devices.remember` or `devices.doNotRemember` says it. */
  | { readonly name: "rememberDevice" }
  /** This device could not be confirmed after a sign-in, which is no less a sign-in. */
  | { readonly name: "deviceFailed"; readonly code: AuthErrorCode }
  /** Nobody has touched any tab for long: in so many milliseconds the session ends. */
  | { readonly name: "idle"; readonly millis: number }
  /**
   * The storage is full, blocked or gone, which the reason says for a log, and the session is kept in memory alone; or, without a reason,
   * what it held was no session of this version, and is wiped.
   */
  | { readonly name: "storageFailed"; readonly reason?: string }
  /** A stronger engine could not be started, and this one is tried; the message is for a log. */
  | { readonly name: "engineFellBack"; readonly engine: EngineKind; readonly message: string }
  /**
   * The vault has crashed, a shared one perhaps with the tab that began it, and another one is started: calls and steps of before are over.
   * `restored` or `signedOut` tells what has become of the session; the message is for a log.
   */
  | { readonly name: "engineRestarted"; readonly message: string }
  /** The vault could not be loaded, or crashes again and again; every call rejects with `EngineFailed`. */
  | { readonly name: "engineFailed"; readonly message: string };

/** A checked configuration. @internal */
export interface CheckedConfig extends EngineOptions {
  readonly onEvent: ((event: AuthEvent) => void) | undefined;
}

/** What an option has to be: a text of this form, a value of this type, or what a function says of it, with the words for that. */
type Rule = RegExp | string | readonly [test: (value: unknown) => unknown, expected: string];
type Rules = Readonly<Record<string, Rule>>;

const isObject = (value: unknown): value is object => Object(value) === value;
const STORAGE = /^(memory|indexedDb|session|local)$/;
const OBJECT: Rule = [isObject, "an object"];
const ADDRESS: Rule = [secure, "an https URL"];
const FILE: Rule = [(value) => /^(?!blob:|data:)./.test(absolute(value) ?? ""), "the URL of a file"];
const MILLIS: Rule = [(value) => Number.isSafeInteger(value) && (value as number) > 0, "whole milliseconds"];

const OPTIONS: Rules = {
  userPoolId: /^(?=.{3,55}$)[\w-]+_[0-9a-zA-Z]+$/,
  clientId: /^[\w+]{1,128}$/,
  endpoint: ADDRESS,
  issuer: [(value) => [value].flat().length && [value].flat().every(secure), "an https URL"],
  engine: /^(shared|worker|page)$/,
  storage: [(value) => (isObject(value) ? ["load", "save", "clear"].every((call) => isOf("function", (value as Record<string, unknown>)[call])) : isOf(STORAGE, value)), `${STORAGE} or load, save and clear`],
  session: OBJECT,
  api: OBJECT,
  tokens: /^(sealed|exposed)$/,
  fips: "boolean",
  dualStack: "boolean",
  identityPoolId: /^[\w-]+:[0-9a-f-]+$/,
  identityEndpoint: ADDRESS,
  identityLogin: "string",
  appName: "string",
  wafToken: "function",
  contextData: "function",
  clientMetadata: [(value) => isObject(value) && Object.values(value).every((text) => isOf("string", text)), "an object of texts"],
  workerUrl: FILE,
  wasmUrl: FILE,
  trustedTypesPolicy: /^[-#=/@.%\w]+$/,
  onEvent: "function",
};
const API: Rules = {
  origins: [(value) => Array.isArray(value) && value.every((origin) => secure(origin)?.origin === origin), "exact origins like https://api.example.com"],
  token: /^(access|id)$/,
};
const SESSION: Rules = { idleTimeout: MILLIS, maxAge: MILLIS };

/** Throws `InvalidConfig`, whose message begins with the name of the wrong option. @internal */
export function checkConfig(given: AuthConfig): CheckedConfig {
  if (!isObject(given)) refuse("config", "an object");
  const options = checked(given, OPTIONS, "", ["userPoolId", "clientId"]);
  const { engine, issuer, storage = "memory", session = {}, api, tokens = "sealed", wafToken, contextData, clientMetadata, workerUrl, wasmUrl, trustedTypesPolicy = "cognito-vault", onEvent, ...plain } = options;
  const reached = pageStorage(storage, placeOf(plain));
  if (reached && engine === "shared") refuse("engine", "worker or page with this storage");
  if (options.endpoint && (options.fips || options.dualStack)) refuse("endpoint", "none with fips or dualStack");
  const { origins = [], token = "access" } = checked<Partial<NonNullable<typeof api>>>(api ?? {}, API, "api.", api && ["origins"]);
  return {
    config: {
      ...plain,
      issuers: issuer === undefined ? undefined : [issuer].flat(),
      apiOrigins: [...origins],
      apiToken: token,
      tokens,
      clientMetadata: clientMetadata && { ...clientMetadata },
      ...checked(session, SESSION, "session."),
      storage: reached && storage !== "session" ? "page" : (storage as "memory" | "indexedDb" | "session"),
    },
    engine,
    storage: reached,
    // Async, so that one that throws has failed like one that rejects: the call goes without.
    context: (wafToken ?? contextData) && ((username: string | undefined) => Promise.all([wafToken, contextData].map(async (ask) => ask?.(username)).map((said) => said.catch(() => undefined)))),
    trustedTypesPolicy,
    workerUrl: absolute(workerUrl),
    wasmUrl: absolute(wasmUrl),
    onEvent,
  };
}

/** The object's own members, each as its rule has it: what a script has put on `Object.prototype` is no option. */
function checked<T extends object>(given: T, rules: Rules, path: string, required: readonly string[] = []): T {
  const own = Object.assign(Object.create(null), given) as Record<string, unknown>;
  for (const name of [...required, ...Object.keys(own)]) {
    const rule = Object.hasOwn(rules, name) ? rules[name]! : refuse(path + name, "no such option");
    const [test, expected] = Array.isArray(rule) ? (rule as [(value: unknown) => unknown, string]) : [isOf.bind(undefined, rule as string), rule];
    if ((own[name] !== undefined || required.includes(name)) && !test(own[name])) refuse(path + name, `${expected}`);
  }
  return own as T;
}

const isOf = (rule: RegExp | string, value: unknown): boolean => (typeof rule === "string" ? typeof value === rule : typeof value === "string" && rule.test(value));

function refuse(field: string, expected: string): never {
  throw new AuthError("InvalidConfig", `${field}: expected ${expected}`);
}

/** https, or http on this machine; without credentials, query, fragment or wildcard. */
function secure(value: unknown): URL | undefined {
  const url = /[\s?#@\\*]/.test(value as string) ? undefined : parse(value);
  return /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/])/.test(url?.href ?? "") ? url : undefined;
}

/** Made absolute here, because the worker's own address is another base. */
const absolute = (value: unknown): string | undefined => parse(value, globalThis.document?.baseURI ?? globalThis.location?.href ?? "https://a")?.href;

function parse(value: unknown, base?: string): URL | undefined {
  try {
    return typeof value === "string" || value instanceof URL ? new URL(value, base) : undefined;
  } catch {
    return undefined;
  }
}
