// The Auth object: calls the engine, holds the latest snapshot, tells subscribers.

import {
  CALLS,
  type Attributes,
  type AwsCredentials,
  type CallOptions,
  type ConfirmResetPasswordRequest,
  type ConfirmSignUpRequest,
  type Devices,
  type Factors,
  type Mfa,
  type Named,
  type Passkey,
  type PasskeyCreation,
  type Passkeys,
  type Sessions,
  type SignInRequest,
  type SignUpRequest,
  type Tokens,
} from "./calls.js";
import { checkConfig, type AuthConfig, type AuthEvent } from "./config.js";
import { startEngine, type Tell } from "./engine.js";
import { AuthError } from "./errors.js";
import { VAULT, type Takeover } from "./takeover.js";
import { toStep, withPasskeys, type Abortable, type Delivery, type Password, type ResetStep, type SignInStep, type SignUpStep, type StepMessage } from "./steps.js";
import { readUser, type Snapshot, type User } from "./user.js";

/**
 * One user pool, one app client, at most one signed-in user. Every call rejects with an {@link AuthError}; besides its own codes
 * any may reject with `Network`, `Timeout`, `TooManyRequests`, `InternalError`, `InvalidResponse`, `InvalidParameter`, with
 * `EngineFailed` where the vault could not be loaded, and with `InvalidState` after `close()`. The functions may be used without the object.
 */
export interface Auth<Claims extends object = object> {
  /** What is known now; the same object until something in it has changed. */
  snapshot(): Snapshot<Claims>;

  /** Calls `listener` after every change of the snapshot, until the returned function is called. */
  subscribe(listener: () => void): () => void;

  /** The first snapshot that is not `loading`. Codes: `EngineFailed`, on a server too. */
  ready(): Promise<Snapshot<Claims>>;

  /**
   * Signs in (InitiateAuth, RespondToAuthChallenge) and says what is asked next.
   * Codes: `NotAuthorized` for a wrong user name or password, `PasswordResetRequired`, `UserNotConfirmed`, `UserLambdaValidation`,
   * `FeatureUnavailableInTier`, `UnsupportedChallenge`, `InvalidToken`, `Aborted`.
   */
  signIn(request: SignInRequest): Promise<SignInStep<Claims>>;

  /** Makes an account (SignUp). Codes: `UsernameExists`, `InvalidPassword`, `UserLambdaValidation`, `CodeDeliveryFailure`, `LimitExceeded`, `Aborted`. */
  signUp(request: SignUpRequest): Promise<SignUpStep<Claims>>;

  /** Confirms an account on a later visit (ConfirmSignUp). Codes: `CodeMismatch`, `ExpiredCode`, `AliasExists`, `NotAuthorized`, `TooManyFailedAttempts`. */
  confirmSignUp(request: ConfirmSignUpRequest): Promise<void>;

  /** Sends a new confirmation code (ResendConfirmationCode). Codes: `LimitExceeded`, `CodeDeliveryFailure`. */
  resendSignUpCode(request: Named): Promise<Delivery | undefined>;

  /**
   * Sends a code that allows a new password (ForgotPassword). Codes: `LimitExceeded`, `CodeDeliveryFailure`, `InvalidParameter` where the user
   * has no address that was verified, `NotAuthorized`, `Aborted`.
   */
  resetPassword(request: Named): Promise<ResetStep>;

  /** Sets the new password on a later visit (ConfirmForgotPassword). Codes: those of the step's answer. */
  confirmResetPassword(request: ConfirmResetPasswordRequest): Promise<void>;

  /** The user's attributes as the service holds them now (GetUser). Codes: `NotSignedIn`, `NotAuthorized`. */
  attributes(): Promise<Attributes>;

  /**
   * Writes attributes (UpdateUserAttributes); resolves to the codes that were sent to prove new addresses, for {@link verifyAttribute}.
   * The user's claims follow at the next refresh. Codes: `NotSignedIn`, `NotAuthorized`, `AliasExists`, `InvalidParameter`, `CodeDeliveryFailure`.
   */
  updateAttributes(attributes: Attributes, options?: CallOptions): Promise<readonly Delivery[]>;

