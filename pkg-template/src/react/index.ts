"use client";
// Auth as React sees it: a provider, what is shown to whom, and hooks that follow its state and its flows; the hosted page's callback and guard.

export { AuthProvider, useAuth } from "./provider.js";
export type { AuthProviderProps, AuthState } from "./provider.js";
export { AuthLoading, RequireAuth, SignedIn, SignedOut, useAuthFetch, useAuthSuspense, useUser } from "./status.js";
export type { KnownAuthState, RequireAuthProps, StatusProps } from "./status.js";
export { HostedCallback, RequireHostedSignIn } from "./hosted.js";
export type { HostedCallbackProps, HostedReturn, RequireHostedSignInProps } from "./hosted.js";
export { useMfaSetup, useResetPassword, useSignIn, useSignUp } from "./flows.js";
export type { Flow, ResetAnswer, SignInAnswer } from "./flows.js";
export { usePasskeys } from "./passkeys.js";
export type { PasskeyList } from "./passkeys.js";
