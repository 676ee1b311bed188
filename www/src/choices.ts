// The things that a user may choose between, in words.
import type { FactorKind, MfaKind, MfaPreference } from "cognito-vault";

export const factorWords: Readonly<Record<FactorKind, string>> = {
  password: "Password",
  passkey: "Passkey",
  emailCode: "Code by e-mail",
  smsCode: "Code by text message",
};

export const mfaWords: Readonly<Record<MfaPreference, string>> = {
  totp: "Authenticator app",
  smsCode: "Code by text message",
  emailCode: "Code by e-mail",
  passkey: "Passkey",
};

export const setUpWords: Readonly<Record<"totp" | "email", string>> = {
  totp: "Authenticator app",
  email: "Codes by e-mail",
};

export const MFA_KINDS: readonly MfaKind[] = ["totp", "smsCode", "emailCode"];

/** A list as one reads it: "a, b and c"; `nothing` where it is empty. */
export function inWords(words: readonly string[], nothing = "none"): string {
  return words.length === 0 ? nothing : new Intl.ListFormat("en").format(words);
}
