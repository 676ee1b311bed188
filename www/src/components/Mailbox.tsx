// A helper of the demo, not of the product: shows the codes that a real pool would have mailed or sent as text messages.
import { useContext, useState } from "react";
import { control, DemoPool } from "../pool";
import { useCall } from "../useCall";
import { Button } from "./Button";

interface Letter {
  readonly code: string;
  readonly medium: "EMAIL" | "SMS";
  readonly destination: string;
}

export function Mailbox({ username }: { username: () => string }) {
  const endpoint = useContext(DemoPool);
  const call = useCall();
  const [newest, setNewest] = useState<{ letter: Letter | undefined }>();
  if (endpoint === undefined) return null;

  const look = () => {
    setNewest(undefined);
    void call.run(async () => setNewest({ letter: (await control<Letter[]>(endpoint, `codes?${new URLSearchParams({ username: username() })}`)).at(-1) }));
  };
  const letter = newest?.letter;
  return (
    <aside className="mailbox" aria-label="Demo mailbox">
      <p><strong>Demo mailbox.</strong> This pool sends no real messages: read the newest code here.</p>
      <div className="mailbox-row">
        <Button pending={call.pending} onClick={look}>Open the mailbox</Button>
        <p role="status" className="letter">
          {letter && <>Code <strong data-testid="mailed-code">{letter.code}</strong> {letter.medium === "SMS" ? "by text message" : "by e-mail"} to {letter.destination}</>}
          {newest !== undefined && letter === undefined && "No code has arrived."}
          {call.error !== undefined && "The mailbox cannot be opened."}
        </p>
      </div>
    </aside>
  );
}
