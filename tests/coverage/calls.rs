//! What the tables of docs/coverage.md cannot find by themselves: our call of each operation, other clients' calls, and why a
//! cell is empty.

use super::look::Column::{self, Browser, Call, Native, Peer};

/// One operation.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Members of the package's types: of `Auth`, or of a step by the name of its interface.
    pub(crate) calls: &'static [&'static str],
    /// The calls of amazon-cognito-identity-js and Amplify that ask for it.
    pub(crate) peers: &'static [&'static str],
    /// Why a cell is empty.
    pub(crate) reasons: &'static [(Column, &'static str)],
}

const OURS: &str = "neither amazon-cognito-identity-js nor Amplify has it";
const NO_PEER: &[(Column, &str)] = &[(Peer, OURS)];
const LEGACY: &str = "SetUserMFAPreference has taken its place";
const MAILED: &str = "needs a token that the pool mails to the user, who follows its link";

const fn operation(
    name: &'static str,
    calls: &'static [&'static str],
    peers: &'static [&'static str],
    reasons: &'static [(Column, &'static str)],
) -> Operation {
    Operation { name, calls, peers, reasons }
}

pub(crate) const OPERATIONS: &[Operation] = &[
    operation(
        "AssociateSoftwareToken",
        &["mfa.setUpTotp", "SetUpMfaStep.answer"],
        &["associateSoftwareToken", "setUpTOTP"],
        &[],
    ),
    operation("ChangePassword", &["changePassword"], &["changePassword", "updatePassword"], &[]),
    operation("CompleteWebAuthnRegistration", &["passkeys.register"], &["associateWebAuthnCredential"], &[]),
    operation("ConfirmDevice", &["signIn"], &["getCachedDeviceKeyAndPassword", "rememberDevice"], &[]),
    operation(
        "ConfirmForgotPassword",
        &["confirmResetPassword", "ForgottenStep.answer", "ResetPasswordStep.answer"],
        &["confirmPassword", "confirmResetPassword"],
        &[],
    ),
    operation(
        "ConfirmSignUp",
        &["confirmSignUp", "ConfirmStep.answer", "ConfirmSignUpStep.answer"],
        &["confirm", "confirmSignUp"],
        &[],
    ),
    operation("DeleteUser", &["deleteAccount"], &["deleteUser"], &[]),
    operation("DeleteUserAttributes", &["deleteAttributes"], &["deleteAttributes", "deleteUserAttributes"], &[]),
    operation("DeleteWebAuthnCredential", &["passkeys.delete"], &["deleteWebAuthnCredential"], &[]),
    operation("ForgetDevice", &["devices.forget"], &["forgetDevice", "forgetSpecificDevice"], &[]),
    operation(
        "ForgotPassword",
        &["resetPassword", "ResetPasswordStep.resend"],
        &["forgotPassword", "resetPassword"],
        &[],
    ),
    operation("GetDevice", &["devices.get"], &["getDevice"], &[]),
    operation("GetTokensFromRefreshToken", &["refresh"], &["fetchAuthSession"], &[]),
    operation(
        "GetUser",
        &["attributes", "mfa.preferences"],
        &["attributes", "getUserData", "fetchUserAttributes"],
        &[],
    ),
    operation(
        "GetUserAttributeVerificationCode",
        &["sendAttributeCode"],
        &["getAttributeVerificationCode", "sendUserAttributeVerificationCode"],
        &[],
    ),
    operation("GetUserAuthFactors", &["factors"], &[], NO_PEER),
    operation("GlobalSignOut", &["signOut"], &["globalSignOut"], &[]),
    operation("InitiateAuth", &["signIn"], &["signIn"], &[]),
    operation("ListDevices", &["devices.list"], &["listDevices", "fetchDevices"], &[]),
    operation("ListUserSessions", &["sessions.list"], &[], NO_PEER),
    operation("ListWebAuthnCredentials", &["passkeys.list"], &["listWebAuthnCredentials"], &[]),
    operation(
        "ResendConfirmationCode",
        &["resendSignUpCode", "ConfirmStep.resend"],
        &["resend", "resendSignUpCode"],
        &[],
    ),
    operation("RespondToAuthChallenge", &["TotpStep.answer"], &["signIn", "confirmSignIn"], &[]),
    operation("RevokeToken", &["signOut"], &["signOut", "revokeTokens"], &[]),
    operation("RevokeUserSession", &["sessions.revoke"], &[], NO_PEER),
    operation("SetUserMFAPreference", &["mfa.setPreferences"], &["setUserMfaPreference", "updateMFAPreference"], &[]),
    operation(
        "SetUserSettings",
        &[],
        &["enableMFA"],
        &[(Call, LEGACY), (Native, LEGACY), (Browser, LEGACY), (Peer, LEGACY)],
    ),
    operation("SignUp", &["signUp"], &["signUp"], &[]),
    operation("StartWebAuthnRegistration", &["passkeys.register"], &["associateWebAuthnCredential"], &[]),
    operation(
        "UpdateAuthEventFeedback",
        &[],
        &[],
        &[(Call, MAILED), (Native, MAILED), (Browser, MAILED), (Peer, OURS)],
    ),
    operation(
        "UpdateDeviceStatus",
        &["devices.remember", "devices.doNotRemember"],
        &["setDeviceStatusRemembered", "rememberDevice"],
        &[],
    ),
    operation("UpdateUserAttributes", &["updateAttributes"], &["updateAttributes", "updateUserAttributes"], &[]),
    operation(
        "VerifySoftwareToken",
        &["ShowSecretStep.answer", "SetUpMfaStep.answer"],
        &["verifySoftwareToken", "verifyTOTPSetup"],
        &[],
    ),
    operation("VerifyUserAttribute", &["verifyAttribute"], &["verifyAttribute", "confirmUserAttribute"], &[]),
    operation("GetId", &["awsCredentials"], &["fetchAuthSession"], &[]),
    operation("GetCredentialsForIdentity", &["awsCredentials"], &["fetchAuthSession"], &[]),
];

