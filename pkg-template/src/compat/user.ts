// CognitoUser: one user of a pool, with the callbacks of amazon-cognito-identity-js.

import type { Asked } from "../shapes.js";
import type { ClientMetadata, CodeDeliveryDetails, CognitoUserPool } from "./pool.js";
import { failure, type Client, type NodeCallback } from "./service.js";
import type { ICognitoStorage } from "./storage.js";
import { AuthenticationDetails, CognitoRefreshToken, CognitoUserAttribute, type CognitoUserSession, type ICognitoUserAttributeData } from "./values.js";
import type { Vault } from "./vault.js";

export interface ICognitoUserData {
  readonly Username: string;
  readonly Pool: CognitoUserPool;
  /** Default: the pool's. */
  readonly Storage?: ICognitoStorage | undefined;
}

/** What a sign-in comes to. A challenge whose callback is missing is given to `onFailure` as a TypeError. */
export interface IAuthenticationCallback {
  onSuccess(session: CognitoUserSession, userConfirmationNecessary?: boolean): void;
  onFailure(error: any): void;
  newPasswordRequired?(userAttributes: any, requiredAttributes: any): void;
  /** `SMS_MFA`, and `EMAIL_OTP`, which `sendMFACode` answers too. */
  mfaRequired?(challengeName: any, challengeParameters: any): void;
  totpRequired?(challengeName: any, challengeParameters: any): void;
  customChallenge?(challengeParameters: any): void;
  mfaSetup?(challengeName: any, challengeParameters: any): void;
  selectMFAType?(challengeName: any, challengeParameters: any): void;
}

export interface Callbacks<Result> {
  onSuccess(result: Result): void;
  onFailure(error: any): void;
}
export interface CodeCallbacks {
  onSuccess?(result: any): void;
  onFailure(error: any): void;
  inputVerificationCode?(data: { readonly CodeDeliveryDetails: CodeDeliveryDetails }): void;
}

export interface IMfaSettings {
  readonly PreferredMfa: boolean;
  readonly Enabled: boolean;
}

export interface MFAOption {
  readonly DeliveryMedium: "SMS" | "EMAIL";
  readonly AttributeName: string;
}

/** GetUser. */
export interface UserData {
  readonly Username: string;
  readonly UserAttributes: readonly ICognitoUserAttributeData[];
  readonly MFAOptions?: readonly MFAOption[];
  readonly PreferredMfaSetting?: string;
  readonly UserMFASettingList?: readonly string[];
}

const FLOWS: Readonly<Record<string, string | undefined>> = { USER_SRP_AUTH: "srp", USER_PASSWORD_AUTH: "password", CUSTOM_AUTH: "custom" };
const CHOICES: Readonly<Record<string, string>> = { SMS_MFA: "smsCode", SOFTWARE_TOKEN_MFA: "totp", EMAIL_OTP: "emailCode" };
const SMS: readonly MFAOption[] = [{ DeliveryMedium: "SMS", AttributeName: "phone_number" }];

export class CognitoUser {
  readonly pool: CognitoUserPool;
  readonly client: Client;
  readonly storage: ICognitoStorage;
  /** What the names in the storage begin with. */
  readonly keyPrefix: string;
  username: string;
  signInUserSession: CognitoUserSession | null = null;
  authenticationFlowType = "USER_SRP_AUTH";
  challengeName: string | undefined;
  deviceKey: string | null | undefined;
  deviceGroupKey: string | null | undefined;
  randomPassword: string | null | undefined;
  #step: Asked | undefined;
  /** Whose step it is: the user's name may be another one by the end of the sign-in. */
  #talk: Vault | undefined;

  constructor(data: ICognitoUserData) {
    if (!data?.Username || !data.Pool) throw new Error("Username and Pool information are required.");
    this.username = data.Username;
    this.pool = data.Pool;
    this.client = data.Pool.client;
    this.storage = data.Storage ?? data.Pool.storage;
    this.keyPrefix = `CognitoIdentityServiceProvider.${data.Pool.getClientId()}`;
    this.getCachedDeviceKeyAndPassword();
  }

