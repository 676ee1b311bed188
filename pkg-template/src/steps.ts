// What a sign-in or a sign-up asks next: the step's data, and the calls that answer it.

import { AuthError } from "./errors.js";
import type { Engine } from "./engine.js";
import type { User } from "./user.js";

/** Where a code was sent, as far as the service says. */
export interface Delivery {
  /** Masked by the service: `a***@e***`. */
  readonly destination?: string;
  readonly medium?: "email" | "sms";
  /** The attribute that holds the address: `email`. */
  readonly attribute?: string;
}

/** A password as text, or as UTF-8 bytes that are copied: wipe your own once the call has settled. */
export type Password = string | Uint8Array;

/** Lets go of a call: it rejects with `Aborted` at once, and nothing of it changes the state afterwards. */
export interface Abortable {
  readonly signal?: AbortSignal | null | undefined;
}

/** What every unfinished step has. It is answered once: later answers, and one given while another is under way, reject with `InvalidState`. */
export interface OpenStep {
  /** Makes the vault forget what it keeps for this step; it cannot be answered afterwards. */
  giveUp(): void;
}

/** A step that was sent a code. */
export interface CodeStep extends OpenStep {
  readonly username: string;
  /** Missing where the service does not say, or no code was sent yet. */
  readonly sentTo?: Delivery;
  /** Sends a new code (ResendConfirmationCode, ForgotPassword). Codes: `LimitExceeded`, `CodeDeliveryFailure`, `TooManyRequests`, `Network`. */
  resend(): Promise<Delivery | undefined>;
}

/** A second factor: an authenticator app, a text message, an e-mail. */
export type MfaKind = "totp" | "smsCode" | "emailCode";

/** A first factor, where the pool lets the user choose. */
export type FactorKind = "password" | "passkey" | "emailCode" | "smsCode";

/** What comes next in a sign-in. */
export type SignInStep<Claims extends object = object> =
  | SignedInStep<Claims>
  | NewPasswordStep<Claims>
  | TotpStep<Claims>
  | SentCodeStep<Claims>
  | ChooseMfaStep<Claims>
  | SetUpMfaStep<Claims>
  | ChooseFactorStep<Claims>
  | PasswordStep<Claims>
  | PasskeyStep<Claims>
  | CustomStep<Claims>
  | ConfirmSignUpStep<Claims>
  | ResetPasswordStep<Claims>;

/** Done. */
export interface SignedInStep<Claims extends object = object> {
  readonly name: "signedIn";
  readonly user: User<Claims>;
}

/** The account was made by an administrator: its temporary password has to be replaced (RespondToAuthChallenge, NEW_PASSWORD_REQUIRED). */
export interface NewPasswordStep<Claims extends object = object> extends OpenStep {
  readonly name: "newPassword";
  /** The names of the attributes that the answer has to bring. */
  readonly requiredAttributes: readonly string[];
  /** The attributes that the account has already. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Codes: `InvalidPassword`, `PasswordHistoryPolicyViolation`, `InvalidParameter`, `NotAuthorized` when the step's session has run out. */
  answer(answer: { readonly password: Password; readonly attributes?: Readonly<Record<string, string>> | undefined } & Abortable): Promise<SignInStep<Claims>>;
}

