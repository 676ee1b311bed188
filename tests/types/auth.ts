// The public types of the package as an app uses them, checked by tsc alone.

import { AuthError, createAuth, isAuthError } from "cognito-vault";
import type {
  Auth,
  AuthConfig,
  AuthErrorCode,
  AwsCredentials,
  Delivery,
  Device,
  EngineKind,
  ExposedAuth,
  Factors,
  MfaKind,
  Page,
  Passkey,
  ResetStep,
  SessionStorage,
  SignInStep,
  SignUpStep,
  Snapshot,
  StorageKind,
  Tokens,
  TotpSetUpStep,
  User,
  UserSession,
} from "cognito-vault";
import { importSession } from "cognito-vault/import";
import { DEFAULT_POLICY, unmetRules, type PasswordRule } from "cognito-vault/policy";
import { createHostedPage, type HostedFailure, type HostedPage, type HostedResult } from "cognito-vault/hosted";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

const config = { userPoolId: "eu-west-1_AbCdEf123", clientId: "1h57kf5cpq17m0eml12EXAMPLE" };
const auth = createAuth(config);
same<typeof auth, Auth>(true);

// Every option, and its wrong forms.
createAuth({
  ...config,
  endpoint: "https://proxy.example.com",
  issuer: ["https://one.example.com", "https://two.example.com"] as const,
  engine: "page",
  storage: "indexedDb",
  session: { idleTimeout: 900_000, maxAge: 28_800_000 },
  trustedTypesPolicy: "app#vault",
  api: { origins: ["https://api.example.com"], token: "id" },
  identityPoolId: "eu-west-1:01234567-89ab-cdef-0123-456789abcdef",
  identityEndpoint: "https://identity.example.com",
  identityLogin: "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123",
  appName: "Example",
  wafToken: async () => "token",
  contextData: async (username) => username,
  clientMetadata: { app: "one" },
  workerUrl: new URL("https://app.example.com/worker.js"),
  wasmUrl: "/cognito_vault.wasm",
  onEvent(event) {
    if (event.name === "signedOut") same<typeof event.reason, "user" | "elsewhere" | "idle" | "expired" | "refused" | "reused" | "lost">(true);
    if (event.name === "idle") event.millis satisfies number;
    if (event.name === "deviceFailed") event.code satisfies AuthErrorCode;
    if (event.name === "engineFellBack") event.engine satisfies EngineKind;
    if (event.name === "engineRestarted") event.message satisfies string;
    if (event.name === "storageFailed") event.reason satisfies string | undefined;
    // @ts-expect-error an event has no token
    event.token;
  },
});
// @ts-expect-error clientId is missing
createAuth({ userPoolId: "eu-west-1_AbCdEf123" });
// @ts-expect-error there is no such engine
createAuth({ ...config, engine: "steam" });
createAuth({ ...config, fips: true, dualStack: false });
// @ts-expect-error the token comes later
createAuth({ ...config, wafToken: () => "token" });
// @ts-expect-error there is no such option
createAuth({ ...config, token: "exposed" });
same<StorageKind, "memory" | "indexedDb" | "session" | "local">(true);
createAuth({ ...config, storage: { load: async () => undefined, save: async (record) => void record.length, clear: async () => {} } satisfies SessionStorage });
// @ts-expect-error a storage has to be cleared too
createAuth({ ...config, storage: { load: async () => undefined, save: async () => {} } });
// @ts-expect-error there is no such storage
createAuth({ ...config, storage: "cookie" });
// @ts-expect-error milliseconds
createAuth({ ...config, session: { idleTimeout: "15m" } });
// @ts-expect-error origins are a list
createAuth({ ...config, api: { origins: "https://api.example.com" } });
// @ts-expect-error a refresh token is for no API
createAuth({ ...config, api: { origins: [], token: "refresh" } });

// Nothing hands out a token, unless the app says so.
// @ts-expect-error there is no such call
auth.tokens();
// @ts-expect-error nor here
createAuth({ ...config, tokens: "sealed" }).tokens();
const exposed = createAuth<{ readonly "custom:team": string }>({ ...config, tokens: "exposed" });
same<typeof exposed, ExposedAuth<{ readonly "custom:team": string }>>(true);
exposed satisfies Auth;
exposed.tokens({ signal: AbortSignal.timeout(1000) }) satisfies Promise<Tokens>;
void exposed.tokens().then(({ accessToken, idToken }) => [accessToken, idToken] satisfies string[]);

// The snapshot says who is there only where someone is.
const snapshot: Snapshot = auth.snapshot();
if (snapshot.status === "signedIn" || snapshot.status === "stale") {
  snapshot.user.sub satisfies string;
  same<typeof snapshot.user.email, string | undefined>(true);
  // @ts-expect-error the claims are read-only
  snapshot.user.sub = "other";
}
if (snapshot.status === "signedOut" || snapshot.status === "loading") snapshot.user satisfies undefined;
auth.subscribe(() => {}) satisfies () => void;

// Claims of the app's own.
interface Claims {
  readonly "custom:team": string;
}
const typed = createAuth<Claims>(config);
const user: User<Claims> | undefined = typed.snapshot().user;
user?.["custom:team"] satisfies string | undefined;
user?.sub satisfies string | undefined;

