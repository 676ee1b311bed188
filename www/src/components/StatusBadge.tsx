// The vault's state in two words.
import type { Snapshot } from "cognito-vault";

const words: Readonly<Record<Snapshot["status"], string>> = {
  loading: "Starting",
  signedOut: "Signed out",
  signedIn: "Signed in",
  stale: "Signed in, offline",
};

export function StatusBadge({ status }: { status: Snapshot["status"] }) {
  return <span className={`badge ${status}`} data-testid="status">{words[status]}</span>;
}
