// A password that was forgotten: a code for the user name, and a new password with it.
import { useResetPassword } from "cognito-vault/react";
import { useEffect } from "react";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { UsernameField } from "../components/UsernameField";
import { accountProblem } from "../messages";
import { tell } from "../notice";
import { goTo } from "../route";
import { ResetPassword } from "../steps/ResetPassword";

export function Forgotten() {
  const flow = useResetPassword();
  const done = flow.step?.name === "passwordReset";
  useEffect(() => {
    if (!done) return;
    tell("Your password is the new one. Sign in with it.");
    goTo("sign-in");
  }, [done]);

  if (flow.step?.name === "resetPassword") return <ResetPassword step={flow.step} flow={flow} submit="Save the password" onAnswer={(answer) => void flow.answer(answer)} />;
  return (
    <Page title="Forgotten your password?" lead="We send a code to the address of your account, and with it you choose a new password.">
      <Form submit="Send the code" pending={flow.pending} error={flow.error} explain={accountProblem} onSubmit={(entered) => void flow.start({ username: entered("username") })}>
        <UsernameField />
      </Form>
      <nav className="elsewhere" aria-label="Other ways in">
        <p>Remembered it? <a href="#/sign-in">Sign in</a></p>
      </nav>
    </Page>
  );
}
