// What the calls of an Auth object take and give, by area.

import type { Abortable, FactorKind, MfaKind, Password, TotpSetUpStep } from "./steps.js";

/** Handed to the pool's triggers; a value of a call goes before one of the configuration. */
export type ClientMetadata = Readonly<Record<string, string>>;

/** A user's attributes by Cognito's names: `email`, `given_name`, `custom:team`. */
export type Attributes = Readonly<Record<string, string>>;

export interface CallOptions extends Abortable {
  readonly clientMetadata?: ClientMetadata | undefined;
}

/** What every sign-in takes. */
export interface SignInBasics extends CallOptions {
  /** The user name, or an alias where the pool allows it. */
  readonly username: string;
}

/** A sign-in: with a password, by the factor that the user chooses, or by the pool's own triggers. */
export type SignInRequest = PasswordSignIn | ChoiceSignIn | CustomSignIn;

export interface PasswordSignIn extends SignInBasics {
  readonly password: Password;
  /** `"srp"` (USER_SRP_AUTH), the default, proves the password without sending it; `"password"` (USER_PASSWORD_AUTH) sends it. */
  readonly flow?: "srp" | "password" | undefined;
  readonly prefer?: undefined;
  readonly stepUp?: undefined;
}

/** USER_AUTH: so it is where `prefer` or `stepUp` is given, or no password. Without a usable preference the step `chooseFactor` follows. */
export interface ChoiceSignIn extends SignInBasics {
  readonly flow?: "choice" | undefined;
  readonly prefer?: FactorKind | undefined;
  /** For `prefer: "password"`, proved without being sent; without it the step `password` asks for it. */
  readonly password?: Password | undefined;
  /** Asks for more than the session has by now; where it cannot be had, nobody is signed in by this call. */
  readonly stepUp?:
    | {
        /** The best first: `["urn:cognito:loa:3", "urn:cognito:loa:2"]`. */
        readonly acrValues: readonly string[];
        /** How old the factors may be, in seconds. */
        readonly maxAge?: number | undefined;
      }
    | undefined;
}

/** CUSTOM_AUTH: the pool's triggers say what is asked; after the password's proof where one is given. */
export interface CustomSignIn extends SignInBasics {
  readonly flow: "custom";
  readonly password?: Password | undefined;
  readonly prefer?: undefined;
  readonly stepUp?: undefined;
}

export interface SignUpRequest extends CallOptions {
  readonly username: string;
  /** Not needed where the pool signs in without one. */
  readonly password?: Password | undefined;
  readonly attributes?: Attributes | undefined;
  /** For the pool's PreSignUp trigger only. */
  readonly validationData?: Readonly<Record<string, string>> | undefined;
}

export interface ConfirmSignUpRequest extends CallOptions {
  readonly username: string;
  readonly code: string;
  /** Takes the address from another account that has it as its alias; by itself the service refuses with `AliasExists`. */
  readonly forceAliasCreation?: boolean | undefined;
}

export interface ConfirmResetPasswordRequest extends CallOptions {
  readonly username: string;
  readonly code: string;
  /** The new one. */
  readonly password: Password;
}

/** A user name, alone or with options. */
export type Named = string | ({ readonly username: string } & CallOptions);

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Asks for the page after this one; missing on the last. */
  readonly next?: string;
}

export interface PageRequest extends Abortable {
  /** How many items at most. */
  readonly limit?: number | undefined;
  readonly next?: string | undefined;
}

/** What a user can sign in with. */
export interface Factors {
  /** The first factors that are set up. */
  readonly factors: readonly FactorKind[];
  /** The second factors that are switched on. */
  readonly mfa: readonly MfaPreference[];
  /** The second factor that is asked for without a choice. */
  readonly preferredMfa?: MfaPreference;
}

/** A second factor; a passkey is one where the pool has it so. */
export type MfaPreference = MfaKind | "passkey";

export interface MfaPreferences {
  readonly enabled: readonly MfaPreference[];
  /** Asked for without a choice. */
  readonly preferred?: MfaPreference;
}

/** How each second factor is to be; what is left out stays. At most one is `"preferred"`. */
export interface MfaSettings extends Abortable {
  readonly totp?: "preferred" | "enabled" | "disabled" | undefined;
  readonly smsCode?: "preferred" | "enabled" | "disabled" | undefined;
  readonly emailCode?: "preferred" | "enabled" | "disabled" | undefined;
  readonly passkey?: "enabled" | "disabled" | undefined;
}

/** The second factors of the signed-in user. Every call may reject with `NotSignedIn` or `NotAuthorized`. */
export interface Mfa {
  /** GetUser. */
  preferences(): Promise<MfaPreferences>;
  /** SetUserMFAPreference. Codes: `InvalidParameter` for a factor that is not set up, or that the pool does not have. */
  setPreferences(settings: MfaSettings): Promise<void>;
  /** Begins to set up an authenticator app (AssociateSoftwareToken); the app's code ends it. Codes: `SoftwareTokenMFANotFound`, `ConcurrentModification`. */
  setUpTotp(): Promise<TotpSetUpStep>;
}

