//! The user pool's operations: how each is asked and how its reply is read.
//!
//! Names and members are those of the Cognito user pools API, 2016-04-18.

use super::json::{Json, Object};
use super::refusal::refusal;
use super::{Pairs, Repeat, Reply, Request};
use crate::error::{Code, Error};
use crate::secret::SecretText;

/// One pool and one of its clients, as the app was configured.
#[derive(Debug)]
pub struct UserPool {
    /// `eu-west-1_AbCdEf123`
    pub id: String,
    /// The app client's ID; a client without a secret.
    pub client_id: String,
    /// Where operations are posted.
    pub endpoint: String,
    /// The accepted values of the claim `iss`.
    pub issuers: Vec<String>,
}

impl UserPool {
    /// The pool `id`; without an endpoint or issuers they follow from the Region before the first `_`.
    ///
    /// # Errors
    /// `InvalidConfig`, naming the field.
    pub fn new(id: &str, client_id: &str, endpoint: Option<String>, issuers: Vec<String>) -> Result<Self, Error> {
        let Some((region, name)) = id.split_once('_') else {
            return Err(Error::new(Code::InvalidConfig, "userPoolId: expected a Region, '_' and a name"));
        };
        if region.is_empty() || name.is_empty() {
            return Err(Error::new(Code::InvalidConfig, "userPoolId: expected a Region, '_' and a name"));
        }
        if client_id.is_empty() {
            return Err(Error::new(Code::InvalidConfig, "clientId: expected the ID of an app client"));
        }
        let host = ["cognito-idp.", region, ".", suffix(region), "/"].concat();
        let issuers = if issuers.is_empty() {
            ["https://", "https://issuer-"].iter().map(|scheme| [scheme, host.as_str(), id].concat()).collect()
        } else {
            issuers
        };
        let endpoint = endpoint.unwrap_or_else(|| ["https://", host.as_str()].concat());
        Ok(Self { id: id.to_owned(), client_id: client_id.to_owned(), endpoint, issuers })
    }

    /// The part of the pool's ID after its first `_`, which SRP hashes.
    pub fn name(&self) -> &str {
        self.id.split_once('_').map_or("", |(_, name)| name)
    }

    /// InitiateAuth: starts a sign-in.
    pub fn initiate_auth(&self, flow: &str, parameters: &[(&str, &str)], metadata: &Pairs, repeat: Repeat) -> Request {
        let body = Object::new()
            .text("AuthFlow", flow)
            .text("ClientId", &self.client_id)
            .texts("AuthParameters", parameters.iter().copied())
            .texts("ClientMetadata", borrowed(metadata));
        self.request("InitiateAuth", repeat, body)
    }

    /// RespondToAuthChallenge: answers the challenge `name`. A `Session` that was not received is left out.
    pub fn respond_to_auth_challenge<'a>(
        &self,
        name: &str,
        session: Option<&SecretText>,
        responses: impl IntoIterator<Item = (&'a str, &'a str)>,
        metadata: &Pairs,
    ) -> Request {
        let mut body = Object::new().text("ChallengeName", name).text("ClientId", &self.client_id);
        if let Some(session) = session {
            body = body.text("Session", session.expose());
        }
        let body = body.texts("ChallengeResponses", responses).texts("ClientMetadata", borrowed(metadata));
        self.request("RespondToAuthChallenge", Repeat::Never, body)
    }

    /// GetTokensFromRefreshToken: works with rotation and without, unlike `REFRESH_TOKEN_AUTH`.
    pub fn refresh(&self, refresh_token: &SecretText, metadata: &Pairs, repeat: Repeat) -> Request {
        let body = Object::new()
            .text("ClientId", &self.client_id)
            .text("RefreshToken", refresh_token.expose())
            .texts("ClientMetadata", borrowed(metadata));
        self.request("GetTokensFromRefreshToken", repeat, body)
    }

    /// RevokeToken: ends a refresh token and all tokens that came from it.
    pub fn revoke_token(&self, refresh_token: &SecretText) -> Request {
        let body = Object::new().text("ClientId", &self.client_id).text("Token", refresh_token.expose());
        self.request("RevokeToken", Repeat::Safe, body)
    }

    /// SignUp: makes an account.
    pub fn sign_up(
        &self,
        username: &str,
        password: &str,
        attributes: &Pairs,
        validation_data: &Pairs,
        metadata: &Pairs,
    ) -> Request {
        let body = Object::new()
            .text("ClientId", &self.client_id)
            .text("Username", username)
            .text("Password", password)
            .attributes("UserAttributes", attributes)
            .attributes("ValidationData", validation_data)
            .texts("ClientMetadata", borrowed(metadata));
        self.request("SignUp", Repeat::Never, body)
    }

    /// ConfirmSignUp: proves the address with the code that was sent there. Spaces around a pasted code are dropped.
    pub fn confirm_sign_up(&self, username: &str, code: &str, metadata: &Pairs) -> Request {
        let body = Object::new()
            .text("ClientId", &self.client_id)
            .text("Username", username)
            .text("ConfirmationCode", code.trim())
            .texts("ClientMetadata", borrowed(metadata));
        self.request("ConfirmSignUp", Repeat::Never, body)
    }

    /// ResendConfirmationCode: sends a new sign-up code.
    pub fn resend_confirmation_code(&self, username: &str, metadata: &Pairs) -> Request {
        self.send_code("ResendConfirmationCode", username, metadata)
    }

    /// ForgotPassword: sends a code for a new password.
    pub fn forgot_password(&self, username: &str, metadata: &Pairs) -> Request {
        self.send_code("ForgotPassword", username, metadata)
    }

    /// ConfirmForgotPassword: sets a new password by a code. Spaces around a pasted code are dropped.
    pub fn confirm_forgot_password(&self, username: &str, code: &str, password: &str, metadata: &Pairs) -> Request {
        let body = Object::new()
            .text("ClientId", &self.client_id)
            .text("Username", username)
            .text("ConfirmationCode", code.trim())
            .text("Password", password)
            .texts("ClientMetadata", borrowed(metadata));
        self.request("ConfirmForgotPassword", Repeat::Never, body)
    }

    /// GetUser: the attributes that this client may read.
    pub fn user(&self, access_token: &SecretText) -> Request {
        self.request("GetUser", Repeat::Safe, Object::new().text("AccessToken", access_token.expose()))
    }

    fn send_code(&self, operation: &'static str, username: &str, metadata: &Pairs) -> Request {
        let body = Object::new()
            .text("ClientId", &self.client_id)
            .text("Username", username)
            .texts("ClientMetadata", borrowed(metadata));
        self.request(operation, Repeat::Never, body)
    }

    fn request(&self, operation: &'static str, repeat: Repeat, body: Object) -> Request {
        Request { url: self.endpoint.clone(), operation, body: body.finish(), repeat }
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
}

