// What an app may import.

export { createAuth } from "./auth.js";
export type { Auth, ExposedAuth } from "./auth.js";
export type {
  Attributes,
  AwsCredentials,
  CallOptions,
  ChoiceSignIn,
  ClientMetadata,
  ConfirmResetPasswordRequest,
  ConfirmSignUpRequest,
  CustomSignIn,
  Device,
  Devices,
  Factors,
  Mfa,
  MfaPreference,
  MfaPreferences,
  MfaSettings,
  Named,
  Page,
  PageRequest,
  Passkey,
  PasskeyCreation,
  Passkeys,
  PasskeySupport,
  PasswordSignIn,
  Sessions,
  SignInBasics,
  SignInRequest,
  SignUpRequest,
  Tokens,
  UserSession,
} from "./calls.js";
export type { AuthConfig, AuthEvent } from "./config.js";
export type { EngineKind, SessionStorage, StorageKind } from "./places.js";
export { AuthError, isAuthError } from "./errors.js";
export type { AuthErrorOptions } from "./errors.js";
export type { AuthErrorCode } from "./codes.js";
export type {
  Abortable,
  ChooseFactorStep,
  ChooseMfaStep,
  CodeStep,
  ConfirmSignUpStep,
  ConfirmStep,
  CustomStep,
  Delivery,
  FactorKind,
  ForgottenStep,
  MfaKind,
  NewPasswordStep,
  OpenStep,
  PasskeyRequest,
  PasskeyStep,
  Password,
  PasswordResetStep,
  PasswordStep,
  ResetPasswordStep,
  ResetStep,
  SentCodeStep,
  SetUpMfaStep,
  ShowSecretStep,
  SignedInStep,
  SignedUpStep,
  SignInStep,
  SignUpStep,
  TotpReadyStep,
  TotpSetUpStep,
  TotpStep,
} from "./steps.js";
export type { Snapshot, User, UserClaims } from "./user.js";
