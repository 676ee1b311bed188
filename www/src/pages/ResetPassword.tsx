// A password that has to be reset before the sign-in goes on: the code that was sent, and a new password.
import type { ResetPasswordStep } from "cognito-vault";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { Resend } from "../components/Resend";
import type { SignInFlow } from "../flow";
import { sentSentence } from "../messages";

interface ResetPasswordProps {
  readonly step: ResetPasswordStep;
  readonly flow: SignInFlow;
}

export function ResetPassword({ step, flow }: ResetPasswordProps) {
  return (
    <Page title="Reset your password" lead={`Your password has to be reset before you can sign in. ${sentSentence(step.sentTo)}`}>
      <Form
        submit="Save and sign in"
        pending={flow.pending}
        error={flow.error}
        onSubmit={(entered) => void flow.answer({ code: entered("code").trim(), password: entered("password") })}
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
