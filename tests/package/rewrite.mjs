// A WebAssembly module changed for a test: taken apart into nested lists, as binaryen writes it, and put together again.

import { pathToFileURL } from "node:url";
import { at } from "../e2e/support/project.mjs";

// The one that the package is built with.
const { default: binaryen } = await import(pathToFileURL(at("pkg-template/node_modules/binaryen/index.js")));

/** Changes a module; `change` is given each expression, parts first, as a list of words and lists, and returns what stands for it. */
export function rewrite(wasm, change, added = []) {
  const module = binaryen.readBinary(wasm);
  const features = module.getFeatures();
  const fields = parse(module.emitText()).map((field) => (field[0] === "func" ? walk(field, change) : field));
  fields.splice(fields.findIndex(Array.isArray), 0, ...added);
  const again = binaryen.parseText(print(fields));
  again.setFeatures(features);
  try {
    return again.emitBinary();
  } finally {
    again.dispose();
    module.dispose();
  }
}

const walk = (list, change) => change(list.map((part) => (Array.isArray(part) ? walk(part, change) : part)));
const print = (part) => (Array.isArray(part) ? `(${part.map(print).join(" ")})` : part);

function parse(text) {
  const open = [[]];
  for (const [token] of text.matchAll(/;;[^\n]*|\(;.*?;\)|"(?:[^"\\]|\\.)*"|[()]|[^\s()";]+/gs)) {
    if (token === "(") open.push([]);
    else if (token === ")") {
      const list = open.pop();
      open.at(-1).push(list);
    } else if (!token.startsWith(";;") && !token.startsWith("(;")) open.at(-1).push(token);
  }
  return open[0][0];
}

/** The module without what wipes its stack, the only thing that fills so many bytes. */
export function withoutStackWipe(wasm) {
  let left = 0;
  const changed = rewrite(wasm, (list) => {
    if (list[0] !== "memory.fill" || list.at(-1).join(" ") !== "i32.const 65536") return list;
    left++;
    return ["nop"];
  });
  if (left === 0) throw new Error("nothing wipes the stack");
  return changed;
}
