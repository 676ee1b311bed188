// The passkey, asked for by the browser's dialogue or offered in a field's suggestions; a dialogue that was closed can be opened again.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { UsernameField } from "../components/UsernameField";
import type { StepFlow } from "../flow";
import { useLoaded } from "../useLoaded";
import { StartAgain } from "./StartAgain";

export function Passkey({ flow, username }: { flow: StepFlow; username: string }) {
  const { passkeys } = useAuth();
  const support = useLoaded(passkeys.supported);
  const [offered, setOffered] = useState(false);
  const offer = async () => {
    setOffered(true);
    await flow.answer({ mediation: "conditional" });
    setOffered(false);
  };
  return (
    <Page title="Use your passkey" lead={`The browser asks for the passkey of ${username}.`}>
      {support.value?.passkeys === false && <p className="caution">This browser has no passkeys. Start again, and choose another way.</p>}
      <Form submit={flow.error ? "Try again" : "Use your passkey"} pending={flow.pending} error={flow.error} onSubmit={() => void flow.answer({})}>
        {offered && <UsernameField autoComplete="username webauthn" hint="Choose the passkey among the suggestions of this field." />}
      </Form>
      <div className="elsewhere">
        {support.value?.autofill && <Button look="quiet" pending={flow.pending} onClick={() => void offer()}>Offer it in a field instead</Button>}
        <StartAgain flow={flow} />
      </div>
    </Page>
  );
}