/** The union of steps is exhaustive: a step that is not handled does not compile. */
async function signIn(): Promise<User> {
  let step: SignInStep = await auth.signIn({ username: "ada", password: new Uint8Array([1, 2, 3]), signal: AbortSignal.timeout(1000) });
  for (;;) {
    switch (step.name) {
      case "signedIn":
        return step.user;
      case "newPassword":
        step.requiredAttributes satisfies readonly string[];
        step.attributes satisfies Readonly<Record<string, string>>;
        // @ts-expect-error the answer is an object
        void step.answer("password");
        step = await step.answer({ password: "new", attributes: { given_name: "Ada" } });
        break;
      case "totp":
        step.deviceName satisfies string | undefined;
        step = await step.answer("123456", { signal: AbortSignal.timeout(1000) });
        break;
      case "smsCode":
      case "emailCode":
        step.sentTo satisfies Delivery | undefined;
        // @ts-expect-error the service sends no second code
        void step.resend;
        step = await step.answer("123456");
        break;
      case "chooseMfa":
        same<typeof step.choices, readonly MfaKind[]>(true);
        // @ts-expect-error a passkey is no such choice
        void step.answer("passkey");
        step = await step.answer(step.choices[0] ?? "totp");
        break;
      case "setUpMfa":
        same<[typeof step.secret, typeof step.otpauthUri], [string | undefined, string | undefined]>(true);
        if (step.choices.includes("email")) step = await step.answer({ email: "ada@example.com" });
        else step = await step.answer("123456");
        break;
      case "chooseFactor":
        // @ts-expect-error an authenticator app is no first factor
        void step.answer("totp");
        step = await step.answer("emailCode");
        break;
      case "password":
        step = await step.answer(new Uint8Array([1, 2, 3]));
        break;
      case "passkey":
        step.options.challenge satisfies string;
        void step.answer(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(step.options) }) as PublicKeyCredential);
        void step.answer({ mediation: "conditional", signal: AbortSignal.timeout(1000) });
        step = await step.answer();
        break;
      case "custom":
        step.parameters["question"] satisfies string | undefined;
        step = await step.answer("42");
        break;
      case "confirmSignUp":
        step.sentTo satisfies Delivery | undefined;
        await step.resend();
        step = await step.answer("123456");
        break;
      case "resetPassword":
        // @ts-expect-error a code alone is not enough
        void step.answer("123456");
        step = await step.answer({ code: "123456", password: "new" });
        break;
      default:
        step satisfies never;
    }
  }
}

async function signUp(): Promise<void> {
  const step: SignUpStep = await auth.signUp({ username: "ada", password: "secret", attributes: { email: "ada@example.com" }, validationData: { from: "a" } });
  switch (step.name) {
    case "confirm":
      same<Awaited<ReturnType<typeof step.answer>>, SignUpStep>(true);
      return;
    case "signedUp":
      // @ts-expect-error there is nothing left to answer
      void step.answer;
      return;
    default:
      step satisfies SignInStep;
  }
}

async function resetPassword(): Promise<void> {
  let step: ResetStep = await auth.resetPassword("ada");
  while (step.name === "resetPassword") {
    await step.resend();
    // @ts-expect-error a code alone is not enough
    void step.answer("123456");
    step = await step.answer({ code: "123456", password: new Uint8Array([1, 2, 3]) });
  }
  step.name satisfies "passwordReset";
}

async function setUpTotp(): Promise<void> {
  let step: TotpSetUpStep = await auth.mfa.setUpTotp();
  while (step.name === "setUpTotp") {
    [step.secret, step.otpauthUri] satisfies string[];
    step = await step.answer("123456", { deviceName: "phone" });
  }
  step.name satisfies "totpReady";
}

