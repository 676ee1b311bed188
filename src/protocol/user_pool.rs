//! The user pool's operations: how each is asked and how its reply is read.
//!
//! Names and members are those of the Cognito user pools API, 2016-04-18.

use super::json::{Json, Object};
use super::refusal::refusal;
use super::{Repeat, Reply, Request};
use crate::error::{Code, Error};
use crate::secret::SecretText;
use crate::text::Text;
use alloc::boxed::Box;

/// The challenge that lets the user choose, also where its list comes without a name.
pub const SELECT_CHALLENGE: &str = "SELECT_CHALLENGE";

/// One pool and one of its clients, as the app was configured.
#[derive(Debug)]
pub struct UserPool {
    /// `eu-west-1_AbCdEf123`
    pub id: Text,
    /// The app client's ID; a client without a secret.
    pub client_id: Text,
    /// Where operations are posted.
    pub endpoint: Text,
    /// Where the pool publishes its keys.
    pub keys: Text,
    /// The accepted values of the claim `iss`: a list, as JSON.
    pub issuers: Text,
}

impl UserPool {
    /// The part of the pool's ID after its first `_`, which SRP hashes.
    pub fn name(&self) -> &str {
        self.id.bytes().position(|c| c == b'_').and_then(|at| self.id.get(at + 1..)).unwrap_or_default()
    }

    /// InitiateAuth: starts a sign-in; `parameters` are texts. A `Session` comes from ConfirmSignUp.
    pub fn initiate_auth(
        &self,
        flow: &str,
        session: Option<&SecretText>,
        parameters: Object,
        metadata: &str,
        repeat: Repeat,
    ) -> Box<Request> {
        let mut body = self.body(&[("AuthFlow", flow)]);
        body.optional("Session", session.map(|session| session.expose().as_str()));
        body.raw("AuthParameters", parameters.finish().expose());
        self.request("InitiateAuth", repeat, body, metadata)
    }

    /// RespondToAuthChallenge: answers the challenge `name` with texts. A `Session` that was not received is left out.
    pub fn respond_to_auth_challenge(
        &self,
        name: &str,
        session: Option<&SecretText>,
        responses: Object,
        metadata: &str,
    ) -> Box<Request> {
        let mut body = self.body(&[("ChallengeName", name)]);
        body.optional("Session", session.map(|session| session.expose().as_str()));
        body.raw("ChallengeResponses", responses.finish().expose());
        self.request("RespondToAuthChallenge", Repeat::Never, body, metadata)
    }

    /// AssociateSoftwareToken, in the middle of a sign-in: a secret for an authenticator app.
    pub fn associate_software_token(&self, session: &SecretText) -> Box<Request> {
        let mut body = Object::new();
        body.text("Session", session.expose());
        self.request("AssociateSoftwareToken", Repeat::Never, body, "")
    }

    /// VerifySoftwareToken, in the middle of a sign-in: proves that the app has the secret.
    pub fn verify_software_token(&self, session: &SecretText, code: &str) -> Box<Request> {
        let mut body = Object::new();
        body.text("Session", session.expose()).text("UserCode", code.trim_ascii());
        self.request("VerifySoftwareToken", Repeat::Never, body, "")
    }

    /// ConfirmDevice: registers what proves that this device knows its secret; salt and verifier in Base64.
    pub fn confirm_device(&self, access_token: &SecretText, key: &str, salt: &str, verifier: &str) -> Box<Request> {
        let mut config = Object::new();
        config.text("Salt", salt).text("PasswordVerifier", verifier);
        let mut body = Object::new();
        body.text("AccessToken", access_token.expose()).text("DeviceKey", key);
        body.raw("DeviceSecretVerifierConfig", &config.end());
        self.request("ConfirmDevice", Repeat::Safe, body, "")
    }

    /// GetTokensFromRefreshToken: works with rotation and without, unlike `REFRESH_TOKEN_AUTH`. A session of a remembered
    /// device has to name it.
    pub fn refresh(
        &self,
        refresh_token: &SecretText,
        device: Option<&str>,
        metadata: &str,
        repeat: Repeat,
    ) -> Box<Request> {
        let mut body = self.body(&[("RefreshToken", refresh_token.expose())]);
        body.optional("DeviceKey", device);
        self.request("GetTokensFromRefreshToken", repeat, body, metadata)
    }

    /// RevokeToken: ends a refresh token and all tokens that came from it.
    pub fn revoke_token(&self, refresh_token: &SecretText) -> Box<Request> {
        self.ask("RevokeToken", Repeat::Safe, &[("Token", refresh_token.expose())], "")
    }

