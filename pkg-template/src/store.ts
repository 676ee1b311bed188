// Where the vault keeps a session, one record under a revision, and its devices; in memory besides, which takes over when the storage fails.

import type { Ask, VaultConfig } from "./engine.js";
import { FORM, type Kept, type Storage } from "./kept.js";
import { placeOf } from "./name.js";
import { sealed } from "./sealed.js";

/** The storage as the core sees it: one thing after the other, and never a failure. */
export interface Store extends Pick<Storage, "load" | "save" | "clear"> {
  /** Whether other engines see the same record. */
  shared(): boolean;
  /** Another engine has kept this revision, 0 for none. */
  expect(revision: number): void;
  /** The record of this user's device. */
  device(username: string): Promise<string | undefined>;
  /** Keeps it beside those of others; an empty one forgets the device of this user, or with this key. */
  keepDevice(username: string, record: string): Promise<void>;
}

/** A user's name and what is kept of their device. */
type Entry = [username: string, device: { readonly key: string }];

/** How often a page's storage is read until it shows what another page has kept, and the milliseconds between. */
const LOOKS = 20;
const BETWEEN = 50;
/** A storage that has not answered after so many milliseconds has failed. */
const PATIENCE = 5_000;
const LATE = "TimeoutError";

/** `failed` is told once, with what has failed and no value. */
export function openStore(config: VaultConfig, ask: Ask, failed: (reason: string) => void): Store {
  const outer = config.storage === "indexedDb" ? sealed(placeOf(config)) : config.storage === "page" || config.storage === "session" ? asked(ask) : undefined;
  let inner = outer;
  let held: Kept | undefined;
  let devices: string | undefined;
  let expected: number | undefined;
  let before: Promise<unknown> = Promise.resolve();

  // Browsers show a page's web storage to the pages of other processes a little late.
  async function read(storage: Storage): Promise<Kept | undefined> {
    let kept = await storage.load();
    for (let looks = 0; expected !== undefined && (kept?.revision ?? 0) !== expected && looks < LOOKS; looks++) {
      await new Promise((later) => setTimeout(later, BETWEEN));
      kept = await storage.load();
    }
    expected = undefined;
    return kept;
  }

  function next<T>(name: keyof Storage, work: (storage: Storage | undefined) => Promise<T>): Promise<T> {
    const run = async () => {
      if (inner) {
        try {
          return await bounded(work(inner));
        } catch (error) {
          const why = (error as Error | undefined)?.name;
          inner = undefined;
          // What cannot be read is nothing to come back to; what comes too late is still good, until something newer is held.
          if (name !== "load" || why !== LATE) (name.endsWith("Devices") ? outer!.saveDevices("") : outer!.clear()).catch(() => undefined);
          failed(`${name}: ${why}`);
        }
      }
      return work(undefined);
    };
    const result = before.then(run);
    before = result;
    return result;
  }

  // An app's own storage need not keep them.
  const loadDevices = () => next("loadDevices", async (storage) => (devices = (await storage?.loadDevices()) ?? devices));

  return {
    shared: () => !!inner && config.storage !== "session",
    load: () => next("load", async (storage) => (storage ? (held = await read(storage)) : held)),
    expect: (revision) => void (expected = config.storage === "page" ? revision : undefined),
    save: (kept, over) =>
      next("save", async (storage) => {
        const done = storage ? await storage.save(kept, over) : !over || held?.revision === over;
        if (done) [held, expected] = [kept, undefined];
        if (!storage) outer?.clear().catch(() => undefined);
        return done;
      }),
    clear: () =>
      next("clear", async (storage) => {
        held = expected = undefined;
        if (storage) return storage.clear();
        outer?.clear().catch(() => undefined);
      }),
    device: async (username) => JSON.stringify(new Map(entriesOf(await loadDevices())).get(username)),
    keepDevice(username, record) {
      void loadDevices(); // another engine may have kept others
      return next("saveDevices", async (storage) => {
        const kept = entriesOf(devices).filter(([name, { key }]) => name !== username && key !== username);
        if (record) kept.push([username, JSON.parse(record)]);
        devices = kept[0] ? JSON.stringify(Object.fromEntries(kept)) : "";
        await storage?.saveDevices(devices);
      });
    },
  };
}

/** The devices of a record; none of what is not one. */
function entriesOf(record = ""): Entry[] {
  try {
    return (Object.entries(JSON.parse(record)) as Entry[]).filter(([, device]) => device?.key);
  } catch {
    return [];
  }
}

/** A storage that the page reaches, over the port. There is no transaction: engines that share it take turns by their lock. */
function asked(ask: Ask): Storage {
  const load = async (): Promise<Kept | undefined> => {
    const text = await ask("load");
    if (text === undefined || text === null) return undefined;
    const { form, record, revision } = JSON.parse(text) as Kept & { form?: unknown };
    if (form !== FORM) throw new DOMException("", "VersionError");
    return { record, revision };
  };
  return {
    load,
    async save(kept, over) {
      if (over && (await load())?.revision !== over) return false;
      await ask("save", JSON.stringify({ form: FORM, ...kept }));
      return true;
    },
    clear: () => ask("clear") as Promise<unknown> as Promise<void>,
    loadDevices: async () => (await ask("loadDevices")) ?? undefined,
    saveDevices: (record) => ask("saveDevices", record) as Promise<unknown> as Promise<void>,
  };
}

function bounded<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE, new DOMException("", LATE));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
