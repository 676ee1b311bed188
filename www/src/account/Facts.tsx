// The user's attributes as the pool has them now.
import { useAuth } from "cognito-vault/react";
import { DefinitionList } from "../components/DefinitionList";
import { Waiting } from "../components/Waiting";
import { claimLabel, claimsInOrder, claimText } from "../messages";
import { useLoaded } from "../useLoaded";

export function Facts() {
  const { attributes } = useAuth();
  const found = useLoaded(attributes);
  if (found.value === undefined) return <Waiting what="attributes" {...found} />;
  const entries = claimsInOrder(found.value).map(([name, value]) => [claimLabel(name), claimText(name, value)] as const);
  return entries.length === 0 ? <p>This user has no attributes.</p> : <DefinitionList entries={entries} />;
}
