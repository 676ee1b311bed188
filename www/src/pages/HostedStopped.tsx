// What a visitor of a guarded page sees who is not sent to the hosted page again.
import type { AuthError } from "cognito-vault";
import { Button } from "../components/Button";
import { Page } from "../components/Page";
import { sentence } from "../messages";

export function HostedStopped({ signIn, error }: { signIn: () => void; error: AuthError | undefined }) {
  return (
    <Page title="For members" lead="Sign in to see this page.">
      {error !== undefined && <p role="alert" className="problem">{sentence(error)}</p>}
      <Button look="primary" onClick={signIn}>Sign in on the hosted page</Button>
    </Page>
  );
}
