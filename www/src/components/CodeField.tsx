// The input for a code; its length is the pool's business.
import { Field } from "./Field";

export function CodeField({ hint = "From the newest message that you were sent." }: { hint?: string }) {
  return <Field name="code" label="Code" inputMode="numeric" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} hint={hint} />;
}
