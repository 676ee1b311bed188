// Sign-in on the hosted page of a user pool (managed login) by redirect or popup: authorization code with PKCE (RFC 7636), nothing else.

import { AuthError, type Auth, type User } from "./index.js";
import { VAULT, type Takeover } from "./takeover.js";

export interface HostedPageConfig {
  /** Where the hosted page is: `login.example.com`, or its origin. */
  readonly domain: string;
  /** The callback, exactly as registered with the app client; on this page's origin. */
  readonly redirectUri: string;
  /** Where the hosted page sends the user after {@link HostedPage.signOut}, exactly as registered. */
  readonly signOutUri?: string | undefined;
  /** Default: every scope of the app client. `openid` must be among them. */
  readonly scopes?: readonly string[] | undefined;
}

export interface HostedSignIn {
  /** The identity provider, which skips the chooser: `COGNITO`, `Google`, or a configured name. */
  readonly provider?: string | undefined;
  /** An alternative name of a provider, an e-mail domain for one. */
  readonly idpIdentifier?: string | undefined;
  /** Where {@link HostedPage.finish} says that the user was: an address of this origin. Default: the present one, or `/` on the callback. */
  readonly returnTo?: string | URL | undefined;
  /** The app's own data, given back by {@link HostedPage.finish}; it lies in sessionStorage meanwhile. */
  readonly appState?: string | undefined;
  readonly prompt?: "none" | "login" | "select_account" | "consent" | undefined;
  readonly loginHint?: string | undefined;
  /** The language of the page: `de`, `pt-BR`. */
  readonly lang?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** The API that the access token is for (RFC 8707). */
  readonly resource?: string | undefined;
}

/** What a finished sign-in gives back. */
export interface HostedResult<Claims extends object = object> {
  /** An address of this origin, from its path on. Go there without loading a page: a vault that keeps its session in memory ends with this one. */
  readonly returnTo: string;
  readonly appState: string | undefined;
  readonly user: User<Claims>;
}

/** The `cause` of an error that {@link HostedPage.finish} rejects with, once it has found the sign-in that the callback belongs to. */
export interface HostedFailure {
  /** As in {@link HostedResult}, so that the page that the user was on is not lost. */
  readonly returnTo: string;
  readonly appState: string | undefined;
  /** What the callback says, empty where it says nothing. The description is text that a provider or a trigger of the pool wrote, and others may have had a hand in: show it as text only. */
  readonly error: string;
  readonly description: string;
}

/** The functions may be used without the object. */
export interface HostedPage<Claims extends object = object> {
  /**
   * Leaves for the hosted page. Resolves only where the user goes back to this page as it was left, without having signed in.
   * Codes: `InvalidParameter` for a `returnTo` of another origin, `InvalidConfig` for a `redirectUri` of one, `InvalidState` without sessionStorage.
   */
  signIn(request?: HostedSignIn): Promise<void>;
  /**
   * Finishes a sign-in if `url`, by default the present address, is the callback of one that this package began, and resolves to null for
   * any other. The address bar is cleaned at once, and the code exchanged once, however often this is asked meanwhile.
   * Codes: `CallbackUnknown`, `HostedPageRefused`, `LoginRequired`, `InvalidToken`, `InvalidParameter`, `NotAuthorized`, `Aborted` by a sign-out meanwhile. After
   * each a new sign-in can begin, and but for the first the `cause` is a {@link HostedFailure}.
   */
  finish(url?: string | URL): Promise<HostedResult<Claims> | null>;
  /**
   * The same in a popup, which browsers open in the handler of a click only. The callback's page calls {@link HostedPage.finish} as ever.
   * Give the user a way to stop it by `signal`: a popup that is closed cannot be told from one that its policy has cut off from its opener.
   * Codes besides: `InvalidState` where the browser opens no popup; `Aborted` by the signal; `Timeout` after `timeout` milliseconds, by default 5 min.
   */
  signInByPopup(request?: HostedSignIn & { readonly timeout?: number | undefined; readonly signal?: AbortSignal | undefined }): Promise<HostedResult<Claims>>;
  /**
   * Once in this tab's life, and only while nobody is signed in: leaves with `prompt=none`, so that a user whom the hosted page still
   * knows comes back signed in; anybody else comes back to `LoginRequired`. Resolves to false where it does not leave.
   */
  signInSilently(request?: HostedSignIn): Promise<false>;
  /**
   * Signs out here, as {@link Auth.signOut}, then leaves for the hosted page to sign out there, even where the first has failed.
   * Resolves as {@link HostedPage.signIn} does. Codes: `InvalidConfig` without a `signOutUri`, those of {@link Auth.signOut}.
   */
  signOut(): Promise<void>;
}

