// The shapes of the service's replies, and what a page gets of them: names in camelCase, times as Date.

import type { AwsCredentials, Device, Factors, MfaPreference, Page, Passkey, UserSession } from "./calls.js";
import { plainError } from "./plain.js";
import type { Delivery } from "./steps.js";

/** A reply of the service, whose members may be anything or missing. */
export type Reply = Readonly<Record<string, any>>;

/** A list of names and values, as Cognito has attributes. */
type Pairs = readonly { readonly Name: string; readonly Value?: string }[];

export const toTexts = (pairs: Pairs = []): Readonly<Record<string, string>> => Object.fromEntries(pairs.map(({ Name, Value = "" }) => [Name, Value]));

export const toPairs = (texts: Readonly<Record<string, string>>): Pairs => Object.entries<string>(known(texts)).map(([Name, Value]) => ({ Name, Value }));

/** Without the members that are `undefined`, which a page would see as there. */
const known = <T extends object>(all: T): any => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));

/** Seconds since 1970, as the service has times. */
const toDate = (seconds: number | undefined): Date | undefined => (seconds === undefined ? undefined : new Date(seconds * 1000));

export function toDelivery(details: Reply | undefined): Delivery | undefined {
  if (!details) return undefined;
  const { Destination: destination, DeliveryMedium, AttributeName: attribute } = details;
  const medium = { EMAIL: "email", SMS: "sms" }[DeliveryMedium as string];
  return known({ destination, medium, attribute });
}

