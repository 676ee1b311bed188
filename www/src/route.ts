// Which form a visitor who is not signed in sees: the address's fragment, so that links, Back and a reload work.
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
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

export function goTo(route: Route): void {
  location.hash = `#/${route}`;
}
