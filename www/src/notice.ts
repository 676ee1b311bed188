// One sentence about the session that outlives the page which caused it: signed out, confirmed, ended by the service. Shown where one signs in.
import { useSyncExternalStore } from "react";

let notice: string | undefined;
const listeners = new Set<() => void>();

export function tell(text: string | undefined): void {
  notice = text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useNotice(): string | undefined {
  return useSyncExternalStore(subscribe, () => notice);
}
