// How `cognito-vault/import`, `cognito-vault/hosted` and `cognito-vault/resume` reach the vault of an Auth object.

import type { StepMessage } from "./steps.js";
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
    /** The step that the tab of this name has left open; from now on the vault keeps its newest one. */
    call(method: "resume", given: readonly [string]): Promise<StepMessage | undefined>;
    /** The step that a page gets from the vault's. */
    step(message: StepMessage): unknown;
    /** Who is signed in. Throws `NotSignedIn`. */
    user(): User;
  };
}
