// A form's whole course through a flow: what it asks now, whether a call is under way, and what went wrong last.

import { useEffect, useMemo, useRef, useState } from "react";
import {
  AuthError,
  type Abortable,
  type Auth,
  type Delivery,
  type Named,
  type PasskeyRequest,
  type Password,
  type ResetStep,
  type SignInRequest,
  type SignInStep,
  type SignUpRequest,
  type SignUpStep,
  type TotpSetUpStep,
} from "../index.js";
import { useProvidedAuth } from "./provider.js";

/** What a step of a sign-in takes: a code, a choice or a password; a new password with what it needs; an address; how to ask for a passkey, or nothing. */
export type SignInAnswer =
  | Password
  | { readonly password: Password; readonly attributes?: Readonly<Record<string, string>> | undefined }
  | ResetAnswer
  | { readonly email: string }
  | Omit<PasskeyRequest, "signal">
  | AuthenticationResponseJSON
  | undefined;

/** The code that was sent, and the new password. */
export interface ResetAnswer {
  readonly code: string;
  readonly password: Password;
}

/**
 * The course of one form. A call while another is under way does nothing. `start`, `answer` and `resend` never reject: they
 * resolve to nothing when the call failed, which `error` then tells, and when the course was reset meanwhile.
 */
export interface Flow<Step, Request, Answer> {
  /** What is asked now; nothing before `start`. */
  readonly step: Step | undefined;
  /** Whether a call is under way. */
  readonly pending: boolean;
  /** What the last call rejected with; the next one clears it. */
  readonly error: AuthError | undefined;
  /** Begins a course, and gives up the step of the one before. */
  readonly start: (request: Request) => Promise<Step | undefined>;
  /** Answers the step, in the form that it takes. */
  readonly answer: (...answer: undefined extends Answer ? [answer?: Answer] : [answer: Answer]) => Promise<Step | undefined>;
  /** Sends a new code, where the step was sent one. */
  readonly resend: () => Promise<Delivery | undefined>;
  /** Back to the beginning: aborts the call under way and gives up the step. */
  readonly reset: () => void;
}

/** A form that signs in. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useSignIn<Claims extends object = object>(): Flow<SignInStep<Claims>, Unsignalled<SignInRequest>, SignInAnswer> {
  return useFlow(signIn as Begin<SignInStep<Claims>, SignInRequest>);
}

/** A form that signs up; where the pool signs in by it, its later steps are a sign-in's. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useSignUp<Claims extends object = object>(): Flow<SignUpStep<Claims>, Unsignalled<SignUpRequest>, SignInAnswer> {
  return useFlow(signUp as Begin<SignUpStep<Claims>, SignUpRequest>);
}

/** A form for a forgotten password, from the user name to `passwordReset`. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useResetPassword(): Flow<ResetStep, Unsignalled<Exclude<Named, string>>, ResetAnswer> {
  return useFlow(resetPassword);
}

/** A form by which a signed-in user sets up an authenticator app, to `totpReady`. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useMfaSetup(): Flow<TotpSetUpStep, void, string> {
  return useFlow<TotpSetUpStep, Abortable, string>(setUpTotp) as object as Flow<TotpSetUpStep, void, string>;
}

/** Of each member of a union. */
type Unsignalled<Request> = Request extends unknown ? Omit<Request, "signal"> : never;

type Begin<Step, Request> = (auth: Auth, request: Request) => Promise<Step>;

const signIn: Begin<SignInStep, SignInRequest> = (auth, request) => auth.signIn(request);
const signUp: Begin<SignUpStep, SignUpRequest> = (auth, request) => auth.signUp(request);
const resetPassword: Begin<ResetStep, Exclude<Named, string>> = (auth, request) => auth.resetPassword(request);
const setUpTotp: Begin<TotpSetUpStep, Abortable> = (auth) => auth.mfa.setUpTotp();

/** A step by the calls that it may have. */
interface AnyStep {
  answer?(answer: unknown, options?: Abortable): Promise<unknown>;
  resend?(): Promise<Delivery | undefined>;
  giveUp?(): void;
}

interface Course<Step> {
  readonly step: Step | undefined;
  readonly pending: boolean;
  readonly error: AuthError | undefined;
}

const IDLE = Object.freeze({ step: undefined, pending: false, error: undefined });

function useFlow<Step extends object, Request extends Abortable, Answer>(
  begin: Begin<Step, Request>,
): Flow<Step, Unsignalled<Request>, Answer> {
  const auth = useProvidedAuth();
  const [course, setCourse] = useState<Course<Step>>(IDLE);
  const latest = useRef<Course<Step>>(IDLE); // what an event handler sees between two renders
  const call = useRef<AbortController>(undefined);

  const calls = useMemo(() => {
    const show = (next: Course<Step>) => {
      latest.current = next;
      setCourse(next);
    };

    /** Runs one call of the course; what comes back after a reset belongs to no course and is dropped. */
    async function run<T>(work: (signal: AbortSignal) => Promise<T>, next: (value: T) => Step | undefined): Promise<T | undefined> {
      const { step, pending } = latest.current;
      if (pending) return undefined;
      const { signal } = (call.current = new AbortController());
      show({ step, pending: true, error: undefined });
      try {
        const value = await work(signal);
        if (signal.aborted) return undefined;
        show({ step: next(value), pending: false, error: undefined });
        return value;
      } catch (error) {
        if (!signal.aborted) show({ step: latest.current.step, pending: false, error: error as AuthError });
        return undefined;
      }
    }

    const open = (): AnyStep => (latest.current.step as AnyStep | undefined) ?? {};
    const noCall = (name: string) => new AuthError("InvalidState", `the current step takes no ${name}`);

    return {
      start: (request: Unsignalled<Request>) => {
        if (!latest.current.pending) {
          open().giveUp?.();
          latest.current = IDLE;
        }
        return run<Step>((signal) => begin(auth, { ...(request as object), signal } as Request), (step) => step);
      },
      answer: (answer?: Answer) =>
        run<Step>(
          async (signal) => {
            const step = open();
            if (!step.answer) throw noCall("answer");
            // Without an answer the step is a passkey's, which takes its signal so; a password may be bytes.
            const whole = typeof answer === "string" || answer instanceof Uint8Array;
            return (whole ? step.answer(answer, { signal }) : step.answer({ ...answer, signal })) as Promise<Step>;
          },
          (step) => step,
        ),
      resend: () =>
        run<Delivery | undefined>(
          async () => {
            const step = open();
            if (!step.resend) throw noCall("resend");
            return step.resend();
          },
          () => latest.current.step,
        ),
      reset: () => {
        call.current?.abort();
        open().giveUp?.();
        show(IDLE);
      },
    };
  }, [auth, begin]);

  // A form that has gone answers nothing more, and the vault need not keep what its step holds.
  useEffect(() => () => (latest.current.step as AnyStep | undefined)?.giveUp?.(), []);

  return useMemo(() => ({ ...course, ...calls }), [course, calls]);
}
