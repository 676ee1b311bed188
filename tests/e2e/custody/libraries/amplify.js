// Amplify v6 as an app uses it, and what a script would call for a token.

import { Amplify } from "aws-amplify";
import { fetchAuthSession, fetchUserAttributes, getCurrentUser, signIn as enter } from "aws-amplify/auth";

export async function signIn({ userPoolId, clientId, endpoint }, user) {
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpoint } } });
  await enter(user);
}

export async function callApi(url) {
  const { tokens } = await fetchAuthSession();
  return (await fetch(url, { headers: { authorization: `Bearer ${tokens.accessToken}` } })).status;
}

export const refresh = () => fetchAuthSession({ forceRefresh: true });

export const asked = () => ({ fetchAuthSession: async () => texts((await fetchAuthSession()).tokens), fetchUserAttributes, getCurrentUser });
const texts = ({ accessToken, idToken }) => [String(accessToken), String(idToken)];
