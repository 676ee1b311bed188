// Where the service answers in each Region, and whom it says that it is.

import type { VaultConfig } from "./engine.js";

/** The configuration with every address that the app has left to the Region, and that of the pool's keys. */
export function withEndpoints(config: VaultConfig): VaultConfig & { readonly keys: string } {
  const { userPoolId, fips = false, dualStack = false } = config;
  const [region] = userPoolId.split("_") as [string];
  const host = endpoint("cognito-idp", region, false, false);
  const { issuers = [`${host}${userPoolId}`, `${host.replace("cognito", "issuer-cognito")}${userPoolId}`] } = config;
  const posts = config.endpoint ?? endpoint("cognito-idp", region, fips, dualStack);
  return {
    ...config,
    issuers,
    endpoint: posts,
    keys: `${posts.replace(/\/*$/, "/")}${userPoolId}/.well-known/jwks.json`,
    identityEndpoint: config.identityEndpoint ?? endpoint("cognito-identity", region, fips, dualStack),
    identityLogin: config.identityLogin ?? issuers[0]!.replace(/^.*?:\/\//, ""),
  };
}

/** By the partition that the Region is of; under `fips` by a module validated under FIPS 140, with `dualStack` on IPv6 too. */
function endpoint(service: string, region: string, fips: boolean, dualStack: boolean): string {
  const [usual, dual, commercial] = /^cn-/.test(region)
    ? ["amazonaws.com.cn", "api.amazonwebservices.com.cn"]
    : /^eusc-/.test(region)
      ? ["amazonaws.eu", "api.amazonwebservices.eu"]
      : ["amazonaws.com", "api.aws", !/^us-gov-/.test(region)];
  // The usual hosts of the commercial Regions have IPv6, and so have those under FIPS in the United States.
  const suffix = !dualStack || (commercial && (!fips || /^us-/.test(region))) ? usual : dual;
  return `https://${service}${fips ? "-fips" : ""}.${region}.${suffix}/`;
}
