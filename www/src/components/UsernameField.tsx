// The input for a user name.
import { Field } from "./Field";

export function UsernameField({ hint, defaultValue }: { hint?: string; defaultValue?: string | undefined }) {
  return (
    <Field
      name="username"
      label="User name"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      hint={hint}
      defaultValue={defaultValue}
    />
  );
}