/** What the core asks: the parameters of a challenge are texts, and some of them are JSON. */
export interface Asked {
  readonly name: string;
  readonly id?: number;
  readonly secret?: string;
  readonly choices?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>> | null;
  readonly delivery?: Reply;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** A step of the core as a page gets it. */
export function stepOf({ parameters, choices, delivery, ...step }: Asked): Asked {
  const { USERNAME, USER_ID_FOR_SRP, ...told } = parameters ?? {};
  switch (step.name) {
    case "totp":
      return known({ ...step, deviceName: told["FRIENDLY_DEVICE_NAME"] });
    case "smsCode":
    case "emailCode":
      return { ...step, sentTo: toDelivery({ Destination: told["CODE_DELIVERY_DESTINATION"], DeliveryMedium: told["CODE_DELIVERY_DELIVERY_MEDIUM"] }) } as Asked;
    case "confirm":
      return known({ ...step, sentTo: toDelivery(delivery) });
    case "chooseMfa":
    case "chooseFactor":
      return { ...step, choices: choices ?? [] };
    case "setUpMfa":
      return { ...step, choices: (choices ?? []).map((choice) => choice.replace("Code", "")) };
    case "passkey":
      return { ...step, options: toValue(told["CREDENTIAL_REQUEST_OPTIONS"]) ?? null } as Asked;
    case "custom":
      return { ...step, parameters: told };
    case "newPassword":
      return { ...step, ...toAttributes(told) } as Asked;
    default:
      return step;
  }
}

/** What a new password needs besides, and what the account has; a text of another form says nothing. */
function toAttributes({ requiredAttributes, userAttributes }: Readonly<Record<string, string>>): object {
  const required = toValue(requiredAttributes);
  // The service alone writes what is verified.
  const own = Object.entries(Object(toValue(userAttributes))).filter(([name, value]) => isText(value) && value && !/^(email|phone_number)_verified$/.test(name));
  return {
    requiredAttributes: (Array.isArray(required) ? required.filter(isText) : []).map((name) => name.replace(/^userAttributes\./, "")),
    attributes: Object.fromEntries(own),
  };
}

function toValue(json: string | undefined): unknown {
  try {
    return JSON.parse(json!);
  } catch {
    return undefined;
  }
}

/** The challenges that a sign-in may prefer to begin with. */
export const PREFERRED: Readonly<Record<string, string>> = { password: "PASSWORD_SRP", passkey: "WEB_AUTHN", emailCode: "EMAIL_OTP", smsCode: "SMS_OTP" };

export const toPage = <Item>(items: readonly Reply[] | undefined, next: string | undefined, item: (reply: Reply) => Item): Page<Item> => known({ items: (items ?? []).map(item), next });

/** The service's names of factors; it has two for some. */
const FACTORS: Readonly<Record<string, MfaPreference | "password">> = {
  ...{ PASSWORD: "password", PASSWORD_SRP: "password", WEB_AUTHN: "passkey", WEB_AUTHN_MFA: "passkey" },
  ...{ SOFTWARE_TOKEN_MFA: "totp", SMS_MFA: "smsCode", SMS_OTP: "smsCode", EMAIL_MFA: "emailCode", EMAIL_OTP: "emailCode" },
};

const toFactors = (names: readonly string[] = []): any[] => [...new Set(names.flatMap((name) => FACTORS[name] ?? []))];

export function factorsOf({ ConfiguredUserAuthFactors, UserMFASettingList, PreferredMfaSetting }: Reply): Factors {
  return known({ factors: toFactors(ConfiguredUserAuthFactors), mfa: toFactors(UserMFASettingList), preferredMfa: FACTORS[PreferredMfaSetting] });
}

export const preferencesOf = ({ UserMFASettingList, PreferredMfaSetting }: Reply): object => known({ enabled: toFactors(UserMFASettingList), preferred: FACTORS[PreferredMfaSetting] });

const SETTINGS: Readonly<Record<string, string>> = { totp: "SoftwareTokenMfaSettings", smsCode: "SMSMfaSettings", emailCode: "EmailMfaSettings", passkey: "WebAuthnMfaSettings" };

export function toSettings(settings: Readonly<Record<string, string | undefined>>): object {
  const given = Object.entries(settings).filter(([kind, level]) => SETTINGS[kind] && level);
  return Object.fromEntries(
    given.map(([kind, level]) => [SETTINGS[kind], { Enabled: level !== "disabled", ...(kind !== "passkey" && { PreferredMfa: level === "preferred" }) }]),
  );
}

export function toPasskey(reply: Reply): Passkey {
  const { CredentialId: id, FriendlyCredentialName: name, RelyingPartyId: relyingParty, AuthenticatorAttachment: attachment, AuthenticatorTransports: transports = [] } = reply;
  return known({ id, name, relyingParty, attachment, transports, created: toDate(reply["CreatedAt"]) });
}

export function toDevice({ DeviceKey: key, DeviceAttributes, DeviceCreateDate, DeviceLastModifiedDate, DeviceLastAuthenticatedDate }: Reply): Device {
  const attributes = toTexts(DeviceAttributes);
  const { device_name: name, last_ip_used: lastIp, ["dev:device_remembered_status"]: remembered } = attributes;
  const status = { remembered: "remembered", not_remembered: "notRemembered" }[remembered!];
  const times = { created: toDate(DeviceCreateDate), modified: toDate(DeviceLastModifiedDate), lastAuthenticated: toDate(DeviceLastAuthenticatedDate) };
  return known({ key, name, status, lastIp, ...times, attributes });
}

export function toSession(reply: Reply): UserSession {
  const { SessionId: id, SessionType, ClientId: clientId, DeviceType: deviceType, LastIPAddress: lastIp, LastLocation, OriginSessionId: origin } = reply;
  const lastLocation = LastLocation && known({ city: LastLocation.City, country: LastLocation.Country });
  const times = { created: toDate(reply["CreateDate"]), lastActive: toDate(reply["LastActiveDate"]) };
  return known({ id, type: String(SessionType).toLowerCase(), clientId, ...times, deviceType, lastIp, lastLocation, origin, current: reply["IsCurrentSession"] === true });
}

export function toCredentials({ IdentityId: identityId, Credentials }: Reply): AwsCredentials {
  const { AccessKeyId: accessKeyId, SecretKey: secretAccessKey, SessionToken: sessionToken, Expiration } = Credentials;
  const expiration = toDate(Expiration);
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw undefined;
  return { accessKeyId, secretAccessKey, sessionToken, expiration, identityId };
}

/** A reply as what it is to become, if it has the form for that. */
export function read<T>(become: () => T): T {
  try {
    return become();
  } catch {
    throw plainError("InvalidResponse", "the reply is not what the protocol promises", true);
  }
}
