// Calls a protected API through the vault, whoever is looking, and shows what came of it.
import { isAuthError } from "cognito-vault";
import { useAuth } from "cognito-vault/react";
import { useState } from "react";
import { sentence } from "../messages";
import { Button } from "./Button";

type Outcome = { readonly status: string; readonly good: boolean; readonly body: string } | { readonly error: unknown };

export function ApiPanel({ origin }: { origin: string }) {
  const { fetch } = useAuth();
  const [pending, setPending] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();

  const call = async (url: string) => {
    if (pending !== undefined) return;
    setPending(url);
    try {
      const response = await fetch(url);
      const body = await response.text();
      setOutcome({ status: `${response.status} ${response.statusText}`.trim(), good: response.ok, body: indented(body) });
    } catch (error) {
      setOutcome({ error });
    }
    setPending(undefined);
  };
  const listed = `${origin}/api/me`;
  // This page's own origin: never on the list, so that nothing leaves this machine whatever the vault does.
  const unlisted = new URL("/api/me", location.href).href;
  return (
    <section className="card panel" aria-labelledby="api">
      <h2 id="api">Call the API</h2>
      <p className="quiet">The worker adds the token and makes the call; the page gets the answer, never the token.</p>
      <div className="actions-row">
        <Button look="primary" pending={pending === listed} onClick={() => void call(listed)}>Call the API</Button>
        <Button pending={pending === unlisted} onClick={() => void call(unlisted)}>Try an unlisted address</Button>
      </div>
      <div aria-live="polite">{outcome !== undefined && <Result outcome={outcome} />}</div>
    </section>
  );
}

function Result({ outcome }: { outcome: Outcome }) {
  if ("error" in outcome) {
    return (
      <>
        <p><span className="verdict bad">{isAuthError(outcome.error) ? outcome.error.code : "Error"}</span></p>
        <p>{sentence(outcome.error)}</p>
      </>
    );
  }
  return (
    <>
      <p><span className={outcome.good ? "verdict good" : "verdict bad"}>{outcome.status}</span></p>
      <pre tabIndex={0} role="group" aria-label="Answer of the API">{outcome.body}</pre>
    </>
  );
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
