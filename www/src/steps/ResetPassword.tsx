// A password that has to be replaced by a new one: the code that was sent allows it.
import type { ForgottenStep, ResetPasswordStep } from "cognito-vault";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { Resend } from "../components/Resend";
import type { StepFlow } from "../flow";
import { sentSentence } from "../messages";

interface ResetPasswordProps {
  readonly step: ResetPasswordStep | ForgottenStep;
  readonly flow: Pick<StepFlow, "pending" | "error" | "reset">;
  readonly lead?: string;
  readonly submit?: string;
  readonly onAnswer: (answer: { readonly code: string; readonly password: string }) => void;
}

export function ResetPassword({ step, flow, lead, submit = "Save and sign in", onAnswer }: ResetPasswordProps) {
  return (
    <Page title="Reset your password" lead={`${lead ?? ""} ${sentSentence(step.sentTo)}`.trim()}>
      <Form
        submit={submit}
        pending={flow.pending}
        error={flow.error}
        onSubmit={(entered) => onAnswer({ code: entered("code"), password: entered("password") })}
      >
        <CodeField />
        <PasswordField label="New password" autoComplete="new-password" />
      </Form>
      <div className="elsewhere">
        <Resend send={step.resend} />
        <Button look="quiet" onClick={flow.reset}>Start again</Button>
      </div>
      <Mailbox username={() => step.username} />
    </Page>
  );
}
