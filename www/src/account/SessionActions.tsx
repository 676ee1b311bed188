// Refreshing the tokens now, and signing out.
import { useAuth } from "cognito-vault/react";
import { useContext, useState } from "react";
import { sentence } from "../messages";
import { tell } from "../notice";
import { useCall } from "../useCall";
import { Button } from "../components/Button";
import { HostedPageAt } from "../components/HostedPageAt";

export function SessionActions() {
  const { refresh, signOut } = useAuth();
  const hostedPage = useContext(HostedPageAt);
  const refreshing = useCall();
  const [leaving, setLeaving] = useState(false);
  const [refreshedAt, setRefreshedAt] = useState<string>();

  const refreshNow = async () => {
    setRefreshedAt(undefined);
    if (await refreshing.run(refresh)) setRefreshedAt(new Date().toLocaleTimeString());
  };
  const leave = async (signOut: () => Promise<void>) => {
    setLeaving(true);
    // signOut always forgets the tokens; a rejection means that the service did not hear of it.
    await signOut().catch(() => tell("You are signed out here, but the service could not be told, so the session may live on there until it expires."));
    setLeaving(false);
  };
  return (
    <div className="actions">
      <div className="actions-row">
        <Button pending={refreshing.pending} onClick={() => void refreshNow()}>Refresh now</Button>
        <Button pending={leaving} onClick={() => void leave(signOut)}>Sign out</Button>
        {hostedPage !== undefined && <Button pending={leaving} onClick={() => void leave(hostedPage.signOut)}>Sign out of the hosted page too</Button>}
      </div>
      <div className="form-message">
        <p role="status" className="told">{refreshedAt !== undefined && `Tokens refreshed at ${refreshedAt}.`}</p>
        {refreshing.error !== undefined && <p role="alert" className="problem">{sentence(refreshing.error)}</p>}
      </div>
    </div>
  );
}
