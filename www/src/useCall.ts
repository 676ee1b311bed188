// One call to the vault at a time: whether it is under way, and what it failed with.
import { useState } from "react";

interface Call {
  readonly pending: boolean;
  readonly error: unknown;
  /** Runs the call; true when it succeeded. */
  run(call: () => Promise<void>): Promise<boolean>;
}

export function useCall(): Call {
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: undefined });
  const run = async (call: () => Promise<void>) => {
    if (state.pending) return false;
    setState({ pending: true, error: undefined });
    try {
      await call();
      setState({ pending: false, error: undefined });
      return true;
    } catch (error) {
      setState({ pending: false, error });
      return false;
    }
  };
  return { ...state, run };
}
