// Where the user is signed in: each session can be ended, or all at once.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Item, Items } from "../components/Items";
import { Outcome } from "../components/Outcome";
import { focusHeading, Page } from "../components/Page";
import { useCall } from "../useCall";
import { usePages } from "../usePages";

export function Sessions() {
  const { sessions, signOut } = useAuth();
  const list = usePages(sessions.list);
  const ending = useCall();
  const leaving = useCall();
  const [told, setTold] = useState<string>();
  const end = async (id: string) => {
    setTold(undefined);
    if (!(await ending.run(() => sessions.revoke(id)))) return;
    setTold("That session is ended.");
    list.again();
    focusHeading();
  };
  return (
    <Page title="Sessions" lead="Everywhere that you are signed in.">
      <Items what="sessions" empty="No sessions are listed." pages={list}>
        {({ id, type, current, created, lastActive, deviceType, lastIp, lastLocation }) => (
          <Item
            key={id}
            title={type === "sso" ? "Hosted page" : (deviceType ?? "An app")}
            mark={current && "this session"}
            facts={[["since", created?.toLocaleString()], ["last active", lastActive?.toLocaleString()], ["from", lastIp], ["in", lastLocation && [lastLocation.city, lastLocation.country].filter(Boolean).join(", ")]]}
          >
            {!current && <Button pending={ending.pending} onClick={() => void end(id)}>End this session</Button>}
          </Item>
        )}
      </Items>
      <Outcome told={told} error={ending.error ?? leaving.error} />
      <div className="actions-row">
        <Button pending={leaving.pending} onClick={() => void leaving.run(() => signOut({ everywhere: true }))}>Sign out everywhere</Button>
      </div>
    </Page>
  );
}
