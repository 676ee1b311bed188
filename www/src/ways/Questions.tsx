// Signing in by what the pool's own triggers ask, after the password or without it.
import { PasswordField } from "../components/PasswordField";
import { Way } from "./Way";

export function Questions() {
  return (
    <Way
      title="Sign in by questions"
      lead="The pool’s own triggers say what is asked. With a password, that is proved first."
      submit="Continue"
      request={(username, entered) => ({ username, flow: "custom", password: entered("password") === "" ? undefined : entered("password") })}
    >
      <PasswordField label="Password" required={false} autoComplete="current-password" />
    </Way>
  );
}
