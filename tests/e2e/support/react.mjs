// The versions of React that the bindings are for: the oldest of the peer range, and the one of the demo.

import { at } from "./project.mjs";

const FOLDERS = { 18: "tests/node_modules", 19: "www/node_modules" };
export const VERSIONS = Object.keys(FOLDERS);

/** What esbuild takes for React of this version. */
export const aliases = (version) => Object.fromEntries(["react", "react-dom"].map((name) => [name, at(`${FOLDERS[version]}/${name}`)]));
