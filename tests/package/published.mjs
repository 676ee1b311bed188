// The package as published, for the tests of it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { unpack } from "../e2e/support/fixture.mjs";
import { at, tarball } from "../e2e/support/project.mjs";

/** The tarball's files, without the folder that npm puts them in. */
export const listed = () =>
  execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line && !line.endsWith("/"))
    .map((line) => line.replace(/^package\//, ""))
    .sort();

/** Unpacks it into a folder of this test's own; returns where it is, as node_modules/cognito-vault. */
export const installed = (name) => unpack(at(`target/package-tests/${name}`));

export const manifest = (folder) => JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