/// What InitiateAuth and RespondToAuthChallenge answer.
#[derive(Debug)]
pub enum Progress {
    /// The user is signed in.
    Tokens(Tokens),
    /// The service asks something.
    Challenge {
        /// The name of the challenge; it may be one that this version does not know.
        name: String,
        /// To be sent back with the answer, once.
        session: Option<SecretText>,
        /// What the challenge tells.
        parameters: Json,
    },
}

/// Where a code was sent. With PreventUserExistenceErrors it may be invented: no proof of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The masked address: `j***@e***`.
    pub destination: Option<String>,
    /// `EMAIL` or `SMS`.
    pub medium: Option<String>,
    /// The attribute that holds the address.
    pub attribute: Option<String>,
}

/// Reads the reply of InitiateAuth, RespondToAuthChallenge and GetTokensFromRefreshToken.
///
/// # Errors
/// The service's refusal, or `InvalidResponse` where neither tokens nor a challenge are in it.
pub fn read_progress(reply: &Reply) -> Result<Progress, Error> {
    let body = read(reply)?;
    if let Some(result) = body.member("AuthenticationResult") {
        let token = |name| result.text(name).filter(|token| !token.is_empty()).map(SecretText::from);
        return match (token("IdToken"), token("AccessToken")) {
            (Some(id), Some(access)) => Ok(Progress::Tokens(Tokens { id, access, refresh: token("RefreshToken") })),
            _ => Err(invalid(reply)),
        };
    }
    let name = body.text("ChallengeName").ok_or_else(|| invalid(reply))?;
    Ok(Progress::Challenge {
        name: name.to_owned(),
        session: body.text("Session").filter(|session| !session.is_empty()).map(SecretText::from),
        parameters: body.member("ChallengeParameters").cloned().unwrap_or(Json::Null),
    })
}

/// Reads the reply of SignUp: whether the account is confirmed already, and where a code was sent.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_sign_up(reply: &Reply) -> Result<(bool, Option<Delivery>), Error> {
    let body = read(reply)?;
    match body.member("UserConfirmed") {
        Some(Json::Bool(confirmed)) => Ok((*confirmed, delivery(&body))),
        _ => Err(invalid(reply)),
    }
}

/// Reads the reply of an operation that sends a code.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_delivery(reply: &Reply) -> Result<Option<Delivery>, Error> {
    read(reply).map(|body| delivery(&body))
}

/// Reads the reply of GetUser: names and values.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_user(reply: &Reply) -> Result<Pairs, Error> {
    let body = read(reply)?;
    let attributes = body.member("UserAttributes").ok_or_else(|| invalid(reply))?;
    let pair = |attribute: &Json| Some((attribute.text("Name")?.to_owned(), attribute.text("Value")?.to_owned()));
    attributes.list().iter().map(pair).collect::<Option<_>>().ok_or_else(|| invalid(reply))
}

/// Reads the reply of an operation that answers nothing of interest.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_done(reply: &Reply) -> Result<(), Error> {
    read(reply).map(|_| ())
}

/// An empty or blank body stands for `{}`.
fn read(reply: &Reply) -> Result<Json, Error> {
    if reply.status != 200 {
        return Err(refusal(reply));
    }
    let text = reply.body.expose().trim();
    if text.is_empty() {
        return Ok(Json::Object(Vec::new()));
    }
    Json::parse(text).filter(|body| matches!(body, Json::Object(_))).ok_or_else(|| invalid(reply))
}

fn invalid(reply: &Reply) -> Error {
    Error {
        status: Some(reply.status),
        request_id: reply.request_id.clone(),
        ..Error::new(Code::InvalidResponse, "The reply is not what the protocol promises.")
    }
}

fn delivery(body: &Json) -> Option<Delivery> {
    let details = body.member("CodeDeliveryDetails")?;
    let text = |name| details.text(name).map(str::to_owned);
    Some(Delivery {
        destination: text("Destination"),
        medium: text("DeliveryMedium"),
        attribute: text("AttributeName"),
    })
}

fn borrowed(pairs: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The DNS suffix of a Region's partition.
fn suffix(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else if region.starts_with("eusc-") {
        "amazonaws.eu"
    } else {
        "amazonaws.com"
    }
}
