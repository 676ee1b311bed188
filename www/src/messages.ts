// What people read: a sentence for each code that a visitor can meet, and names for attributes and claims.
import { isAuthError, type AuthErrorCode, type Delivery } from "cognito-vault";

/** A failure as a form shows it: the sentence, and the fields that it is about, the one to return to first. */
export interface Problem {
  readonly text: string;
  readonly fields: readonly string[];
}

const OFFLINE = "The service cannot be reached. Check your connection and try again.";
const BUSY = "The service is busy or has a fault. Try again in a moment.";

const sentences: Readonly<Partial<Record<AuthErrorCode, string>>> = {
  AliasExists: "That e-mail address belongs to another account. Sign in with that account instead.",
  CodeDeliveryFailure: "The message with your code could not be sent. Check the address, then ask for a new code.",
  CodeMismatch: "That code is not right. Check it, or ask for a new one.",
  EnableSoftwareTokenMFA: "The app’s code is not right. Wait for the next one, and check the clock of the device.",
  ExpiredCode: "That code is no longer good. Ask for a new one.",
  FeatureUnavailableInTier: "This pool’s plan does not have that.",
  Forbidden: "The request was blocked. Try again later, or from another network.",
  InternalError: BUSY,
  InvalidConfig: "This demo is not set up for that.",
  InvalidIdentityPoolConfiguration: "The identity pool is set up wrong.",
  InvalidParameter: "The service did not accept what was entered. Check each field and try again.",
  InvalidPassword: "That password does not meet the rules. Choose another.",
  LimitExceeded: "Too many tries for this account. Wait a while, up to an hour, and try again.",
  MFAMethodNotFound: "Your account does not have that second factor.",
  NotAuthorized: "Your session is no longer good. Start again.",
  PasswordHistoryPolicyViolation: "You have used that password before. Choose another.",
  PasswordResetRequired: "Your password has to be reset before you can sign in.",
  OperationNotEnabled: "This pool does not keep a list of sessions.",
  PasskeyCancelled: "The dialogue was closed, or took too long. You can try again.",
  PasskeyExists: "This device has a passkey for your account already.",
  PasskeyUnavailable: "This browser, this device or this page’s address cannot use passkeys here.",
  ResourceNotFound: "That is not there any more. Load the page again.",
  SoftwareTokenMFANotFound: "No authenticator app is set up.",
  TooManyFailedAttempts: "Too many wrong codes. Wait a while, then ask for a new one.",
  TooManyRequests: BUSY,
  Aborted: "You have cancelled.",
  UnsupportedOperation: "This pool does not allow that.",
  UserLambdaValidation: "The pool refused what was entered.",
  WebAuthnChallengeNotFound: "The registration took too long. Begin it again.",
  WebAuthnConfigurationMissing: "This pool is not set up for passkeys.",
  WebAuthnCredentialNotSupported: "This pool does not take that kind of passkey.",
  WebAuthnNotEnabled: "This pool does not have passkeys.",
  WebAuthnOriginNotAllowed: "This pool does not take passkeys from this page’s address.",
  CallbackUnknown: "This sign-in was not begun in this tab, or is over. Start again.",
  HostedPageRefused: "The hosted page did not sign you in.",
  LoginRequired: "The hosted page does not know you yet. Sign in there.",
  UserNotConfirmed: "This account is not confirmed yet. Enter the code that you were sent.",
  UsernameExists: "That user name is taken. Choose another, or sign in.",
  EngineFailed: "The vault could not start in this browser, or has stopped. Reload the page.",
  InvalidResponse: BUSY,
  InvalidState: "This step is already over. Start again.",
  Network: OFFLINE,
  NotSignedIn: "Nobody is signed in, so there is no token to send.",
  OriginNotAllowed: "The vault refused: this address is not on its list, so no token goes there.",
  Timeout: OFFLINE,
  UnsupportedChallenge: "This account asks for a kind of sign-in that this demo does not have.",
};

/** What an account may meet that is signed in, or has none of what was asked for. */
const REFUSED = "The service refused. Check the user name, or choose another way to sign in.";
const WRONG_PASSWORD = "The user name or the password is wrong.";

const fieldsOf: Readonly<Partial<Record<AuthErrorCode, readonly string[]>>> = {
  AliasExists: ["email"],
  CodeMismatch: ["code"],
  EnableSoftwareTokenMFA: ["code"],
  ExpiredCode: ["code"],
  InvalidPassword: ["password"],
  PasswordHistoryPolicyViolation: ["password"],
  UsernameExists: ["username"],
};

