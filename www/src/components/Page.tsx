// One page or step: its heading, the document's title, and focus on its first field, or else its heading.
import { createContext, useContext, useId, useLayoutEffect, useRef, type ReactNode } from "react";

const HeadingId = createContext("");

/** The id of the page's heading, which names the form under it. */
export const useHeadingId = () => useContext(HeadingId);

// The first page leaves focus where the browser put it.
let arrived = false;

/** Back to the heading: for what was pressed and is gone with what it did. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>("main h1")?.focus();
}

export function Page({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  // With the page itself: at no moment is the focus on what has just gone.
  useLayoutEffect(() => {
    document.title = `${title} – cognito-vault demo`;
    const page = section.current;
    if (arrived) (page?.querySelector("input") ?? page?.querySelector("h1"))?.focus();
    arrived = true;
  }, [title]);
  return (
    <section className="card" ref={section} aria-labelledby={id}>
      <h1 id={id} tabIndex={-1}>{title}</h1>
      {lead !== undefined && <p className="lead" id={`${id}-lead`}>{lead}</p>}
      <HeadingId value={id}>{children}</HeadingId>
    </section>
  );
}
