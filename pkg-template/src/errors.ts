// AuthError, which every rejection of this package is, and the guard for it.

import type { AuthErrorCode } from "./codes.js";

/** What an {@link AuthError} may say besides its code and message. */
export interface AuthErrorOptions {
  readonly retryable?: boolean | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** What every call of this package rejects with. No member holds a password, a code or a token, so all of it is fit for a log. */
export class AuthError extends Error {
  /** `"AuthError"`, in every realm and after minification. */
  override readonly name = "AuthError";
  /** What went wrong. */
  declare readonly code: AuthErrorCode;
  /** Whether the same call may succeed later without anything changed: the network, the service or its throttle was at fault. */
  declare readonly retryable: boolean;
  /** The HTTP status, where the service answered. */
  declare readonly status?: number;
  /** Cognito's `x-amzn-requestid`, where the service answered; its support asks for it. */
  declare readonly requestId?: string;

  constructor(code: AuthErrorCode, message: string, options: AuthErrorOptions = {}) {
    super(message, options); // which reads the cause alone
    this.code = code;
    this.retryable = !!options.retryable;
    if (options.status) this.status = options.status;
    if (options.requestId) this.requestId = options.requestId;
  }
}

/**
 * Whether `error` is an {@link AuthError}, and with a `code` whether it is that one. Goes by shape, so that an error of
 * another frame or of a second copy of this package counts too.
 */
export function isAuthError<Code extends AuthErrorCode = AuthErrorCode>(error: unknown, code?: Code): error is AuthError & { readonly code: Code } {
  const { name, code: found } = Object(error) as { name?: unknown; code?: unknown };
  return name === "AuthError" && typeof found === "string" && (code === undefined || found === code);
}