  /** DeleteUserAttributes. Codes: `NotSignedIn`, `NotAuthorized`, `InvalidParameter`. */
  deleteAttributes(names: readonly string[]): Promise<void>;

  /** Sends a code that proves the address of an attribute (GetUserAttributeVerificationCode). Codes: `NotSignedIn`, `LimitExceeded`, `CodeDeliveryFailure`. */
  sendAttributeCode(attribute: "email" | "phone_number", options?: CallOptions): Promise<Delivery | undefined>;

  /** VerifyUserAttribute. Codes: `NotSignedIn`, `CodeMismatch`, `ExpiredCode`, `AliasExists`, `LimitExceeded`. */
  verifyAttribute(request: { readonly attribute: "email" | "phone_number"; readonly code: string } & Abortable): Promise<void>;

  /**
   * ChangePassword; `previousPassword` is left out by a user who has none yet. Codes: `NotSignedIn`, `NotAuthorized` for a wrong previous one,
   * `InvalidPassword`, `PasswordHistoryPolicyViolation`, `LimitExceeded`.
   */
  changePassword(request: { readonly previousPassword?: Password | undefined; readonly password: Password } & Abortable): Promise<void>;

  /** Deletes the account for good (DeleteUser), and ends the session. Codes: `NotSignedIn`, `NotAuthorized`. */
  deleteAccount(): Promise<void>;

  /** What the user can sign in with (GetUserAuthFactors). Codes: `NotSignedIn`, `NotAuthorized`. */
  factors(): Promise<Factors>;

  readonly mfa: Mfa;
  readonly passkeys: Passkeys;
  readonly devices: Devices;
  readonly sessions: Sessions;

  /**
   * Temporary AWS credentials from the identity pool (GetId, GetCredentialsForIdentity): of the signed-in user, or of a guest where nobody is and
   * the pool allows it. The vault keeps them in memory until ten minutes before their end, and while the user stays the same. Codes: `InvalidConfig`
   * without `identityPoolId`, `NotAuthorized`, `ResourceConflict`, `InvalidIdentityPoolConfiguration`, `ExternalService`, `NotSignedIn` where the
   * user has changed meanwhile.
   */
  awsCredentials(): Promise<AwsCredentials>;

  /** Exchanges the tokens now, so that the user's claims are new (GetTokensFromRefreshToken or InitiateAuth). Codes: `NotSignedIn`, `NotAuthorized`. */
  refresh(): Promise<void>;

  /**
   * Forgets the session and revokes its refresh token (RevokeToken); `everywhere` ends all of the user's sessions (GlobalSignOut). Rejects
   * only if the service could not be told; the session is forgotten even so.
   */
  signOut(options?: { readonly everywhere?: boolean | undefined }): Promise<void>;

  /**
   * `fetch` run by the vault with `Authorization: Bearer …`, for the origins of `api` only; refreshes the tokens first when they are
   * due, and once on a 401, after which the request goes again, unless `init.body` was a stream. The mode is always `cors`, a redirect is
   * not followed, and headers that show the token do not come back. Bodies are streamed; one that breaks off errors with `Network`.
   * Codes: `OriginNotAllowed`, `NotSignedIn`, `Aborted`; `InvalidParameter` for a request with an Authorization header of its own.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit & { duplex?: "half" }): Promise<Response>;

  /**
   * Ends this object; every open call rejects. The session is not signed out: it goes on where another tab shares the vault, and with a
   * storage it comes back.
   */
  close(): void;
}

/** An {@link Auth} that hands out tokens, where the app says `tokens: "exposed"`. */
export interface ExposedAuth<Claims extends object = object> extends Auth<Claims> {
  /** The tokens, renewed first when they are due; ask each time anew. Codes: `NotSignedIn`, `Aborted`, and those of {@link Auth.refresh}. */
  tokens(options?: Abortable): Promise<Tokens>;
}

const LOADING: Snapshot = Object.freeze({ status: "loading" });
const SIGNED_OUT: Snapshot = Object.freeze({ status: "signedOut" });

