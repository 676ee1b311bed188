// A password input that can be shown, forgets its value when the form is handed over, and ticks off the rules of a new password.
import { useContext, useEffect, useRef, useState } from "react";
import { Field } from "./Field";
import { FormContext } from "./Form";

// Cognito's default policy; the pool has the last word.
const rules: readonly (readonly [text: string, met: RegExp])[] = [
  ["8 characters or more", /^.{8}/su],
  ["a lower-case letter", /[a-z]/],
  ["an upper-case letter", /[A-Z]/],
  ["a number", /[0-9]/],
  ["a symbol", /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/],
];
const NONE_MET = rules.map(() => false);

interface PasswordFieldProps {
  readonly name?: string;
  readonly label: string;
  readonly required?: boolean;
  readonly autoComplete: "current-password" | "new-password";
}

export function PasswordField({ name = "password", label, required = true, autoComplete }: PasswordFieldProps) {
  const { submissions } = useContext(FormContext);
  const [shown, setShown] = useState(false);
  const [met, setMet] = useState(NONE_MET);
  const box = useRef<HTMLDivElement>(null);
  const isNew = autoComplete === "new-password";

  useEffect(() => {
    const input = box.current?.querySelector("input");
    if (input != null) input.value = "";
    setShown(false);
    setMet(NONE_MET);
  }, [submissions]);

  return (
    <div ref={box}>
      <Field
        name={name}
        label={label}
        required={required}
        type={shown ? "text" : "password"}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        onInput={isNew ? (event) => {
          const { value } = event.currentTarget;
          setMet(rules.map(([, rule]) => rule.test(value)));
        } : undefined}
        hint={isNew ? <Rules met={met} /> : undefined}
        after={
          <button type="button" className="reveal" aria-pressed={shown} aria-label={name === "password" ? "Show password" : `Show ${label.toLowerCase()}`} onClick={() => setShown(!shown)}>
            Show
          </button>
        }
      />
    </div>
  );
}

function Rules({ met }: { met: readonly boolean[] }) {
  return (
    <ul className="rules">
      {rules.map(([text], at) => (
        <li key={text} className={met[at] ? "met" : undefined}>
          {text}
          {met[at] && <span className="unseen"> (met)</span>}
        </li>
      ))}
    </ul>
  );
}
