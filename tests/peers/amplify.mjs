// Amplify as a client of our pool: one for the process, with a storage that each test begins anew.

import { Amplify } from "aws-amplify";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { memory } from "./cognito-identity.mjs";

export * as auth from "aws-amplify/auth";

// Amplify names a new device by it, and confirms none where there is none.
if (!globalThis.navigator) Object.defineProperty(globalThis, "navigator", { value: { userAgent: "node" }, configurable: true });

/** @param {{ userPoolId: string, clientId: string, url: string }} pool */
export function configure({ userPoolId, clientId, url }) {
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: `${url}/` } } });
  const storage = memory();
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  return storage;
}

export const refused = (name) => (error) => error.name === name;
export const wrong = (code) => code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
