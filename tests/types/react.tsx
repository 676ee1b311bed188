// The React bindings as an app uses them, checked by tsc alone.

import { createAuth, type Auth, type AuthError, type Delivery, type Passkey, type ResetStep, type SignInStep, type SignUpStep, type TotpSetUpStep, type User } from "cognito-vault";
import { createHostedPage } from "cognito-vault/hosted";
import {
  AuthLoading,
  AuthProvider,
  HostedCallback,
  RequireAuth,
  RequireHostedSignIn,
  SignedIn,
  SignedOut,
  useAuth,
  useAuthFetch,
  useAuthSuspense,
  useMfaSetup,
  usePasskeys,
  useResetPassword,
  useSignIn,
  useSignUp,
  useUser,
} from "cognito-vault/react";

const auth = createAuth({ userPoolId: "eu-west-1_AbCdEf123", clientId: "1h57kf5cpq17m0eml12EXAMPLE" });
const hostedPage = createHostedPage(auth, { domain: "login.example.com", redirectUri: "https://app.example.com/callback" });

export function Root() {
  return (
    <AuthProvider auth={auth}>
      <Page />
    </AuthProvider>
  );
}

export function Wrong() {
  // @ts-expect-error a provider needs an auth
  return <AuthProvider>nobody</AuthProvider>;
}

interface Claims {
  readonly "custom:team": string;
}

function Page() {
  const { status, user, signOut, fetch } = useAuth<Claims>();
  status satisfies "loading" | "signedOut" | "signedIn" | "stale";
  user?.["custom:team"] satisfies string | undefined;
  // @ts-expect-error no token is in the state
  useAuth().tokens;
  void fetch("https://api.example.com");
  return <button onClick={() => void signOut()}>{user?.sub}</button>;
}

export function Form() {
  const flow = useSignIn();
  flow.step satisfies SignInStep | undefined;
  flow.pending satisfies boolean;
  flow.error satisfies AuthError | undefined;
  void (flow.start({ username: "ada", password: "secret" }) satisfies Promise<SignInStep | undefined>);
  void flow.answer("123456");
  void flow.answer({ password: "new", attributes: { given_name: "Ada" } });
  void flow.answer({ code: "123456", password: "new" });
  void (flow.resend() satisfies Promise<Delivery | undefined>);
  flow.reset() satisfies void;
  void flow.answer({ email: "ada@example.com" });
  void flow.answer({ mediation: "conditional" });
  // @ts-expect-error an answer is not a number
  void flow.answer(123456);
  // @ts-expect-error a flow starts with a request
  void flow.start();

  const up = useSignUp();
  up.step satisfies SignUpStep | undefined;
  void up.start({ username: "ada", password: "secret", attributes: { email: "ada@example.com" } });
  void up.answer("123456");
  void flow.answer();
  void flow.answer(new Uint8Array([1]));
  void flow.answer({ mediation: "conditional" });
  void flow.answer({ email: "ada@example.com" });

  const reset = useResetPassword();
  reset.step satisfies ResetStep | undefined;
  void reset.start({ username: "ada" });
  void reset.answer({ code: "123456", password: "new" });
  // @ts-expect-error a code alone is not enough
  void reset.answer("123456");

  const totp = useMfaSetup();
  totp.step satisfies TotpSetUpStep | undefined;
  void totp.start();
  void totp.answer("123456");

  const { passkeys, supported, register, remove } = usePasskeys();
  passkeys satisfies readonly Passkey[] | undefined;
  supported?.autofill satisfies boolean | undefined;
  void register();
  void remove("id");
  if (passkeys?.[0]) void remove(passkeys[0]);
  supported?.upgrade satisfies boolean | undefined;
  // @ts-expect-error a page of settings shows the dialogue
  void register({ mediation: "conditional" });
  // @ts-expect-error an answer is not a number
  void up.answer(123456);
  return null;
}

export function Routes() {
  return (
    <>
      <HostedCallback
        hostedPage={hostedPage}
        fallback="One moment"
        onDone={({ returnTo, appState, user }) => [returnTo satisfies string, appState satisfies string | undefined, user?.sub]}
        error={(error) => error.code satisfies string}
      />
      <HostedCallback hostedPage={hostedPage} />
      <RequireHostedSignIn hostedPage={hostedPage} request={{ provider: "Google" }} stopped={(signIn, error) => <button onClick={signIn}>{error?.code}</button>}>
        <Page />
      </RequireHostedSignIn>
      {/* @ts-expect-error without a way on from where the guard stops, a visitor would be stuck */}
      <RequireHostedSignIn hostedPage={hostedPage} />
      {/* @ts-expect-error a callback belongs to a hosted page */}
      <HostedCallback />
    </>
  );
}

export function Shown() {
  useUser<Claims>() satisfies User<Claims> | undefined;
  useAuthFetch() satisfies Auth["fetch"];
  const known = useAuthSuspense<Claims>();
  known.status satisfies "signedOut" | "signedIn" | "stale";
  if (known.status === "signedIn") known.user satisfies User<Claims>;
  // @ts-expect-error it has waited for that
  known.status === "loading";
  return (
    <>
      <AuthLoading>One moment</AuthLoading>
      <SignedOut><Form /></SignedOut>
      <SignedIn><Page /></SignedIn>
      <RequireAuth fallback={<Form />}><Page /></RequireAuth>
      <RequireAuth fallback={<Form />} loading="One moment"><Page /></RequireAuth>
      {/* @ts-expect-error what a visitor sees has to be said */}
      <RequireAuth><Page /></RequireAuth>
    </>
  );
}
