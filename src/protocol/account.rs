//! The operations that are asked by name: what each needs besides its members, and whether it may be repeated.

use super::Repeat;
use crate::error::{place, word};

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

/// By what authorises them, and of those by the access token first what may be repeated.
const OPERATIONS: &str = "GetUser GetUserAuthFactors GetDevice ListDevices ListWebAuthnCredentials ListUserSessions \
                          UpdateUserAttributes DeleteUserAttributes SetUserMFAPreference UpdateDeviceStatus \
                          StartWebAuthnRegistration GlobalSignOut \
                          GetUserAttributeVerificationCode VerifyUserAttribute ChangePassword DeleteUser \
                          AssociateSoftwareToken VerifySoftwareToken CompleteWebAuthnRegistration \
                          DeleteWebAuthnCredential ForgetDevice RevokeUserSession \
                          ConfirmSignUp ResendConfirmationCode ForgotPassword ConfirmForgotPassword \
                          GetId GetCredentialsForIdentity";

/// The operation `name`, if it is one of these.
pub fn operation(name: &str) -> Option<(&'static str, By, Repeat)> {
    let at = place(name, OPERATIONS)?;
    let (by, repeat) = match at {
        0..12 => (By::AccessToken, Repeat::Safe),
        12..22 => (By::AccessToken, Repeat::Never),
        22..26 => (By::Client, Repeat::Never),
        _ => (By::Login, Repeat::Safe),
    };
    Some((word(at, OPERATIONS), by, repeat))
}

/// Whether an operation without a `DeviceKey` is about the device that the user has signed in on.
pub fn is_of_device(operation: &str) -> bool {
    matches!(operation, "GetDevice" | "ForgetDevice" | "UpdateDeviceStatus")
}
