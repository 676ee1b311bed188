// The other way in: the pool's hosted page, in this tab or in a popup.
import { useContext, useRef } from "react";
import { sentence } from "../messages";
import { useCall } from "../useCall";
import { Button } from "./Button";
import { HostedPageAt } from "./HostedPageAt";

export function HostedSignIn() {
  const hostedPage = useContext(HostedPageAt);
  const leaving = useCall();
  const popup = useCall();
  const stop = useRef<AbortController>(undefined);
  if (hostedPage === undefined) return null;

  const open = async () => {
    stop.current = new AbortController();
    await hostedPage.signInByPopup({ signal: stop.current.signal });
  };
  const error = leaving.error ?? popup.error;
  return (
    <div className="actions">
      <div className="actions-row">
        <Button pending={leaving.pending} onClick={() => void leaving.run(() => hostedPage.signIn())}>Sign in on the hosted page</Button>
        <Button pending={popup.pending} onClick={() => void popup.run(open)}>Sign in in a popup</Button>
        {popup.pending && <Button look="quiet" onClick={() => stop.current?.abort()}>Cancel the popup</Button>}
      </div>
      <div className="form-message">
        {error !== undefined && <p role="alert" className="problem">{sentence(error)}</p>}
      </div>
    </div>
  );
}
