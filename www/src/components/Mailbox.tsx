// A helper of the demo, not of the product: shows the codes that a real pool would have mailed.
import { createContext, useContext, useState } from "react";
import { useCall } from "../useCall";
import { Button } from "./Button";

/** The pool whose mailbox may be read; undefined where codes are really sent. */
export const MailboxAt = createContext<string | undefined>(undefined);

/** The newest code; undefined when nothing has arrived for this user name. */
async function newestCode(endpoint: string, username: string): Promise<string | undefined> {
  const response = await fetch(`${endpoint}/_pool/codes?${new URLSearchParams({ username })}`);
  if (!response.ok) throw new TypeError(`the mailbox answers ${response.status}`);
  return ((await response.json()) as { code: string }[]).at(-1)?.code;
}

export function Mailbox({ username }: { username: () => string }) {
  const endpoint = useContext(MailboxAt);
  const call = useCall();
  const [found, setFound] = useState<{ code: string | undefined }>();
  if (endpoint === undefined) return null;

  const look = () => {
    setFound(undefined);
    void call.run(async () => setFound({ code: await newestCode(endpoint, username()) }));
  };
  return (
    <aside className="mailbox" aria-label="Demo mailbox">
      <p><strong>Demo mailbox.</strong> This pool sends no real mail: read the newest code here.</p>
      <div className="mailbox-row">
        <Button pending={call.pending} onClick={look}>Open the mailbox</Button>
        <p role="status" className="letter">
          {found?.code !== undefined && <>Code <strong data-testid="mailed-code">{found.code}</strong></>}
          {found !== undefined && found.code === undefined && "No code has arrived."}
          {call.error !== undefined && "The mailbox cannot be opened."}
        </p>
      </div>
    </aside>
  );
}
