// The figures as tables for people.

const TITLES = {
  ours: "cognito-vault",
  amazon_cognito_identity_js: "amazon-cognito-identity-js",
  amplify: "Amplify v6",
  bigint: "BigInt, 1024-bit a",
  bigint_same_a: "BigInt, 256-bit a",
};

function table(title, heads, rows) {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  ");
  return `\n${title}\n${all.map((row) => `  ${line(row)}`).join("\n")}`;
}

export const speedTable = (title, ms, factors) =>
  table(title, ["", "ms", "times ours"], Object.entries(ms).map(([name, time]) => [TITLES[name], time.toFixed(2), factors[name].toFixed(1)]));

export const longestTable = (title, seen) => table(title, ["", "ms"], Object.entries(seen).map(([name, time]) => [TITLES[name], time.toFixed(1)]));

export const refreshesTable = (title, { tabs, wanted, sent, lost }) =>
  table(title, ["tabs", "refreshes wanted", "sent", "sessions lost"], [[String(tabs), String(wanted), String(sent), String(lost)]]);

export const leaksTable = (title, { native_t, wasm_t, native_control_t, wasm_control_t }) =>
  table(title, ["", "ours", "one that leaks"], [
    ["native", native_t.toFixed(1), native_control_t.toFixed(1)],
    ["wasm in Node", wasm_t.toFixed(1), wasm_control_t.toFixed(1)],
  ]);

export const fetchTable = (title, { plain_ms, ours_ms, overhead_ms, plain_100mb_ms, ours_100mb_ms }) =>
  table(title, ["", "plain, ms", "auth.fetch, ms", "difference, ms"], [
    ["1 kB", plain_ms.toFixed(2), ours_ms.toFixed(2), overhead_ms.toFixed(2)],
    ["100 MB", plain_100mb_ms.toFixed(0), ours_100mb_ms.toFixed(0), (ours_100mb_ms - plain_100mb_ms).toFixed(0)],
  ]);

export function bytesTable(title, { page, worker, wasm, request, passkeys, total, react, hosted }, peers) {
  const row = (name, bytes) => [name, String(bytes)];
  return table(title, ["", "bytes"], [
    row("page: the entry and what it imports", page),
    row("worker", worker),
    row("wasm", wasm),
    row("API calls, for apps that name origins", request),
    row("passkeys, when they are needed", passkeys),
    row("all of these", total),
    row("the React bindings, on top", react),
    row("the hosted page's helper, on top", hosted),
    ...Object.entries(peers).map(([name, bytes]) => row(TITLES[name], bytes)),
  ]);
}

export function attackTable(title, { tokens, issued, ways }) {
  const names = Object.keys(tokens);
  const row = (head, counts) => [head, ...names.map((name) => `${counts[name]} of ${issued[name]}`)];
  return table(title, ["", ...names.map((name) => TITLES[name])], [...Object.entries(ways).map(([way, counts]) => row(way, counts)), row("all", tokens)]);
}