    /// SignUp: makes an account; without a password where the pool lets users sign in without one. `members` is an object with
    /// UserAttributes and ValidationData, as JSON.
    pub fn sign_up(&self, username: &str, password: &str, members: &str, metadata: &str) -> Box<Request> {
        let mut body = Object::from(Json::read(members));
        body.text("ClientId", &self.client_id).text("Username", username);
        body.optional("Password", Some(password).filter(|password| !password.is_empty()));
        self.request("SignUp", Repeat::Never, body, metadata)
    }

    /// ConfirmSignUp: proves the address with the code that was sent there. Spaces around a pasted code are dropped. With
    /// SignUp's `Session` it brings one that signs in.
    pub fn confirm_sign_up(
        &self,
        username: &str,
        code: &str,
        session: Option<&SecretText>,
        metadata: &str,
    ) -> Box<Request> {
        let mut body = self.body(&[("Username", username), ("ConfirmationCode", code.trim_ascii())]);
        body.optional("Session", session.map(|session| session.expose().as_str()));
        self.request("ConfirmSignUp", Repeat::Never, body, metadata)
    }

    /// ResendConfirmationCode: sends a new sign-up code.
    pub fn resend_confirmation_code(&self, username: &str, metadata: &str) -> Box<Request> {
        self.ask("ResendConfirmationCode", Repeat::Never, &[("Username", username)], metadata)
    }

    /// ForgotPassword: sends a code for a new password.
    pub fn forgot_password(&self, username: &str, metadata: &str) -> Box<Request> {
        self.ask("ForgotPassword", Repeat::Never, &[("Username", username)], metadata)
    }

    /// ConfirmForgotPassword: sets a new password by a code. Spaces around a pasted code are dropped.
    pub fn confirm_forgot_password(&self, username: &str, code: &str, password: &str, metadata: &str) -> Box<Request> {
        let members = [("Username", username), ("ConfirmationCode", code.trim_ascii()), ("Password", password)];
        self.ask("ConfirmForgotPassword", Repeat::Never, &members, metadata)
    }

    /// The pool's published keys: a plain GET.
    pub fn keys(&self) -> Box<Request> {
        Box::new(Request { url: self.keys.clone(), operation: "", body: SecretText::default(), repeat: Repeat::Safe })
    }

    /// A request of texts alone.
    fn ask(&self, operation: &'static str, repeat: Repeat, members: &[(&str, &str)], metadata: &str) -> Box<Request> {
        self.request(operation, repeat, self.body(members), metadata)
    }

    fn body(&self, members: &[(&str, &str)]) -> Object {
        let mut body = Object::new();
        body.text("ClientId", &self.client_id);
        for (name, value) in members {
            body.text(name, value);
        }
        body
    }

    fn request(&self, operation: &'static str, repeat: Repeat, mut body: Object, metadata: &str) -> Box<Request> {
        if !metadata.is_empty() {
            body.raw("ClientMetadata", metadata);
        }
        Box::new(Request { url: self.endpoint.clone(), operation, body: body.finish(), repeat })
    }
}

/// The tokens of an `AuthenticationResult`.
#[derive(Debug)]
pub struct Tokens {
    /// The ID token, a JWT.
    pub id: SecretText,
    /// The access token, a JWT.
    pub access: SecretText,
    /// The refresh token, opaque. A refresh without rotation brings none.
    pub refresh: Option<SecretText>,
    /// What the pool calls a device that it does not know yet.
    pub new_device: Option<NewDevice>,
}

/// `NewDeviceMetadata`: the names of a device that may be remembered once it is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// `DeviceKey`
    pub key: Text,
    /// `DeviceGroupKey`, which SRP hashes in the place of the pool's name.
    pub group: Text,
}

/// What InitiateAuth and RespondToAuthChallenge answer.
#[derive(Debug)]
pub enum Progress {
    /// The user is signed in.
    Tokens(Tokens),
    /// The service asks something.
    Challenge {
        /// The name of the challenge; it may be one that this version does not know.
        name: Text,
        /// To be sent back with the answer, once.
        session: Option<SecretText>,
        /// What the challenge tells, as JSON.
        parameters: Text,
        /// `AvailableChallenges`, as JSON: a list of what the user may choose from, or anything else.
        offered: Text,
    },
}

