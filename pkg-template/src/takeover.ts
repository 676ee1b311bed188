// How `cognito-vault/import` and `cognito-vault/hosted` reach the vault of an Auth object.

import type { User } from "./user.js";

/** The same symbol in every copy of this package. */
export const VAULT: unique symbol = Symbol.for("cognito-vault") as typeof VAULT;

export interface Tokens {
  readonly id: string;
  readonly access: string;
  readonly refresh: string;
  /** A device that the service knows, and what proves it. */
  readonly device?: { readonly username: string; readonly key: string; readonly group: string; readonly password: string } | undefined;
}

/** A code of the hosted page, and what proves that it was asked for here. */
export interface Grant {
  readonly domain: string;
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly nonce: string;
}

export interface Takeover {
  readonly [VAULT]: {
    readonly clientId: string;
    call(method: "importSession", given: readonly [Tokens]): Promise<void>;
    call(method: "exchange", given: readonly [Grant]): Promise<void>;
    /** Who is signed in. Throws `NotSignedIn`. */
    user(): User;
  };
}
