// A helper of the demo, not of the product: the code that the user's authenticator app would show.
import { useContext, useState } from "react";
import { control, DemoPool } from "../pool";
import { useCall } from "../useCall";
import { Button } from "./Button";

export function Authenticator({ of }: { of: { readonly username: string } | { readonly secret: string } }) {
  const endpoint = useContext(DemoPool);
  const call = useCall();
  const [code, setCode] = useState<string>();
  if (endpoint === undefined) return null;

  // The pool takes no code twice, but the next one early: that is shown when it is asked for again.
  const look = async () => {
    const step = code === undefined ? "0" : "1";
    setCode((await control<{ code: string }>(endpoint, `totp?${new URLSearchParams({ ...of, step })}`)).code);
  };
  return (
    <aside className="mailbox" aria-label="Demo authenticator">
      <p><strong>Demo authenticator.</strong> In place of an app on your phone, read its code here.</p>
      <div className="mailbox-row">
        <Button pending={call.pending} onClick={() => void call.run(look)}>{code === undefined ? "Show the code" : "Show the next code"}</Button>
        <p role="status" className="letter">
          {code !== undefined && <>Code <strong data-testid="app-code">{code}</strong></>}
          {call.error !== undefined && "There is no app for this account."}
        </p>
      </div>
    </aside>
  );
}
