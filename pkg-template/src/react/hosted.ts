// The hosted page in a component tree: the callback's route, and a guard of what only a signed-in user sees.

import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import type { AuthError, User } from "../index.js";
import type { HostedFailure, HostedPage, HostedSignIn } from "../hosted.js";
import { useAuth } from "./provider.js";

/** Where to go on after the callback. */
export interface HostedReturn {
  /** An address of this origin, from its path on; `/` where the callback's route was opened without a callback. */
  readonly returnTo: string;
  readonly appState: string | undefined;
  /** Nobody where a silent sign-in found nobody, and without a callback. */
  readonly user: User | undefined;
}

export interface HostedCallbackProps {
  readonly hostedPage: HostedPage;
  /** Goes on without loading a page. Default: `returnTo` takes this address's place, and a `popstate` event tells the router. */
  readonly onDone?: ((to: HostedReturn) => void) | undefined;
  readonly fallback?: ReactNode;
  /** Shows what {@link HostedPage.finish} rejected with. Without it the error is thrown to the nearest error boundary. */
  readonly error?: ((error: AuthError) => ReactNode) | undefined;
}

/** The page at the callback's address: finishes the sign-in, once under StrictMode too, and goes on. */
export function HostedCallback({ hostedPage, onDone = goOn, fallback, error: show }: HostedCallbackProps): ReactNode {
  const [error, setError] = useState<AuthError>();
  const done = useRef(onDone);
  useEffect(() => void (done.current = onDone));
  useEffect(() => {
    let here = true;
    const go = (to: Partial<HostedReturn> | null) => here && done.current({ returnTo: "/", appState: undefined, user: undefined, ...to });
    hostedPage.finish().then(go, (error: AuthError) => {
      const { returnTo, appState } = (error.cause ?? {}) as Partial<HostedFailure>;
      if (error.code === "LoginRequired" && returnTo) go({ returnTo, appState });
      else if (here) setError(error);
    });
    return () => void (here = false);
  }, [hostedPage]);
  if (!error) return fallback;
  if (!show) throw error;
  return show(error);
}

function goOn({ returnTo }: HostedReturn): void {
  history.replaceState(null, "", returnTo);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}

export interface RequireHostedSignInProps {
  readonly hostedPage: HostedPage;
  readonly request?: HostedSignIn | undefined;
  readonly fallback?: ReactNode;
  /**
   * What a visitor sees where the guard does not leave by itself: after a sign-out, when the visitor has come back from the hosted page
   * without signing in, and where leaving failed. `signIn` leaves.
   */
  readonly stopped: (signIn: () => void, error: AuthError | undefined) => ReactNode;
  readonly children?: ReactNode;
}

/** In sessionStorage while a visitor whom a guard has sent away is not back signed in: a guard sends nobody twice, so it cannot loop. */
const SENT = "cognito-vault:sent";

/** Shows its children to a signed-in user, and sends a visitor to the hosted page, to come back here. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function RequireHostedSignIn({ hostedPage, request, fallback, stopped, children }: RequireHostedSignInProps): ReactNode {
  const { status } = useAuth();
  const [halt, setHalt] = useState<{ readonly error?: AuthError }>();
  const phase = useRef<"new" | "left" | "in">("new");
  const asked = useRef(request);
  useEffect(() => void (asked.current = request));

  const signIn = useCallback(() => {
    setHalt(undefined);
    hostedPage.signIn(asked.current).then(() => setHalt({}), (error: AuthError) => setHalt({ error }));
  }, [hostedPage]);

  useEffect(() => {
    if (status === "loading") return;
    if (status !== "signedOut") {
      phase.current = "in";
      mark(false);
    } else if (phase.current === "in" || (phase.current === "new" && mark(true))) setHalt({});
    else if (phase.current === "new") {
      phase.current = "left";
      signIn();
    }
  }, [status, signIn]);

  if (status === "signedIn" || status === "stale") return children;
  return halt ? stopped(signIn, halt.error) : fallback;
}

/** Sets the mark or takes it away; whether it was there. */
function mark(sent: boolean): boolean {
  try {
    const was = sessionStorage.getItem(SENT) !== null;
    if (sent) sessionStorage.setItem(SENT, "1");
    else sessionStorage.removeItem(SENT);
    return was;
  } catch {
    return true;
  }
}
