// The calls of amazon-cognito-identity-js as promises, with a storage of their own.

import { createRequire } from "node:module";

const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } = createRequire(import.meta.url)("amazon-cognito-identity-js");

function memory() {
  const held = new Map();
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, value) => void held.set(name, value),
    removeItem: (name) => void held.delete(name),
    clear: () => held.clear(),
  };
}

const settled = (work) => new Promise((done, failed) => work((error, value) => (error ? failed(error) : done(value))));

/** @param {{ userPoolId: string, clientId: string, url: string }} pool */
export function peer({ userPoolId, clientId, url }) {
  const Storage = memory();
  const Pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: `${url}/`, Storage });
  const user = (Username) => new CognitoUser({ Username, Pool, Storage });
  return {
    user,
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
    refresh: (one) => settled((done) => one.refreshSession(one.getSignInUserSession().getRefreshToken(), done)),
    attributes: (one) => settled((done) => one.getUserAttributes(done)),
    /** Revokes the tokens and forgets them. */
    signOut: (one) => new Promise((done, failed) => one.signOut((error) => (error ? failed(error) : done()))),
  };
}
