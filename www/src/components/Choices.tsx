// A step that is answered by one of a few choices: a button for each, and the failure under them.
import { useEffect, useRef, useState } from "react";
import { sentence } from "../messages";
import { Button } from "./Button";

interface ChoicesProps<Choice extends string> {
  readonly choices: readonly Choice[];
  readonly words: Readonly<Record<Choice, string>>;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onChoose: (choice: Choice) => void;
}

export function Choices<Choice extends string>({ choices, words, pending, error, onChoose }: ChoicesProps<Choice>) {
  const [chosen, setChosen] = useState<Choice>();
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => alert.current?.focus(), [error]);
  const choose = (choice: Choice) => {
    if (pending) return;
    setChosen(choice);
    onChoose(choice);
  };
  return (
    <div className="choices">
      {choices.map((choice) => <Button key={choice} pending={pending && choice === chosen} onClick={() => choose(choice)}>{words[choice]}</Button>)}
      <div className="form-message">
        {error !== undefined && !pending && <p role="alert" className="problem" ref={alert} tabIndex={-1}>{sentence(error)}</p>}
      </div>
    </div>
  );
}
