// The whole page: who is signed in decides what is in the middle, the panels beside it stay.
import { useAuth } from "cognito-vault/react";
import type { DemoConfig } from "./auth";
import { ApiPanel } from "./components/ApiPanel";
import { Frame } from "./components/Frame";
import { Loading } from "./components/Loading";
import { MailboxAt } from "./components/Mailbox";
import { NoticeLine } from "./components/NoticeLine";
import { StatusBadge } from "./components/StatusBadge";
import { StoragePanel } from "./components/StoragePanel";
import { Account } from "./pages/Account";
import { HaveCode } from "./pages/HaveCode";
import { SignIn } from "./pages/SignIn";
import { SignUp } from "./pages/SignUp";
import { useRoute } from "./route";

export function App({ config }: { config: DemoConfig }) {
  const { status } = useAuth();
  return (
    <Frame badge={<StatusBadge status={status} />}>
      <div className="main-column">
        <NoticeLine />
        <MailboxAt value={config.mailbox ? config.endpoint : undefined}>
          {status === "loading" ? <Loading /> : status === "signedOut" ? <Visitor /> : <Account />}
        </MailboxAt>
      </div>
      <div className="side-column">
        <StoragePanel />
        <ApiPanel origin={config.apiOrigin} />
      </div>
    </Frame>
  );
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
