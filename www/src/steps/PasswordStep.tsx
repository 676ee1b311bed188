// The password, where it was chosen as the first factor.
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import type { StepFlow } from "../flow";
import { signInProblem } from "../messages";
import { StartAgain } from "./StartAgain";

export function PasswordStep({ flow }: { flow: StepFlow }) {
  return (
    <Page title="Enter your password">
      <Form submit="Continue" pending={flow.pending} error={flow.error} explain={signInProblem} onSubmit={(entered) => void flow.answer(entered("password"))}>
        <PasswordField label="Password" autoComplete="current-password" />
      </Form>
      <div className="elsewhere"><StartAgain flow={flow} /></div>
    </Page>
  );
}
