// One proof by amazon-cognito-identity-js: its helper's A and key, and the signature as its CognitoUser makes it.

import { AuthenticationHelper } from "amazon-cognito-identity-js";
import BigInteger from "amazon-cognito-identity-js/es/BigInteger.js";
import { Sha256 } from "cognito-identity-sha256";
import { Buffer } from "buffer";

const settled = (work) => new Promise((done, failed) => work((error, value) => (error ? failed(error) : done(value))));

export async function prove({ poolName, username, password, salt, B, secretBlock, timestamp }) {
  const helper = new AuthenticationHelper(poolName);
  const A = await settled((done) => helper.getLargeAValue(done));
  const key = await settled((done) =>
    helper.getPasswordAuthenticationKey(username, password, new BigInteger(B, 16), new BigInteger(salt, 16), done),
  );
  const parts = [Buffer.from(poolName), Buffer.from(username), Buffer.from(secretBlock, "base64"), Buffer.from(timestamp)];
  const sha = new Sha256(key);
  sha.update(Buffer.concat(parts));
  return { A: A.toString(16), signature: Buffer.from(sha.digestSync()).toString("base64") };
}
