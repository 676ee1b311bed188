// The place of what is still loading, or could not be loaded: bars, or the reason and another try.
import { sentence } from "../messages";
import { Button } from "./Button";

export function Waiting({ what, error, again }: { what: string; error: unknown; again: () => void }) {
  if (error !== undefined) {
    return (
      <>
        <p role="alert" className="problem">{sentence(error)}</p>
        <Button onClick={again}>Load again</Button>
      </>
    );
  }
  return (
    <div className="loading">
      <p role="status" className="unseen">Loading {what}…</p>
      <div className="bone" />
      <div className="bone short" />
    </div>
  );
}
