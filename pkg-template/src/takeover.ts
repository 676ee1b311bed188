// How `cognito-vault/import` hands a session to the vault of an Auth object.

/** The same symbol in every copy of this package. */
export const VAULT: unique symbol = Symbol.for("cognito-vault") as typeof VAULT;

export interface Tokens {
  readonly id: string;
  readonly access: string;
  readonly refresh: string;
}

export interface Takeover {
  readonly [VAULT]: { readonly clientId: string; importSession(tokens: Tokens): Promise<void> };
}