/**
 * Makes an {@link Auth} and starts its vault. Make one for each user pool, outside of components. On a server nothing starts and the snapshot stays `loading`.
 * Throws `InvalidConfig`, whose message begins with the name of the wrong option.
 */
export function createAuth<Claims extends object = object>(config: AuthConfig & { readonly tokens: "exposed" }): ExposedAuth<Claims>;
export function createAuth<Claims extends object = object>(config: AuthConfig): Auth<Claims>;
export function createAuth(config: AuthConfig): Auth {
  const checked = checkConfig(config);
  const listeners = new Set<() => void>();
  let snapshot = LOADING;
  let userJson: string | undefined;

  function show(status: NonNullable<Tell["status"]>, json: string | undefined): void {
    if (snapshot.status === status && userJson === json) return;
    if (status === "signedOut" || json === undefined) snapshot = SIGNED_OUT;
    else snapshot = Object.freeze({ status, user: userJson === json ? snapshot.user! : readUser(json) });
    userJson = json;
    for (const listener of listeners) guarded(listener);
  }

  const engine = startEngine(checked, ({ status, user, event }) => {
    if (status) show(status, user);
    if (event) guarded(() => checked.onEvent?.(Object.freeze(event as AuthEvent)));
  });

  let send: typeof fetch | undefined;
  const loadApi = async () => {
    const { toFetch } = await import("./request.js").catch((cause: unknown) => {
      throw new AuthError("EngineFailed", "no request.js", { cause });
    });
    return (send ??= toFetch(AuthError, engine, checked.config.apiOrigins));
  };
  // With the vault's files: by the first call the app's next version may have taken their place. Whoever calls gets the rejection.
  if (checked.config.apiOrigins[0] && typeof location !== "undefined") loadApi().catch(() => undefined);

  const currentUser = (): User => {
    if (snapshot.user) return snapshot.user;
    throw new AuthError("NotSignedIn", "signed out by now");
  };

  const step = <Step>(message: StepMessage): Step => toStep(engine, message, currentUser);
  const begin = async <Step>(method: string, request?: unknown): Promise<Step> => step(await engine.call<StepMessage>(method, [request]));
  const named = (request: Named) => (typeof request === "string" ? { username: request } : request);

  const auth = {
    snapshot: () => snapshot,
    subscribe(listener: () => void) {
      const entry = () => listener(); // one function may subscribe twice
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    ready: () => engine.ready.then(() => snapshot),
    signIn: (request: SignInRequest) => begin("signIn", request),
    signUp: (request: SignUpRequest) => begin("signUp", request),
    resetPassword: (request: Named) => begin("resetPassword", named(request)),
    resendSignUpCode: (request: Named) => engine.call("resendSignUpCode", [named(request)]),
    mfa: { setUpTotp: () => begin("mfa.setUpTotp") },
    passkeys: {
      register: (options?: PasskeyCreation) => withPasskeys("register", engine, options),
      delete: (passkey: string | Passkey, options?: Abortable) => withPasskeys("remove", engine, passkey, options),
      supported: () => withPasskeys("supported"),
    },
    devices: {},
    sessions: {},
    // What the AWS SDK gives its providers cannot cross.
    awsCredentials: () => engine.call("awsCredentials", []),
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => (send ?? (await loadApi()))(input, init),
    [VAULT]: { clientId: checked.config.clientId, call: engine.call, user: currentUser, step },
    close() {
      engine.close();
      show("signedOut", undefined);
    },
  } satisfies Partial<Record<keyof Auth, unknown>> & Takeover;
  for (const path of (checked.config.tokens === "exposed" ? `tokens ${CALLS}` : CALLS).split(" ")) {
    const [area, name] = path.split(".") as [keyof Auth, string?];
    const home = (name ? auth[area as "mfa"] : auth) as Record<string, unknown>;
    home[name ?? area] = (...given: unknown[]) => engine.call(path, given);
  }
  Object.values(auth).forEach(Object.freeze);
  return Object.freeze(auth) as object as Auth;
}

/** A listener that throws is the app's fault, reported as any uncaught error, and stops nothing here. */
function guarded(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
