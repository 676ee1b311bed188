// The first sign-in with a temporary password: a password of one's own, and the attributes that the pool still wants.
import type { NewPasswordStep } from "cognito-vault";
import { Button } from "../components/Button";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import type { StepFlow } from "../flow";
import { attributeField } from "../messages";

interface NewPasswordProps {
  readonly step: NewPasswordStep;
  readonly flow: StepFlow;
}

export function NewPassword({ step, flow }: NewPasswordProps) {
  const answer = (entered: (name: string) => string) =>
    flow.answer({
      password: entered("password"),
      attributes: Object.fromEntries(step.requiredAttributes.map((name) => [name, entered(`attribute.${name}`)])),
    });
  return (
    <Page title="Choose a new password" lead="Your password was a temporary one. Choose your own to go on.">
      <Form submit="Save and sign in" pending={flow.pending} error={flow.error} onSubmit={(entered) => void answer(entered)}>
        {step.requiredAttributes.map((name) => (
          <Field key={name} name={`attribute.${name}`} defaultValue={step.attributes[name]} {...attributeField(name)} />
        ))}
        <PasswordField label="New password" autoComplete="new-password" />
      </Form>
      <div className="elsewhere">
        <Button look="quiet" onClick={flow.reset}>Start again</Button>
      </div>
    </Page>
  );
}
