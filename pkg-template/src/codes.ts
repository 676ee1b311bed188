// The codes of every error, in the order of the core's list. Written by tests/codes.rs.

/** What went wrong: one of Cognito's names without `Exception`, or one of this package's own from `Aborted` on. */
export type AuthErrorCode =
  /** The e-mail address or phone number already belongs to another account. */
  | "AliasExists"
  /** The message with the code could not be sent; the account may exist already. */
  | "CodeDeliveryFailure"
  /** The code is wrong; the step stays answerable. */
  | "CodeMismatch"
  /** Two writes met. */
  | "ConcurrentModification"
  /** This device is confirmed already. */
  | "DeviceKeyExists"
  /** The authenticator app's code is wrong, or its clock is; try the next one. */
  | "EnableSoftwareTokenMFA"
  /** The code is too old or already used; ask for a new one. */
  | "ExpiredCode"
  /** An identity provider or a role behind the identity pool could not be reached. */
  | "ExternalService"
  /** The pool's plan lacks the feature. */
  | "FeatureUnavailableInTier"
  /** Blocked by the web application firewall. */
  | "Forbidden"
  /** A fault of the service. */
  | "InternalError"
  /** The pool may not send e-mail. */
  | "InvalidEmailRoleAccessPolicy"
  /** The identity pool or its roles are set up wrong. */
  | "InvalidIdentityPoolConfiguration"
  /** A trigger of the pool answered what Cognito does not understand. */
  | "InvalidLambdaResponse"
  /** A value or a flow that the pool does not take. */
  | "InvalidParameter"
  /** The password does not meet the pool's policy. */
  | "InvalidPassword"
  /** The pool may not send text messages. */
  | "InvalidSmsRoleAccessPolicy"
  /** The pool may not send text messages. */
  | "InvalidSmsRoleTrustRelationship"
  /** The pool is set up wrong. */
  | "InvalidUserPoolConfiguration"
  /** A budget of this user is spent; wait up to an hour. */
  | "LimitExceeded"
  /** No usable second factor. */
  | "MFAMethodNotFound"
  /** Wrong user name or password, or a session, token or account that is no longer good. */
  | "NotAuthorized"
  /** Not available in this Region or pool. */
  | "OperationNotEnabled"
  /** The password was used before. */
  | "PasswordHistoryPolicyViolation"
  /** The password has to be reset first. */
  | "PasswordResetRequired"
  /** A refresh token that was already exchanged was used again. */
  | "RefreshTokenReuse"
  /** The login belongs to another identity of the identity pool already. */
  | "ResourceConflict"
  /** The pool, the client or the target of a code does not exist. */
  | "ResourceNotFound"
  /** The request was malformed. */
  | "Serialization"
  /** No authenticator app is set up. */
  | "SoftwareTokenMFANotFound"
  /** Too many wrong codes. */
  | "TooManyFailedAttempts"
  /** Throttled; try again later. */
  | "TooManyRequests"
  /** The token is not accepted. */
  | "Unauthorized"
  /** A trigger of the pool could not run. */
  | "UnexpectedLambda"
  /** Switched off for this client. */
  | "UnsupportedOperation"
  /** Not a refresh token. */
  | "UnsupportedTokenType"
  /** A trigger of the pool refused. */
  | "UserLambdaValidation"
  /** The account was never confirmed. */
  | "UserNotConfirmed"
  /** Threat protection is switched off in the pool. */
  | "UserPoolAddOnNotEnabled"
  /** The user name is taken. */
  | "UsernameExists"
  /** The registration of the passkey took too long; begin it again. */
  | "WebAuthnChallengeNotFound"
  /** The passkey's registration was begun by another app client. */
  | "WebAuthnClientMismatch"
  /** The pool has neither a relying party's id nor a domain. */
  | "WebAuthnConfigurationMissing"
  /** The pool does not take this kind of passkey; another authenticator may do. */
  | "WebAuthnCredentialNotSupported"
  /** Passkeys are switched off in the pool. */
  | "WebAuthnNotEnabled"
  /** This page's origin does not belong to the pool's relying party. */
  | "WebAuthnOriginNotAllowed"
  /** The passkey belongs to another relying party. */
  | "WebAuthnRelyingPartyMismatch"
  /** The caller gave up. */
  | "Aborted"
  /** A callback of the hosted page that belongs to no sign-in under way in this tab: used before, too old, or of another tab. */
  | "CallbackUnknown"
  /** The engine could not be loaded. */
  | "EngineFailed"
  /** The hosted page, or the provider behind it, refused, or the user left it; the message names the error. */
  | "HostedPageRefused"
  /** The configuration has a wrong form; the message names the field. */
  | "InvalidConfig"
  /** The reply is not what the protocol promises. */
  | "InvalidResponse"
  /** A call that does not fit the state: a step answered twice, for one. */
  | "InvalidState"
  /** A token that does not belong to this pool, client or user, or is expired on arrival. */
  | "InvalidToken"
  /** The hosted page knows nobody, and was not to ask. */
  | "LoginRequired"
  /** The service could not be reached. */
  | "Network"
  /** Nobody is signed in. */
  | "NotSignedIn"
  /** The vault adds no token for this origin. */
  | "OriginNotAllowed"
  /** The user has closed the browser's passkey dialogue, or let it time out; the step stays answerable. */
  | "PasskeyCancelled"
  /** The device has a passkey for this account already. */
  | "PasskeyExists"
  /** The browser, the device or this page's address cannot use passkeys of this pool. */
  | "PasskeyUnavailable"
  /** The service took too long. */
  | "Timeout"
  /** An error name that this version does not know; the message holds the name. */
  | "Unknown"
  /** A challenge that this version does not know; the message names it. */
  | "UnsupportedChallenge";
