// The code that the user's authenticator app shows.
import type { TotpStep } from "cognito-vault";
import { Authenticator } from "../components/Authenticator";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import type { StepFlow } from "../flow";
import { StartAgain } from "./StartAgain";

export function Totp({ step, flow, username }: { step: TotpStep; flow: StepFlow; username: string }) {
  return (
    <Page title="Enter the code of your app" lead={`Open your authenticator app${step.deviceName ? ` on ${step.deviceName}` : ""}, and enter the code that it shows.`}>
      <Form submit="Continue" pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer(entered("code"))}>
        <CodeField hint="It changes every 30 seconds." />
      </Form>
      <div className="elsewhere"><StartAgain flow={flow} /></div>
      <Authenticator of={{ username }} />
    </Page>
  );
}
