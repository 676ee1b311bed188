// A button that keeps its width and its focus while what it started is under way.
import type { ReactNode } from "react";

interface ButtonProps {
  readonly type?: "button" | "submit";
  readonly look?: "primary" | "plain" | "quiet";
  readonly pending?: boolean;
  readonly onClick?: () => void;
  readonly children: ReactNode;
}

export function Button({ type = "button", look = "plain", pending = false, onClick, children }: ButtonProps) {
  return (
    <button
      type={type}
      className={`button ${look}`}
      aria-busy={pending || undefined}
      // Not `disabled`: a disabled button loses focus.
      aria-disabled={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
    >
      <span className="button-text">{children}</span>
    </button>
  );
}
