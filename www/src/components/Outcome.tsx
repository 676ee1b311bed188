// What came of a call beside its button: read aloud when it appears.
import { sentence } from "../messages";

export function Outcome({ told, error }: { told?: string | undefined; error?: unknown }) {
  return (
    <div className="outcome">
      <p role="status" className="told">{error === undefined && told}</p>
      {error !== undefined && <p role="alert" className="problem">{sentence(error)}</p>}
    </div>
  );
}
