// The page's calls, as the core's: every step and every operation, by the name that a page may say.

import type { Tokens } from "./calls.js";
import type { Core, Said } from "./edge.js";
import type { VaultConfig } from "./engine.js";
import { openIdentity } from "./identity.js";
import { OPERATIONS, type Operation, type Password } from "./operations.js";
import { plainError, wrongForm } from "./plain.js";
import { PREFERRED, read, stepOf, toDelivery, toPairs, type Asked, type Reply } from "./shapes.js";
import type { NewPasswordStep } from "./steps.js";
import type { Grant, Tokens as Kept } from "./takeover.js";

/** A call by its name; before what the page hands over, the signal that says whether the page still waits. */
export type Calls = Readonly<Record<string, (signal: AbortSignal, ...given: never[]) => unknown>>;

export interface Account {
  readonly calls: Calls;
  /** Who is signed in now, as the JSON of the claims. */
  told(user: string | undefined): void;
}

/** A step that waits for its answer. */
interface Open {
  answer(signal: AbortSignal, given: unknown, options: unknown): Promise<unknown>;
  resend(signal: AbortSignal): Promise<unknown>;
  giveUp(signal: AbortSignal): Promise<unknown>;
}

interface Begin {
  readonly username: string;
  readonly password?: Password;
  readonly flow?: string;
  readonly prefer?: string;
  readonly stepUp?: { readonly acrValues: readonly string[]; readonly maxAge?: number };
  readonly attributes?: Texts;
  readonly validationData?: Texts;
  readonly clientMetadata?: Texts;
}

type Texts = Readonly<Record<string, string>>;

/** `core` is asked for at each call: it may still be loading. */
export function openAccount(config: VaultConfig, core: () => Promise<Core>): Account {
  const steps = new Map<string, Open>();
  let claims: Readonly<Record<string, string>> = {};

  const call = async <T>(signal: AbortSignal, method: string, texts: readonly Said[] = [], passwords: readonly Password[] = []): Promise<T> =>
    (await (await core()).call(method, texts, signal, passwords)) as T;

  const ask = async (signal: AbortSignal, operation: string, members: object, passwords: readonly [string, Password][] = []): Promise<Reply> =>
    (await call<Reply | undefined>(signal, operation, [shaped(() => JSON.stringify(members)), ...passwords.map(([name]) => name)], passwords.map(([, password]) => password))) ?? {};

  /** What goes to the pool's triggers: of two values under one name that of the call. */
  function withMetadata(own: Texts | undefined): Texts | undefined {
    const all = { ...config.clientMetadata, ...own };
    return Object.keys(all).length > 0 ? all : undefined;
  }

  async function operate(signal: AbortSignal, { operation, members, passwords = () => ({}), metadata, reply }: Operation, given?: unknown, more?: unknown): Promise<unknown> {
    const ClientMetadata = metadata && withMetadata((Object(metadata === "given" ? given : more) as Begin).clientMetadata);
    const [named, secrets] = shaped(() => [members?.(given as never, more as never), Object.entries(passwords(given as never))]);
    const answer = await ask(signal, operation, { ...named, ClientMetadata }, secrets.filter((one): one is [string, Password] => one[1] !== undefined));
    return reply && read(() => reply(answer));
  }

  const run = <T>(signal: AbortSignal, name: keyof typeof OPERATIONS, given?: unknown, more?: unknown) => operate(signal, OPERATIONS[name]!, given, more) as Promise<T>;

  const identity = openIdentity(config.identityPoolId, (operation, members) => ask(new AbortController().signal, operation, members), async () => (await core()).now());

  /** Keeps how a step of the core is answered; `username` is whose sign-in it is. */
  function follow(asked: Asked, username: string): object {
    const step = stepOf(asked);
    const { id, secret } = step;
    if (id === undefined) return step;
    return keep(secret === undefined ? step : { ...step, ...shown(secret, username) }, {
      async answer(signal, given) {
        const { code, email, responses, password } = shaped(() => toAnswer(step, given));
        return follow(await call(signal, "answer", [`${id}`, code, email, responses], [password ?? ""]), username);
      },
      resend: async (signal) => toDelivery((await call<Reply>(signal, "resend", [`${id}`]))["CodeDeliveryDetails"]),
      giveUp: (signal) => call(signal, "giveUp", [`${id}`]),
    });
  }

  /** The step under a name that nobody can guess: no other page, and not this one for a step of another vault. */
  function keep(step: object, open: Partial<Open>): object {
    const id = crypto.randomUUID();
    steps.set(id, { ...CLOSED, ...open });
    return { ...step, id };
  }

  /** The secret as authenticator apps read it off a picture. */
  function shown(secret: string, account: string): object {
    const issuer = encodeURIComponent(config.appName ?? location.hostname);
    return { secret, otpauthUri: `otpauth://totp/${issuer}:${encodeURIComponent(account)}?secret=${secret}&issuer=${issuer}` };
  }

  const open = (id: string): Open => steps.get(id) ?? CLOSED;

  const begin = (method: string, toTexts: (given: Begin) => readonly Said[]) => async (signal: AbortSignal, given: Begin) => {
    const texts = shaped(() => [given.username, ...toTexts(given), JSON.stringify(withMetadata(given.clientMetadata))]);
    return follow(await call(signal, method, texts, [given.password ?? ""]), given.username);
  };

  const calls = {
    ...Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, (signal: AbortSignal, given: never, more: never) => run(signal, name, given, more)])),
    signIn: begin("signIn", toSignIn),
    signUp: begin("signUp", toSignUp),
    async answer(signal: AbortSignal, id: string, given: unknown, options: unknown) {
      const next = await open(id).answer(signal, given, options);
      steps.delete(id);
      return next;
    },
    resend: (signal: AbortSignal, id: string) => open(id).resend(signal),
    async giveUp(signal: AbortSignal, id: string) {
      const { giveUp } = open(id);
      steps.delete(id);
      await giveUp(signal);
    },
    async resetPassword(signal: AbortSignal, request: { readonly username: string }) {
      const send = (signal: AbortSignal) => run(signal, "resetPassword", request);
      const sentTo = await send(signal);
      return keep({ name: "resetPassword", username: request.username, ...(sentTo !== undefined && { sentTo }) }, {
        async answer(signal, given) {
          await run(signal, "confirmResetPassword", { ...request, ...(given as object) });
          return { name: "passwordReset" };
        },
        resend: send,
      });
    },
    async "mfa.setUpTotp"(signal: AbortSignal) {
      const secret = await run<string>(signal, "mfa.setUpTotp");
      // A user name that is only the user's id says nothing in a list of accounts.
      const { sub, email, ["cognito:username"]: username = "" } = claims;
      return keep({ name: "setUpTotp", ...shown(secret, (username === sub && email) || username) }, {
        async answer(signal, code, options) {
          if (!(await run(signal, "mfa.verifyTotp", code, options))) throw plainError("EnableSoftwareTokenMFA", "the code was not accepted");
          return { name: "totpReady" };
        },
      });
    },
    refresh: (signal: AbortSignal) => call(signal, "refresh"),
    signOut: (signal: AbortSignal, options?: { readonly everywhere?: unknown }) => call(signal, options?.everywhere === true ? "signOutEverywhere" : "signOut"),
    importSession: (signal: AbortSignal, { id, access, refresh, device }: Kept) => call(signal, "importSession", [id, access, refresh, device?.username, JSON.stringify(device)]),
    exchange(signal: AbortSignal, { domain, code, verifier, redirectUri, nonce }: Grant) {
      const form = new URLSearchParams({ grant_type: "authorization_code", client_id: config.clientId, code, redirect_uri: redirectUri, code_verifier: verifier });
      return call(signal, "exchange", [`${domain}/oauth2/token`, `${form}`, nonce]);
    },
    fetch: async (signal: AbortSignal, request: never) => (await core()).fetch(request, signal),
    /** The core takes the page for one of the API's origins, where the app wants it so. */
    async tokens(signal: AbortSignal) {
      let tokens: Tokens | undefined;
      const send = async (accessToken: string, idToken: string): Promise<[string, number]> => {
        tokens = { accessToken, idToken };
        return ["", 200];
      };
      await (await core()).call("fetch", ["exposed"], signal, [], send);
      return tokens;
    },
    awsCredentials: () => identity.credentials(),
  };

  return {
    calls: calls as Calls,
    told(user) {
      claims = JSON.parse(user ?? "{}") as typeof claims;
      identity.told(claims["sub"]);
    },
  };
}

