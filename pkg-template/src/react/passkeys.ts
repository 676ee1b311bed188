// The passkeys of the signed-in user, as a page of settings shows them.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AuthError, Passkey, PasskeySupport } from "../index.js";
import { useProvidedAuth } from "./provider.js";

/** A call while another is under way does nothing. The calls never reject: they resolve to whether they succeeded, and `error` tells why not. */
export interface PasskeyList {
  /** All of them; nothing until they have come. */
  readonly passkeys: readonly Passkey[] | undefined;
  /** What this browser can do; nothing until it is known. */
  readonly supported: PasskeySupport | undefined;
  /** Whether a call is under way. */
  readonly pending: boolean;
  /** What the last call rejected with; the next one clears it. */
  readonly error: AuthError | undefined;
  /** Makes one on this device. */
  readonly register: () => Promise<boolean>;
  /** See `passkeys.delete`. */
  readonly remove: (passkey: string | Passkey) => Promise<boolean>;
  readonly reload: () => Promise<boolean>;
}

interface State {
  readonly passkeys?: readonly Passkey[] | undefined;
  readonly supported?: PasskeySupport;
  readonly pending?: boolean;
  readonly error?: AuthError | undefined;
}

/** Lists the passkeys once the component is there, and again after each change. Throws `InvalidState` outside of an `<AuthProvider>`. */
export function usePasskeys(): PasskeyList {
  const auth = useProvidedAuth();
  const [state, setState] = useState<State>({});
  const call = useRef<AbortController>(undefined);

  const run = useCallback(
    async (work?: (signal: AbortSignal) => Promise<void>): Promise<boolean> => {
      if (call.current) return false;
      const { signal } = (call.current = new AbortController());
      const show = (next: State) => !signal.aborted && setState((state) => ({ ...state, ...next }));
      show({ pending: true, error: undefined });
      try {
        await work?.(signal);
        const passkeys: Passkey[] = [];
        for (let next: string | undefined; ; ) {
          const page = await auth.passkeys.list({ next, signal });
          passkeys.push(...page.items);
          if (!(next = page.next)) break;
        }
        show({ passkeys, pending: false });
        return true;
      } catch (error) {
        show({ error: error as AuthError, pending: false });
        return false;
      } finally {
        if (!signal.aborted) call.current = undefined;
      }
    },
    [auth],
  );

  useEffect(() => {
    let here = true;
    auth.passkeys.supported().then((supported) => here && setState((state) => ({ ...state, supported })), () => undefined);
    void run();
    return () => {
      here = false;
      call.current?.abort();
      call.current = undefined;
    };
  }, [auth, run]);

  return useMemo(
    () => ({
      passkeys: state.passkeys,
      supported: state.supported,
      pending: state.pending ?? false,
      error: state.error,
      register: () => run((signal) => auth.passkeys.register({ signal })),
      remove: (passkey) => run((signal) => auth.passkeys.delete(passkey, { signal })),
      reload: () => run(),
    }),
    [auth, run, state],
  );
}
