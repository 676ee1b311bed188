// What the figures have to reach.

/** `read` gives the figure; it must be at least `least`, or at most `most`. */
export const BARS = [
  { what: "warm, Chromium: times faster than amazon-cognito-identity-js", read: (_, { warm }) => warm.chromium?.amazon_cognito_identity_js, least: 25 },
  { what: "warm, Chromium: times faster than Amplify", read: (_, { warm }) => warm.chromium?.amplify, least: 25 },
  { what: "warm, Chromium: times faster than BigInt with a 1024-bit a", read: (_, { warm }) => warm.chromium?.bigint, least: 2.5 },
  { what: "cold: times faster than amazon-cognito-identity-js", read: (_, { cold }) => cold.amazon_cognito_identity_js, least: 4 },
  { what: "longest time that the page is busy, ms", read: ({ longest_task_ms }) => longest_task_ms.ours, most: 50 },
  { what: "what auth.fetch adds to a fetch of 1 kB, ms", read: ({ fetch_overhead_ms }) => fetch_overhead_ms, most: 2 },
  ...["chromium", "firefox"].map((browser) => ({ what: `sessions lost by tabs that refresh at once, ${browser}`, read: ({ refreshes }) => refreshes[browser]?.lost, most: 0 })),
  { what: "page, bytes", read: ({ bytes }) => bytes.page, most: 5000 },
  { what: "wasm, bytes", read: ({ bytes }) => bytes.wasm, most: 24_000 },
  { what: "all, bytes", read: ({ bytes }) => bytes.total, most: 46_000 },
  { what: "constant time, native: |t|", read: ({ constant_time }) => constant_time?.native_t, most: 4.5 },
  { what: "constant time, wasm: |t|", read: ({ constant_time }) => constant_time?.wasm_t, most: 4.5 },
  { what: "constant time, native: |t| of one that leaks", read: ({ constant_time }) => constant_time?.native_control_t, least: 4.5 },
  { what: "constant time, wasm: |t| of one that leaks", read: ({ constant_time }) => constant_time?.wasm_control_t, least: 4.5 },
  ...["chromium", "firefox", "webkit"].map((browser) => ({ what: `tokens taken, ${browser}`, read: ({ attack }) => attack[browser]?.ours, most: 0 })),
];

/** A sentence for a bar that is missed, by how much; undefined for one that is met or was not measured. */
export function check({ what, read, least, most }, result, factors) {
  const value = read(result, factors);
  if (value === undefined) return undefined;
  const missedBy = least === undefined ? value / most || 0 : least / value; // 0 of 0 is met
  if (missedBy <= 1) return undefined;
  return `MISSED ${what}: ${Number(value.toFixed(2))} where ${least ?? most} was wanted, by a factor of ${missedBy.toFixed(2)}`;
}
