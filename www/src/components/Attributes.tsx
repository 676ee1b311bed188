// The user's attributes as the pool has them now.
import { useAuth } from "cognito-vault/react";
import { useEffect, useState } from "react";
import { claimLabel, claimsInOrder, claimText, sentence } from "../messages";
import { Button } from "./Button";
import { DefinitionList } from "./DefinitionList";

type Answer = { readonly attributes: Readonly<Record<string, string>> } | { readonly error: unknown };

export function Attributes() {
  const { attributes } = useAuth();
  const [answer, setAnswer] = useState<Answer>();
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    let wanted = true;
    attributes().then(
      (found) => wanted && setAnswer({ attributes: found }),
      (error: unknown) => wanted && setAnswer({ error }),
    );
    return () => {
      wanted = false;
    };
  }, [attributes, asked]);

  const again = () => {
    setAnswer(undefined);
    setAsked(asked + 1);
  };
  if (answer === undefined) {
    return (
      <div className="loading">
        <p role="status" className="unseen">Loading attributes…</p>
        <div className="bone" />
        <div className="bone short" />
      </div>
    );
  }
  if ("error" in answer) {
    return (
      <>
        <p role="alert" className="problem">{sentence(answer.error)}</p>
        <Button onClick={again}>Load again</Button>
      </>
    );
  }
  const entries = claimsInOrder(answer.attributes).map(([name, value]) => [claimLabel(name), claimText(name, value)] as const);
  return entries.length === 0 ? <p>This user has no attributes.</p> : <DefinitionList entries={entries} />;
}