/// One flow or challenge: how it is named, what an app sees of it, and what a test of each kind holds of it. Of several such texts
/// one is enough; ` & ` stands between those that have to be in the same file.
pub(crate) struct Turn {
    pub(crate) name: &'static str,
    pub(crate) step: &'static str,
    pub(crate) native: &'static [&'static str],
    pub(crate) browser: &'static [&'static str],
}

const fn turn(
    name: &'static str,
    step: &'static str,
    native: &'static [&'static str],
    browser: &'static [&'static str],
) -> Turn {
    Turn { name, step, native, browser }
}

pub(crate) const FLOWS: &[Turn] = &[
    turn("USER_SRP_AUTH", "", &["\"USER_SRP_AUTH\""], &["\"USER_SRP_AUTH\"", "auth.signIn("]),
    turn("USER_PASSWORD_AUTH", "", &["\"USER_PASSWORD_AUTH\""], &["\"USER_PASSWORD_AUTH\"", "flow: \"password\""]),
    turn("CUSTOM_AUTH", "", &["\"CUSTOM_AUTH\""], &["\"CUSTOM_AUTH\"", "flow: \"custom\""]),
    turn(
        "CUSTOM_AUTH, SRP first",
        "",
        &["\"CUSTOM_AUTH\" & \"SRP_A\""],
        &["\"CUSTOM_AUTH\" & password", "flow: \"custom\", password"],
    ),
    turn("USER_AUTH", "", &["\"USER_AUTH\""], &["\"USER_AUTH\"", "prefer: \"", "flow: \"choice\""]),
    turn(
        "USER_AUTH after ConfirmSignUp",
        "",
        &["\"USER_AUTH\" & \"ConfirmSignUp\""],
        &["\"USER_AUTH\" & signUp", "\"USER_AUTH\" & SignUp"],
    ),
    turn("USER_AUTH, step-up", "", &["TARGET_ACR_VALUES", "StepUp"], &["TARGET_ACR_VALUES", "stepUp"]),
    turn("refresh", "", &["\"GetTokensFromRefreshToken\""], &["\"GetTokensFromRefreshToken\""]),
];

pub(crate) const CHALLENGES: &[Turn] = &[
    turn(
        "PASSWORD_VERIFIER",
        "",
        &["\"PASSWORD_VERIFIER\""],
        &["\"PASSWORD_VERIFIER\"", "\"USER_SRP_AUTH\"", "auth.signIn("],
    ),
    turn("PASSWORD", "password", &["\"PASSWORD\""], &["\"PASSWORD\""]),
    turn("PASSWORD_SRP", "password", &["\"PASSWORD_SRP\""], &["\"PASSWORD_SRP\""]),
    turn("SELECT_CHALLENGE", "chooseFactor", &["\"SELECT_CHALLENGE\""], &["\"SELECT_CHALLENGE\"", "\"chooseFactor\""]),
    turn("EMAIL_OTP", "emailCode", &["\"EMAIL_OTP\""], &["\"EMAIL_OTP\"", "\"emailCode\""]),
    turn("SMS_OTP", "smsCode", &["\"SMS_OTP\""], &["\"SMS_OTP\"", "prefer: \"smsCode\""]),
    turn("WEB_AUTHN", "passkey", &["\"WEB_AUTHN\""], &["\"WEB_AUTHN\"", "\"passkey\""]),
    turn("SMS_MFA", "smsCode", &["\"SMS_MFA\""], &["\"SMS_MFA\""]),
    turn("SOFTWARE_TOKEN_MFA", "totp", &["\"SOFTWARE_TOKEN_MFA\""], &["\"SOFTWARE_TOKEN_MFA\"", "\"totp\""]),
    turn("SELECT_MFA_TYPE", "chooseMfa", &["\"SELECT_MFA_TYPE\""], &["\"SELECT_MFA_TYPE\"", "\"chooseMfa\""]),
    turn("MFA_SETUP", "setUpMfa", &["\"MFA_SETUP\""], &["\"MFA_SETUP\"", "\"setUpMfa\""]),
    turn(
        "NEW_PASSWORD_REQUIRED",
        "newPassword",
        &["\"NEW_PASSWORD_REQUIRED\""],
        &["\"NEW_PASSWORD_REQUIRED\"", "\"newPassword\""],
    ),
    turn("CUSTOM_CHALLENGE", "custom", &["\"CUSTOM_CHALLENGE\""], &["\"CUSTOM_CHALLENGE\"", "\"custom\""]),
    turn("DEVICE_SRP_AUTH", "", &["\"DEVICE_SRP_AUTH\""], &["\"DEVICE_SRP_AUTH\"", "\"ConfirmDevice\""]),
    turn(
        "DEVICE_PASSWORD_VERIFIER",
        "",
        &["\"DEVICE_PASSWORD_VERIFIER\""],
        &["\"DEVICE_PASSWORD_VERIFIER\"", "\"ConfirmDevice\""],
    ),
];
