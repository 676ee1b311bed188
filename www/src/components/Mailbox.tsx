// A helper of the demo, not of the product: shows the codes that a real pool would have mailed.
import { createContext, useContext, useState } from "react";
import { useCall } from "../useCall";
import { Button } from "./Button";

/** The pool whose mailbox may be read; undefined where codes are really sent. */
export const MailboxAt = createContext<string | undefined>(undefined);

interface Letter {
  readonly destination: string;
  readonly code: string;
}

export function Mailbox({ username }: { username: () => string }) {
  const endpoint = useContext(MailboxAt);
  const call = useCall();
  const [letter, setLetter] = useState<Letter>();
  if (endpoint === undefined) return null;

  const look = () =>
    call.run(async () => {
      const response = await fetch(`${endpoint}/_pool/codes?${new URLSearchParams({ username: username() })}`);
      if (!response.ok) throw new Error("the demo's pool has no mailbox");
      setLetter(((await response.json()) as Letter[]).at(-1));
    });

  return (
    <aside className="mailbox" aria-label="Demo mailbox">
      <p><strong>Demo mailbox.</strong> This pool sends no real mail: read the newest code here.</p>
      <div className="mailbox-row">
        <Button pending={call.pending} onClick={() => void look().then((found) => found || setLetter(undefined))}>Open the mailbox</Button>
        <p role="status" className="letter">
          {letter !== undefined && <>Code <strong data-testid="mailed-code">{letter.code}</strong></>}
        </p>
      </div>
    </aside>
  );
}
