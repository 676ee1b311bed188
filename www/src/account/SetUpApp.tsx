// Setting up an authenticator app: the secret that the app is given, and a code of the app's that proves it.
import type { ShowSecretStep } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useId, useState } from "react";
import { Authenticator } from "../components/Authenticator";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Secret } from "../components/Secret";
import { sentence } from "../messages";
import { useCall } from "../useCall";

export function SetUpApp({ onReady }: { onReady: () => void }) {
  const { mfa } = useAuth();
  const id = useId();
  const call = useCall();
  const [step, setStep] = useState<ShowSecretStep>();
  const begin = () =>
    call.run(async () => {
      const begun = await mfa.setUpTotp();
      if (begun.name === "setUpTotp") setStep(begun);
    });
  const answer = async (code: string, deviceName: string) => {
    if (!(await call.run(async () => void (await step?.answer(code, { deviceName: deviceName === "" ? undefined : deviceName }))))) return;
    setStep(undefined);
    onReady();
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Authenticator app</h2>
      {step === undefined ? (
        <>
          <p className="quiet">A new app takes the place of the one before.</p>
          <div className="actions-row"><Button pending={call.pending} onClick={() => void begin()}>Set up an app</Button></div>
          {call.error !== undefined && <p role="alert" className="problem">{sentence(call.error)}</p>}
        </>
      ) : (
        <>
          <Secret secret={step.secret} otpauthUri={step.otpauthUri} />
          <Form submit="Finish" labelledBy={id} pending={call.pending} error={call.error} onSubmit={(entered) => void answer(entered("code"), entered("deviceName"))}>
            <CodeField hint="The one that the app shows now." />
            <Field name="deviceName" label="Name of the device" required={false} autoComplete="off" />
          </Form>
          <Authenticator of={{ secret: step.secret }} />
        </>
      )}
    </section>
  );
}
