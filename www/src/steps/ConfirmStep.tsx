// The code that proves an address: after signing up, and at the sign-in of an account that was never confirmed.
import type { ConfirmSignUpStep, ConfirmStep as SignUpConfirmStep } from "cognito-vault";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Page } from "../components/Page";
import { Resend } from "../components/Resend";
import type { StepFlow } from "../flow";
import { sentSentence } from "../messages";

interface ConfirmStepProps {
  readonly step: ConfirmSignUpStep | SignUpConfirmStep;
  readonly flow: StepFlow;
  readonly lead?: string;
  readonly submit: string;
}

export function ConfirmStep({ step, flow, lead, submit }: ConfirmStepProps) {
  return (
    <Page title="Confirm your account" lead={`${lead ?? ""} ${sentSentence(step.sentTo)}`.trim()}>
      <Form
        submit={submit}
        pending={flow.pending}
        error={flow.error}
        onSubmit={(entered) => void flow.answer(entered("code").trim())}
      >
        <CodeField />
      </Form>
      <div className="elsewhere">
        <Resend send={step.resend} />
        <Button look="quiet" onClick={flow.reset}>Start again</Button>
      </div>
      <Mailbox username={() => step.username} />
    </Page>
  );
}
