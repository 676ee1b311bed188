// Signing in with a password: proved without being sent, or sent to the service.
import { HostedSignIn } from "../components/HostedSignIn";
import { PasswordField } from "../components/PasswordField";
import { Way } from "./Way";

export function Password() {
  return (
    <Way
      title="Sign in"
      lead="Your password stays in this browser: a worker proves that you know it, and keeps the tokens that come back."
      request={(username, entered) => ({ username, password: entered("password") })}
      below={<HostedSignIn />}
    >
      <PasswordField label="Password" autoComplete="current-password" />
    </Way>
  );
}

export function PasswordSent() {
  return (
    <Way
      title="Sign in with the password sent"
      lead="The service gets the password itself, as a pool needs that moves its users over from another system."
      request={(username, entered) => ({ username, flow: "password", password: entered("password") })}
    >
      <PasswordField label="Password" autoComplete="current-password" />
    </Way>
  );
}
