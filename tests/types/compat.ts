// The names of amazon-cognito-identity-js as an app uses them, checked by tsc alone.

import {
  AuthenticationDetails,
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  CognitoUserSession,
  CookieStorage,
  type ICognitoStorage,
  type ISignUpResult,
  type UserData,
} from "cognito-vault/compat";

const pool = new CognitoUserPool({ UserPoolId: "eu-west-1_AbCdEf123", ClientId: "1h57kf5cpq17m0eml12EXAMPLE", Storage: localStorage });
new CognitoUserPool({ UserPoolId: "eu-west-1_AbCdEf123", ClientId: "1h57kf5cpq17m0eml12EXAMPLE", Storage: new CookieStorage({ domain: "example.com", secure: true, expires: 30 }) });
localStorage satisfies ICognitoStorage;
// @ts-expect-error the client is required
new CognitoUserPool({ UserPoolId: "eu-west-1_AbCdEf123" });

pool.signUp("ada", "secret", [new CognitoUserAttribute({ Name: "email", Value: "ada@example.com" })], [], (error, result?: ISignUpResult) => {
  if (error) return;
  result?.user.getUsername() satisfies string | undefined;
  result?.codeDeliveryDetails.Destination satisfies string | undefined;
});

const user = pool.getCurrentUser() ?? new CognitoUser({ Username: "ada", Pool: pool });
user.authenticateUser(new AuthenticationDetails({ Username: "ada", Password: "secret" }), {
  onSuccess(session, userConfirmationNecessary) {
    session.getIdToken().getJwtToken() satisfies string;
    session.getAccessToken().getExpiration() satisfies number;
    session.isValid() satisfies boolean;
    userConfirmationNecessary satisfies boolean | undefined;
  },
  onFailure: (error) => console.log(error.code),
  newPasswordRequired: () => user.completeNewPasswordChallenge("new", {}, { onSuccess() {}, onFailure() {} }),
  totpRequired: () => user.sendMFACode("123456", { onSuccess() {}, onFailure() {} }, "SOFTWARE_TOKEN_MFA"),
});
user.getSession((error: Error | null, session: CognitoUserSession | null) => void [error, session]);
user.getUserData((error?: Error, data?: UserData) => void [error, data]);
user.forgotPassword({ onSuccess() {}, onFailure() {}, inputVerificationCode: ({ CodeDeliveryDetails }) => CodeDeliveryDetails.Destination });
user.listDevices(10, null, { onSuccess: ({ Devices }) => Devices, onFailure() {} });
user.signOut();
user.signOut((error) => void error);
pool.close();

new CognitoUserSession({ IdToken: new CognitoIdToken({ IdToken: "" }), AccessToken: new CognitoAccessToken({ AccessToken: "" }), RefreshToken: new CognitoRefreshToken({ RefreshToken: "" }) });
// @ts-expect-error a session has its tokens
new CognitoUserSession({});