const toSignIn = ({ password, flow, prefer, stepUp }: Begin): readonly Said[] => [
  flow ?? (prefer || stepUp || password === undefined ? "choice" : undefined),
  PREFERRED[prefer!],
  JSON.stringify(stepUp && { TARGET_ACR_VALUES: stepUp.acrValues.join(" "), MAX_AGE: stepUp.maxAge?.toString() }),
];

function toSignUp({ attributes = {}, validationData = {} }: Begin): readonly Said[] {
  const lists = Object.entries({ UserAttributes: toPairs(attributes), ValidationData: toPairs(validationData) });
  return [JSON.stringify(Object.fromEntries(lists.filter(([, pairs]) => pairs.length > 0)))];
}

/** What a page answers, as the core takes it. */
interface Given {
  readonly code?: string;
  readonly email?: string;
  readonly responses?: string;
  readonly password?: Password;
}

function toAnswer(step: object, given: unknown): Given {
  const { name, requiredAttributes = [], attributes: has = {} } = step as Omit<Partial<NewPasswordStep>, "name"> & Asked;
  if (name === "password") return { password: given as Password };
  if (name === "passkey") return { code: JSON.stringify(given) };
  if (name !== "newPassword") return typeof given === "string" ? { code: given } : Object(given);
  const { password, attributes = {} } = given as { readonly password: Password; readonly attributes?: Texts };
  const missing = requiredAttributes.find((name) => !attributes[name]);
  if (missing !== undefined) throw plainError("InvalidParameter", `the pool requires the attribute ${missing}`);
  const repeated = Object.keys(attributes).find((name) => Object.hasOwn(has, name) && !requiredAttributes.includes(name));
  if (repeated !== undefined) throw plainError("InvalidParameter", `the account already has the attribute ${repeated}`);
  return { password, responses: JSON.stringify(Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`userAttributes.${name}`, value]))) };
}

const refused = (): never => {
  throw plainError("InvalidState", "this step was answered already, or cannot do this");
};

/** A step that is over, or that knows no such call. */
const CLOSED: Open = { answer: refused, resend: refused, giveUp: async () => undefined };

/** Reads what a page has handed over, which may be anything. */
function shaped<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw wrongForm();
  }
}
