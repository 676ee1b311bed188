// The pool's hosted page, for whatever leaves for it; nothing where the pool has none.
import type { HostedPage } from "cognito-vault/hosted";
import { createContext } from "react";

export const HostedPageAt = createContext<HostedPage | undefined>(undefined);
