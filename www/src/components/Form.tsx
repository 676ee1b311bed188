// A form of uncontrolled fields: hands over what was entered, shows its failure, and brings focus back to it.
import { createContext, useEffect, useId, useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import { problem as plainProblem, type Problem } from "../messages";
import { Button } from "./Button";
import { useHeadingId } from "./Page";

interface FormState {
  /** The failure shown, and the id of its text. */
  readonly problem: Problem | undefined;
  readonly problemId: string;
  /** How often the form was handed over; secret fields empty themselves when it grows. */
  readonly submissions: number;
}

export const FormContext = createContext<FormState>({ problem: undefined, problemId: "", submissions: 0 });

interface FormProps {
  readonly submit: string;
  readonly pending: boolean;
  readonly error: unknown;
  /** Puts the error in words; keeps its identity. */
  /** The id of what names the form; else the page's heading does. */
  readonly labelledBy?: string;
  readonly look?: "primary" | "plain";
  readonly explain?: (error: unknown) => Problem | undefined;
  readonly onSubmit: (entered: (name: string) => string) => void;
  readonly children: ReactNode;
}

export function Form({ submit, pending, error, labelledBy, look = "primary", explain = plainProblem, onSubmit, children }: FormProps) {
  const headingId = useHeadingId();
  const problemId = useId();
  const form = useRef<HTMLFormElement>(null);
  const alert = useRef<HTMLParagraphElement>(null);
  const [submissions, setSubmissions] = useState(0);
  // Gone while a new try is under way, so that the same failure again is read aloud again.
  const problem = useMemo(() => (pending ? undefined : explain(error)), [pending, error, explain]);

  useEffect(() => {
    if (problem === undefined) return;
    const field = problem.fields.map((name) => form.current?.elements.namedItem(name)).find((found) => found instanceof HTMLElement);
    (field ?? alert.current)?.focus();
  }, [problem]);

  const handOver = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    setSubmissions(submissions + 1);
    onSubmit((name) => String(data.get(name) ?? ""));
  };

  return (
    <FormContext value={{ problem, problemId, submissions }}>
      <form ref={form} aria-labelledby={labelledBy ?? headingId} onSubmit={handOver}>
        {children}
        <div className="form-message">
          {problem !== undefined && (
            <p role="alert" className="problem" id={problemId} ref={alert} tabIndex={-1}>{problem.text}</p>
          )}
        </div>
        <Button type="submit" look={look} pending={pending}>{submit}</Button>
      </form>
    </FormContext>
  );
}
