// Confirming an account on a later visit, with a code that was sent before.
import { useAuth } from "cognito-vault/react";
import { useRef } from "react";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Mailbox } from "../components/Mailbox";
import { Page } from "../components/Page";
import { Resend } from "../components/Resend";
import { UsernameField } from "../components/UsernameField";
import { confirmProblem } from "../messages";
import { tell } from "../notice";
import { goTo } from "../route";
import { useCall } from "../useCall";

export function HaveCode() {
  const { confirmSignUp, resendSignUpCode } = useAuth();
  const call = useCall();
  const fields = useRef<HTMLDivElement>(null);
  const username = () => fields.current?.querySelector("input")?.value ?? "";

  const confirm = async (entered: (name: string) => string) => {
    const confirmed = await call.run(() => confirmSignUp({ username: entered("username"), code: entered("code").trim() }));
    if (!confirmed) return;
    tell("Your account is confirmed. Sign in to use it.");
    goTo("sign-in");
  };
  return (
    <Page title="Enter your code" lead="Finish an account that you began earlier.">
      <Form submit="Confirm" pending={call.pending} error={call.error} explain={confirmProblem} onSubmit={(entered) => void confirm(entered)}>
        <div ref={fields}><UsernameField /></div>
        <CodeField />
      </Form>
      <div className="elsewhere">
        <Resend send={() => resendSignUpCode(username())} />
        <p>Confirmed already? <a href="#/sign-in">Sign in</a></p>
      </div>
      <Mailbox username={username} />
    </Page>
  );
}
