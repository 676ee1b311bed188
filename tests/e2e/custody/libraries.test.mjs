// The hostile script takes everything from the libraries that keep tokens on the page, and nothing from this one.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { kind } from "../support/browser.mjs";
import { raid } from "./raid.mjs";

describe("the same script on the same page", () => {
  let libraries;
  before(async () => void ({ libraries } = await raid(kind)));

  test("finds no token of this library", () => {
    const { issued, tokens } = libraries.ours;
    assert.ok(issued >= 5, "a session of two access tokens, two ID tokens and a refresh token at least");
    assert.equal(tokens, 0);
  });

  for (const name of ["amazon_cognito_identity_js", "amplify"]) {
    test(`finds every token of ${name}`, () => {
      const { issued, tokens, ways } = libraries[name];
      assert.equal(tokens, issued);
      for (const way of ["storage", "calls"]) assert.ok(ways[way] >= 2, way);
      assert.equal(ways.patches, issued);
    });
  }
});
