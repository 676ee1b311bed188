// Which page is shown: the path, and for a visitor who is not signed in the fragment, so that links, Back and a reload work.
import { useSyncExternalStore } from "react";

export type Route = "sign-in" | "sign-up" | "code";

function current(): Route {
  switch (location.hash) {
    case "#/sign-up":
      return "sign-up";
    case "#/code":
      return "code";
    default:
      return "sign-in";
  }
}

function subscribe(listener: () => void): () => void {
  const events = ["hashchange", "popstate"];
  for (const event of events) addEventListener(event, listener);
  return () => events.forEach((event) => removeEventListener(event, listener));
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

export function goTo(route: Route): void {
  history.pushState(null, "", `/#/${route}`);
  dispatchEvent(new PopStateEvent("popstate"));
}
