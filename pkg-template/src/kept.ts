// A session as a storage keeps it.

/** The form of what is kept; of any other nothing is read. */
export const FORM = 1;

/** What the core has written down, and the number of that writing. */
export interface Kept {
  readonly record: string;
  readonly revision: number;
}

/** One place for one session, and for the devices. Each call may reject, or never settle. */
export interface Storage {
  load(): Promise<Kept | undefined>;
  /** Keeps it where the revision `over` is kept, or whatever is where `over` is 0; whether it did. */
  save(kept: Kept, over: number): Promise<boolean>;
  clear(): Promise<void>;
  /** What is kept of the devices that the service remembers, which `clear` leaves. */
  loadDevices(): Promise<string | undefined>;
  /** Keeps it; an empty text forgets. */
  saveDevices(record: string): Promise<void>;
}
