// Temporary AWS credentials from the identity pool, of the user or of a guest; what is secret of them is not shown.
import type { AwsCredentials as Credentials } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { Button } from "../components/Button";
import { DefinitionList } from "../components/DefinitionList";
import { Outcome } from "../components/Outcome";
import { Page } from "../components/Page";
import { useCall } from "../useCall";

export function AwsCredentials({ guest = false }: { guest?: boolean }) {
  const { awsCredentials } = useAuth();
  const call = useCall();
  const [found, setFound] = useState<Credentials>();
  const get = () => call.run(async () => setFound(await awsCredentials()));
  return (
    <Page
      title={guest ? "AWS credentials of a guest" : "AWS credentials"}
      lead="Temporary, from the identity pool. The vault keeps them until shortly before their end, and forgets them at the sign-out."
    >
      <div className="actions-row"><Button look="primary" pending={call.pending} onClick={() => void get()}>Get credentials</Button></div>
      <Outcome told={found && "These are the credentials."} error={call.error} />
      {found && <DefinitionList entries={[["Access key", found.accessKeyId], ["Identity", found.identityId], ["Good until", found.expiration.toLocaleString()]]} />}
      {guest && <p className="elsewhere">Rather as yourself? <a href="#/sign-in">Sign in</a></p>}
    </Page>
  );
}
