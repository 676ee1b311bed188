// The Auth object: calls the engine, holds the latest snapshot, tells subscribers.

import { checkConfig, type AuthConfig, type AuthEvent } from "./config.js";
import { startEngine, type Tell } from "./engine.js";
import { AuthError } from "./errors.js";
import { toFetch } from "./request.js";
import { VAULT, type Takeover } from "./takeover.js";
import { split, toStep, type Abortable, type Delivery, type Password, type SignInStep, type SignUpStep, type StepMessage } from "./steps.js";
import { readUser, type Snapshot, type User } from "./user.js";

/** Handed to the pool's triggers; a value of a call goes before one of the configuration. */
export type ClientMetadata = Readonly<Record<string, string>>;

export interface SignInRequest extends Abortable {
  /** The user name, or an alias where the pool allows it. */
  readonly username: string;
  readonly password: Password;
  /** `"srp"` (USER_SRP_AUTH), the default, proves the password without sending it; `"password"` (USER_PASSWORD_AUTH) sends it. */
  readonly flow?: "srp" | "password" | undefined;
  readonly clientMetadata?: ClientMetadata | undefined;
}

export interface SignUpRequest extends Abortable {
  readonly username: string;
  readonly password: Password;
  /** By Cognito's names: `email`, `given_name`, `custom:team`. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** For the pool's PreSignUp trigger only. */
  readonly validationData?: Readonly<Record<string, string>> | undefined;
  readonly clientMetadata?: ClientMetadata | undefined;
}

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
   * `UnsupportedChallenge`, `InvalidToken`, `Aborted`.
   */
  signIn(request: SignInRequest): Promise<SignInStep<Claims>>;

  /** Makes an account (SignUp). Codes: `UsernameExists`, `InvalidPassword`, `UserLambdaValidation`, `CodeDeliveryFailure`, `Aborted`. */
  signUp(request: SignUpRequest): Promise<SignUpStep>;

  /** Confirms an account on a later visit (ConfirmSignUp). Codes: `CodeMismatch`, `ExpiredCode`, `AliasExists`, `NotAuthorized`, `TooManyFailedAttempts`. */
  confirmSignUp(request: { readonly username: string; readonly code: string; readonly clientMetadata?: ClientMetadata | undefined }): Promise<void>;

  /** Sends a new confirmation code (ResendConfirmationCode). Codes: `LimitExceeded`, `CodeDeliveryFailure`. */
  resendSignUpCode(request: string | { readonly username: string; readonly clientMetadata?: ClientMetadata | undefined }): Promise<Delivery | undefined>;

  /** The user's attributes as the service holds them now (GetUser). Codes: `NotSignedIn`, `NotAuthorized`. */
  attributes(): Promise<Readonly<Record<string, string>>>;

  /** Exchanges the tokens now, so that the user's claims are new (GetTokensFromRefreshToken or InitiateAuth). Codes: `NotSignedIn`, `NotAuthorized`. */
  refresh(): Promise<void>;

  /** Forgets the session and revokes its refresh token (RevokeToken). Rejects only if the token could not be revoked; the session is forgotten even so. */
  signOut(): Promise<void>;

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

const LOADING: Snapshot = Object.freeze({ status: "loading" });
const SIGNED_OUT: Snapshot = Object.freeze({ status: "signedOut" });

/**
 * Makes an {@link Auth} and starts its vault. Make one for each user pool, outside of components. On a server nothing starts and the snapshot stays `loading`.
 * Throws `InvalidConfig`, whose message begins with the name of the wrong option.
 */
export function createAuth<Claims extends object = object>(config: AuthConfig): Auth<Claims> {
  const checked = checkConfig(config);
  const listeners = new Set<() => void>();
  let snapshot = LOADING;
  let userJson: string | undefined;

  function show(status: NonNullable<Tell["status"]>, json: string | undefined): void {
    if (snapshot.status === status && userJson === json) return;
    if (status === "signedOut" || json === undefined) snapshot = SIGNED_OUT;
    else snapshot = Object.freeze({ status, user: snapshot.user && userJson === json ? snapshot.user : readUser(json) });
    userJson = json;
    for (const listener of listeners) guarded(listener);
  }

  function emit(event: AuthEvent): void {
    guarded(() => checked.onEvent?.(Object.freeze(event)));
  }

  const engine = startEngine(checked, {
    tell({ status, user, event, detail }) {
      if (status) show(status, user);
      if (!event) return;
      const member = event === "idle" ? "millis" : event === "signedOut" || event === "storageFailed" ? "reason" : "code";
      emit({ name: event, ...(detail !== undefined && { [member]: detail }) } as AuthEvent);
    },
    fellBack: (engine, message) => emit({ name: "engineFellBack", engine, message }),
    failed(message) {
      show("signedOut", undefined);
      emit({ name: "engineFailed", message });
    },
  });
  const settled = engine.ready.then(() => {
    if (snapshot === LOADING) show("signedOut", undefined);
  });
  settled.catch(() => undefined); // ready() hands the rejection to whoever asks

  const currentUser = (): User => {
    if (snapshot.user) return snapshot.user;
    throw new AuthError("NotSignedIn", "signed out in the meantime");
  };

  async function begin<Step>(method: "signIn" | "signUp", request: Abortable): Promise<Step> {
    const { signal, answer } = split(request);
    return toStep(engine, await engine.call<StepMessage>(method, [answer], signal), currentUser);
  }

  return Object.freeze<Auth<Claims> & Takeover>({
    snapshot: () => snapshot as Snapshot<Claims>,
    subscribe(listener) {
      const entry = () => listener(); // one function may subscribe twice
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    ready: () => settled.then(() => snapshot as Snapshot<Claims>),
    signIn: (request) => begin("signIn", request),
    signUp: (request) => begin("signUp", request),
    confirmSignUp: (request) => engine.call("confirmSignUp", [request]),
    resendSignUpCode: (request) => engine.call("resendSignUpCode", [typeof request === "string" ? { username: request } : request]),
    attributes: () => engine.call("attributes", []),
    refresh: () => engine.call("refresh", []),
    signOut: () => engine.call("signOut", []),
    fetch: toFetch(engine, checked.config.apiOrigins),
    [VAULT]: {
      clientId: checked.config.clientId,
      importSession: (tokens) => engine.call("importSession", [tokens]),
      exchange: (grant) => engine.call("exchange", [grant]).then(currentUser),
    },
    close() {
      engine.close();
      show("signedOut", undefined);
    },
  });
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
