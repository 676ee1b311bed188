// What is shown to whom, and how often it renders; `auth` is one of a test.

import { AuthLoading, AuthProvider, RequireAuth, SignedIn, SignedOut, useAuth, useAuthFetch, useAuthSuspense, useUser } from "cognito-vault/react";
import { Component, StrictMode, Suspense } from "react";

/** How often each component below has rendered. */
export const renders = { user: 0, fetch: 0 };
/** Each function that `useAuthFetch` gave. */
export const fetches = new Set();

function User() {
  renders.user++;
  return <p id="user">{useUser()?.email ?? "nobody"}</p>;
}

function Fetch() {
  renders.fetch++;
  fetches.add(useAuthFetch());
  return null;
}

function Known() {
  return <p id="known">{useAuthSuspense().status}</p>;
}

class Boundary extends Component {
  state = {};
  static getDerivedStateFromError = (error) => ({ error });
  render() {
    return this.state.error ? <p role="alert">{this.state.error.code}</p> : this.props.children;
  }
}

export function App({ auth }) {
  return (
    <StrictMode>
      <AuthProvider auth={auth}>
        <p id="status">{<Status />}</p>
        <ul id="shown">
          <AuthLoading><li>loading</li></AuthLoading>
          <SignedOut><li>signed out</li></SignedOut>
          <SignedIn><li>signed in</li></SignedIn>
        </ul>
        <p id="guarded"><RequireAuth fallback="form" loading="wait">members</RequireAuth></p>
        <p id="bare"><RequireAuth fallback="form">members</RequireAuth></p>
        <User />
        <Fetch />
        <Suspense fallback={<p id="known">suspended</p>}>
          <Known />
        </Suspense>
      </AuthProvider>
    </StrictMode>
  );
}

/** What has no provider above it. */
export const Outside = () => (
  <Boundary>
    <SignedIn>nobody sees this</SignedIn>
  </Boundary>
);

const Status = () => useAuth().status;
