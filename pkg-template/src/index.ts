// What an app may import.

export { createAuth } from "./auth.js";
export type { Auth, ClientMetadata, SignInRequest, SignUpRequest } from "./auth.js";
export type { AuthConfig, AuthEvent } from "./config.js";
export type { EngineKind, SessionStorage, StorageKind } from "./places.js";
export { AuthError, isAuthError } from "./errors.js";
export type { AuthErrorOptions } from "./errors.js";
export type { AuthErrorCode } from "./codes.js";
export type {
  Abortable,
  CodeStep,
  ConfirmSignUpStep,
  ConfirmStep,
  Delivery,
  NewPasswordStep,
  OpenStep,
  Password,
  ResetPasswordStep,
  SignedInStep,
  SignedUpStep,
  SignInStep,
  SignUpStep,
} from "./steps.js";
export type { Snapshot, User, UserClaims } from "./user.js";