/// Reads the reply of InitiateAuth, RespondToAuthChallenge and GetTokensFromRefreshToken.
///
/// # Errors
/// The service's refusal, or `InvalidResponse` where neither tokens nor a challenge are in it.
pub fn read_progress(reply: &Reply) -> Result<Progress, Error> {
    let body = read(reply)?;
    if let Some(result) = body.member("AuthenticationResult") {
        let token = |name| result.filled(name).map(SecretText::from);
        return match (token("IdToken"), token("AccessToken")) {
            (Some(id), Some(access)) => {
                let device = result.member("NewDeviceMetadata").unwrap_or(Json::NULL);
                let new_device = device.text("DeviceKey").zip(device.text("DeviceGroupKey"));
                Ok(Progress::Tokens(Tokens {
                    id,
                    access,
                    refresh: token("RefreshToken"),
                    new_device: new_device.map(|(key, group)| NewDevice { key, group }),
                }))
            }
            _ => Err(invalid(reply)),
        };
    }
    let offered = body.member("AvailableChallenges").unwrap_or(Json::NULL);
    // A list alone is a challenge too.
    let select = || offered.lists().then(|| Text::from(SELECT_CHALLENGE));
    Ok(Progress::Challenge {
        name: body.text("ChallengeName").or_else(select).ok_or_else(|| invalid(reply))?,
        session: session(body),
        parameters: body.member("ChallengeParameters").unwrap_or(Json::NULL).as_written().into(),
        offered: offered.as_written().into(),
    })
}

/// What SignUp answers.
#[derive(Debug)]
pub struct SignedUp {
    /// Whether the account needs no code.
    pub confirmed: bool,
    /// To be sent with ConfirmSignUp, where the client may sign in by choice.
    pub session: Option<SecretText>,
    /// Where a code was sent: `CodeDeliveryDetails`, as JSON. With PreventUserExistenceErrors it may be invented: no proof of an
    /// account.
    pub delivery: Option<Text>,
}

/// Reads the reply of SignUp.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_sign_up(reply: &Reply) -> Result<SignedUp, Error> {
    let body = read(reply)?;
    let confirmed = body.member("UserConfirmed").map(Json::as_written);
    let confirmed = confirmed.filter(|flag| matches!(*flag, "true" | "false")).ok_or_else(|| invalid(reply))?;
    let delivery = body.member("CodeDeliveryDetails").map(|details| details.as_written().into());
    Ok(SignedUp { confirmed: confirmed == "true", session: session(body), delivery })
}

/// Reads the reply of ConfirmSignUp: a `Session` that signs in, where one was sent along.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_session(reply: &Reply) -> Result<Option<SecretText>, Error> {
    read(reply).map(session)
}

/// Reads the reply of AssociateSoftwareToken: the app's secret in Base32, and the next `Session`.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_association(reply: &Reply) -> Result<(Text, Option<SecretText>), Error> {
    let body = read(reply)?;
    Ok((body.text("SecretCode").ok_or_else(|| invalid(reply))?, session(body)))
}

/// Reads the reply of VerifySoftwareToken: whether the code fits, which its status 200 does not say, and the next `Session`.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_verification(reply: &Reply) -> Result<(bool, Option<SecretText>), Error> {
    let body = read(reply)?;
    Ok((body.text("Status").as_deref() == Some("SUCCESS"), session(body)))
}

/// Reads the reply of any operation: its object as it is written.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_object(reply: &Reply) -> Result<SecretText, Error> {
    let body = read(reply)?;
    Ok(SecretText::from(if body.is_object() { body.as_written() } else { "{}" }))
}

/// Reads the reply of an operation that answers nothing of interest.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_done(reply: &Reply) -> Result<(), Error> {
    read(reply).map(|_| ())
}

/// An empty or blank body stands for `{}`.
fn read(reply: &Reply) -> Result<Json<'_>, Error> {
    if reply.status != 200 {
        return Err(refusal(reply));
    }
    let text = reply.body.expose().trim_ascii();
    if text.is_empty() {
        return Ok(Json::NULL);
    }
    Json::parse(text).filter(|body| body.is_object()).ok_or_else(|| invalid(reply))
}

pub(super) fn invalid(reply: &Reply) -> Error {
    Error::new(Code::InvalidResponse, "The reply is not what the protocol promises.")
        .told_by(reply.status, reply.request_id.as_deref())
}

/// The `Session` of a reply; it is good once.
fn session(body: Json<'_>) -> Option<SecretText> {
    body.filled("Session").map(SecretText::from)
}
