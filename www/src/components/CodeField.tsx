// The input for a code that was sent; its length is the pool's business.
import { Field } from "./Field";

export function CodeField() {
  return (
    <Field
      name="code"
      label="Code"
      inputMode="numeric"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      hint="From the newest message that you were sent."
    />
  );
}
