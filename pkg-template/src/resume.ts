// Carries an unfinished sign-in over a reload of the page, for as long as the vault lives.

import { AuthError, type Auth, type SignInStep, type SignUpStep } from "./index.js";
import { VAULT, type Takeover } from "./takeover.js";

/**
 * The step that this tab was at before it was reloaded, to be answered as before; nothing where there was none, or where its vault went
 * with the page: a shared worker that outlives a reload keeps it, as in Chromium, and no other vault does. From then on the vault keeps
 * the tab's newest open step, and it alone; the page keeps a name in sessionStorage by which the vault knows the tab, and nothing of the
 * sign-in. Call it once `auth` is made, on every start. Codes: `EngineFailed`; `InvalidState` without sessionStorage.
 */
export async function resumeStep<Claims extends object = object>(auth: Auth<Claims>): Promise<SignInStep<Claims> | SignUpStep<Claims> | undefined> {
  const { clientId, call, step } = (auth as Auth<Claims> & Takeover)[VAULT];
  const place = `cognito-vault:tab:${clientId}`;
  let tab: string | null;
  try {
    tab = sessionStorage.getItem(place);
    if (!tab) sessionStorage.setItem(place, (tab = crypto.randomUUID()));
  } catch (cause) {
    throw new AuthError("InvalidState", "this page may not use sessionStorage", { cause });
  }
  const open = await call("resume", [tab]);
  return open && (step(open) as SignInStep<Claims>);
}
