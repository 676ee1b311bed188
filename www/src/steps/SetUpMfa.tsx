// A second factor that has to be set up before the sign-in goes on: an authenticator app, or codes by e-mail.
import type { SetUpMfaStep } from "cognito-vault";
import { useState } from "react";
import { setUpWords } from "../choices";
import { Authenticator } from "../components/Authenticator";
import { Choices } from "../components/Choices";
import { CodeField } from "../components/CodeField";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { Secret } from "../components/Secret";
import type { StepFlow } from "../flow";
import { StartAgain } from "./StartAgain";

export function SetUpMfa({ step, flow }: { step: SetUpMfaStep; flow: StepFlow }) {
  const { choices, secret, otpauthUri } = step;
  const [byEmail, setByEmail] = useState(choices.every((choice) => choice === "email"));
  const again = <div className="elsewhere"><StartAgain flow={flow} /></div>;
  if (secret !== undefined && otpauthUri !== undefined) {
    return (
      <Page title="Set up your authenticator app" lead="This pool wants a second factor. An app on your phone is one.">
        <Secret secret={secret} otpauthUri={otpauthUri} />
        <Form submit="Continue" pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer(entered("code"))}>
          <CodeField hint="The one that the app shows now." />
        </Form>
        {again}
        <Authenticator of={{ secret }} />
      </Page>
    );
  }
  if (byEmail) {
    return (
      <Page title="Set up codes by e-mail" lead="This pool wants a second factor. A code that is sent to you at each sign-in is one.">
        <Form submit="Continue" pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer({ email: entered("email") })}>
          <Field name="email" label="E-mail" type="email" autoComplete="email" />
        </Form>
        {again}
      </Page>
    );
  }
  return (
    <Page title="Set up a second factor" lead="This pool wants one besides your password.">
      <Choices choices={choices} words={setUpWords} pending={flow.pending} error={flow.error} onChoose={(choice) => (choice === "email" ? setByEmail(true) : void flow.answer(choice))} />
      {again}
    </Page>
  );
}
