// The operations about an account, by the names of the page's calls: what each takes, and what becomes of its reply.

import { factorsOf, preferencesOf, toDelivery, toDevice, toPage, toPairs, toPasskey, toSession, toSettings, toTexts, type Reply } from "./shapes.js";

export type Password = string | Uint8Array;

/** What an operation is asked and how; `given` is what the page hands over first, `more` what second. */
export interface Operation<Given = never, More = never> {
  readonly operation: string;
  readonly members?: (given: Given, more: More) => object;
  /** By the names of their members: they cross to the core as bytes. */
  readonly passwords?: (given: Given) => Readonly<Record<string, Password | undefined>>;
  /** Which of the two holds the call's `clientMetadata`, where the operation hands any to the pool's triggers. */
  readonly metadata?: "given" | "more";
  readonly reply?: (reply: Reply) => unknown;
}

interface Named {
  readonly username: string;
}
interface Paging {
  readonly limit?: number;
  readonly next?: string;
}

const of = <Given, More = undefined>(operation: Operation<Given, More>): Operation => operation as Operation<never, never>;

const delivered = ({ CodeDeliveryDetails }: Reply) => toDelivery(CodeDeliveryDetails);
const attribute = (AttributeName: string) => ({ AttributeName });
const device = (DeviceKey?: string) => ({ DeviceKey });
const user = ({ username }: Named) => ({ Username: username });
const remembered = (DeviceRememberedStatus: string) => of({ operation: "UpdateDeviceStatus", members: (DeviceKey?: string) => ({ DeviceKey, DeviceRememberedStatus }) });
/** A code as a user may have pasted it. */
const trimmed = (code: string) => code.trim();

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  confirmSignUp: of({
    operation: "ConfirmSignUp",
    members: ({ username, code, forceAliasCreation }: Named & { code: string; forceAliasCreation?: boolean }) => ({ Username: username, ConfirmationCode: trimmed(code), ForceAliasCreation: forceAliasCreation }),
    metadata: "given",
  }),
  resendSignUpCode: of({ operation: "ResendConfirmationCode", members: user, metadata: "given", reply: delivered }),
  resetPassword: of({ operation: "ForgotPassword", members: user, metadata: "given", reply: delivered }),
  confirmResetPassword: of<Named & { code: string; password: Password }>({
    operation: "ConfirmForgotPassword",
    members: ({ username, code }) => ({ Username: username, ConfirmationCode: trimmed(code) }),
    passwords: ({ password }) => ({ Password: password }),
    metadata: "given",
  }),

  attributes: of({ operation: "GetUser", reply: ({ UserAttributes }) => toTexts(UserAttributes) }),
  updateAttributes: of({
    operation: "UpdateUserAttributes",
    members: (attributes: Record<string, string>, _: object) => ({ UserAttributes: toPairs(attributes) }),
    metadata: "more",
    reply: ({ CodeDeliveryDetailsList = [] }) => (CodeDeliveryDetailsList as Reply[]).map(toDelivery),
  }),
  deleteAttributes: of({ operation: "DeleteUserAttributes", members: (UserAttributeNames: string[]) => ({ UserAttributeNames }) }),
  sendAttributeCode: of({ operation: "GetUserAttributeVerificationCode", members: attribute, metadata: "more", reply: delivered }),
  verifyAttribute: of({ operation: "VerifyUserAttribute", members: ({ attribute, code }: { attribute: string; code: string }) => ({ AttributeName: attribute, Code: trimmed(code) }) }),
  changePassword: of({ operation: "ChangePassword", passwords: ({ previousPassword, password }: { previousPassword?: Password; password: Password }) => ({ PreviousPassword: previousPassword, ProposedPassword: password }) }),
  deleteAccount: of({ operation: "DeleteUser" }),

  factors: of({ operation: "GetUserAuthFactors", reply: factorsOf }),
  "mfa.preferences": of({ operation: "GetUser", reply: preferencesOf }),
  "mfa.setPreferences": of({ operation: "SetUserMFAPreference", members: toSettings }),
  "mfa.setUpTotp": of({ operation: "AssociateSoftwareToken", reply: ({ SecretCode }) => SecretCode }),
  "mfa.verifyTotp": of({
    operation: "VerifySoftwareToken",
    members: (code: string, options?: { deviceName?: string }) => ({ UserCode: trimmed(code), FriendlyDeviceName: options?.deviceName }),
    reply: ({ Status }) => Status === "SUCCESS",
  }),

  "passkeys.begin": of({ operation: "StartWebAuthnRegistration", reply: ({ CredentialCreationOptions }) => CredentialCreationOptions }),
  "passkeys.finish": of({ operation: "CompleteWebAuthnRegistration", members: (Credential: object) => ({ Credential }) }),
  "passkeys.list": of({
    operation: "ListWebAuthnCredentials",
    members: ({ limit, next }: Paging = {}) => ({ MaxResults: limit, NextToken: next }),
    reply: ({ Credentials, NextToken }) => toPage(Credentials, NextToken, toPasskey),
  }),
  "passkeys.delete": of({ operation: "DeleteWebAuthnCredential", members: (CredentialId: string) => ({ CredentialId }) }),

  "devices.list": of({
    operation: "ListDevices",
    members: ({ limit, next }: Paging = {}) => ({ Limit: limit, PaginationToken: next }),
    reply: ({ Devices, PaginationToken }) => toPage(Devices, PaginationToken, toDevice),
  }),
  "devices.get": of({ operation: "GetDevice", members: device, reply: ({ Device }) => toDevice(Device ?? {}) }),
  "devices.remember": remembered("remembered"),
  "devices.doNotRemember": remembered("not_remembered"),
  "devices.forget": of({ operation: "ForgetDevice", members: device }),

  "sessions.list": of({
    operation: "ListUserSessions",
    members: ({ next }: Paging = {}) => ({ NextToken: next }),
    reply: ({ Sessions, NextToken }) => toPage(Sessions, NextToken, toSession),
  }),
  "sessions.revoke": of({
    operation: "RevokeUserSession",
    members: (SessionId: string, options?: { linked?: boolean }) => ({ SessionId, RevokeAssociatedSessions: options?.linked ? "LINKED" : undefined }),
  }),
};
