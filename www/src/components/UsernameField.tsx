// The input for a user name.
import { Field } from "./Field";

export function UsernameField({ hint, autoComplete = "username" }: { hint?: string; autoComplete?: string }) {
  return (
    <Field
      name="username"
      label="User name"
      autoComplete={autoComplete}
      autoCapitalize="none"
      spellCheck={false}
      hint={hint}
    />
  );
}
