// A list of things, each with its facts and what can be done with it; says so where it is empty, and asks for more where there is more.
import { useId, type ReactNode } from "react";
import type { Pages } from "../usePages";
import { Button } from "./Button";
import { Outcome } from "./Outcome";
import { Waiting } from "./Waiting";

interface ItemsProps<Item> {
  readonly what: string;
  readonly empty: string;
  readonly pages: Pages<Item>;
  readonly children: (item: Item) => ReactNode;
}

/** A list that comes page by page. */
export function Items<Item>({ what, empty, pages, children }: ItemsProps<Item>) {
  const { value, error, again, more, pending } = pages;
  if (value === undefined) return <Waiting what={what} error={error} again={again} />;
  return (
    <>
      <List empty={empty} items={value}>{children}</List>
      {more && <Button pending={pending} onClick={more}>Show more</Button>}
      {error !== undefined && <Outcome error={error} />}
    </>
  );
}

export function List<Item>({ empty, items, children }: { empty: string; items: readonly Item[]; children: (item: Item) => ReactNode }) {
  return items.length === 0 ? <p className="empty">{empty}</p> : <ul className="items">{items.map(children)}</ul>;
}

interface ItemProps {
  readonly title: string;
  readonly mark?: string | false | undefined;
  readonly facts: readonly (readonly [name: string, value: string | undefined])[];
  /** Buttons, which are named with the item's title for those who do not see where they stand. */
  readonly children?: ReactNode;
}

export function Item({ title, mark, facts, children }: ItemProps) {
  const id = useId();
  return (
    <li aria-labelledby={id}>
      <h2 id={id}>{title}{mark && <span className="mark">{mark}</span>}</h2>
      <p className="quiet">{facts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`).join(" · ")}</p>
      {children && <div className="actions-row">{children}</div>}
    </li>
  );
}
