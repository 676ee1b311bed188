// The whole page: who is signed in decides what is in the middle, the panels beside it stay.
import { HostedCallback, RequireHostedSignIn, useAuth } from "cognito-vault/react";
import { useContext } from "react";
import type { DemoConfig } from "./auth";
import { ApiPanel } from "./components/ApiPanel";
import { Frame } from "./components/Frame";
import { HostedPageAt } from "./components/HostedPageAt";
import { Loading } from "./components/Loading";
import { MailboxAt } from "./components/Mailbox";
import { NoticeLine } from "./components/NoticeLine";
import { StatusBadge } from "./components/StatusBadge";
import { StoragePanel } from "./components/StoragePanel";
import { Account } from "./pages/Account";
import { HaveCode } from "./pages/HaveCode";
import { HostedFailed } from "./pages/HostedFailed";
import { HostedStopped } from "./pages/HostedStopped";
import { SignIn } from "./pages/SignIn";
import { SignUp } from "./pages/SignUp";
import { usePath, useRoute } from "./route";

export function App({ config }: { config: DemoConfig }) {
  const { status } = useAuth();
  return (
    <Frame badge={<StatusBadge status={status} />}>
      <div className="main-column">
        <NoticeLine />
        <MailboxAt value={config.mailbox ? config.endpoint : undefined}>
          <Middle />
        </MailboxAt>
      </div>
      <div className="side-column">
        <StoragePanel />
        <ApiPanel origin={config.apiOrigin} />
      </div>
    </Frame>
  );
}

function Middle() {
  const { status } = useAuth();
  const hostedPage = useContext(HostedPageAt);
  const path = usePath();
  if (hostedPage !== undefined && path === "/callback") {
    return <HostedCallback hostedPage={hostedPage} fallback={<Loading />} error={(error) => <HostedFailed error={error} />} />;
  }
  if (hostedPage !== undefined && path === "/members") {
    return (
      <RequireHostedSignIn hostedPage={hostedPage} fallback={<Loading />} stopped={(signIn, error) => <HostedStopped signIn={signIn} error={error} />}>
        <Account />
      </RequireHostedSignIn>
    );
  }
  return status === "loading" ? <Loading /> : status === "signedOut" ? <Visitor /> : <Account />;
}

function Visitor() {
  switch (useRoute()) {
    case "sign-in":
      return <SignIn />;
    case "sign-up":
      return <SignUp />;
    case "code":
      return <HaveCode />;
  }
}
