// The storages that only a page can reach, for the vault to ask of it.

import type { SessionStorage, StorageKind } from "./places.js";

/** The page's end of a storage; nothing for one that the vault reaches itself. */
export function pageStorage(storage: StorageKind | SessionStorage, place: string): SessionStorage | undefined {
  if (typeof storage === "object") return storage;
  if (storage !== "session" && storage !== "local") return undefined;
  // Named at each call, because a page that may not have it throws at the name.
  const area = () => globalThis[`${storage}Storage`];
  const devices = `${place}:devices`;
  return {
    load: async () => area().getItem(place),
    save: async (record) => area().setItem(place, record),
    clear: async () => area().removeItem(place),
    loadDevices: async () => area().getItem(devices),
    saveDevices: async (record) => area().setItem(devices, record),
  };
}
