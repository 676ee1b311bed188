// Puts the classes on window, and a pool with this page's localStorage.

import * as compat from "cognito-vault/compat";

/** What a call with a node callback comes to; an error comes back by its members. */
const settled = (work) => new Promise((done) => work((error, value) => done(error ? { code: error.code, message: error.message } : { value })));
/** The same of a call with an object of callbacks. */
const heard = (work) => new Promise((done) => work({ onSuccess: (value) => done({ value }), onFailure: ({ code, message }) => done({ code, message }) }));

function open({ userPoolId: UserPoolId, clientId: ClientId, url, issuer }, Storage = localStorage) {
  const pool = new compat.CognitoUserPool({ UserPoolId, ClientId, endpoint: `${url}/`, Storage, issuer });
  const user = (Username) => new compat.CognitoUser({ Username, Pool: pool });
  const signIn = (username, password) => heard((on) => user(username).authenticateUser(new compat.AuthenticationDetails({ Username: username, Password: password }), on));
  Object.assign(window, { pool, user, signIn });
}

Object.assign(window, { compat, settled, heard, open });
document.documentElement.dataset.ready = "yes";
