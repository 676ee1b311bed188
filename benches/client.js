// A whole sign-in by cognito-vault.

import { createAuth } from "cognito-vault";

export let auth;

export async function signIn(config, { username, password }) {
  auth ??= createAuth(config);
  const step = await auth.signIn({ username, password });
  if (step.name !== "signedIn") throw new Error(step.name);
}
