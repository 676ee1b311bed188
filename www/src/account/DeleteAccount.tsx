// Deleting the account for good, once its name has been entered.
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Form } from "../components/Form";
import { Field } from "../components/Field";
import { Page } from "../components/Page";
import { useCall } from "../useCall";
import { problem, type Problem } from "../messages";

const OTHER_NAME = new Error("another name was entered");
const explain = (error: unknown): Problem | undefined => (error === OTHER_NAME ? { text: "That is not the name of this account.", fields: ["username"] } : problem(error));

export function DeleteAccount() {
  const { user, deleteAccount } = useAuth();
  const call = useCall();
  const [name] = useState(user?.["cognito:username"]);
  const remove = (entered: string) =>
    call.run(async () => {
      if (entered !== name) throw OTHER_NAME;
      await deleteAccount();
    });
  return (
    <Page title="Delete your account" lead="It is gone for good, with all that the pool knows of you.">
      <Form submit="Delete the account" pending={call.pending} error={call.error} explain={explain} onSubmit={(entered) => void remove(entered("username"))}>
        <Field name="username" label="Your user name, to be sure" autoComplete="off" autoCapitalize="none" spellCheck={false} hint={<>Enter <strong>{name}</strong>.</>} />
      </Form>
    </Page>
  );
}