export function sentence(error: unknown): string {
  return (isAuthError(error) ? sentences[error.code] : undefined) ?? "That did not work. Try again later.";
}

export function problem(error: unknown): Problem | undefined {
  if (error === undefined) return undefined;
  return { text: sentence(error), fields: (isAuthError(error) ? fieldsOf[error.code] : undefined) ?? [] };
}

/** A failed sign-in: an unknown user and a wrong password read the same. */
export function signInProblem(error: unknown): Problem | undefined {
  if (isAuthError(error, "NotAuthorized")) return { text: WRONG_PASSWORD, fields: ["password", "username"] };
  return problem(error);
}

/** A beginning without a password: whether there is such a user is not said. */
export function accountProblem(error: unknown): Problem | undefined {
  if (isAuthError(error, "NotAuthorized")) return { text: REFUSED, fields: ["username"] };
  return problem(error);
}

/** A failed change of the password: its session is good, so a refusal is about the password before. */
export function passwordProblem(error: unknown): Problem | undefined {
  if (isAuthError(error, "NotAuthorized")) return { text: "Your present password is another one.", fields: ["previousPassword"] };
  return problem(error);
}

/** A failed confirmation on a later visit: the service also refuses an account that is confirmed already. */
export function confirmProblem(error: unknown): Problem | undefined {
  if (isAuthError(error, "NotAuthorized")) return { text: "This account cannot be confirmed. If it is confirmed already, sign in.", fields: [] };
  return problem(error);
}

export function sentSentence(sentTo: Delivery | undefined): string {
  const by = sentTo?.medium === "sms" ? "text message" : "e-mail";
  if (sentTo?.destination === undefined) return "Enter the newest code that you were sent, or ask for a new one.";
  return `We sent a code by ${by} to ${sentTo.destination}.`;
}

interface AttributeField {
  readonly label: string;
  readonly autoComplete: string;
  readonly type?: "email" | "tel" | "date" | "url";
}

const attributeFields: Readonly<Record<string, AttributeField>> = {
  address: { label: "Address", autoComplete: "street-address" },
  birthdate: { label: "Date of birth", autoComplete: "bday", type: "date" },
  email: { label: "E-mail", autoComplete: "email", type: "email" },
  family_name: { label: "Family name", autoComplete: "family-name" },
  given_name: { label: "Given name", autoComplete: "given-name" },
  locale: { label: "Language", autoComplete: "language" },
  middle_name: { label: "Middle name", autoComplete: "additional-name" },
  name: { label: "Name", autoComplete: "name" },
  nickname: { label: "Nickname", autoComplete: "nickname" },
  phone_number: { label: "Phone number", autoComplete: "tel", type: "tel" },
  website: { label: "Website", autoComplete: "url", type: "url" },
};

export function attributeField(name: string): AttributeField {
  return attributeFields[name] ?? { label: readable(name), autoComplete: "off" };
}

const claimLabels: Readonly<Record<string, string>> = {
  aud: "Issued to (client)",
  auth_time: "Signed in at",
  "cognito:groups": "Groups",
  "cognito:username": "User name",
  email_verified: "E-mail verified",
  iss: "Issued by",
  origin_jti: "Session",
  phone_number_verified: "Phone verified",
  sub: "User ID",
  token_use: "Kind of token",
};

export function claimLabel(name: string): string {
  return claimLabels[name] ?? attributeFields[name]?.label ?? readable(name);
}

/** Who first, then what else is known, then where the token is from. */
export function claimsInOrder(claims: object): [name: string, value: unknown][] {
  return Object.entries(claims).sort(([a], [b]) => place(a) - place(b));
}

const WHO = ["cognito:username", "name", "given_name", "family_name", "email", "email_verified", "phone_number", "phone_number_verified", "cognito:groups"];
const WHENCE = ["sub", "auth_time", "iss", "aud", "token_use", "origin_jti"];

function place(claim: string): number {
  if (WHO.includes(claim)) return WHO.indexOf(claim) - WHO.length;
  return WHENCE.indexOf(claim) + 1;
}

export function claimText(name: string, value: unknown): string {
  if (name === "auth_time" && typeof value === "number") return new Date(value * 1000).toLocaleString();
  if (value === true || value === "true") return "yes";
  if (value === false || value === "false") return "no";
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function readable(name: string): string {
  const words = name.replace(/^custom:/, "").replaceAll(/[_:]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
