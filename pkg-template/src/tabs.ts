// The other engines of the same pool and client, in other tabs: the lock among them, and what they tell each other.

export interface Tabs {
  /** Settles once this engine has the lock. */
  lock(): Promise<void>;
  /** Lets the lock go, or no longer waits for it. */
  unlock(): void;
  /** Tells the others that what is kept has changed, or who has signed out. */
  announce(subject: string): void;
  close(): void;
}

/** Whoever holds the lock for so many milliseconds is taken to be frozen. */
const PATIENCE = 10_000;

/** `changed` is called with what another engine announces. */
export function openTabs(place: string, changed: (subject: string) => void): Tabs {
  const channel = new BroadcastChannel(place);
  channel.onmessage = ({ data }) => changed(String(data));
  let unlock = () => {};

  return {
    lock: () =>
      new Promise((locked) => {
        const wait = new AbortController();
        const timer = setTimeout(() => wait.abort(), PATIENCE);
        let settled = false;
        unlock = () => {
          settled = true;
          clearTimeout(timer);
          wait.abort();
        };
        const take = async (options: LockOptions) =>
          navigator.locks.request(place, options, () => {
            if (settled) return;
            settled = true;
            clearTimeout(timer);
            locked();
            return new Promise<void>((release) => (unlock = release));
          });
        // A lock that was held and stolen rejects too. Where there are no locks, the revision of what is kept stands between the engines.
        take({ signal: wait.signal })
          .catch(() => (settled ? undefined : take({ steal: true })))
          .catch(() => (settled ? undefined : locked()));
      }),
    unlock: () => unlock(),
    announce: (subject) => channel.postMessage(subject),
    close() {
      unlock();
      channel.close();
    },
  };
}
