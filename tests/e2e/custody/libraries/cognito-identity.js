// amazon-cognito-identity-js as an app uses it, and what a script would call for a token.

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";

const settled = (work) => new Promise((done, failed) => work((error, value) => (error ? failed(error) : done(value))));
let pool;

export function signIn({ userPoolId, clientId, endpoint }, { username, password }) {
  pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: `${endpoint}/` });
  const user = new CognitoUser({ Username: username, Pool: pool });
  const details = new AuthenticationDetails({ Username: username, Password: password });
  return new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));
}

async function session() {
  const user = pool.getCurrentUser();
  return { user, tokens: await settled((done) => user.getSession(done)) };
}

export async function callApi(url) {
  const { tokens } = await session();
  return (await fetch(url, { headers: { authorization: `Bearer ${tokens.getAccessToken().getJwtToken()}` } })).status;
}

export async function refresh() {
  const { user, tokens } = await session();
  await settled((done) => user.refreshSession(tokens.getRefreshToken(), done));
}

export const asked = () => ({
  async getSession() {
    const { tokens } = await session();
    return [tokens.getAccessToken().getJwtToken(), tokens.getIdToken().getJwtToken(), tokens.getRefreshToken().getToken()];
  },
});
