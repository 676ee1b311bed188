// A new password in place of the present one, or a first one.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Form } from "../components/Form";
import { Outcome } from "../components/Outcome";
import { Page } from "../components/Page";
import { PasswordField } from "../components/PasswordField";
import { passwordProblem } from "../messages";
import { useCall } from "../useCall";

export function ChangePassword() {
  const { changePassword } = useAuth();
  const call = useCall();
  const [told, setTold] = useState<string>();
  const change = async (entered: (name: string) => string) => {
    setTold(undefined);
    const previousPassword = entered("previousPassword") === "" ? undefined : entered("previousPassword");
    if (await call.run(() => changePassword({ previousPassword, password: entered("password") }))) setTold("Your password is changed.");
  };
  return (
    <Page title="Change your password" lead="Without a password so far, leave the first field empty.">
      <Form submit="Change the password" pending={call.pending} error={call.error} explain={passwordProblem} onSubmit={(entered) => void change(entered)}>
        <PasswordField name="previousPassword" label="Present password" required={false} autoComplete="current-password" />
        <PasswordField label="New password" autoComplete="new-password" />
      </Form>
      <Outcome told={told} />
    </Page>
  );
}
