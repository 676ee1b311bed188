// What is shown to whom: components and hooks that look at the status and the user alone.

import { useSyncExternalStore, type ReactNode } from "react";
import { AuthError, type Auth, type User } from "../index.js";
import { useAuth, useProvidedAuth, type AuthState } from "./provider.js";

export interface StatusProps {
  readonly children?: ReactNode;
}

/** Shows its children while somebody is signed in, `stale` included. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function SignedIn({ children }: StatusProps): ReactNode {
  return useAuth().user ? children : undefined;
}

/** Shows its children while nobody is signed in, once that is known. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function SignedOut({ children }: StatusProps): ReactNode {
  return useAuth().status === "signedOut" ? children : undefined;
}

/** Shows its children until it is known whether somebody is signed in, and on a server. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function AuthLoading({ children }: StatusProps): ReactNode {
  return useAuth().status === "loading" ? children : undefined;
}

export interface RequireAuthProps {
  /** What a visitor sees: a sign-in form, or a router's redirect to one. */
  readonly fallback: ReactNode;
  /** What is there until it is known who it is. Default: nothing, so that no form flashes up for a signed-in user. */
  readonly loading?: ReactNode;
  readonly children?: ReactNode;
}

/** Shows its children to a signed-in user alone. A guard of the view, not of data: that is the API's. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function RequireAuth({ fallback, loading, children }: RequireAuthProps): ReactNode {
  const { status } = useAuth();
  return status === "loading" ? loading : status === "signedOut" ? fallback : children;
}

/** The signed-in user, or nobody; renders again when the claims change. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useUser<Claims extends object = object>(): User<Claims> | undefined {
  return useAuth<Claims>().user;
}

/** {@link Auth.fetch} of the provider's Auth, the same function for as long; renders nothing again. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useAuthFetch(): Auth["fetch"] {
  return useProvidedAuth().fetch;
}

/** The state once it is known. */
export type KnownAuthState<Claims extends object = object> = AuthState<Claims> & { readonly status: "signedOut" | "signedIn" | "stale" };

/**
 * {@link useAuth} for a component below a `<Suspense>`, which waits while the status is `loading`. A server leaves it to the browser: there it
 * throws `EngineFailed`, for which React sends the boundary's fallback. Throws `InvalidState` outside of an `<AuthProvider>`.
 */
export function useAuthSuspense<Claims extends object = object>(): KnownAuthState<Claims> {
  const auth = useProvidedAuth();
  // Of a boundary that a server has left to the browser nothing is hydrated.
  const { status } = useSyncExternalStore(auth.subscribe, auth.snapshot, auth.snapshot);
  if (status === "loading") throw typeof location === "undefined" ? new AuthError("EngineFailed", "no browser") : auth.ready();
  return useAuth<Claims>() as KnownAuthState<Claims>;
}
