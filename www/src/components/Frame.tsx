// What surrounds every page: the mark, the name, the state, the main region.
import type { ReactNode } from "react";

export function Frame({ badge, children }: { badge?: ReactNode; children: ReactNode }) {
  return (
    <>
      <header className="top">
        <div className="top-inner">
          <img src="/mark.svg" alt="" width="32" height="32" />
          <span className="brand">cognito-vault <span className="brand-quiet">demo</span></span>
          {badge}
        </div>
      </header>
      <main className="columns">{children}</main>
    </>
  );
}
