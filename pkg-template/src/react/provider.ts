// The Auth of a component tree, and its state as React follows it.

import { createContext, createElement, useContext, useMemo, useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import { AuthError, type Auth, type Snapshot } from "../index.js";

const Context = createContext<Auth | undefined>(undefined);

export interface AuthProviderProps {
  /** Made once by `createAuth`, outside of components. */
  readonly auth: Auth;
  readonly children?: ReactNode;
}

/** Gives `auth` to the components below. */
export function AuthProvider({ auth, children }: AuthProviderProps): ReactElement {
  return createElement(Context.Provider, { value: auth }, children);
}

/** The calls of the provider's {@link Auth}, with the status and the user as they are now. */
export type AuthState<Claims extends object = object> = Auth<Claims> & Snapshot<Claims>;

/** What a server renders, and the first render in the browser repeats. */
const LOADING: Snapshot = Object.freeze({ status: "loading" });
const loading = () => LOADING;

/** Renders again when the status or the user changes; a refresh of tokens alone renders nothing. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function useAuth<Claims extends object = object>(): AuthState<Claims> {
  const auth = useProvidedAuth();
  const snapshot = useSyncExternalStore(auth.subscribe, auth.snapshot, loading);
  return useMemo(() => ({ ...auth, ...snapshot }), [auth, snapshot]) as AuthState<Claims>;
}

/** @internal */
export function useProvidedAuth(): Auth {
  const auth = useContext(Context);
  if (!auth) throw new AuthError("InvalidState", "no <AuthProvider> above this component");
  return auth;
}
