// What this page's scripts find in the browser's storage, read at the moment of asking.

export interface Place {
  readonly name: string;
  /** The names of what is stored there; undefined where the browser does not tell. */
  readonly keys: readonly string[] | undefined;
}

export async function stored(): Promise<readonly Place[]> {
  return [
    { name: "localStorage", keys: Object.keys(localStorage) },
    { name: "sessionStorage", keys: Object.keys(sessionStorage) },
    { name: "Cookies", keys: document.cookie.split(";").map((cookie) => cookie.split("=")[0]?.trim() ?? "").filter(Boolean) },
    { name: "IndexedDB", keys: await databases() },
  ];
}

async function databases(): Promise<readonly string[] | undefined> {
  if (indexedDB.databases === undefined) return undefined;
  return (await indexedDB.databases()).map(({ name }) => name ?? "");
}
