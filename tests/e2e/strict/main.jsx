// A guarded app in React's StrictMode, which in a development build runs every effect twice. `/hard/…` goes on by loading a page, `/silent` asks nobody.

import { createAuth } from "cognito-vault";
import { createHostedPage } from "cognito-vault/hosted";
import { AuthProvider, HostedCallback, RequireHostedSignIn, useAuth } from "cognito-vault/react";
import { StrictMode, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

const config = await (await fetch("/config.json")).json();
const auth = createAuth({ ...config, engine: "page" });
const hostedPage = createHostedPage(auth, { domain: config.endpoint, redirectUri: `${location.origin}/callback` });

const load = ({ returnTo }) => (returnTo.startsWith("/hard/") ? location.replace(returnTo) : (history.replaceState(null, "", returnTo), dispatchEvent(new PopStateEvent("popstate"))));

function usePath() {
  return useSyncExternalStore(
    (listener) => (addEventListener("popstate", listener), () => removeEventListener("popstate", listener)),
    () => location.pathname,
  );
}

function App() {
  const path = usePath();
  if (path === "/callback") return <HostedCallback hostedPage={hostedPage} onDone={load} fallback="Finishing" error={(error) => <p role="alert">{error.code}</p>} />;
  if (path === "/silent") return <Visitor />;
  return (
    <RequireHostedSignIn hostedPage={hostedPage} fallback="Leaving" stopped={(signIn, error) => <button onClick={signIn}>Stopped {error?.code}</button>}>
      <Members />
    </RequireHostedSignIn>
  );
}

function Visitor() {
  const { status, user } = useAuth();
  return <h1>{status}, {user?.["cognito:username"]}</h1>;
}

function Members() {
  const { user, signOut } = useAuth();
  return (
    <>
      <h1>Hello, {user?.["cognito:username"]}</h1>
      <button onClick={() => void signOut()}>Sign out</button>
    </>
  );
}

if (location.pathname === "/silent") await hostedPage.signInSilently();
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <AuthProvider auth={auth}>
      <App />
    </AuthProvider>
  </StrictMode>,
);
