// The other engines of the same pool and client, in other tabs: the lock among them, and what they tell each other.

/** What an engine announces: the revision that it has kept, 0 for none, and who has signed out. */
export interface News {
  readonly revision: number;
  readonly subject: string;
}

export interface Tabs {
  /** Settles once this engine has the lock. */
  lock(): Promise<void>;
  /** Lets the lock go, or no longer waits for it. */
  unlock(): void;
  announce(news: News): void;
  close(): void;
}

/** Whoever holds the lock for so many milliseconds is taken to be frozen: a request, which is given up after 30 s, is not robbed of it. */
const PATIENCE = 35_000;

/** `hear` is called with what another engine announces. */
export function openTabs(place: string, hear: (news: News) => void): Tabs {
  const channel = new BroadcastChannel(place);
  channel.onmessage = ({ data }) => hear(data as News);
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
    announce: (news) => channel.postMessage(news),
    close() {
      unlock();
      channel.close();
    },
  };
}
