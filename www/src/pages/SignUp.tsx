// Making an account, and confirming it with the code that was sent.
import { useSignUp } from "cognito-vault/react";
import { useEffect } from "react";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { UsernameField } from "../components/UsernameField";
import { tell } from "../notice";
import { goTo } from "../route";
import { ConfirmStep } from "./ConfirmStep";

export function SignUp() {
  const flow = useSignUp();
  const done = flow.step?.name === "signedUp";
  useEffect(() => {
    if (!done) return;
    tell("Your account is ready. Sign in to use it.");
    goTo("sign-in");
  }, [done]);

  if (flow.step?.name === "confirm") return <ConfirmStep step={flow.step} flow={flow} submit="Confirm" />;
  const start = (entered: (name: string) => string) =>
    flow.start({ username: entered("username"), password: entered("password"), attributes: { email: entered("email") } });
  return (
    <Page title="Create an account">
      <Form submit="Create account" pending={flow.pending} error={flow.error} onSubmit={(entered) => void start(entered)}>
        <UsernameField hint="A name to sign in with. It cannot be changed later." />
        <Field name="email" label="E-mail" type="email" autoComplete="email" hint="We send a code there to confirm that it is yours." />
        <PasswordField label="Password" autoComplete="new-password" />
      </Form>
      <nav className="elsewhere" aria-label="Other ways in">
        <p>Have an account? <a href="#/sign-in">Sign in</a></p>
        <p>Been sent a code? <a href="#/code">Enter your code</a></p>
      </nav>
    </Page>
  );
}
