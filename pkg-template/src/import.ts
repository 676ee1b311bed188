// Takes over the session that amazon-cognito-identity-js or Amplify v6 has left in this origin's localStorage.

import type { Auth } from "./index.js";
import { VAULT, type Takeover } from "./takeover.js";

/** What those libraries keep under a user's name. */
const KEPT = ["idToken", "accessToken", "refreshToken", "deviceKey", "deviceGroupKey", "randomPasswordKey"];

/**
 * Gives the vault the session that one of those libraries keeps for the same app client, with the device that it remembers, and wipes
 * everything that it keeps for that client. Their clock drift is not used: the vault measures its own. Resolves to whether
 * the vault has a session by it; one that the vault has already goes before. Call it once `auth` is made, on every start.
 * Codes: `InvalidToken`, `NotAuthorized`, for a session that is no good and wiped too; `Network`, `Timeout`, `TooManyRequests`,
 * `InternalError`: nothing is wiped, so that a later start can try again.
 */
export async function importSession(auth: Auth): Promise<boolean> {
  const { clientId, call } = (auth as Auth & Takeover)[VAULT];
  const { status } = await auth.ready();
  const ours = `CognitoIdentityServiceProvider.${clientId}.`;
  const names = Object.keys(localStorage).filter((name) => name.startsWith(ours));
  const wipe = () => names.forEach((name) => localStorage.removeItem(name));

  const username = localStorage.getItem(`${ours}LastAuthUser`);
  const [id, access, refresh, key, group, password] = KEPT.map((name) => localStorage.getItem(`${ours}${username}.${name}`));
  const device = username && key && group && password ? { username, key, group, password } : undefined;
  const found = !!(status === "signedOut" && id && access && refresh);
  try {
    if (found) await call("importSession", [{ id, access, refresh, device }]);
  } catch (error) {
    if (!(error as { retryable?: boolean }).retryable) wipe();
    throw error;
  }
  wipe();
  return found;
}