export interface Passkey {
  readonly id: string;
  /** As the authenticator calls itself. */
  readonly name: string;
  /** The domain that it is for. */
  readonly relyingParty: string;
  readonly attachment?: string;
  readonly transports: readonly string[];
  readonly created: Date;
}

/** What this browser can do. */
export interface PasskeySupport {
  /** There are passkeys at all. */
  readonly passkeys: boolean;
  /** They can be offered in a field's autofill: `answer({ mediation: "conditional" })`. */
  readonly autofill: boolean;
  /** One can be made without asking, after a sign-in by a password that was filled in: `register({ mediation: "conditional" })`. */
  readonly upgrade: boolean;
}

/** How the browser is asked to make a passkey. */
export interface PasskeyCreation extends Abortable {
  /**
   * `"conditional"`: no dialogue. The browser makes one where its password manager has just filled in the user's password; elsewhere it
   * rejects with `PasskeyCancelled`, or waits until the signal fires. Default: a dialogue.
   */
  readonly mediation?: "conditional" | undefined;
}

/** The passkeys of the signed-in user. Every call but `supported` may reject with `NotSignedIn`, `NotAuthorized` or `LimitExceeded`. */
export interface Passkeys {
  /**
   * Makes a passkey on this device (StartWebAuthnRegistration, `navigator.credentials.create`, CompleteWebAuthnRegistration). Codes:
   * `PasskeyCancelled`, `PasskeyExists`, `PasskeyUnavailable`, `WebAuthnNotEnabled`, `WebAuthnConfigurationMissing`, `WebAuthnChallengeNotFound`,
   * `WebAuthnClientMismatch`, `WebAuthnCredentialNotSupported`, `WebAuthnOriginNotAllowed`, `WebAuthnRelyingPartyMismatch`, `Aborted`.
   */
  register(options?: PasskeyCreation): Promise<void>;
  /** ListWebAuthnCredentials, at most 20 on a page. */
  list(request?: PageRequest): Promise<Page<Passkey>>;
  /**
   * DeleteWebAuthnCredential. Given the whole passkey, the browser's password manager is told to forget its half, where it can be
   * (`PublicKeyCredential.signalUnknownCredential`); by an id alone the device keeps it. Codes: `ResourceNotFound`,
   * `PasskeyUnavailable` where passkeys.js could not be loaded.
   */
  delete(passkey: string | Passkey, options?: Abortable): Promise<void>;
  /** Never rejects. */
  supported(): Promise<PasskeySupport>;
}

export interface Device {
  readonly key: string;
  readonly name?: string;
  readonly status?: "remembered" | "notRemembered";
  readonly lastIp?: string;
  readonly created: Date;
  readonly modified: Date;
  readonly lastAuthenticated: Date;
  /** All that the service says of it, by its names: `dev:device_sdk`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The devices that the service remembers of the signed-in user; the vault confirms one by itself after a sign-in. Without a key, this
 * device. Every call may reject with `NotSignedIn`, `NotAuthorized`, `ResourceNotFound` or `InvalidUserPoolConfiguration`.
 */
export interface Devices {
  /** ListDevices, at most 60 on a page. */
  list(request?: PageRequest): Promise<Page<Device>>;
  /** GetDevice. */
  get(key?: string): Promise<Device>;
  /** UpdateDeviceStatus: asks for no second factor here, where the pool has it so. */
  remember(key?: string): Promise<void>;
  /** UpdateDeviceStatus. */
  doNotRemember(key?: string): Promise<void>;
  /** ForgetDevice; where it is this device, its secret too. */
  forget(key?: string): Promise<void>;
}

export interface UserSession {
  readonly id: string;
  /** `sso`: a session of the hosted page. */
  readonly type: "token" | "sso";
  /** The app client. */
  readonly clientId?: string;
  readonly created?: Date;
  readonly lastActive?: Date;
  readonly deviceType?: string;
  readonly lastIp?: string;
  readonly lastLocation?: { readonly city?: string; readonly country?: string };
  /** The session that this one comes from. */
  readonly origin?: string;
  /** The one that asks. */
  readonly current: boolean;
}

/** The user's sessions in all clients of a pool that tracks them. Every call may reject with `NotSignedIn` or `NotAuthorized`. */
export interface Sessions {
  /** ListUserSessions. */
  list(request?: Omit<PageRequest, "limit">): Promise<Page<UserSession>>;
  /** RevokeUserSession; not the one that asks. `linked`: with the hosted page's session behind it, or the sessions that came from it. */
  revoke(id: string, options?: { readonly linked?: boolean | undefined } & Abortable): Promise<void>;
}

/** As the AWS SDK takes them: `credentials: auth.awsCredentials`. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  /** In the identity pool. */
  readonly identityId: string;
}

/** As the service wrote them: JSON Web Tokens. */
export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
}

/** The calls that only hand to the vault what they are given. @internal */
export const CALLS =
  "confirmSignUp confirmResetPassword attributes updateAttributes deleteAttributes sendAttributeCode verifyAttribute changePassword deleteAccount " +
  "factors refresh signOut mfa.preferences mfa.setPreferences passkeys.list devices.list devices.get devices.remember " +
  "devices.doNotRemember devices.forget sessions.list sessions.revoke";
