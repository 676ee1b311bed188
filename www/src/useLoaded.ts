// What a call has brought, from the first render on: nothing yet, a value or an error; and the same call once more.
import { useCallback, useEffect, useState } from "react";

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly again: () => void;
}

/** `load` keeps its identity: another one is another question. What was there stays until the new answer has come. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [answer, setAnswer] = useState<{ readonly value?: T; readonly error?: unknown }>({});
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => wanted && setAnswer({ value }),
      (error: unknown) => wanted && setAnswer({ error }),
    );
    return () => {
      wanted = false;
    };
  }, [load, asked]);
  const again = useCallback(() => setAsked((asked) => asked + 1), []);
  return { value: answer.value, error: answer.error, again };
}
