// The whole page: who is signed in decides what is in the middle, the panels beside it stay.
import { HostedCallback, RequireAuth, RequireHostedSignIn, useAuth } from "cognito-vault/react";
import { useContext } from "react";
import { Account } from "./account/Account";
import type { DemoConfig } from "./auth";
import { ApiPanel } from "./components/ApiPanel";
import { Frame } from "./components/Frame";
import { HostedPageAt } from "./components/HostedPageAt";
import { Loading } from "./components/Loading";
import { NoticeLine } from "./components/NoticeLine";
import { StatusBadge } from "./components/StatusBadge";
import { StoragePanel } from "./components/StoragePanel";
import { HostedFailed } from "./pages/HostedFailed";
import { HostedStopped } from "./pages/HostedStopped";
import { DemoPool } from "./pool";
import { usePath } from "./route";
import { Situation } from "./situation/Situation";
import { Visitor } from "./ways/Visitor";

export function App({ config }: { config: DemoConfig }) {
  const { status } = useAuth();
  return (
    <DemoPool value={config.mailbox ? config.endpoint : undefined}>
      <Frame badge={<StatusBadge status={status} />}>
        <div className="main-column">
          <NoticeLine />
          <Middle />
        </div>
        <div className="side-column">
          <Situation />
          <StoragePanel />
          <ApiPanel origin={config.apiOrigin} />
        </div>
      </Frame>
    </DemoPool>
  );
}

function Middle() {
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
  return (
    <RequireAuth fallback={<Visitor />} loading={<Loading />}>
      <Account />
    </RequireAuth>
  );
}
