// An address that the pool has no proof of: sends a code there, and hands the code in.
import { useAuth } from "cognito-vault/react";
import { useId, useState } from "react";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Outcome } from "../components/Outcome";
import { sentSentence } from "../messages";
import { useCall } from "../useCall";

interface VerifyProps {
  readonly name: "email" | "phone_number";
  readonly address: string;
  readonly onVerified: () => void;
}

export function Verify({ name, address, onVerified }: VerifyProps) {
  const { user, sendAttributeCode, verifyAttribute } = useAuth();
  const id = useId();
  const sending = useCall();
  const verifying = useCall();
  const [told, setTold] = useState<string>();
  const send = () => sending.run(async () => setTold(sentSentence(await sendAttributeCode(name))));
  const verify = async (code: string) => {
    if (await verifying.run(() => verifyAttribute({ attribute: name, code }))) onVerified();
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Verify {address}</h2>
      <p className="quiet">The pool has no proof yet that this is yours.</p>
      <div className="actions-row"><Button pending={sending.pending} onClick={() => void send()}>Send a code</Button></div>
      <Outcome told={told} error={sending.error} />
      <Form submit="Verify" look="plain" labelledBy={id} pending={verifying.pending} error={verifying.error} onSubmit={(entered) => void verify(entered("code"))}>
        <CodeField />
      </Form>
      <Mailbox username={() => user?.["cognito:username"] ?? ""} />
    </section>
  );
}