async function account(): Promise<void> {
  same<Awaited<ReturnType<typeof auth.updateAttributes>>, readonly Delivery[]>(true);
  await auth.updateAttributes({ given_name: "Ada" }, { clientMetadata: { app: "one" } });
  await auth.deleteAttributes(["nickname"]);
  (await auth.sendAttributeCode("email")) satisfies Delivery | undefined;
  await auth.verifyAttribute({ attribute: "phone_number", code: "123456" });
  // @ts-expect-error no code proves a nickname
  await auth.sendAttributeCode("nickname");
  await auth.changePassword({ previousPassword: "old", password: new Uint8Array([1]) });
  await auth.changePassword({ password: "first" });
  await auth.confirmResetPassword({ username: "ada", code: "123456", password: "new" });
  await auth.deleteAccount();
  same<Awaited<ReturnType<typeof auth.factors>>, Factors>(true);
  (await auth.mfa.preferences()).preferred satisfies MfaKind | "passkey" | undefined;
  await auth.mfa.setPreferences({ totp: "preferred", smsCode: "enabled", passkey: "disabled" });
  // @ts-expect-error a passkey is never preferred
  await auth.mfa.setPreferences({ passkey: "preferred" });
  same<Awaited<ReturnType<typeof auth.passkeys.list>>, Page<Passkey>>(true);
  await auth.passkeys.register({ signal: AbortSignal.timeout(1000) });
  await auth.passkeys.register({ mediation: "conditional" });
  // @ts-expect-error a passkey is not made silently
  await auth.passkeys.register({ mediation: "silent" });
  await auth.passkeys.delete("id");
  await auth.passkeys.delete((await auth.passkeys.list()).items[0]!, { signal: AbortSignal.timeout(1000) });
  same<Awaited<ReturnType<typeof auth.passkeys.supported>>["autofill" | "upgrade"], boolean>(true);
  const { items, next } = await auth.devices.list({ limit: 10 });
  items satisfies readonly Device[];
  await auth.devices.list({ next });
  (await auth.devices.get()).created satisfies Date;
  await auth.devices.forget(items[0]?.key);
  same<Awaited<ReturnType<typeof auth.sessions.list>>, Page<UserSession>>(true);
  await auth.sessions.revoke("tkn", { linked: true });
  same<Awaited<ReturnType<typeof auth.awsCredentials>>, AwsCredentials>(true);
  await auth.signOut({ everywhere: true });
}
unmetRules(DEFAULT_POLICY, "secret") satisfies readonly PasswordRule[];
// @ts-expect-error there is no such rule
unmetRules({ emoji: true }, "secret");

void auth.signIn({ username: "ada", password: "secret", flow: "password" });
void auth.signIn({ username: "ada" });
void auth.signIn({ username: "ada", prefer: "passkey" });
void auth.signIn({ username: "ada", password: "secret", prefer: "password", stepUp: { acrValues: ["urn:cognito:loa:2"], maxAge: 300 } });
void auth.signIn({ username: "ada", flow: "custom" });
// @ts-expect-error a password is needed
void auth.signIn({ username: "ada", flow: "srp" });
// @ts-expect-error there is no such flow
void auth.signIn({ username: "ada", password: "secret", flow: "admin" });
// @ts-expect-error a custom flow has no choice
void auth.signIn({ username: "ada", flow: "custom", prefer: "passkey" });

async function rest(): Promise<void> {
  same<Awaited<ReturnType<typeof auth.fetch>>, Response>(true);
  await auth.fetch(new Request("https://api.example.com"), { method: "POST" });
  await auth.fetch(new URL("https://api.example.com"));
  await auth.fetch("https://api.example.com", { method: "POST", body: new ReadableStream(), duplex: "half" });
  auth.fetch satisfies typeof fetch;
  (await auth.attributes())["email"] satisfies string | undefined;
  (await auth.resendSignUpCode("ada")) satisfies Delivery | undefined;
  await auth.resendSignUpCode({ username: "ada", clientMetadata: { app: "one" } });
  await auth.confirmSignUp({ username: "ada", code: "123456" });
  same<Awaited<ReturnType<typeof auth.refresh>>, void>(true);
  same<Awaited<ReturnType<typeof auth.signOut>>, void>(true);
  (await importSession(typed)) satisfies boolean;
  auth.close();
}

try {
  await rest();
} catch (error) {
  if (isAuthError(error)) {
    error satisfies AuthError;
    error.code satisfies AuthErrorCode;
    error.retryable satisfies boolean;
    same<typeof error.status, number | undefined>(true);
  }
  if (isAuthError(error, "CodeMismatch")) same<typeof error.code, "CodeMismatch">(true);
  // @ts-expect-error there is no such code
  isAuthError(error, "CodeMissmatch");
  // @ts-expect-error a suffix is not part of a code
  ("NotAuthorizedException") satisfies AuthErrorCode;
}

const frozen: AuthConfig = config;
// @ts-expect-error the configuration is read-only
frozen.clientId = "other";

// The hosted page has the claims of its Auth object.
const hosted = createHostedPage(typed, { domain: "login.example.com", redirectUri: "https://app.example.com/callback", scopes: ["openid"] as const });
same<typeof hosted, HostedPage<Claims>>(true);
// @ts-expect-error a domain is needed
createHostedPage(auth, { redirectUri: "https://app.example.com/callback" });

async function byHostedPage(): Promise<void> {
  same<Awaited<ReturnType<typeof hosted.finish>>, HostedResult<Claims> | null>(true);
  await hosted.signIn({ provider: "Google", returnTo: new URL("https://app.example.com/x"), prompt: "login", appState: "mine" });
  // @ts-expect-error there is no such prompt
  await hosted.signIn({ prompt: "maybe" });
  // @ts-expect-error the implicit grant is not offered
  await hosted.signIn({ responseType: "token" });
  const { returnTo, appState, user } = await hosted.signInByPopup({ timeout: 1000, signal: AbortSignal.timeout(1000) });
  user["custom:team"] satisfies string;
  same<[typeof returnTo, typeof appState], [string, string | undefined]>(true);
  (await hosted.signInSilently()) satisfies false;
  await hosted.signOut();
}
(new AuthError("LoginRequired", "").cause as HostedFailure).returnTo satisfies string;

export { account, byHostedPage, resetPassword, setUpTotp, signIn, signUp };
