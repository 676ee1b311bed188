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
  /** Where {@link HostedPage.finish} says that the user was: an address of this origin. Default: the present one. */
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
  /** An address of this origin, from its path on. */
  readonly returnTo: string;
  readonly appState: string | undefined;
  readonly user: User<Claims>;
}

/** The functions may be used without the object. */
export interface HostedPage<Claims extends object = object> {
  /** Leaves for the hosted page; never settles unless it fails. Codes: `InvalidParameter` for a `returnTo` of another origin. */
  signIn(request?: HostedSignIn): Promise<never>;
  /**
   * Finishes a sign-in if `url` is the callback of one that this package began, and resolves to null for any other address. The address
   * bar is cleaned at once, the code exchanged once, whoever else asks for the same callback meanwhile.
   * Codes: `CallbackUnknown`, `HostedPageRefused`, `LoginRequired`, `InvalidToken`, `NotAuthorized`, `Network`, `Timeout`. After each a
   * new sign-in can begin.
   */
  finish(url?: string | URL): Promise<HostedResult<Claims> | null>;
  /**
   * The same in a popup, which must be opened in the handler of a click. The callback's page calls {@link HostedPage.finish} as ever.
   * Codes besides: `InvalidState` where the browser opens no popup; `Aborted` by the signal; `Timeout` after `timeout` milliseconds.
   */
  signInByPopup(request?: HostedSignIn & { readonly timeout?: number; readonly signal?: AbortSignal }): Promise<HostedResult<Claims>>;
  /**
   * Once in this tab's life, and only while nobody is signed in: leaves with `prompt=none`, so that a user whom the hosted page still
   * knows comes back signed in; anybody else comes back to `LoginRequired`. Resolves to false where it does not leave.
   */
  signInSilently(request?: HostedSignIn): Promise<false>;
  /** Signs out here, as {@link Auth.signOut}, then leaves for the hosted page to sign out there. Codes: `InvalidConfig` without a `signOutUri`. */
  signOut(): Promise<never>;
}

/** A sign-in under way; it holds no token. In sessionStorage, which a redirect and a reload keep, and which other tabs do not see. */
interface Transaction {
  readonly verifier: string;
  readonly nonce: string;
  readonly returnTo: string;
  readonly appState: string | undefined;
  readonly began: number;
}

/** How long the user may take, in milliseconds. */
const PATIENCE = 60 * 60_000;
/** The states of this package: letters that no hop re-encodes. A state that ends in `p` is a popup's. */
const STATE = /^cv[\w-]{43}[rp]$/;

const never = new Promise<never>(() => {});

