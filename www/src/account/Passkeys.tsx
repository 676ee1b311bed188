// The user's passkeys: make one on this device, see them, delete one at the service.
import { usePasskeys } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Item, List } from "../components/Items";
import { Outcome } from "../components/Outcome";
import { focusHeading, Page } from "../components/Page";
import { Waiting } from "../components/Waiting";

export function Passkeys() {
  const { passkeys, supported, pending, error, register, remove, reload } = usePasskeys();
  const [told, setTold] = useState<string>();
  const run = async (call: Promise<boolean>, done: string) => {
    setTold(undefined);
    if (await call) setTold(done);
  };
  return (
    <Page title="Passkeys" lead="A passkey signs you in without a password. It stays on your device; the service keeps its public half.">
      {supported?.passkeys === false ? (
        <p className="caution">This browser cannot use passkeys at this address.</p>
      ) : (
        <div className="actions-row">
          <Button look="primary" pending={pending} onClick={() => void run(register(), "The passkey is ready.")}>Make a passkey</Button>
        </div>
      )}
      {passkeys === undefined ? (
        <Waiting what="passkeys" error={error} again={() => void reload()} />
      ) : (
        <>
          <Outcome told={told} error={error} />
          <List empty="You have no passkeys." items={passkeys}>
            {(passkey) => (
              <Item key={passkey.id} title={passkey.name} facts={[["for", passkey.relyingParty], ["made", passkey.created.toLocaleString()], ["on", passkey.attachment]]}>
                <Button pending={pending} onClick={() => void run(remove(passkey), "The passkey is deleted. A device that cannot be told may still offer it.").then(focusHeading)}>Delete {passkey.name}</Button>
              </Item>
            )}
          </List>
        </>
      )}
    </Page>
  );
}
