// A callback of the hosted page that signed nobody in: why, and the ways on.
import type { AuthError } from "cognito-vault";
import type { HostedFailure } from "cognito-vault/hosted";
import { useContext } from "react";
import { Button } from "../components/Button";
import { HostedPageAt } from "../components/HostedPageAt";
import { Page } from "../components/Page";
import { sentence } from "../messages";
import { goTo } from "../route";
import { useCall } from "../useCall";

export function HostedFailed({ error }: { error: AuthError }) {
  const hostedPage = useContext(HostedPageAt);
  const again = useCall();
  const { returnTo, description } = (error.cause ?? {}) as Partial<HostedFailure>;
  return (
    <Page title="You are not signed in">
      <p role="alert" className="problem">{sentence(again.error ?? error)}</p>
      {description && <p className="quiet">It says: <q>{description}</q></p>}
      <div className="actions-row">
        <Button look="primary" pending={again.pending} onClick={() => void again.run(async () => hostedPage?.signIn({ returnTo: returnTo ?? "/" }))}>Try again</Button>
        <Button onClick={() => goTo("sign-in")}>Back to the start</Button>
      </div>
    </Page>
  );
}
