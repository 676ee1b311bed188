// The control API of the demo's pool, which no real pool has: what it would have sent, and how it is set up.
import { createContext } from "react";

/** Where the demo's pool is; undefined where the pool is a real one. */
export const DemoPool = createContext<string | undefined>(undefined);

export async function control<T>(endpoint: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${endpoint}/_pool/${path}`, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) throw new TypeError(`the demo's pool answers ${response.status}`);
  return (await response.json()) as T;
}
