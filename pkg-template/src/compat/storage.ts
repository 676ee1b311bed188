// Where amazon-cognito-identity-js keeps a session: its storages, and its names in them.

/** As `localStorage` is one. */
export interface ICognitoStorage {
  setItem(key: string, value: string): unknown;
  getItem(key: string): string | null | undefined;
  removeItem(key: string): unknown;
  clear(): unknown;
}

/** What is kept where the app gives no storage: in this page's memory. */
export class MemoryStorage implements ICognitoStorage {
  readonly #held = new Map<string, string>();
  setItem(key: string, value: string): string {
    this.#held.set(key, String(value));
    return value;
  }
  getItem(key: string): string | null {
    return this.#held.get(key) ?? null;
  }
  removeItem(key: string): void {
    this.#held.delete(key);
  }
  clear(): void {
    this.#held.clear();
  }
}

export interface ICookieStorageData {
  readonly domain?: string | undefined;
  /** Default: `/`. */
  readonly path?: string | undefined;
  /** Days. Default: 365. */
  readonly expires?: number | undefined;
  /** Default: true. */
  readonly secure?: boolean | undefined;
  readonly sameSite?: "strict" | "lax" | "none" | undefined;
}

/** Cookies that scripts write, and so any script can read. Each holds about 4 kB, and all go along with every request. */
export class CookieStorage implements ICognitoStorage {
  readonly #attributes: string;
  readonly #days: number;
  /** The same for storages that are alike: an app may make another one for every call. @internal */
  readonly place: string;
  constructor(data: ICookieStorageData = {}) {
    const { domain, path = "/", expires = 365, secure = true, sameSite } = data;
    if ("sameSite" in data && !["strict", "lax", "none"].includes(sameSite as string)) {
      throw new Error('The sameSite value of cookieStorage must be "lax", "strict" or "none".');
    }
    if (sameSite === "none" && !secure) throw new Error("sameSite = None requires the Secure attribute in latest browser versions.");
    this.#days = expires;
    this.#attributes = `; path=${path}${domain ? `; domain=${domain}` : ""}${secure ? "; secure" : ""}${sameSite ? `; samesite=${sameSite}` : ""}`;
    this.place = `${expires}${this.#attributes}`;
  }
  #write(key: string, value: string, days: number): void {
    document.cookie = `${encodeURIComponent(key)}=${encodeURIComponent(value)}; expires=${new Date(Date.now() + days * 86_400_000).toUTCString()}${this.#attributes}`;
  }
  #all(): [key: string, value: string][] {
    const pairs = document.cookie.split("; ").filter((pair) => pair.includes("="));
    return pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(decoded) as [string, string]);
  }
  setItem(key: string, value: string): string | null {
    this.#write(key, value, this.#days);
    return this.getItem(key);
  }
  getItem(key: string): string | null {
    return new Map(this.#all()).get(key) ?? null;
  }
  removeItem(key: string): void {
    this.#write(key, "", -1);
  }
  /** Removes every cookie that this page sees. */
  clear(): object {
    for (const [key] of this.#all()) this.removeItem(key);
    return {};
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a cookie of somebody else's
  }
}

/** One user's names in a storage. */
export class Names {
  readonly storage: ICognitoStorage;
  readonly prefix: string;
  username: string;
  constructor(storage: ICognitoStorage, clientId: string, username: string) {
    this.storage = storage;
    this.username = username;
    this.prefix = `CognitoIdentityServiceProvider.${clientId}`;
  }
  get(name: string): string {
    return this.storage.getItem(`${this.prefix}.${this.username}.${name}`) ?? "";
  }
  /** An empty text takes the name away. */
  set(values: Readonly<Record<string, string>>, username: string = this.username): void {
    for (const [name, value] of Object.entries(values)) {
      const key = `${this.prefix}.${username}.${name}`;
      if (value) this.storage.setItem(key, value);
      else this.storage.removeItem(key);
    }
  }
  get last(): string | null {
    return this.storage.getItem(`${this.prefix}.LastAuthUser`) ?? null;
  }
  set last(username: string | null) {
    const key = `${this.prefix}.LastAuthUser`;
    if (username === null) this.storage.removeItem(key);
    else this.storage.setItem(key, username);
  }
}
