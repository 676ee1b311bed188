// docs/migration.md: no call of the libraries that people come from is left out, and every name that it gives them is there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import * as amplify from "aws-amplify/auth";
import { at } from "../e2e/support/project.mjs";

const require = createRequire(import.meta.url);
const dist = new URL("../../target/package/dist/", import.meta.url);
const [index, hosted, importing, react] = await Promise.all(
  ["index.js", "hosted.js", "import.js"].map((file) => import(new URL(file, dist))).concat(readFileSync(new URL("react/index.d.ts", dist), "utf8")),
);

const chapters = readFileSync(at("docs/migration.md"), "utf8").split("\n## ");
const chapter = (title) => chapters.find((text) => text.startsWith(title));
const rows = (text) => text.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split("|").slice(1, -1));
const quoted = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
const left = (text) => new Set(rows(text).flatMap(([theirs]) => quoted(theirs)));

const missing = (names, text) => [...names].filter((name) => !left(text).has(name));

/** The methods that its declarations show, of a class. */
function methods(name) {
  const text = readFileSync(require.resolve("amazon-cognito-identity-js/index.d.ts"), "utf8");
  const [, body] = new RegExp(`export class ${name} .*?\\{(.*?)\\n\\t\\}`, "s").exec(text);
  return [...body.matchAll(/public (\w+)\(/g)].map(([, method]) => method);
}

describe("the guide for those who come", () => {
  test("names every call and class of amazon-cognito-identity-js", () => {
    const [text] = chapter("amazon-cognito-identity-js").split("\n### ");
    const calls = ["CognitoUser", "CognitoUserPool"].flatMap(methods);
    assert.ok(calls.length > 40);
    assert.deepEqual(missing(calls, text), []);
    assert.deepEqual(missing(Object.keys(require("amazon-cognito-identity-js")).filter((name) => name !== "__esModule"), text), []);
  });

  test("names every function of Amplify v6", () => {
    assert.ok(Object.keys(amplify).length > 30);
    assert.deepEqual(missing(Object.keys(amplify), chapter("Amplify v6")), []);
  });

  test("gives them what is there", () => {
    globalThis.location = new URL("https://app.example.com/");
    const auth = index.createAuth({ userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6", engine: "worker", tokens: "exposed" });
    try {
      const objects = { auth, hosted: hosted.createHostedPage(auth, { domain: "login.example.com", redirectUri: "https://app.example.com/callback" }) };
      const paths = chapters.flatMap((text) => quoted(text).flatMap((code) => [...code.matchAll(/\b(auth|hosted)((?:\.\w+)+)/g)]));
      assert.ok(paths.length > 60);
      for (const [path, object, members] of paths) {
        const [first, second] = members.slice(1).split(".");
        const found = objects[object][first];
        assert.ok(found !== undefined, path);
        if (second && typeof found === "object") assert.equal(typeof found[second], "function", path);
      }
    } finally {
      auth.close();
      delete globalThis.location;
    }
    for (const name of ["createAuth", "isAuthError", "AuthError"]) assert.equal(typeof index[name], "function", name);
    assert.equal(typeof importing.importSession, "function");
    for (const name of quoted(chapters.join("\n")).filter((code) => /^use[A-Z]/.test(code))) assert.match(react, new RegExp(`\\b${name}\\b`), name);
  });

  test("names steps and events that there are, and every step", () => {
    const steps = readFileSync(new URL("steps.d.ts", dist), "utf8");
    const names = new Set([...steps.matchAll(/readonly name: ([^;]+);/g)].flatMap(([, union]) => [...union.matchAll(/"(\w+)"/g)].map(([, name]) => name)));
    const told = new Set(["amazon-cognito-identity-js", "Amplify v6"].flatMap((title) => {
      const table = rows(chapter(title).split("\n\n").find((part) => / step \|/.test(part)));
      return table.slice(1).flatMap(([, here]) => quoted(here.replace(/: .*/, "")));
    }));
    for (const name of told) assert.ok(names.has(name), name);
    const ofSignUpAndSettings = ["confirm", "signedUp", "passwordReset", "setUpTotp", "totpReady"];
    assert.deepEqual([...names].filter((name) => !told.has(name)).sort(), ofSignUpAndSettings.sort());

    const events = readFileSync(new URL("config.d.ts", dist), "utf8");
    const hub = rows(chapter("Amplify v6").split("\n\n").find((part) => part.startsWith("| `Hub`")));
    for (const name of hub.slice(1, 4).flatMap(([, here]) => quoted(here)).filter((name) => !/[.]|stale|reason/.test(name))) assert.match(events, new RegExp(`"${name}"`), name);
  });
});
