// One proof in native BigInt with an a as short as ours: 256 bits.

import { proveWith } from "./bigint.js";

export const prove = proveWith(32);
