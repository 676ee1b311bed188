// Asks for a new code, and says where it went.
import type { Delivery } from "cognito-vault";
import { useState } from "react";
import { sentence, sentSentence } from "../messages";
import { useCall } from "../useCall";
import { Button } from "./Button";

export function Resend({ send }: { send: () => Promise<Delivery | undefined> }) {
  const call = useCall();
  const [told, setTold] = useState("");
  const resend = async () => {
    setTold("");
    await call.run(async () => {
      const sentTo = await send();
      setTold(`A new code is on its way. ${sentTo === undefined ? "" : sentSentence(sentTo)}`);
    });
  };
  return (
    <div className="resend">
      <Button look="quiet" pending={call.pending} onClick={() => void resend()}>Send a new code</Button>
      <p role="status" className="told">{told}</p>
      {call.error !== undefined && <p role="alert" className="problem">{sentence(call.error)}</p>}
    </div>
  );
}
