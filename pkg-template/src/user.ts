// Who is signed in, as the page sees it.

/** The claims of the ID token that Cognito sets by itself or from the user's attributes; custom ones are `custom:…`. */
export interface UserClaims {
  /** The user's id: a UUID that never changes. */
  readonly sub: string;
  readonly "cognito:username": string;
  readonly "cognito:groups"?: readonly string[];
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly phone_number?: string;
  readonly phone_number_verified?: boolean;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly [claim: string]: unknown;
}

/** The signed-in user: the checked claims of the ID token, without those that change with each token. Deeply frozen. */
export type User<Claims extends object = object> = UserClaims & Readonly<Claims>;

/**
 * What is known at a moment. Frozen, and the same object until something that it shows has changed.
 *
 * - `loading`: the vault has not answered yet; on a server it never does.
 * - `stale`: signed in, but the service could not be reached to refresh the tokens.
 */
export type Snapshot<Claims extends object = object> =
  | { readonly status: "loading" | "signedOut"; readonly user?: never }
  | { readonly status: "signedIn" | "stale"; readonly user: User<Claims> };

/** Reads the claims as the vault sends them, and freezes them. @internal */
export function readUser<Claims extends object>(json: string): User<Claims> {
  return JSON.parse(json, (_name, value: unknown) => Object.freeze(value)) as User<Claims>;
}
