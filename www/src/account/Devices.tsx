// The devices that the service knows of the user: remember one, remember it no more, forget it.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Item, Items } from "../components/Items";
import { Outcome } from "../components/Outcome";
import { focusHeading, Page } from "../components/Page";
import { useCall } from "../useCall";
import { useLoaded } from "../useLoaded";
import { usePages } from "../usePages";

export function Devices() {
  const { devices } = useAuth();
  const list = usePages(devices.list);
  const here = useLoaded(devices.get);
  const call = useCall();
  const [told, setTold] = useState<string>();
  const run = async (work: () => Promise<void>, done: string) => {
    setTold(undefined);
    if (!(await call.run(work))) return;
    setTold(done);
    list.again();
    here.again();
  };
  return (
    <Page title="Devices" lead="A remembered device can stand for a second factor. Its secret never leaves the vault.">
      <div className="actions-row">
        <Button pending={call.pending} onClick={() => void run(() => devices.remember(), "This device is remembered.")}>Remember this device</Button>
        <Button pending={call.pending} onClick={() => void run(() => devices.doNotRemember(), "This device is not remembered.")}>Do not remember it</Button>
        <Button pending={call.pending} onClick={() => void run(() => devices.forget(), "This device is forgotten.")}>Forget it</Button>
      </div>
      <Outcome told={told} error={call.error} />
      <Items what="devices" empty="No device is known to the service." pages={list}>
        {({ key, name = `Device ${key.slice(-4)}`, status, created, lastAuthenticated, lastIp }) => (
          <Item
            key={key}
            title={name}
            mark={key === here.value?.key && "this device"}
            facts={[["is", status === "remembered" ? "remembered" : "not remembered"], ["known since", created.toLocaleString()], ["last seen", lastAuthenticated.toLocaleString()], ["from", lastIp]]}
          >
            <Button pending={call.pending} onClick={() => void run(() => devices.forget(key), "The device is forgotten.").then(focusHeading)}>Forget {name}</Button>
          </Item>
        )}
      </Items>
    </Page>
  );
}
