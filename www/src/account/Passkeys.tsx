// The user's passkeys: make one on this device, see them, delete one at the service.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Item, Items } from "../components/Items";
import { Outcome } from "../components/Outcome";
import { Page } from "../components/Page";
import { useCall } from "../useCall";
import { useLoaded } from "../useLoaded";
import { usePages } from "../usePages";

export function Passkeys() {
  const { passkeys } = useAuth();
  const support = useLoaded(passkeys.supported);
  const list = usePages(passkeys.list);
  const registering = useCall();
  const deleting = useCall();
  const [told, setTold] = useState<string>();
  const run = async (call: ReturnType<typeof useCall>, work: () => Promise<void>, done: string) => {
    setTold(undefined);
    if (!(await call.run(work))) return;
    setTold(done);
    list.again();
  };
  return (
    <Page title="Passkeys" lead="A passkey signs you in without a password. It stays on your device; the service keeps its public half.">
      {support.value?.passkeys === false ? (
        <p className="caution">This browser cannot use passkeys at this address.</p>
      ) : (
        <div className="actions-row">
          <Button look="primary" pending={registering.pending} onClick={() => void run(registering, () => passkeys.register(), "The passkey is ready.")}>Make a passkey</Button>
        </div>
      )}
      <Outcome told={told} error={registering.error ?? deleting.error} />
      <Items what="passkeys" empty="You have no passkeys." pages={list}>
        {({ id, name, relyingParty, attachment, created }) => (
          <Item key={id} title={name} facts={[["for", relyingParty], ["made", created.toLocaleString()], ["on", attachment]]}>
            <Button pending={deleting.pending} onClick={() => void run(deleting, () => passkeys.delete(id), "The passkey is deleted. Your device may still offer it.")}>Delete {name}</Button>
          </Item>
        )}
      </Items>
    </Page>
  );
}
