// An Auth for an app's own tests: no worker, no network, nothing but what the test says.

import { CALLS } from "./calls.js";
import { AuthError, type Abortable, type Delivery, type ExposedAuth, type ResetStep, type SignInStep, type SignUpStep, type Snapshot, type TotpSetUpStep, type UserClaims } from "./index.js";
import { readUser } from "./user.js";

/** A step by its data: its calls are made from the steps that follow. `signedIn` needs no user. */
export type TestStep = Shown<Exclude<SignInStep | SignUpStep | ResetStep | TotpSetUpStep, { name: "signedIn" }>> | { readonly name: "signedIn"; readonly user?: TestUser };
type Shown<Step> = Step extends unknown ? { readonly [Name in keyof Step as Step[Name] extends (...given: never) => unknown ? never : Name]: Step[Name] } : never;

/** What a call comes to: the next step, or an error, after which the step before stays answerable. */
export type TestOutcome = TestStep | AuthError;

/** Some claims; `sub` and `cognito:username` are there without being named. */
export type TestUser = Readonly<Record<string, unknown>> & Partial<UserClaims>;

/** Calls of the test's own. */
export type TestCalls = { readonly [Name in keyof ExposedAuth]?: ExposedAuth[Name] extends (...given: never) => unknown ? ExposedAuth[Name] : Partial<ExposedAuth[Name]> };

export interface TestAuthOptions {
  /** Who is signed in at the start; nobody without it. */
  readonly user?: TestUser | undefined;
  /**
   * What `signIn`, `signUp`, `resetPassword`, `mfa.setUpTotp` and the answers of their steps come to, one after the other; a function gets what the
   * call was given. Default: one `signedIn`.
   */
  readonly steps?: readonly (TestOutcome | ((asked: unknown) => TestOutcome | Promise<TestOutcome>))[] | undefined;
  /** What the other calls do; one that is missing here rejects with `InvalidState`, which names it. `signOut` and `refresh` need not be said. */
  readonly calls?: TestCalls | undefined;
}

/** An {@link Auth} whose state the test says. */
export interface TestAuth<Claims extends object = object> extends ExposedAuth<Claims> {
  /** Shows this from now on, as after news from the vault: `auth.show({ status: "stale", user })`. */
  show(next: { readonly status: Snapshot["status"]; readonly user?: TestUser | undefined }): void;
}

const SOMEONE = { sub: "3f2b6c1e-8f0a-4c57-9f43-0b7f7f0d9a11", "cognito:username": "ada" };

/** Makes an {@link Auth} that does what the test says; its calls may be spied on and replaced. */
export function createTestAuth<Claims extends object = object>({ user, steps = [{ name: "signedIn" }], calls = {} }: TestAuthOptions = {}): TestAuth<Claims> {
  const listeners = new Set<() => void>();
  const ahead = [...steps];
  let snapshot: Snapshot = { status: "loading" };

  const show: TestAuth["show"] = ({ status, user = snapshot.user }) => {
    const nobody = status === "loading" || status === "signedOut";
    snapshot = Object.freeze(nobody ? { status } : { status, user: readUser<object>(JSON.stringify({ ...SOMEONE, ...user })) });
    for (const listener of listeners) listener();
  };
  show(user ? { status: "signedIn", user } : { status: "signedOut" });

  /** What the next step says, unless the caller gives up before. */
  async function take(asked: unknown, signal: AbortSignal | null | undefined): Promise<unknown> {
    const next = ahead.shift();
    if (!next) throw new AuthError("InvalidState", "the test has no more steps");
    const gaveUp = new Promise<never>((_, reject) => {
      const abort = () => reject(new AuthError("Aborted", "the caller gave up", { cause: signal!.reason }));
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort);
    });
    const outcome = await Promise.race([gaveUp, (async () => (typeof next === "function" ? next(asked) : next))()]);
    if (outcome instanceof Error) throw outcome;
    return toStep(outcome);
  }

  function toStep(step: TestStep): unknown {
    if (step.name === "signedIn") {
      show({ status: "signedIn", user: step.user });
      return Object.freeze({ ...step, user: snapshot.user });
    }
    if (/^(signedUp|passwordReset|totpReady)$/.test(step.name)) return Object.freeze({ ...step });
    let answered = false;
    const answer = async (given?: unknown, options?: Abortable) => {
      if (answered) throw new AuthError("InvalidState", "this step was answered already");
      answered = true;
      try {
        return await take(given, (options ?? (given as Abortable | undefined))?.signal);
      } catch (error) {
        answered = false;
        throw error;
      }
    };
    const resend = async (): Promise<Delivery | undefined> => (step as { sentTo?: Delivery }).sentTo;
    return Object.freeze({ ...step, answer, ...("username" in step && { resend }), giveUp: () => void (answered = true) });
  }

  const begin = (request?: unknown) => take(request, (Object(request) as Abortable).signal);

  const auth: Record<string, unknown> = {
    snapshot: () => snapshot,
    subscribe(listener: () => void) {
      const entry = () => listener();
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    ready: () =>
      new Promise<Snapshot>((resolve) => {
        const look = () => {
          if (snapshot.status === "loading") return;
          listeners.delete(look);
          resolve(snapshot);
        };
        listeners.add(look);
        look();
      }),
    close: () => show({ status: "signedOut" }),
    show,
    mfa: {},
    passkeys: {},
    devices: {},
    sessions: {},
  };
  const known: Record<string, unknown> = {
    signIn: begin,
    signUp: begin,
    resetPassword: begin,
    "mfa.setUpTotp": begin,
    signOut: async () => show({ status: "signedOut" }),
    refresh: async () => undefined,
  };
  for (const path of [...CALLS.split(" "), ...Object.keys(known), "resendSignUpCode", "awsCredentials", "tokens", "fetch", "passkeys.register", "passkeys.delete", "passkeys.supported"]) {
    const [area, name] = path.split(".") as [string, string?];
    const home = (name ? auth[area] : auth) as Record<string, unknown>;
    const missing = async () => {
      throw new AuthError("InvalidState", `the test says nothing of ${path}()`);
    };
    home[name ?? area] = known[path] ?? missing;
  }
  for (const [name, given] of Object.entries(calls)) auth[name] = typeof given === "function" ? given : { ...(auth[name] as object), ...given };
  return auth as object as TestAuth<Claims>;
}
