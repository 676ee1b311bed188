// A password that was forgotten: a code for the user name, and a new password with it.
import type { ForgottenStep } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { UsernameField } from "../components/UsernameField";
import { accountProblem } from "../messages";
import { tell } from "../notice";
import { goTo } from "../route";
import { ResetPassword } from "../steps/ResetPassword";
import { useCall } from "../useCall";

export function Forgotten() {
  const { resetPassword } = useAuth();
  const call = useCall();
  const [step, setStep] = useState<ForgottenStep>();
  const ask = (username: string) =>
    call.run(async () => {
      const asked = await resetPassword(username);
      if (asked.name === "resetPassword") setStep(asked);
    });
  const answer = async (given: Parameters<ForgottenStep["answer"]>[0]) => {
    if (!(await call.run(async () => void (await step?.answer(given))))) return;
    tell("Your password is the new one. Sign in with it.");
    goTo("sign-in");
  };
  const reset = () => {
    step?.giveUp();
    setStep(undefined);
  };
  if (step !== undefined) return <ResetPassword step={step} flow={{ ...call, reset }} submit="Save the password" onAnswer={(given) => void answer(given)} />;
  return (
    <Page title="Forgotten your password?" lead="We send a code to the address of your account, and with it you choose a new password.">
      <Form submit="Send the code" pending={call.pending} error={call.error} explain={accountProblem} onSubmit={(entered) => void ask(entered("username"))}>
        <UsernameField />
      </Form>
      <nav className="elsewhere" aria-label="Other ways in">
        <p>Remembered it? <a href="#/sign-in">Sign in</a></p>
      </nav>
    </Page>
  );
}
