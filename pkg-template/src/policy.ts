// What a pool's password policy asks for, told while the user types; the service has the last word.

/** A pool's policy, as its settings have it. What is left out is not asked for. */
export interface PasswordPolicy {
  readonly minLength?: number | undefined;
  readonly lowercase?: boolean | undefined;
  readonly uppercase?: boolean | undefined;
  readonly digits?: boolean | undefined;
  readonly symbols?: boolean | undefined;
}

/** A rule by the name that the policy has it by; `maxLength`, 256 characters, is every pool's. */
export type PasswordRule = keyof PasswordPolicy | "maxLength";

/** What a new pool asks for. */
export const DEFAULT_POLICY: PasswordPolicy = Object.freeze({ minLength: 8, lowercase: true, uppercase: true, digits: true, symbols: true });

/** Cognito's symbols, and a space that is neither first nor last. */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|(?!^) (?!$)/;

/** Letters and digits of Basic Latin only: those of other scripts count for the length alone. */
const NEEDED = { lowercase: /[a-z]/, uppercase: /[A-Z]/, digits: /[0-9]/, symbols: SYMBOL } as const;

/** The rules that `password` does not keep yet, in the order of the policy's members; none where it keeps all. */
export function unmetRules(policy: PasswordPolicy, password: string): readonly PasswordRule[] {
  const { length } = [...password];
  const kinds = Object.entries(NEEDED).filter(([rule, sign]) => policy[rule as keyof typeof NEEDED] && !sign.test(password));
  return [
    ...(length < (policy.minLength ?? 0) ? ["minLength" as const] : []),
    ...kinds.map(([rule]) => rule as PasswordRule),
    ...(length > 256 ? ["maxLength" as const] : []),
  ];
}
