// Traces of a WebAssembly module: every value that its time may depend on, by the place in the code.

import { rewrite } from "../package/rewrite.mjs";

const watcher = (name, type) => ["import", '"trace"', `"${name}"`, ["func", `$${name}`, ["param", "i32", type], ["result", type]]];
const IMPORTS = [watcher("truth", "i32"), watcher("value", "i32"), watcher("wide", "i64")];

/** The parts of an instruction whose values decide what is done, where memory is touched, or how long a division takes. */
function watched(list) {
  const [name] = list;
  const parts = list.flatMap((part, at) => (at > 0 && Array.isArray(part) ? [at] : []));
  if (name === "if") return ["$truth", [list.findIndex((part) => part[0] === "then") - 1]];
  if (/^(br_if|select)$/.test(name)) return ["$truth", parts.slice(-1)];
  if (/^(br_table|call_indirect)$/.test(name)) return ["$value", parts.slice(-1)];
  if (/^\w+\.(load|store)/.test(name)) return ["$value", parts.slice(0, 1)];
  if (/^memory\.|^i32\.(div|rem)_/.test(name)) return ["$value", parts];
  if (/^i64\.(div|rem)_/.test(name)) return ["$wide", parts];
  if (/^f\d+(x\d)?\.(div|sqrt)/.test(name)) throw new Error(`${name} takes a time of its own for some values`);
  return ["", []];
}

/** The module with a call at each such place; `places` says how many there are. */
export function watch(wasm) {
  let places = 0;
  const module = rewrite(wasm, (list) => {
    const [watcher, at] = watched(list);
    return list.map((part, index) => (at.includes(index) ? ["call", watcher, ["i32.const", String(places++)], part] : part));
  }, IMPORTS);
  return { module, places };
}

/** Keeps a sum of the values of each place, in the order in which they come. */
export function recorder(places) {
  const sums = new Uint32Array(places);
  let visits = 0;
  const value = (place, seen) => {
    visits++;
    const sum = sums[place] ^ seen;
    sums[place] = Math.imul((sum << 7) | (sum >>> 25), 0x9e3779b1) + 1;
    return seen;
  };
  const truth = (place, seen) => {
    value(place, seen === 0 ? 0 : 1);
    return seen;
  };
  const wide = (place, seen) => {
    value(place, Number(BigInt.asIntN(32, seen)));
    value(place, Number(BigInt.asIntN(32, seen >> 32n)));
    return seen;
  };
  return {
    imports: { trace: { truth, value, wide } },
    restart() {
      sums.fill(0);
      visits = 0;
    },
    trace: () => sums.slice(),
    visits: () => visits,
  };
}

/** The places at which not all of the traces agree. */
export function differing([first, ...others]) {
  return new Set([...first.keys()].filter((place) => others.some((other) => other[place] !== first[place])));
}