/** Makes the helper; throws `InvalidConfig`, whose message begins with the name of the wrong option. */
export function createHostedPage<Claims extends object = object>(auth: Auth<Claims>, config: HostedPageConfig): HostedPage<Claims> {
  const { clientId, exchange } = (auth as unknown as Takeover)[VAULT];
  const { redirectUri, signOutUri, scopes } = config;
  const domain = checked("domain", config.domain.includes("://") ? config.domain : `https://${config.domain}`).origin;
  const callback = checked("redirectUri", redirectUri);
  const settled = new Map<string, Promise<HostedResult<Claims>>>();
  const popups = new Set<string>();
  let pending: Promise<HostedResult<Claims>> | undefined;
  const key = (state: string) => `cognito-vault:${clientId}:${state}`;

  async function begin(request: HostedSignIn, kind: "r" | "p"): Promise<{ state: string; url: string }> {
    const { provider, idpIdentifier, appState, prompt, loginHint, lang, resource } = request;
    const returnTo = ownAddress(request.returnTo ?? location.href);
    const [verifier, nonce, random] = [secret(), secret(), secret()];
    const state = `cv${random}${kind}`;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const url = new URL("/oauth2/authorize", domain);
    const parameters = {
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      state,
      nonce,
      code_challenge: base64url(new Uint8Array(digest)),
      code_challenge_method: "S256",
      scope: (request.scopes ?? scopes)?.join(" "),
      identity_provider: provider,
      idp_identifier: idpIdentifier,
      login_hint: loginHint,
      prompt,
      lang,
      resource,
    };
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(key("cv")) && !fresh(sessionStorage.getItem(name))) sessionStorage.removeItem(name);
    }
    sessionStorage.setItem(key(state), JSON.stringify({ verifier, nonce, returnTo, appState, began: Date.now() } satisfies Transaction));
    return { state, url: url.href };
  }

  /** Each callback once: its transaction is gone before its code is sent. */
  async function settle(state: string, query: URLSearchParams): Promise<HostedResult<Claims>> {
    const transaction = fresh(sessionStorage.getItem(key(state)));
    sessionStorage.removeItem(key(state));
    if (!transaction) throw new AuthError("CallbackUnknown", "this callback belongs to no sign-in that is under way in this tab");
    const { verifier, nonce, returnTo, appState } = transaction;
    const [error, code] = [query.get("error"), query.get("code")];
    if (error !== null || !code) {
      const name = /^\w{1,64}$/.test(error ?? "") ? error : "no code";
      // The description is whatever a provider or a trigger wrote: data for the app, and not part of a message.
      const cause = { error, description: query.get("error_description") };
      throw new AuthError(error === "login_required" ? "LoginRequired" : "HostedPageRefused", `the hosted page answered: ${name}`, { cause });
    }
    await exchange({ domain, code, verifier, redirectUri, nonce });
    const { user } = auth.snapshot();
    if (!user) throw new AuthError("NotSignedIn", "signed out in the meantime");
    return { returnTo, appState, user };
  }

  async function finish(given: string | URL = location.href): Promise<HostedResult<Claims> | null> {
    const url = new URL(given, location.href);
    if (url.origin + url.pathname !== callback.origin + callback.pathname) return null;
    const query = url.searchParams;
    const state = query.get("state") ?? "";
    const tokens = /(^#|&)(access|id)_token=/.test(url.hash);
    // The address is clean since the first of several that ask for the same callback, as effects of React do.
    if (!tokens && !STATE.test(state)) return (url.href === location.href && pending) || null;
    if (url.href === location.href) clean(tokens);
    if (tokens) throw new AuthError("HostedPageRefused", "tokens in an address are not taken");
    if (state.endsWith("p") && !popups.has(state)) return handOver(state, url.href);
    const result = settled.get(state) ?? settle(state, query);
    settled.set(state, result);
    pending = result;
    const done = () => void (pending === result && (pending = undefined));
    result.then(done, done);
    return result;
  }

  /** In the popup: its opener finishes. Not by `window.opener`, which a policy of either page takes away. */
  function handOver(state: string, url: string): null {
    const channel = new BroadcastChannel(key(state));
    channel.postMessage(url);
    channel.close();
    window.close();
    return null;
  }

  return Object.freeze<HostedPage<Claims>>({
    async signIn(request = {}) {
      location.assign((await begin(request, "r")).url);
      return never;
    },
    finish,
    async signInByPopup({ timeout = 5 * 60_000, signal, ...request } = {}) {
      const popup = open("about:blank", "_blank", "popup,width=480,height=640");
      if (!popup) throw new AuthError("InvalidState", "the browser opened no popup");
      const { state, url } = await begin(request, "p");
      const channel = new BroadcastChannel(key(state));
      const timers: ReturnType<typeof setTimeout>[] = [];
      popups.add(state);
      try {
        popup.location.replace(url);
        const address = await new Promise<string>((resolve, reject) => {
          const aborted = (cause?: unknown) => reject(new AuthError("Aborted", "the popup was given up", { cause }));
          channel.onmessage = ({ data }) => resolve(String(data));
          signal?.addEventListener("abort", () => aborted(signal.reason));
          if (signal?.aborted) aborted(signal.reason);
          timers.push(setTimeout(reject, timeout, new AuthError("Timeout", "the popup did not come back in time", { retryable: true })));
          // An isolated page sees every popup as closed once it is on another origin.
          if (!crossOriginIsolated) timers.push(setInterval(() => popup.closed && timers.push(setTimeout(aborted, 1_000)), 500));
        });
        const result = await finish(address);
        if (!result) throw new AuthError("CallbackUnknown", "the popup came back with another address");
        return result;
      } finally {
        timers.forEach(clearTimeout);
        popups.delete(state);
        channel.close();
        sessionStorage.removeItem(key(state));
        popup.close();
      }
    },
    async signInSilently(request = {}) {
      const { status } = await auth.ready();
      const tried = key("silent");
      if (status !== "signedOut" || sessionStorage.getItem(tried)) return false;
      sessionStorage.setItem(tried, "1");
      location.assign((await begin({ ...request, prompt: "none" }, "r")).url);
      return never;
    },
    async signOut() {
      if (!signOutUri) throw new AuthError("InvalidConfig", "signOutUri: expected an address to return to");
      const url = new URL("/logout", domain);
      url.searchParams.set("client_id", clientId);
      url.searchParams.set("logout_uri", signOutUri);
      try {
        await auth.signOut();
      } finally {
        location.assign(url);
      }
      return never;
    },
  });
}

/** Nothing of a callback stays in the address bar, the history or a referrer. */
function clean(tokens: boolean): void {
  const url = new URL(location.href);
  for (const name of ["code", "state", "error", "error_description"]) url.searchParams.delete(name);
  if (tokens) url.hash = "";
  history.replaceState(history.state, "", url);
}

/** 32 random bytes. */
const secret = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

function fresh(text: string | null): Transaction | undefined {
  try {
    const transaction = JSON.parse(text ?? "") as Transaction;
    const age = Date.now() - transaction.began;
    return age >= 0 && age < PATIENCE ? transaction : undefined;
  } catch {
    return undefined;
  }
}

/** An address of this origin, from its path on. `//host` and its disguises are an address of another one. */
function ownAddress(given: string | URL): string {
  const url = new URL(given, location.href);
  if (url.origin !== location.origin || url.pathname.startsWith("//")) throw new AuthError("InvalidParameter", "returnTo is not on this origin");
  return url.pathname + url.search + url.hash;
}

/** An https address, or http on this machine. */
function checked(field: string, given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const local = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url && (local || url.protocol === "https:")) return url;
  throw new AuthError("InvalidConfig", `${field}: expected an https address`);
}
