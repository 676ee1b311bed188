// Which page is shown: the path, and the fragment, so that links, Back and a reload work.
import { useSyncExternalStore } from "react";

/** The pages of a visitor, by their fragments, as links call them. */
export const WAYS = {
  "sign-in": "Password",
  "sign-in-sent": "Password, sent",
  "sign-in-choice": "Your choice",
  "sign-in-passkey": "Passkey",
  "sign-in-code": "Code",
  "sign-in-custom": "Questions",
  "sign-up": "Create an account",
  "sign-up-free": "Create an account without a password",
  forgotten: "Forgotten password",
  code: "Enter your code",
  guest: "AWS credentials of a guest",
} as const;

/** The pages of a user who is signed in. */
export const ACCOUNT = {
  account: "Overview",
  attributes: "Attributes",
  password: "Password",
  factors: "Second factors",
  passkeys: "Passkeys",
  devices: "Devices",
  sessions: "Sessions",
  aws: "AWS credentials",
  delete: "Delete account",
} as const;

export type Way = keyof typeof WAYS;
export type AccountPage = keyof typeof ACCOUNT;

function subscribe(listener: () => void): () => void {
  const events = ["hashchange", "popstate"];
  for (const event of events) addEventListener(event, listener);
  return () => events.forEach((event) => removeEventListener(event, listener));
}

/** What the fragment names, where it is one of these pages; else the first of them. */
function useFragment<Name extends string>(pages: Readonly<Record<Name, string>>, first: Name): Name {
  const name = useSyncExternalStore(subscribe, () => location.hash.replace("#/", ""));
  return Object.hasOwn(pages, name) ? (name as Name) : first;
}

export const useWay = (): Way => useFragment(WAYS, "sign-in");
export const useAccountPage = (): AccountPage => useFragment(ACCOUNT, "account");

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

export function goTo(page: Way | AccountPage): void {
  history.pushState(null, "", `/#/${page}`);
  dispatchEvent(new PopStateEvent("popstate"));
}