/** A sign-in under way; it holds no token. In sessionStorage, which a redirect and a reload keep, and which other tabs do not see. */
interface Transaction {
  readonly verifier: string;
  readonly nonce: string;
  readonly began: number;
  readonly app: { readonly returnTo: string; readonly appState: string | undefined };
}

/** How long the user may take, in milliseconds. */
const PATIENCE = 60 * 60_000;
/** How long the callback in a popup waits for an answer of its opener, and then to be closed. */
const MOMENT = 3_000;
/** The states of this package: letters that no hop re-encodes. A state that ends in `p` is a popup's. */
const STATE = /^cv[\w-]{43}[rp]$/;

/** Makes the helper; throws `InvalidConfig`, whose message begins with the name of the wrong option. */
export function createHostedPage<Claims extends object = object>(auth: Auth<Claims>, config: HostedPageConfig): HostedPage<Claims> {
  const { clientId, call, user } = (auth as unknown as Takeover)[VAULT];
  const { redirectUri, signOutUri } = config;
  const domain = checked("domain", config.domain?.includes("://") ? config.domain : `https://${config.domain ?? ""}`).origin;
  const callback = checked("redirectUri", redirectUri);
  const attempts = new Map<string, Promise<HostedResult<Claims> | null>>();
  let latest: Promise<HostedResult<Claims> | null> | undefined;
  const key = (state: string) => `cognito-vault:${clientId}:${state}`;
  const isCallback = ({ origin, pathname }: URL | Location) => origin === callback.origin && pathname === callback.pathname;
  const unknown = () => new AuthError("CallbackUnknown", "no sign-in of this tab waits for this callback");

  /** An address of the hosted page; its parameters are named as here, but for the capitals: `client_id`. */
  function page(path: string, parameters: object): string {
    const url = new URL(path, domain);
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as string);
    }
    return url.href;
  }

  async function begin(request: HostedSignIn, kind: "r" | "p"): Promise<{ state: string; url: string }> {
    const { provider, returnTo = isCallback(location) ? "/" : location.href, appState, scopes = config.scopes, ...more } = request;
    if (callback.origin !== location.origin) throw new AuthError("InvalidConfig", "redirectUri: expected an address of this origin");
    const app = { returnTo: ownAddress(returnTo), appState };
    const [verifier, nonce, state] = [secret(), secret(), `cv${secret()}${kind}`];
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const url = page("/oauth2/authorize", {
      ...more,
      identityProvider: provider,
      scope: scopes?.join(" "),
      responseType: "code",
      clientId,
      redirectUri,
      state,
      nonce,
      codeChallenge: base64url(digest),
      codeChallengeMethod: "S256",
    });
    try {
      for (const name of Object.keys(sessionStorage)) if (name.startsWith(key("cv")) && !underWay(name)) sessionStorage.removeItem(name);
      sessionStorage.setItem(key(state), JSON.stringify({ verifier, nonce, began: Date.now(), app } satisfies Transaction));
    } catch (cause) {
      throw new AuthError("InvalidState", "sessionStorage is not to be had", { cause });
    }
    return { state, url };
  }

  /** Each callback once: its transaction is gone before its code is sent. */
  async function settle(state: string, query: URLSearchParams): Promise<HostedResult<Claims>> {
    const transaction = underWay(key(state));
    if (!transaction) throw unknown();
    sessionStorage.removeItem(key(state));
    const { verifier, nonce, app } = transaction;
    const [error, description, code] = ["error", "error_description", "code"].map((name) => query.get(name) ?? "") as [string, string, string];
    try {
      if (error || !code) {
        throw new AuthError(/_required$/.test(error) ? "LoginRequired" : "HostedPageRefused", `the hosted page answered: ${/^\w{1,64}$/.exec(error) ?? "no code"}`);
      }
      await call("exchange", [{ domain, code, verifier, redirectUri, nonce }]);
      return { ...app, user: user() as User<Claims> };
    } catch (failure) {
      throw Object.assign(failure as AuthError, { cause: { ...app, error, description } satisfies HostedFailure });
    }
  }

  /** In the popup: its opener finishes. Not by `window.opener`, which a policy of either page takes away. */
  function handOver(state: string, url: string): Promise<null> {
    return new Promise((resolve, reject) => {
      const channel = new BroadcastChannel(key(state));
      let taken = false;
      channel.onmessage = () => {
        taken = true;
        close();
      };
      channel.postMessage(url);
      setTimeout(() => {
        channel.close();
        if (taken) resolve(null);
        else reject(unknown());
      }, MOMENT);
    });
  }

  function once<T extends HostedResult<Claims> | null>(state: string, work: () => Promise<T>): Promise<T> {
    const result = (attempts.get(state) as Promise<T> | undefined) ?? work();
    attempts.set(state, result);
    latest = result;
    const over = () => (latest = undefined);
    result.then(over, over);
    return result;
  }

  return Object.freeze<HostedPage<Claims>>({
    async signIn(request = {}) {
      return leave((await begin(request, "r")).url);
    },
    async finish(given = location.href) {
      const url = parse(given, location.href);
      if (!url || !isCallback(url)) return null;
      const query = url.searchParams;
      const state = query.get("state") ?? "";
      const tokens = /\b(access|id)_token=/.test(url.hash);
      // The address is clean since the first of several that ask for the same callback, as effects of React do.
      if (!tokens && !STATE.test(state)) return (url.href === location.href && latest) || null;
      if (url.pathname + url.search === location.pathname + location.search) clean(tokens);
      return once(tokens ? url.hash : state, async () => {
        if (tokens) throw new AuthError("HostedPageRefused", "no tokens are taken from an address");
        return state.endsWith("p") ? handOver(state, url.href) : settle(state, query);
      });
    },
    async signInByPopup({ timeout = 5 * 60_000, signal, ...request } = {}) {
      const popup = open("about:blank", "_blank", "popup,width=480,height=640");
      if (!popup) throw new AuthError("InvalidState", "the browser opens no popup");
      let channel: BroadcastChannel | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        const { state, url } = await begin(request, "p");
        const line = (channel = new BroadcastChannel(key(state)));
        const address = await new Promise<string>((resolve, reject) => {
          line.onmessage = ({ data }) => {
            line.postMessage("taken");
            resolve(data as string);
          };
          timer = setTimeout(reject, timeout, new AuthError("Timeout", "the popup took too long", { retryable: true }));
          const abort = () => reject(new AuthError("Aborted", "the popup was given up", { cause: signal?.reason }));
          signal?.addEventListener("abort", abort);
          if (signal?.aborted) abort();
          else popup.location.replace(url);
        });
        return await once(state, () => settle(state, new URL(address).searchParams));
      } finally {
        clearTimeout(timer);
        channel?.close();
        popup.close();
      }
    },
    async signInSilently(request = {}) {
      const { status } = await auth.ready();
      const tried = key("silent");
      if (status !== "signedOut" || isCallback(location) || kept(tried)) return false;
      const { url } = await begin({ ...request, prompt: "none" }, "r");
      sessionStorage.setItem(tried, "1");
      await leave(url);
      return false;
    },
    async signOut() {
      checked("signOutUri", signOutUri!);
      const left = auth.signOut();
      await left.catch(() => undefined);
      await Promise.all([left, leave(page("/logout", { clientId, logoutUri: signOutUri }))]);
    },
  });
}

