// A list that comes page by page: what has come so far, and the call for more.
import type { Page, PageRequest } from "cognito-vault";
import { useCallback, useState } from "react";
import { useCall } from "./useCall";
import { useLoaded, type Loaded } from "./useLoaded";

export interface Pages<Item> extends Loaded<readonly Item[]> {
  /** Missing where nothing is left. */
  readonly more: (() => void) | undefined;
  readonly pending: boolean;
}

export function usePages<Item>(list: (request: PageRequest) => Promise<Page<Item>>): Pages<Item> {
  const [later, setLater] = useState<{ readonly items: readonly Item[]; readonly next: string | undefined }>();
  const call = useCall();
  const first = useLoaded(
    useCallback(async () => {
      const page = await list({});
      setLater(undefined);
      return page;
    }, [list]),
  );
  const next = later === undefined ? first.value?.next : later.next;
  const more = () =>
    void call.run(async () => {
      const page = await list({ next });
      setLater({ items: [...(later?.items ?? []), ...page.items], next: page.next });
    });
  return {
    value: first.value && [...first.value.items, ...(later?.items ?? [])],
    error: first.error ?? call.error,
    again: first.again,
    more: next === undefined ? undefined : more,
    pending: call.pending,
  };
}
