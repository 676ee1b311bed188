// What the vault tells about this device: whether the user is to say if it is remembered, or why it could not be confirmed.
import type { AuthErrorCode } from "cognito-vault";
import { useSyncExternalStore } from "react";

export interface DeviceNews {
  readonly asks?: boolean;
  readonly failed?: AuthErrorCode;
}

const NOTHING: DeviceNews = {};
let news = NOTHING;
const listeners = new Set<() => void>();

export function tellOfDevice(next: DeviceNews = NOTHING): void {
  news = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDeviceNews(): DeviceNews {
  return useSyncExternalStore(subscribe, () => news);
}
