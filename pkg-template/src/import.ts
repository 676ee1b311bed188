// Takes over the session that amazon-cognito-identity-js or Amplify v6 has left in this origin's localStorage.

import type { Auth } from "./index.js";
import { VAULT, type Takeover } from "./takeover.js";

/**
 * Gives the vault the session that one of those libraries keeps for the same app client, and wipes everything that it keeps for that
 * client: tokens, device keys, clock drift, user data. Their clock drift is not used: the vault measures its own. Resolves to whether
 * the vault has a session by it; one that the vault has already goes before. Call it once `auth` is made, on every start.
 * Codes: `InvalidToken`, `NotAuthorized`, for a session that is no good and wiped too; `Network`, `Timeout`, `TooManyRequests`,
 * `InternalError`: nothing is wiped, so that a later start can try again.
 */
export async function importSession(auth: Auth): Promise<boolean> {
  const { clientId, importSession } = (auth as Auth & Takeover)[VAULT];
  const { status } = await auth.ready();
  const ours = `CognitoIdentityServiceProvider.${clientId}.`;
  const names = Object.keys(localStorage).filter((name) => name.startsWith(ours));
  const wipe = () => names.forEach((name) => localStorage.removeItem(name));

  const user = `${ours}${localStorage.getItem(`${ours}LastAuthUser`)}.`;
  const [id, access, refresh] = ["idToken", "accessToken", "refreshToken"].map((token) => localStorage.getItem(user + token));
  const found = !!(status === "signedOut" && id && access && refresh);
  try {
    if (found) await importSession({ id, access, refresh });
  } catch (error) {
    if (!(error as { retryable?: boolean }).retryable) wipe();
    throw error;
  }
  wipe();
  return found;
}
