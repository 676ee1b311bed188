// The codes of every error. Written by tests/codes.rs from src/error.rs.

/** What went wrong: one of Cognito's names without `Exception`, or one of this package's own from `Aborted` on. */
export type AuthErrorCode =
  /** The e-mail address or phone number already belongs to another account; offer to sign in with it, or to reset its password. */
  | "AliasExists"
  /** The message with the code could not be sent; check the address, and ask again later. The account may exist already. */
  | "CodeDeliveryFailure"
  /** The code is wrong; the step stays answerable, so let it be typed again. */
  | "CodeMismatch"
  /** Two writes met; call once more. */
  | "ConcurrentModification"
  /** This device is confirmed already; nothing is to be done. */
  | "DeviceKeyExists"
  /** The authenticator app's code is wrong, or its clock is; try the next one. */
  | "EnableSoftwareTokenMFA"
  /** The code is too old or already used; ask for a new one. */
  | "ExpiredCode"
  /** An identity provider or a role behind the identity pool could not be reached; try again later. */
  | "ExternalService"
  /** The pool's plan lacks the feature; change the plan, or do without. */
  | "FeatureUnavailableInTier"
  /** Blocked by the web application firewall; change its rules, or give it a token by `wafToken`. */
  | "Forbidden"
  /** A fault of the service; try again later. */
  | "InternalError"
  /** The pool may not send e-mail; mend its role or its sender. */
  | "InvalidEmailRoleAccessPolicy"
  /** The identity pool or its roles are set up wrong; mend them. */
  | "InvalidIdentityPoolConfiguration"
  /** A trigger of the pool answered what Cognito does not understand; mend the trigger. */
  | "InvalidLambdaResponse"
  /** A value or a flow that the pool does not take; compare it with the pool's settings. */
  | "InvalidParameter"
  /** The password does not meet the pool's policy; show its rules, and ask for another one. */
  | "InvalidPassword"
  /** The pool may not send text messages; mend what its role allows. */
  | "InvalidSmsRoleAccessPolicy"
  /** The pool may not send text messages; let its role be taken on by Cognito. */
  | "InvalidSmsRoleTrustRelationship"
  /** The pool is set up wrong, a trigger is missing for one; mend it. */
  | "InvalidUserPoolConfiguration"
  /** A budget of this user is spent; wait up to an hour. */
  | "LimitExceeded"
  /** No usable second factor; somebody who runs the app has to help. */
  | "MFAMethodNotFound"
  /** Wrong user name or password, or a session, token or account that is no longer good; let the user try again, or sign in anew. */
  | "NotAuthorized"
  /** Not available in this Region or pool; call the pool in its primary Region. */
  | "OperationNotEnabled"
  /** The password was used before; ask for another one. */
  | "PasswordHistoryPolicyViolation"
  /** The password has to be reset first; begin with `resetPassword`. */
  | "PasswordResetRequired"
  /** A refresh token that was already exchanged was used again, perhaps by a thief; sign in anew. */
  | "RefreshTokenReuse"
  /** The login belongs to another identity of the identity pool already; ask for the credentials once more. */
  | "ResourceConflict"
  /** The pool, the client, a device or the target of a code does not exist; check the configuration. */
  | "ResourceNotFound"
  /** The request was malformed; check the values that the app hands over. */
  | "Serialization"
  /** No authenticator app is set up, or the pool takes none; offer another factor. */
  | "SoftwareTokenMFANotFound"
  /** Too many wrong codes; wait, then ask for a new one. */
  | "TooManyFailedAttempts"
  /** Throttled; try again later. */
  | "TooManyRequests"
  /** The token is not accepted; sign in anew. */
  | "Unauthorized"
  /** A trigger of the pool could not run, or took too long; try once more, and look into the trigger's log. */
  | "UnexpectedLambda"
  /** Switched off for this client; switch it on in the pool. */
  | "UnsupportedOperation"
  /** Not a refresh token; sign in anew. */
  | "UnsupportedTokenType"
  /** A trigger of the pool refused; its message says why, and is text of the pool's owner. */
  | "UserLambdaValidation"
  /** The account was never confirmed; ask for the code that was sent, or send a new one. */
  | "UserNotConfirmed"
  /** Threat protection is switched off in the pool; switch it on, or do without. */
  | "UserPoolAddOnNotEnabled"
  /** The user name is taken; offer to sign in, or ask for another one. */
  | "UsernameExists"
  /** The registration of the passkey took too long; begin it again. */
  | "WebAuthnChallengeNotFound"
  /** The passkey's registration was begun by another app client; begin it again with this one. */
  | "WebAuthnClientMismatch"
  /** The pool has neither a relying party's id nor a domain; set one. */
  | "WebAuthnConfigurationMissing"
  /** The pool does not take this kind of passkey; another authenticator may do. */
  | "WebAuthnCredentialNotSupported"
  /** Passkeys are switched off in the pool; do not offer them, or switch them on. */
  | "WebAuthnNotEnabled"
  /** This page's origin does not belong to the pool's relying party; serve the page from one that does. */
  | "WebAuthnOriginNotAllowed"
  /** The passkey belongs to another relying party; choose another one. */
  | "WebAuthnRelyingPartyMismatch"
  /** The caller gave up; nothing is to be done. */
  | "Aborted"
  /** A callback of the hosted page that belongs to no sign-in under way in this tab: used before, too old, or of another tab; begin again. */
  | "CallbackUnknown"
  /** The engine could not be loaded; check where its files are served, and the page's content security policy. */
  | "EngineFailed"
  /** The hosted page, or the provider behind it, refused, or the user left it; the message names the error. Offer to begin again. */
  | "HostedPageRefused"
  /** The configuration has a wrong form; the message names the field. */
  | "InvalidConfig"
  /** The reply is not what the protocol promises; try again later, and check the endpoint. */
  | "InvalidResponse"
  /** A call that does not fit the state, a step answered twice for one; mend the order of the calls. */
  | "InvalidState"
  /** A token that does not belong to this pool, client or user, or is expired on arrival; check the pool, the client and the issuers. */
  | "InvalidToken"
  /** The hosted page knows nobody, and was not to ask; offer to sign in. */
  | "LoginRequired"
  /** The service could not be reached; try again once there is a connection. */
  | "Network"
  /** Nobody is signed in; offer to sign in. */
  | "NotSignedIn"
  /** The vault adds no token for this origin; list it in `api.origins`. */
  | "OriginNotAllowed"
  /** The user has closed the browser's passkey dialogue, or let it time out; the step stays answerable. */
  | "PasskeyCancelled"
  /** The device has a passkey for this account already; sign in with it, or use another device. */
  | "PasskeyExists"
  /** The browser, the device or this page's address cannot use passkeys of this pool; offer another factor. */
  | "PasskeyUnavailable"
  /** The service took too long; try again. */
  | "Timeout"
  /** An error name that this version does not know; the message holds the name. Try again later, or update the package. */
  | "Unknown"
  /** A challenge that this version does not know; the message names it. Update the package, or change the pool. */
  | "UnsupportedChallenge";