  get #vault(): Vault {
    return this.pool.vaultOf(this.username, this.storage);
  }

  getUsername(): string {
    return this.username;
  }
  getAuthenticationFlowType(): string {
    return this.authenticationFlowType;
  }
  setAuthenticationFlowType(authenticationFlowType: string): void {
    this.authenticationFlowType = authenticationFlowType;
  }
  getSignInUserSession(): CognitoUserSession | null {
    return this.signInUserSession;
  }
  setSignInUserSession(session: CognitoUserSession): void {
    this.signInUserSession = session;
  }

  // ---- Signing in

  /** InitiateAuth and what follows, by the flow that is set. */
  authenticateUser(details: AuthenticationDetails, callback: IAuthenticationCallback): void {
    const flow = FLOWS[this.authenticationFlowType];
    if (!flow) return callback.onFailure(new Error("Authentication flow type is invalid."));
    this.#begin(details, flow, callback);
  }

  /** CUSTOM_AUTH without a password. */
  initiateAuth(details: AuthenticationDetails, callback: IAuthenticationCallback): void {
    this.#begin(new AuthenticationDetails({ Username: details.getUsername(), ValidationData: details.getValidationData() as ClientMetadata, ClientMetadata: details.getClientMetadata() as ClientMetadata }), "custom", callback);
  }

  #begin(details: AuthenticationDetails, flow: string, callback: IAuthenticationCallback): void {
    const validation = details.getValidationData();
    const clientMetadata = Object.keys(validation).length > 0 ? validation : details.getClientMetadata();
    const vault = (this.#talk = this.#vault);
    vault.asksToRemember = false;
    vault.typed = this.username;
    const metadata = Object.keys(clientMetadata).length > 0 ? JSON.stringify(clientMetadata) : "";
    this.#follow(vault.call("signIn", [this.username, flow, "", "", metadata], [details.getPassword() ?? ""], this.#contextData()), callback);
  }

  /** Answers a code by SMS, of an authenticator app or by e-mail. */
  sendMFACode(confirmationCode: string, callback: IAuthenticationCallback, _mfaType?: string, _clientMetadata?: ClientMetadata): void {
    this.#answer(confirmationCode, callback);
  }

  sendMFASelectionAnswer(answerChallenge: string, callback: Omit<IAuthenticationCallback, "onSuccess"> & { onSuccess?: IAuthenticationCallback["onSuccess"] }): void {
    this.#answer(CHOICES[answerChallenge] ?? answerChallenge, callback as IAuthenticationCallback);
  }

  sendCustomChallengeAnswer(answerChallenge: string, callback: IAuthenticationCallback, _clientMetadata?: ClientMetadata): void {
    this.#answer(answerChallenge, callback);
  }

  completeNewPasswordChallenge(newPassword: string, requiredAttributes: Readonly<Record<string, string>> | null, callback: IAuthenticationCallback, _clientMetadata?: ClientMetadata): void {
    if (!newPassword) return callback.onFailure(new Error("New password is required."));
    const responses = Object.fromEntries(Object.entries(requiredAttributes ?? {}).map(([name, value]) => [`userAttributes.${name}`, value]));
    this.#answer("", callback, newPassword, JSON.stringify(responses));
  }

  #answer(code: string, callback: IAuthenticationCallback, password?: string, responses?: string): void {
    this.#follow(this.#next(code, password, responses), callback);
  }

  async #next(code: string, password = "", responses?: string): Promise<Asked> {
    if (!this.#step) throw failure("NotAuthorizedException", "Invalid session for the user.");
    return this.#talk!.call<Asked>("answer", [`${this.#step.id}`, code, "", responses], [password], this.#contextData());
  }

  #contextData(): string | undefined {
    return this.pool.getUserContextData(this.username)?.EncodedData;
  }

  #follow(next: Promise<Asked>, callback: IAuthenticationCallback): void {
    next.then((step) => this.#show(step, callback), (error: unknown) => callback.onFailure(error));
  }

  #show(step: Asked, callback: IAuthenticationCallback): void {
    const tell = (name: keyof IAuthenticationCallback, ...values: unknown[]) => {
      const listener = callback[name] as ((...values: unknown[]) => void) | undefined;
      if (listener) listener.apply(callback, values);
      else callback.onFailure(new TypeError(`callback.${name} is not a function`));
    };
    this.#step = step.id === undefined ? undefined : step;
    const parameters = step.parameters ?? {};
    const challenge = (name: string) => (this.challengeName = name);
    switch (step.name) {
      case "signedIn": {
        const session = this.#adopt(this.#talk!);
        if (!session) return callback.onFailure(failure("NotAuthorizedException", "The session has ended meanwhile."));
        return callback.onSuccess(session, this.#talk!.asksToRemember || undefined);
      }
      case "newPassword": {
        const required = (valueOf(parameters["requiredAttributes"]) ?? []) as string[];
        return tell("newPasswordRequired", valueOf(parameters["userAttributes"]) ?? {}, required.map((name) => name.replace(/^userAttributes\./, "")));
      }
      case "smsCode":
        return tell("mfaRequired", challenge("SMS_MFA"), parameters);
      case "emailCode":
        return tell("mfaRequired", challenge("EMAIL_OTP"), parameters);
      case "totp":
        return tell("totpRequired", challenge("SOFTWARE_TOKEN_MFA"), parameters);
      case "chooseMfa":
        return tell("selectMFAType", challenge("SELECT_MFA_TYPE"), parameters);
      case "setUpMfa":
        return tell("mfaSetup", challenge("MFA_SETUP"), step.parameters ?? { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' });
      case "custom":
        return tell("customChallenge", parameters);
      case "confirmSignUp":
        return callback.onFailure(failure("UserNotConfirmedException", "User is not confirmed."));
      case "resetPassword":
        return callback.onFailure(failure("PasswordResetRequiredException", "Password reset required for the user"));
      default:
        return callback.onFailure(failure("UnsupportedChallenge", `This library has no callback for ${step.name}.`));
    }
  }

  /** Takes what the vault has kept for this user's session. */
  #adopt(vault: Vault): CognitoUserSession | undefined {
    const session = vault.session();
    if (!session) return undefined;
    this.username = vault.names.username;
    this.getCachedDeviceKeyAndPassword();
    return (this.signInUserSession = session);
  }

  // ---- The session

  /** The session in memory or in the storage, renewed where it is over. */
  getSession(callback: NodeCallback<CognitoUserSession>, options: { readonly clientMetadata?: ClientMetadata } = {}): void {
    if (this.username == null) return callback(new Error("Username is null. Cannot retrieve a new session"), null);
    if (this.signInUserSession?.isValid()) return callback(null, this.signInUserSession);
    const kept = this.#vault.session();
    if (!kept) return callback(new Error("Local storage is missing an ID Token, Please authenticate"), null);
    if (kept.isValid()) return callback(null, (this.signInUserSession = kept));
    if (!kept.getRefreshToken().getToken()) return callback(new Error("Cannot retrieve a new session. Please authenticate."), null);
    this.refreshSession(kept.getRefreshToken(), callback, options.clientMetadata);
  }

  /** Renews the tokens, once for all who ask at a time, here and in other tabs. */
  refreshSession(refreshToken: CognitoRefreshToken, callback: NodeCallback<CognitoUserSession>, _clientMetadata?: ClientMetadata): void {
    const done = this.pool.wrapRefreshSessionCallback(callback);
    const vault = this.#vault;
    const own = this.signInUserSession;
    const isGiven = (session: CognitoUserSession | null | undefined) => session?.getRefreshToken().getToken() === refreshToken.getToken();
    const bearer = (session: CognitoUserSession | null | undefined) => session?.getAccessToken().getJwtToken();
    const seen = bearer(own && isGiven(own) ? own : vault.session());
    const renew = async () => {
      if (own && isGiven(own) && !vault.session()) vault.keep(own);
      await vault.look();
      // Another tab may have been first.
      if (bearer(vault.session()) === seen) await vault.call("refresh", [], [], this.#contextData());
      return this.#adopt(vault);
    };
    const invalid = () => failure("NotAuthorizedException", "Invalid Refresh Token");
    renew().then((session) => (session ? done(null, session) : done(invalid(), null)), (error: { code?: string }) => done(error.code === "NotSignedIn" ? invalid() : error, null));
  }

  /** Forgets the session at once, and revokes its tokens, which the callback waits for. */
  signOut(callback?: (error?: any) => void): void {
    const vault = this.#vault;
    const kept = vault.session();
    const session = kept ?? this.signInUserSession;
    this.signInUserSession = null;
    this.#step = undefined;
    vault.forget();
    const revoke = async () => {
      // By the core where it runs, which tells other tabs.
      if (vault.loaded && kept) await vault.call("signOut");
      else if (session) await this.#revoke(session);
    };
    revoke().then(() => callback?.(), (error: unknown) => callback?.(error));
  }

  /** Revokes the tokens of this session, and forgets none of them. */
  revokeTokens(callback: (error?: any) => void): void {
    if (!this.signInUserSession) return callback(new Error("User is not authenticated"));
    this.#revoke(this.signInUserSession).then(() => callback(), callback);
  }

  revokeToken({ token, callback }: { readonly token: string; readonly callback: (error?: any) => void }): void {
    this.client.request("RevokeToken", { Token: token, ClientId: this.pool.getClientId() }, (error) => callback(error ?? undefined));
  }

  isSessionRevocable(token: { decodePayload(): Readonly<Record<string, unknown>> }): boolean {
    return "origin_jti" in token.decodePayload();
  }

  async #revoke(session: CognitoUserSession): Promise<void> {
    const Token = session.getRefreshToken().getToken();
    if (Token && this.isSessionRevocable(session.getAccessToken())) await this.client.promisifyRequest("RevokeToken", { Token, ClientId: this.pool.getClientId() });
  }

  /** GlobalSignOut. */
  globalSignOut(callback: Callbacks<string>): void {
    this.#own("GlobalSignOut", {}).then(() => {
      this.#forget();
      callback.onSuccess("SUCCESS");
    }, (error: unknown) => callback.onFailure(error));
  }

  #forget(): void {
    const vault = this.#vault;
    vault.forget();
    if (vault.loaded) void vault.look().catch(() => undefined); // nobody waits for it
  }

  // ---- The account

  confirmRegistration(code: string, forceAliasCreation: boolean, callback: NodeCallback<string>, clientMetadata?: ClientMetadata): void {
    this.#ask("ConfirmSignUp", { ConfirmationCode: code, ForceAliasCreation: forceAliasCreation, ClientMetadata: clientMetadata, UserContextData: this.#seen() }).then(() => callback(null, "SUCCESS"), callback);
  }

  resendConfirmationCode(callback: NodeCallback<any>, clientMetadata?: ClientMetadata): void {
    this.#ask("ResendConfirmationCode", { ClientMetadata: clientMetadata }).then((reply) => callback(null, reply), callback);
  }

  forgotPassword(callback: CodeCallbacks, clientMetadata?: ClientMetadata): void {
    this.#ask("ForgotPassword", { ClientMetadata: clientMetadata, UserContextData: this.#seen() }).then((reply) => coded(callback, reply, reply), (error: unknown) => callback.onFailure(error));
  }

  confirmPassword(code: string, newPassword: string, callback: Callbacks<string>, clientMetadata?: ClientMetadata): void {
    const params = { ConfirmationCode: code, Password: newPassword, ClientMetadata: clientMetadata, UserContextData: this.#seen() };
    report(this.#ask("ConfirmForgotPassword", params), callback);
  }

  changePassword(oldPassword: string, newPassword: string, callback: NodeCallback<string>, clientMetadata?: ClientMetadata): void {
    this.#done("ChangePassword", { PreviousPassword: oldPassword, ProposedPassword: newPassword, ClientMetadata: clientMetadata }, callback);
  }

  getUserAttributes(callback: NodeCallback<CognitoUserAttribute[]>): void {
    this.#own("GetUser", {}).then(({ UserAttributes = [] }) => callback(null, UserAttributes.map((one: ICognitoUserAttributeData) => new CognitoUserAttribute(one))), callback);
  }

  /** The claims follow at the next refresh. */
  updateAttributes(attributes: readonly ICognitoUserAttributeData[], callback: (error: any, result?: string, details?: any) => void, clientMetadata?: ClientMetadata): void {
    this.#own("UpdateUserAttributes", { UserAttributes: attributes, ClientMetadata: clientMetadata }).then((reply) => callback(null, "SUCCESS", reply), callback);
  }

  deleteAttributes(attributeList: readonly string[], callback: NodeCallback<string>): void {
    this.#done("DeleteUserAttributes", { UserAttributeNames: attributeList }, callback);
  }

  getAttributeVerificationCode(attributeName: string, callback: CodeCallbacks, clientMetadata?: ClientMetadata): void {
    this.#own("GetUserAttributeVerificationCode", { AttributeName: attributeName, ClientMetadata: clientMetadata }).then((reply) => coded(callback, reply, "SUCCESS"), (error: unknown) => callback.onFailure(error));
  }

  verifyAttribute(attributeName: string, confirmationCode: string, callback: Callbacks<string>): void {
    report(this.#own("VerifyUserAttribute", { AttributeName: attributeName, Code: confirmationCode }), callback);
  }

  /** GetUser, asked anew each time: nothing of it is kept. */
  getUserData(callback: NodeCallback<UserData>, _options?: { readonly bypassCache?: boolean; readonly clientMetadata?: ClientMetadata }): void {
    this.#own("GetUser", {}).then((reply) => callback(null, reply as UserData), callback);
  }

  deleteUser(callback: NodeCallback<string>, clientMetadata?: ClientMetadata): void {
    this.#own("DeleteUser", { ClientMetadata: clientMetadata }).then(() => {
      this.#forget();
      callback(null, "SUCCESS");
    }, callback);
  }

  // ---- Second factors

  /** In a sign-in that demands it, or of somebody signed in (AssociateSoftwareToken). */
  associateSoftwareToken(callback: { associateSecretCode(secretCode: string): void; onFailure(error: any): void }): void {
    const secret = async (): Promise<string> => {
      if (this.#step?.name === "setUpMfa") {
        if (!this.#step.secret) this.#step = await this.#next("totp");
        return this.#step.secret!;
      }
      return (await this.#own("AssociateSoftwareToken", {}))["SecretCode"];
    };
    secret().then((code) => callback.associateSecretCode(code), (error: unknown) => callback.onFailure(error));
  }

  /** Ends what `associateSoftwareToken` has begun: with the session in a sign-in, else with the service's reply. */
  verifySoftwareToken(totpCode: string, friendlyDeviceName: string, callback: Callbacks<any>): void {
    if (this.#step?.name === "setUpMfa") return this.#answer(totpCode, callback as IAuthenticationCallback);
    this.#own("VerifySoftwareToken", { UserCode: totpCode, FriendlyDeviceName: friendlyDeviceName }).then((reply) => {
      if (reply["Status"] === "SUCCESS") callback.onSuccess(reply);
      else callback.onFailure(failure("EnableSoftwareTokenMFAException", "Code mismatch"));
    }, (error: unknown) => callback.onFailure(error));
  }

  setUserMfaPreference(smsMfaSettings: IMfaSettings | null, softwareTokenMfaSettings: IMfaSettings | null, callback: NodeCallback<string>): void {
    this.#done("SetUserMFAPreference", { SMSMfaSettings: smsMfaSettings, SoftwareTokenMfaSettings: softwareTokenMfaSettings }, callback);
  }

  /** GetUser's `MFAOptions`, which Cognito has given up. */
  getMFAOptions(callback: NodeCallback<MFAOption[]>): void {
    this.#own("GetUser", {}).then(({ MFAOptions }) => callback(null, MFAOptions), callback);
  }
  enableMFA(callback: NodeCallback<string>): void {
    this.#done("SetUserSettings", { MFAOptions: SMS }, callback);
  }
  disableMFA(callback: NodeCallback<string>): void {
    this.#done("SetUserSettings", { MFAOptions: [] }, callback);
  }

  // ---- Devices

  getCachedDeviceKeyAndPassword(): void {
    const { key, group, password } = this.#vault.device();
    if (key) Object.assign(this, { deviceKey: key, deviceGroupKey: group, randomPassword: password });
  }
  cacheDeviceKeyAndPassword(): void {
    this.#vault.keepDevice({ key: this.deviceKey ?? "", group: this.deviceGroupKey ?? "", password: this.randomPassword ?? "" });
  }
  clearCachedDeviceKeyAndPassword(): void {
    this.#vault.keepDevice({ key: "", group: "", password: "" });
  }

  getDevice(callback: Callbacks<any>): void {
    report(this.#own("GetDevice", { DeviceKey: this.deviceKey }), callback, (reply) => reply);
  }
  listDevices(limit: number, paginationToken: string | null, callback: Callbacks<any>): void {
    report(this.#own("ListDevices", { Limit: limit, PaginationToken: paginationToken ?? undefined }), callback, (reply) => reply);
  }
  setDeviceStatusRemembered(callback: Callbacks<string>): void {
    this.#remember("remembered", callback);
  }
  setDeviceStatusNotRemembered(callback: Callbacks<string>): void {
    this.#remember("not_remembered", callback);
  }
  #remember(DeviceRememberedStatus: string, callback: Callbacks<string>): void {
    report(this.#own("UpdateDeviceStatus", { DeviceKey: this.deviceKey, DeviceRememberedStatus }), callback);
  }
  forgetDevice(callback: Callbacks<string>): void {
    const forgotten = () => {
      this.deviceKey = this.deviceGroupKey = this.randomPassword = null;
      this.clearCachedDeviceKeyAndPassword();
      callback.onSuccess("SUCCESS");
    };
    this.forgetSpecificDevice(this.deviceKey ?? "", { onSuccess: forgotten, onFailure: (error) => callback.onFailure(error) });
  }
  forgetSpecificDevice(deviceKey: string, callback: Callbacks<string>): void {
    report(this.#own("ForgetDevice", { DeviceKey: deviceKey }), callback);
  }

  // ---- The calls

  #seen(): object | undefined {
    return this.pool.getUserContextData(this.username);
  }

  /** An operation that names the user. */
  #ask(operation: string, params: object): Promise<Record<string, any>> {
    return this.client.promisifyRequest(operation, { ClientId: this.pool.getClientId(), Username: this.username, ...params });
  }

  /** An operation of whoever is signed in, with the token as it is. */
  async #own(operation: string, params: object): Promise<Record<string, any>> {
    if (!this.signInUserSession?.isValid()) throw new Error("User is not authenticated");
    return this.client.promisifyRequest(operation, { AccessToken: this.signInUserSession.getAccessToken().getJwtToken(), ...params });
  }

  #done(operation: string, params: object, callback: NodeCallback<string>): void {
    this.#own(operation, params).then(() => callback(null, "SUCCESS"), callback);
  }
}

/** Tells an object of callbacks what becomes of a call. */
function report(work: Promise<Record<string, any>>, callback: Callbacks<any>, value: (reply: Record<string, any>) => unknown = () => "SUCCESS"): void {
  work.then((reply) => callback.onSuccess(value(reply)), (error: unknown) => callback.onFailure(error));
}

function coded(callback: CodeCallbacks, data: any, success: unknown): void {
  if (callback.inputVerificationCode) callback.inputVerificationCode(data);
  else callback.onSuccess?.(success);
}

function valueOf(json: string | undefined): unknown {
  try {
    return JSON.parse(json!);
  } catch {
    return undefined;
  }
}
