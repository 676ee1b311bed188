// A labelled input with its hint; the form's failure is tied to it when it is about it.
import { useContext, useId, type InputHTMLAttributes, type ReactNode } from "react";
import { FormContext } from "./Form";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "id" | "className"> {
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  /** What stands inside the input's box, after it. */
  readonly after?: ReactNode;
}

export function Field({ name, label, hint, after, ...input }: FieldProps) {
  const id = useId();
  const { problem, problemId } = useContext(FormContext);
  const invalid = problem?.fields.includes(name) ?? false;
  const described = [hint !== undefined && `${id}-hint`, invalid && problemId].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-box">
        <input
          type="text"
          required
          {...input}
          id={id}
          name={name}
          aria-invalid={invalid || undefined}
          aria-describedby={described === "" ? undefined : described}
        />
        {after}
      </div>
      {hint !== undefined && <div className="hint" id={`${id}-hint`}>{hint}</div>}
    </div>
  );
}
