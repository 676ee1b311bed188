// The page when there is nothing to show: settings missing or wrong, or a vault that does not start.
import { isAuthError } from "cognito-vault";
import { Button } from "../components/Button";
import { Page } from "../components/Page";
import { sentence } from "../messages";

export function NotStarted({ reason }: { reason: unknown }) {
  return (
    <Page title="The demo could not start">
      <p role="alert" className="problem">{because(reason)}</p>
      <Button look="primary" onClick={() => location.reload()}>Try again</Button>
    </Page>
  );
}

function because(reason: unknown): string {
  if (isAuthError(reason, "InvalidConfig")) return `The settings in config.json are not accepted: ${reason.message}`;
  if (isAuthError(reason)) return sentence(reason);
  return `The settings could not be read: ${reason instanceof Error ? reason.message : "unknown fault"}.`;
}
