// The calls of amazon-cognito-identity-js as promises, with a storage of their own; and the same of cognito-vault/compat.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { at } from "../e2e/support/project.mjs";

const theirs = createRequire(import.meta.url)("amazon-cognito-identity-js");
const ours = await import(pathToFileURL(at("target/package/dist/compat.js")));
const { AuthenticationDetails } = theirs;

/** By the names that tests call them. */
export const LIBRARIES = { "amazon-cognito-identity-js": theirs, "cognito-vault/compat": ours };

/** Whether it is ours, which does some things differently: docs/migration.md says which. */
export const isOurs = (library) => library === ours;

/** Node fetches no files. */
const wasmUrl = `data:application/wasm;base64,${readFileSync(at("target/package/dist/cognito_vault.wasm"), "base64")}`;
const opened = new Set();
/** Ends what runs for the pools of cognito-vault/compat. */
export const closePeers = () => opened.forEach((Pool) => Pool.close());

/** A storage as a page has one. */
export function memory() {
  const held = new Map();
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, value) => void held.set(name, value),
    removeItem: (name) => void held.delete(name),
    clear: () => held.clear(),
  };
}

/** What a call with a node callback comes to. */
export const settled = (work) => new Promise((done, failed) => work((error, value) => (error ? failed(error) : done(value))));

const CALLBACKS = [
  ...["onSuccess", "newPasswordRequired", "mfaRequired", "totpRequired", "customChallenge", "mfaSetup", "selectMFAType"],
  ...["associateSecretCode", "inputVerificationCode"],
];

/** What a call with an object of callbacks comes to: the name of the callback that it called, and what it told; onFailure rejects. */
export const heard = (work) =>
  new Promise((done, onFailure) => {
    const told = (by) => (...values) => done({ by, values });
    work({ onFailure, ...Object.fromEntries(CALLBACKS.map((name) => [name, told(name)])) });
  });

export const details = (Username, Password, more = {}) => new AuthenticationDetails({ Username, Password, ...more });

/**
 * @param {{ userPoolId: string, clientId: string, url: string, issuer?: string }} pool
 * @param {typeof theirs} library
 */
export function peer({ userPoolId, clientId, url, issuer }, library = theirs, Storage = memory()) {
  const { CognitoUser, CognitoUserAttribute, CognitoUserPool } = library;
  const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: `${url}/`, Storage, issuer, wasmUrl });
  const user = (Username) => new CognitoUser({ Username, Pool, Storage });
  if (library === ours) opened.add(Pool);
  // The peer tries a refused refresh and a refused revocation six times over five seconds: that pause is left out.
  else Pool.client.requestWithRetry = Pool.client.request;
  return {
    user,
    current: () => Pool.getCurrentUser(),
    signUp: (username, password, attributes) =>
      settled((done) =>
        Pool.signUp(
          username,
          password,
          Object.entries(attributes).map(([Name, Value]) => new CognitoUserAttribute({ Name, Value })),
          [],
          done,
        ),
      ),
    confirm: (username, code) => settled((done) => user(username).confirmRegistration(code, true, done)),
    resend: (username) => settled((done) => user(username).resendConfirmationCode(done)),
    /** Resolves with the user, signed in; `flow` is USER_SRP_AUTH unless told. */
    signIn: (username, password, { flow, newPassword } = {}) =>
      new Promise((done, failed) => {
        const one = user(username);
        if (flow) one.setAuthenticationFlowType(flow);
        const callbacks = {
          onSuccess: () => done(one),
          onFailure: failed,
          newPasswordRequired: () => one.completeNewPasswordChallenge(newPassword.password, newPassword.attributes, callbacks),
        };
        one.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), callbacks);
      }),
    /** The first step of a sign-in: by SRP unless the user is set to another flow. */
    begin: (one, password, more) => heard((on) => one.authenticateUser(details(one.getUsername(), password, more), on)),
    refresh: (one) => settled((done) => one.refreshSession(one.getSignInUserSession().getRefreshToken(), done)),
    attributes: (one) => settled((done) => one.getUserAttributes(done)),
    /** Revokes the tokens and forgets them. */
    signOut: (one) => new Promise((done, failed) => one.signOut((error) => (error ? failed(error) : done()))),
  };
}
