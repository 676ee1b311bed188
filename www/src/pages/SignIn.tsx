// Signing in, from the password to whatever the account still owes: a code, a first password, a reset.
import { useSignIn } from "cognito-vault/react";
import { useContext } from "react";
import { Form } from "../components/Form";
import { HostedSignIn } from "../components/HostedSignIn";
import { MailboxAt } from "../components/Mailbox";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { UsernameField } from "../components/UsernameField";
import { signInProblem } from "../messages";
import { ConfirmStep } from "./ConfirmStep";
import { NewPassword } from "./NewPassword";
import { ResetPassword } from "./ResetPassword";

export function SignIn() {
  const flow = useSignIn();
  switch (flow.step?.name) {
    case "newPassword":
      return <NewPassword step={flow.step} flow={flow} />;
    case "confirmSignUp":
      return <ConfirmStep step={flow.step} flow={flow} lead="This account is not confirmed yet." submit="Confirm and sign in" />;
    case "resetPassword":
      return <ResetPassword step={flow.step} flow={flow} />;
    case "signedIn":
    case undefined:
      return (
        <Page title="Sign in" lead="Your password stays in this browser: a worker proves that you know it, and keeps the tokens that come back.">
          <Form
            submit="Sign in"
            pending={flow.pending}
            error={flow.error}
            explain={signInProblem}
            onSubmit={(entered) => void flow.start({ username: entered("username"), password: entered("password") })}
          >
            <UsernameField />
            <PasswordField label="Password" autoComplete="current-password" />
          </Form>
          <HostedSignIn />
          <nav className="elsewhere" aria-label="Other ways in">
            <p>New here? <a href="#/sign-up">Create an account</a></p>
            <p>Been sent a code? <a href="#/code">Enter your code</a></p>
          </nav>
          <DemoUsers />
        </Page>
      );
  }
}

function DemoUsers() {
  if (useContext(MailboxAt) === undefined) return null;
  return (
    <details className="demo-users">
      <summary>Ready-made users of the demo</summary>
      <dl>
        <dt>ada</dt>
        <dd>password <code>Lovelace-1815</code></dd>
        <dt>grace</dt>
        <dd>first password <code>Hopper-1906-tmp</code>, chooses a new one</dd>
      </dl>
    </details>
  );
}
