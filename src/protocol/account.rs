//! The operations that are asked by name: what each needs besides its members, and whether it may be repeated.

use super::Repeat;

/// What an operation is authorised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The access token of the signed-in user.
    AccessToken,
    /// The client's ID alone.
    Client,
    /// The ID token, where there is one: the operation is the identity pool's.
    Login,
}

const REPEATABLE: &str = "GetUser GetUserAuthFactors GetDevice ListDevices ListWebAuthnCredentials ListUserSessions \
                          UpdateUserAttributes DeleteUserAttributes SetUserMFAPreference UpdateDeviceStatus \
                          StartWebAuthnRegistration GlobalSignOut";
const ONCE: &str = "GetUserAttributeVerificationCode VerifyUserAttribute ChangePassword DeleteUser \
                    AssociateSoftwareToken VerifySoftwareToken CompleteWebAuthnRegistration \
                    DeleteWebAuthnCredential ForgetDevice RevokeUserSession";
const OF_CLIENT: &str = "ConfirmSignUp ResendConfirmationCode ForgotPassword ConfirmForgotPassword";
const OF_IDENTITY: &str = "AWSCognitoIdentityService.GetId AWSCognitoIdentityService.GetCredentialsForIdentity";

/// The operation `name`, if it is one of these.
pub fn operation(name: &str) -> Option<(&'static str, By, Repeat)> {
    let lists = [
        (REPEATABLE, By::AccessToken, Repeat::Safe),
        (ONCE, By::AccessToken, Repeat::Never),
        (OF_CLIENT, By::Client, Repeat::Never),
        (OF_IDENTITY, By::Login, Repeat::Safe),
    ];
    lists.into_iter().find_map(|(names, by, repeat)| {
        let known = names.split(' ').find(|known| *known == name)?;
        Some((known, by, repeat))
    })
}

/// Whether an operation without a `DeviceKey` is about the device that the user has signed in on.
pub fn is_of_device(operation: &str) -> bool {
    matches!(operation, "GetDevice" | "ForgetDevice" | "UpdateDeviceStatus")
}
