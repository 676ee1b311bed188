// Setting up an authenticator app: the secret that the app is given, and a code of the app's that proves it.
import { useMfaSetup } from "cognito-vault/react";
import { useEffect, useId, useLayoutEffect, useRef } from "react";
import { Authenticator } from "../components/Authenticator";
import { Button } from "../components/Button";
import { CodeField } from "../components/CodeField";
import { Form } from "../components/Form";
import { Outcome } from "../components/Outcome";
import { Secret } from "../components/Secret";

export function SetUpApp({ onReady }: { onReady: () => void }) {
  const flow = useMfaSetup();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = flow.step?.name;
  const ready = shown === "totpReady";
  useLayoutEffect(() => {
    // The button that was pressed is gone, and the focus with it.
    if (shown !== undefined) heading.current?.focus();
  }, [shown]);
  useEffect(() => {
    if (ready) onReady();
  }, [ready, onReady]);

  if (flow.step?.name !== "setUpTotp") {
    return (
      <section aria-labelledby={id}>
        <h2 id={id} ref={heading} tabIndex={-1}>Authenticator app</h2>
        <p className="quiet">A new app takes the place of the one before.</p>
        <div className="actions-row"><Button pending={flow.pending} onClick={() => void flow.start()}>Set up an app</Button></div>
        <Outcome told={ready ? "The app is set up. Switch it on above to have it asked for." : undefined} error={flow.error} />
      </section>
    );
  }
  const { secret, otpauthUri } = flow.step;
  const leave = () => {
    heading.current?.focus();
    flow.reset();
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>Authenticator app</h2>
      <Secret secret={secret} otpauthUri={otpauthUri} />
      <Form submit="Finish" look="plain" labelledBy={id} pending={flow.pending} error={flow.error} onSubmit={(entered) => void flow.answer(entered("code"))}>
        <CodeField hint="The one that the app shows now." />
      </Form>
      <div className="elsewhere"><Button look="quiet" onClick={leave}>Leave it</Button></div>
      <Authenticator of={{ secret }} />
    </section>
  );
}
