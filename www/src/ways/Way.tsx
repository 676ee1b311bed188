// A way to sign in: the form that begins it, then whatever the account still owes.
import { useSignIn } from "cognito-vault/react";
import { useState, type ReactNode } from "react";
import { Form } from "../components/Form";
import { Page } from "../components/Page";
import { UsernameField } from "../components/UsernameField";
import { signInProblem, type Problem } from "../messages";
import { Steps } from "../steps/Steps";
import { Elsewhere } from "./Elsewhere";

interface WayProps {
  readonly title: string;
  readonly lead: string;
  readonly submit?: string;
  readonly explain?: (error: unknown) => Problem | undefined;
  /** What the sign-in begins with. */
  readonly request: (username: string, entered: (name: string) => string) => Parameters<ReturnType<typeof useSignIn>["start"]>[0];
  /** The fields after the user name. */
  readonly children?: ReactNode;
  /** What stands under the form. */
  readonly below?: ReactNode;
}

export function Way({ title, lead, submit = "Sign in", explain = signInProblem, request, children, below }: WayProps) {
  const flow = useSignIn();
  const [username, setUsername] = useState("");
  if (flow.step !== undefined) return <Steps step={flow.step} flow={flow} username={username} />;

  const start = (entered: (name: string) => string) => {
    setUsername(entered("username"));
    void flow.start(request(entered("username"), entered));
  };
  return (
    <Page title={title} lead={lead}>
      <Form submit={submit} pending={flow.pending} error={flow.error} explain={explain} onSubmit={start}>
        <UsernameField />
        {children}
      </Form>
      {below}
      <Elsewhere />
    </Page>
  );
}