/** The authenticator app's code is asked for (SOFTWARE_TOKEN_MFA). */
export interface TotpStep<Claims extends object = object> extends OpenStep {
  readonly name: "totp";
  /** What the app was called when it was set up. */
  readonly deviceName?: string;
  /** Codes: `CodeMismatch`, `ExpiredCode`, `SoftwareTokenMFANotFound`, `NotAuthorized` when the step's session has run out. */
  answer(code: string, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** A code was sent, as a second factor (SMS_MFA, EMAIL_OTP) or as the first (SMS_OTP, EMAIL_OTP). A new one needs a new sign-in. */
export interface SentCodeStep<Claims extends object = object> extends OpenStep {
  readonly name: "smsCode" | "emailCode";
  /** Missing where the service does not say. */
  readonly sentTo?: Delivery;
  /** Codes: `CodeMismatch`, `ExpiredCode`, `NotAuthorized` when the step's session has run out. */
  answer(code: string, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** The user has several second factors (SELECT_MFA_TYPE). */
export interface ChooseMfaStep<Claims extends object = object> extends OpenStep {
  readonly name: "chooseMfa";
  readonly choices: readonly MfaKind[];
  /** Codes: `MFAMethodNotFound`, `NotAuthorized` when the step's session has run out. */
  answer(choice: MfaKind, options?: Abortable): Promise<SignInStep<Claims>>;
}

/**
 * The pool wants a second factor, and the user has none yet (MFA_SETUP). Answered by `"totp"` the step comes again with a `secret`
 * (AssociateSoftwareToken), at once where there is no other choice; then by the app's code (VerifySoftwareToken), or by an e-mail address.
 */
export interface SetUpMfaStep<Claims extends object = object> extends OpenStep {
  readonly name: "setUpMfa";
  readonly choices: readonly ("totp" | "email")[];
  /** What the authenticator app is given, in Base32: for someone who types it in. */
  readonly secret?: string;
  /** The same as an address for a QR code, `otpauth://totp/…`; it names `appName` of the configuration, or else the page's host. */
  readonly otpauthUri?: string;
  /** Codes: `EnableSoftwareTokenMFA`, `CodeMismatch` for a wrong code of the app; `NotAuthorized` when the step's session has run out. */
  answer(answer: string | ({ readonly email: string } & Abortable), options?: Abortable): Promise<SignInStep<Claims>>;
}

/** The user may choose the first factor (SELECT_CHALLENGE). */
export interface ChooseFactorStep<Claims extends object = object> extends OpenStep {
  readonly name: "chooseFactor";
  readonly choices: readonly FactorKind[];
  /** Codes: `NotAuthorized`, `CodeDeliveryFailure`. */
  answer(choice: FactorKind, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** The password was chosen as the first factor; it is proved without being sent (PASSWORD_SRP). */
export interface PasswordStep<Claims extends object = object> extends OpenStep {
  readonly name: "password";
  /** Codes: `NotAuthorized` for a wrong one. */
  answer(password: Password, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** How the browser asks for a passkey. */
export interface PasskeyRequest extends Abortable {
  /** `"conditional"` offers passkeys in the autofill of a field with `autocomplete="username webauthn"`, until the signal fires. Default: a dialogue. */
  readonly mediation?: CredentialMediationRequirement | undefined;
}

/** The passkey is asked for (WEB_AUTHN). */
export interface PasskeyStep<Claims extends object = object> extends OpenStep {
  readonly name: "passkey";
  /** The service's request options, as JSON. */
  readonly options: PublicKeyCredentialRequestOptionsJSON;
  /**
   * Without a credential the browser is asked for one (`navigator.credentials.get`). The step stays answerable where that fails. Codes:
   * `PasskeyCancelled`, `PasskeyUnavailable`, `NotAuthorized` for a passkey that the service does not take.
   */
  answer(answer?: PasskeyRequest | PublicKeyCredential | AuthenticationResponseJSON): Promise<SignInStep<Claims>>;
}

/** The pool's own triggers ask something (CUSTOM_CHALLENGE); they may ask again after a wrong answer. */
export interface CustomStep<Claims extends object = object> extends OpenStep {
  readonly name: "custom";
  /** What the CreateAuthChallenge trigger has made public. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Codes: `NotAuthorized`, `UserLambdaValidation`. */
  answer(answer: string, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** The account was never confirmed (ConfirmSignUp); answering goes on with the sign-in. */
export interface ConfirmSignUpStep<Claims extends object = object> extends CodeStep {
  readonly name: "confirmSignUp";
  /** Codes: `CodeMismatch`, `ExpiredCode`, `TooManyFailedAttempts`, `LimitExceeded`, and those of a sign-in. */
  answer(code: string, options?: Abortable): Promise<SignInStep<Claims>>;
}

/** The password has to be reset (ConfirmForgotPassword); answering goes on with the sign-in. */
export interface ResetPasswordStep<Claims extends object = object> extends CodeStep {
  readonly name: "resetPassword";
  /** Codes: `CodeMismatch`, `ExpiredCode`, `InvalidPassword`, `TooManyFailedAttempts`, `LimitExceeded`, and those of a sign-in. */
  answer(answer: { readonly code: string; readonly password: Password } & Abortable): Promise<SignInStep<Claims>>;
}

/** What comes next in a sign-up. Where the client allows choice-based sign-in, it goes on as a sign-in. */
export type SignUpStep<Claims extends object = object> = ConfirmStep<Claims> | SignedUpStep | SignInStep<Claims>;

/** A code was sent that confirms the account (ConfirmSignUp). */
export interface ConfirmStep<Claims extends object = object> extends CodeStep {
  readonly name: "confirm";
  /** Codes: `CodeMismatch`, `ExpiredCode`, `AliasExists`, `TooManyFailedAttempts`, `LimitExceeded`, and those of a sign-in. */
  answer(code: string, options?: Abortable): Promise<SignUpStep<Claims>>;
}

/** The account exists and is confirmed; nobody is signed in by it. */
export interface SignedUpStep {
  readonly name: "signedUp";
}

/** What comes next where a password was forgotten. */
export type ResetStep = ForgottenStep | PasswordResetStep;

/** A code was sent that allows a new password (ForgotPassword). It may be one in name only: the service does not say who has an account. */
export interface ForgottenStep extends CodeStep {
  readonly name: "resetPassword";
  /**
   * ConfirmForgotPassword. Codes: `CodeMismatch`, `ExpiredCode`, `InvalidPassword`, `PasswordHistoryPolicyViolation`, `TooManyFailedAttempts`,
   * `LimitExceeded`, `UserNotConfirmed`.
   */
  answer(answer: { readonly code: string; readonly password: Password } & Abortable): Promise<ResetStep>;
}

/** The password is the new one; nobody is signed in by it. */
export interface PasswordResetStep {
  readonly name: "passwordReset";
}

/** What comes next where a signed-in user sets up an authenticator app. */
export type TotpSetUpStep = ShowSecretStep | TotpReadyStep;

/** The app has to take the secret, and to show a code by it. */
export interface ShowSecretStep extends OpenStep {
  readonly name: "setUpTotp";
  /** In Base32: for someone who types it in. */
  readonly secret: string;
  /** The same as an address for a QR code, `otpauth://totp/…`; it names `appName` of the configuration, or else the page's host. */
  readonly otpauthUri: string;
  /** VerifySoftwareToken. Codes: `EnableSoftwareTokenMFA`, `CodeMismatch`, `SoftwareTokenMFANotFound`, `NotSignedIn`, `NotAuthorized`. */
  answer(code: string, options?: { readonly deviceName?: string | undefined } & Abortable): Promise<TotpSetUpStep>;
}

/** The app is known to the service. It is asked for at the next sign-in once `mfa.setPreferences` says so. */
export interface TotpReadyStep {
  readonly name: "totpReady";
}

/** A step as the vault sends it. @internal */
export interface StepMessage {
  readonly name: string;
  readonly id?: string;
}

/** Runs what only a page that uses passkeys loads. @internal */
export async function withPasskeys<Name extends "ask" | "register" | "remove" | "supported">(name: Name, ...given: Tail<Parameters<Passkeys[Name]>>): Promise<Awaited<ReturnType<Passkeys[Name]>>> {
  const passkeys = await import("./passkeys.js").catch((cause: unknown) => {
    throw new AuthError("PasskeyUnavailable", "no passkeys.js", { cause });
  });
  return (passkeys[name] as (...given: unknown[]) => never)(AuthError, ...given);
}

type Passkeys = typeof import("./passkeys.js");
type Tail<Given extends readonly unknown[]> = Given extends readonly [unknown, ...infer Rest] ? Rest : never;

/** Builds the step that a page gets from the vault's; `user` is who is signed in by now. @internal */
export function toStep<Step>(engine: Engine, message: StepMessage, user: () => User): Step {
  const { id, ...data } = message;
  if (id === undefined) return Object.freeze({ ...data, ...(data.name === "signedIn" && { user: user() }) }) as Step;
  let answered = false;
  const answer = async (given?: unknown, options?: unknown): Promise<Step> => {
    if (answered) throw new AuthError("InvalidState", "this step was answered already");
    answered = true;
    try {
      if (data.name === "passkey") given = await withPasskeys("ask", (data as PasskeyStep).options, given as PasskeyRequest);
      return toStep(engine, await engine.call("answer", [id, given, options]), user);
    } catch (error) {
      answered = false; // whether it stays answerable is the vault's to say
      throw error;
    }
  };
  return Object.freeze({
    ...data,
    answer,
    ...("username" in data && { resend: () => engine.call("resend", [id]) }),
    giveUp: () => {
      engine.call("giveUp", [id]).catch(() => undefined);
    },
  }) as Step;
}
