// Making an account, with a password or without one, and confirming it with the code that was sent; the pool may sign in at once then.
import { useSignUp } from "cognito-vault/react";
import { useEffect, useState } from "react";
import { Field } from "../components/Field";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { UsernameField } from "../components/UsernameField";
import { tell } from "../notice";
import { goTo } from "../route";
import { Steps } from "../steps/Steps";

export function SignUp({ free = false }: { free?: boolean }) {
  const flow = useSignUp();
  const [username, setUsername] = useState("");
  const done = flow.step?.name === "signedUp";
  useEffect(() => {
    if (!done) return;
    tell("Your account is ready. Sign in to use it.");
    goTo(free ? "sign-in-code" : "sign-in");
  }, [done, free]);

  if (flow.step !== undefined && flow.step.name !== "signedUp") return <Steps step={flow.step} flow={flow} username={username} />;
  const start = (entered: (name: string) => string) => {
    setUsername(entered("username"));
    void flow.start({ username: entered("username"), password: free ? undefined : entered("password"), attributes: { email: entered("email") } });
  };
  const title = free ? "Create an account without a password" : "Create an account";
  return (
    <Page title={title} lead={free ? "You sign in with a code each time, or with a passkey." : undefined}>
      <Form submit="Create account" pending={flow.pending} error={flow.error} onSubmit={start}>
        <UsernameField hint="A name to sign in with. It cannot be changed later." />
        <Field name="email" label="E-mail" type="email" autoComplete="email" hint="We send a code there to confirm that it is yours." />
        {!free && <PasswordField label="Password" autoComplete="new-password" />}
      </Form>
      <nav className="elsewhere" aria-label="Other ways in">
        <p>Have an account? <a href="#/sign-in">Sign in</a></p>
        <p>Been sent a code? <a href="#/code">Enter your code</a></p>
        {free ? <p>Rather with one? <a href="#/sign-up">Create an account with a password</a></p> : <p>Rather without? <a href="#/sign-up-free">Create one without a password</a></p>}
      </nav>
    </Page>
  );
}
