// Where a vault may be, and where it may keep a session.

/** In a worker that all tabs of the same version and configuration share, in a worker of the page's own, or on the page. */
export type EngineKind = "shared" | "worker" | "page";

/** In the vault's memory alone, or besides in IndexedDB, encrypted, or in the page's sessionStorage or localStorage as it is. */
export type StorageKind = "memory" | "indexedDb" | "session" | "local";

/** An app's own storage, called on the page. One that rejects, or takes longer than five seconds, is not asked again. */
export interface SessionStorage {
  /** What was saved last, or nothing. */
  load(): Promise<string | null | undefined>;
  /** Keeps `record`, which holds the tokens as they are: whoever reads it has them. */
  save(record: string): Promise<void>;
  clear(): Promise<void>;
  /**
   * What was saved last of the devices that the service remembers, or nothing. Without this and `saveDevices` they are kept in memory alone,
   * and a device asks for its second factor again once the vault is gone.
   */
  loadDevices?(): Promise<string | null | undefined>;
  /** Keeps `record`, whose secrets stand in for a second factor; an empty one forgets. It outlives a sign-out. */
  saveDevices?(record: string): Promise<void>;
}
