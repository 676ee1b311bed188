// The signed-in user's page: what the checked ID token says, what the pool says, and what can be done.
import { useAuth } from "cognito-vault/react";
import { Facts } from "./Facts";
import { DefinitionList } from "../components/DefinitionList";
import { Page } from "../components/Page";
import { SessionActions } from "./SessionActions";
import { claimLabel, claimsInOrder, claimText } from "../messages";

export function Overview() {
  const { status, user } = useAuth();
  const name = user?.given_name ?? user?.["cognito:username"] ?? "you";
  const claims = claimsInOrder(user ?? {}).map(([claim, value]) => [claimLabel(claim), claimText(claim, value)] as const);
  return (
    <Page
      title={`Hello, ${name}`}
      lead="You are signed in. The tokens are in the vault’s memory, so closing or reloading this page ends the session here."
    >
      {status === "stale" && (
        <p role="status" className="caution">The service cannot be reached right now. You stay signed in, and the vault tries again.</p>
      )}
      <SessionActions />
      <section aria-labelledby="claims">
        <h2 id="claims">Checked claims</h2>
        <p className="quiet">From the ID token, after its signature, issuer, client, kind and expiry were checked.</p>
        <DefinitionList entries={claims} />
      </section>
      <section aria-labelledby="attributes">
        <h2 id="attributes">Attributes</h2>
        <p className="quiet">Asked of the user pool just now.</p>
        <Facts />
      </section>
    </Page>
  );
}
