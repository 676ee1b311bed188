// The names of amazon-cognito-identity-js, on this package's core: for apps that move one import at a time. It runs on the page and hands
// tokens to the page, because that library does.

export { CognitoUserPool } from "./compat/pool.js";
export type { ClientMetadata, CodeDeliveryDetails, ICognitoUserPoolData, ISignUpResult, WrapRefresh } from "./compat/pool.js";
export { CognitoUser } from "./compat/user.js";
export type { Callbacks, CodeCallbacks, IAuthenticationCallback, ICognitoUserData, IMfaSettings, MFAOption, UserData } from "./compat/user.js";
export { AuthenticationDetails, CognitoAccessToken, CognitoIdToken, CognitoRefreshToken, CognitoUserAttribute, CognitoUserSession } from "./compat/values.js";
export type { IAuthenticationDetailsData, ICognitoUserAttributeData, ICognitoUserSessionData } from "./compat/values.js";
export { CookieStorage } from "./compat/storage.js";
export type { ICognitoStorage, ICookieStorageData } from "./compat/storage.js";
export type { CognitoError, NodeCallback } from "./compat/service.js";