/** Resolves where the page is shown again as it was left, out of the browser's cache. */
function leave(url: string): Promise<void> {
  location.assign(url);
  return new Promise((resolve) => addEventListener("pageshow", ({ persisted }) => persisted && resolve()));
}

/** Nothing of a callback stays in the address bar, the history or a referrer. */
function clean(tokens: boolean): void {
  const url = new URL(location.href);
  for (const name of ["code", "state", "error", "error_description"]) url.searchParams.delete(name);
  if (tokens) url.hash = "";
  history.replaceState(history.state, "", url);
}

/** 32 random bytes. */
const secret = () => base64url(crypto.getRandomValues(new Uint8Array(32)).buffer);

function base64url(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (letter) => (letter === "+" ? "-" : letter === "/" ? "_" : ""));
}

/** What sessionStorage holds under this name; nothing where a page may not use it. */
function kept(name: string): Partial<Transaction> | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(name)!) as Transaction | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The transaction under this name, while it is not too old. */
function underWay(name: string): Transaction | undefined {
  const transaction = kept(name);
  const age = Date.now() - transaction?.began!;
  return age >= 0 && age < PATIENCE ? (transaction as Transaction) : undefined;
}

const parse = (given: string | URL, base?: string) => (URL.canParse(given, base) ? new URL(given, base) : undefined);

/** An address of this origin, from its path on. `//host` and its disguises, encoded ones too, are for a careless reader one of another. */
function ownAddress(given: string | URL): string {
  const url = parse(given, location.href);
  if (url?.origin !== location.origin || !/^\/(?!\/|%2f|%5c)/i.test(url.pathname)) throw new AuthError("InvalidParameter", "returnTo: expected an address of this origin");
  return url.pathname + url.search + url.hash;
}

/** An https address, or http on this machine. */
function checked(field: string, given: string): URL {
  const url = parse(given);
  if (url && /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/])/.test(url.href)) return url;
  throw new AuthError("InvalidConfig", `${field}: expected an https address`);
}
