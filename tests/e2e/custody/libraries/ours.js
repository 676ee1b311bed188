// cognito-vault as an app uses it, and what a script would call for a token.

import { createAuth } from "cognito-vault";

let auth;

export async function signIn({ apiUrl, ...pool }, user) {
  auth = createAuth({ ...pool, api: { origins: [new URL(apiUrl).origin] } });
  await auth.signIn(user);
}

export const callApi = async (url) => (await auth.fetch(url)).status;
export const refresh = () => auth.refresh();

/** Every function that the library gives. */
export const asked = () => auth;
