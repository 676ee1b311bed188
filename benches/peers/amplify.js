// One proof by Amplify v6: its own helper, key and signature functions.

import BigInteger from "amplify-srp/BigInteger/BigInteger.mjs";
import { getAuthenticationHelper } from "amplify-srp/getAuthenticationHelper.mjs";
import { getSignatureString } from "amplify-srp/getSignatureString.mjs";

export async function prove({ poolName, username, password, salt, B, secretBlock, timestamp }) {
  const helper = await getAuthenticationHelper(poolName);
  const hkdf = await helper.getPasswordAuthenticationKey({
    username,
    password,
    serverBValue: new BigInteger(B, 16),
    salt: new BigInteger(salt, 16),
  });
  const signature = getSignatureString({
    userPoolName: poolName,
    username,
    challengeParameters: { SECRET_BLOCK: secretBlock },
    dateNow: timestamp,
    hkdf,
  });
  return { A: helper.A.toString(16), signature };
}
