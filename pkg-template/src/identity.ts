// Temporary AWS credentials from the identity pool, kept in memory for one user, or for a guest.

import type { AwsCredentials } from "./calls.js";
import { plainError } from "./plain.js";
import { read, toCredentials, type Reply } from "./shapes.js";

/** So many milliseconds before their end they are renewed. */
const EARLY = 10 * 60_000;

interface Held {
  readonly credentials: Promise<AwsCredentials>;
  /** When they are to be renewed; never while they are still asked for. */
  until: number;
}

export interface Identity {
  credentials(): Promise<AwsCredentials>;
  /** Who is signed in now: of anyone else nothing is kept. */
  told(sub: string | undefined): void;
}

/** `ask` calls an operation, with the user's login where somebody is signed in; `now` is the service's clock, in milliseconds. */
export function openIdentity(identityPoolId: string | undefined, ask: (operation: string, members: object) => Promise<Reply>, now: () => Promise<number>): Identity {
  let sub: string | undefined;
  let held: Held | undefined;
  let IdentityId: string | undefined;

  async function get(of: string | undefined): Promise<AwsCredentials> {
    const id = IdentityId ?? (await ask("GetId", { IdentityPoolId: identityPoolId }))["IdentityId"];
    const reply = await ask("GetCredentialsForIdentity", { IdentityId: id });
    if (of !== sub) throw plainError("NotSignedIn", "the user has changed in the meantime");
    // Identities that were found to be one have one id.
    IdentityId = reply["IdentityId"];
    return read(() => toCredentials(reply));
  }

  function begin(): Held {
    const mine: Held = { credentials: get(sub), until: Infinity };
    mine.credentials.then(
      ({ expiration }) => (mine.until = expiration.getTime() - EARLY),
      () => {
        if (held === mine) held = IdentityId = undefined;
      },
    );
    return mine;
  }

  return {
    async credentials() {
      if (!identityPoolId) throw plainError("InvalidConfig", "identityPoolId: expected for AWS credentials");
      const at = await now();
      if (!held || held.until <= at) held = begin();
      return held.credentials;
    },
    told(now) {
      if (now === sub) return;
      sub = now;
      held = IdentityId = undefined;
    },
  };
}
