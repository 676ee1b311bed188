// A session in IndexedDB, encrypted: AES-GCM under a key that scripts can use and not read, a new one for each writing.

import { FORM, type Kept, type Storage } from "./kept.js";

/** What is stored. The key is kept beside what it seals, so that both change, and go, in one transaction. */
interface Sealed {
  readonly form: number;
  readonly revision: number;
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly text: ArrayBuffer;
}

const STORE = "session";
const SESSION = 0;
const DEVICES = 1;
type Slot = typeof SESSION | typeof DEVICES;

/** `place` names the database, and is bound into what is sealed together with the slot and the revision. */
export function sealed(place: string): Storage {
  const cipher = (slot: Slot, iv: Uint8Array<ArrayBuffer>, revision: number) => ({
    name: "AES-GCM",
    iv,
    additionalData: new TextEncoder().encode(`${place}:${FORM}:${slot ? "devices" : revision}`),
  });

  // Opened each time: a connection that is kept can be closed under its owner, and holds up a later version of the database.
  async function transact<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const opening = indexedDB.open(place, FORM);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
    const database = await settled(opening);
    try {
      const transaction = database.transaction(STORE, mode);
      const over = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      over.catch(() => undefined); // a request that fails says so first
      const value = await work(transaction.objectStore(STORE));
      await over; // a full disk is found out at the end
      return value;
    } finally {
      database.close();
    }
  }

  const read = (store: IDBObjectStore, slot: Slot) => settled<Sealed | undefined>(store.get(slot));

  async function load(slot: Slot): Promise<Kept | undefined> {
    const found = await transact("readonly", (store) => read(store, slot));
    if (!found) return undefined;
    const { form, revision, key, iv, text } = found;
    if (form !== FORM) throw new DOMException("", "VersionError");
    return { record: new TextDecoder().decode(await crypto.subtle.decrypt(cipher(slot, iv, revision), key, text)), revision };
  }

  async function save(slot: Slot, { record, revision }: Kept, over: number): Promise<boolean> {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = await crypto.subtle.encrypt(cipher(slot, iv, revision), key, new TextEncoder().encode(record));
    // Sealed before, because a transaction does not wait for anything but its own requests.
    return transact("readwrite", async (store) => {
      if (over && (await read(store, slot))?.revision !== over) return false;
      await settled(store.put({ form: FORM, revision, key, iv, text } satisfies Sealed, slot));
      return true;
    });
  }

  const clear = (slot: Slot) => transact("readwrite", async (store) => void (await settled(store.delete(slot))));

  return {
    load: () => load(SESSION),
    save: (kept, over) => save(SESSION, kept, over),
    clear: () => clear(SESSION),
    loadDevices: async () => (await load(DEVICES))?.record,
    saveDevices: async (record) => void (await (record ? save(DEVICES, { record, revision: 0 }, 0) : clear(DEVICES))),
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
