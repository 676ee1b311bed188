// The vault's errors, as they cross to the page.

import type { PlainError } from "./engine.js";

export const plainError = (code: PlainError["code"], message: string, retryable?: boolean): PlainError => ({ code, message, retryable });

/** What a page hands over may be anything. */
export const wrongForm = (): PlainError => plainError("InvalidParameter", "the request has a wrong form");
