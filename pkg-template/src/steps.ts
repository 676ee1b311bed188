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

/** What comes next in a sign-in. */
export type SignInStep<Claims extends object = object> =
  | SignedInStep<Claims>
  | NewPasswordStep<Claims>
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

/** What comes next in a sign-up. */
export type SignUpStep = ConfirmStep | SignedUpStep;

/** A code was sent that confirms the account (ConfirmSignUp). */
export interface ConfirmStep extends CodeStep {
  readonly name: "confirm";
  /** Codes: `CodeMismatch`, `ExpiredCode`, `AliasExists`, `TooManyFailedAttempts`, `LimitExceeded`. */
  answer(code: string, options?: Abortable): Promise<SignUpStep>;
}

/** The account exists and is confirmed; nobody is signed in by it. */
export interface SignedUpStep {
  readonly name: "signedUp";
}

/** A step as the vault sends it. @internal */
export interface StepMessage {
  readonly name: string;
  readonly id?: number;
}

/** Builds the step that a page gets from the vault's; `user` is who is signed in by now. @internal */
export function toStep<Step>(engine: Engine, message: StepMessage, user: () => User): Step {
  const { id, ...data } = message;
  if (id === undefined) return Object.freeze(data.name === "signedIn" ? { ...data, user: user() } : data) as Step;
  let answered = false;
  const answer = async (given: string | Abortable, options?: Abortable): Promise<Step> => {
    if (answered) throw new AuthError("InvalidState", "this step was answered already");
    answered = true;
    try {
      const { signal, answer } = typeof given === "object" && given ? split(given) : { signal: options?.signal, answer: given };
      return toStep(engine, await engine.call<StepMessage>("answer", [id, answer], signal), user);
    } catch (error) {
      answered = false; // whether it stays answerable is the vault's to say
      throw error;
    }
  };
  return Object.freeze({
    ...data,
    answer,
    ...(data.name !== "newPassword" && { resend: () => engine.call("resend", [id]) }),
    giveUp: () => {
      engine.call("giveUp", [id]).catch(() => undefined);
    },
  }) as Step;
}

/** A request without its signal, which cannot cross to the vault. @internal */
export function split<T extends Abortable>(request: T): { signal: AbortSignal | null | undefined; answer: Omit<T, "signal"> } {
  const { signal, ...answer } = request;
  return { signal, answer };
}
