//! The user pool's operations: how each is asked and how its reply is read.
//!
//! Names and members are those of the Cognito user pools API, 2016-04-18.

use super::json::{Json, Object};
use super::refusal::refusal;
use super::{Pairs, Repeat, Reply, Request};
use crate::error::{Code, Error};
use crate::secret::SecretText;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

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
        let (region, name) = cut(id, b'_').unwrap_or_default();
        if !plain(region, "-") || !plain(name, "_") || id.len() > 55 {
            return Err(Error::new(Code::InvalidConfig, "userPoolId: expected a Region, '_' and a name"));
        }
        if !plain(client_id, "_+") || client_id.len() > 128 {
            return Err(Error::new(Code::InvalidConfig, "clientId: expected the ID of an app client"));
        }
        let host = joined(&["cognito-idp.", region, ".", suffix(region), "/"]);
        let issuers = if issuers.is_empty() {
            ["https://", "https://issuer-"].iter().map(|scheme| joined(&[scheme, &host, id])).collect()
        } else {
            issuers
        };
        let endpoint = endpoint.unwrap_or_else(|| joined(&["https://", &host]));
        Ok(Self { id: id.to_owned(), client_id: client_id.to_owned(), endpoint, issuers })
    }

    /// The part of the pool's ID after its first `_`, which SRP hashes.
    pub fn name(&self) -> &str {
        cut(&self.id, b'_').map_or("", |(_, name)| name)
    }

    /// InitiateAuth: starts a sign-in; `parameters` are texts.
    pub fn initiate_auth(&self, flow: &str, parameters: Object, metadata: &Pairs, repeat: Repeat) -> Request {
        let mut body = self.body(&[("AuthFlow", flow)]);
        body.raw("AuthParameters", parameters.finish().expose());
        self.request("InitiateAuth", repeat, body, metadata)
    }

    /// RespondToAuthChallenge: answers the challenge `name` with texts. A `Session` that was not received is left out.
    pub fn respond_to_auth_challenge(
        &self,
        name: &str,
        session: Option<&SecretText>,
        responses: Object,
        metadata: &Pairs,
    ) -> Request {
        let mut body = self.body(&[("ChallengeName", name)]);
        body.optional("Session", session.map(|session| session.expose().as_str()));
        body.raw("ChallengeResponses", responses.finish().expose());
        self.request("RespondToAuthChallenge", Repeat::Never, body, metadata)
    }

    /// GetTokensFromRefreshToken: works with rotation and without, unlike `REFRESH_TOKEN_AUTH`.
    pub fn refresh(&self, refresh_token: &SecretText, metadata: &Pairs, repeat: Repeat) -> Request {
        self.ask("GetTokensFromRefreshToken", repeat, &[("RefreshToken", refresh_token.expose())], metadata)
    }

    /// RevokeToken: ends a refresh token and all tokens that came from it.
    pub fn revoke_token(&self, refresh_token: &SecretText) -> Request {
        self.ask("RevokeToken", Repeat::Safe, &[("Token", refresh_token.expose())], &Pairs::new())
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
        let mut body = self.body(&[("Username", username), ("Password", password)]);
        body.attributes("UserAttributes", attributes).attributes("ValidationData", validation_data);
        self.request("SignUp", Repeat::Never, body, metadata)
    }

    /// ConfirmSignUp: proves the address with the code that was sent there. Spaces around a pasted code are dropped.
    pub fn confirm_sign_up(&self, username: &str, code: &str, metadata: &Pairs) -> Request {
        let members = [("Username", username), ("ConfirmationCode", code.trim_ascii())];
        self.ask("ConfirmSignUp", Repeat::Never, &members, metadata)
    }

    /// ResendConfirmationCode: sends a new sign-up code.
    pub fn resend_confirmation_code(&self, username: &str, metadata: &Pairs) -> Request {
        self.ask("ResendConfirmationCode", Repeat::Never, &[("Username", username)], metadata)
    }

    /// ForgotPassword: sends a code for a new password.
    pub fn forgot_password(&self, username: &str, metadata: &Pairs) -> Request {
        self.ask("ForgotPassword", Repeat::Never, &[("Username", username)], metadata)
    }

    /// ConfirmForgotPassword: sets a new password by a code. Spaces around a pasted code are dropped.
    pub fn confirm_forgot_password(&self, username: &str, code: &str, password: &str, metadata: &Pairs) -> Request {
        let members = [("Username", username), ("ConfirmationCode", code.trim_ascii()), ("Password", password)];
        self.ask("ConfirmForgotPassword", Repeat::Never, &members, metadata)
    }

    /// The pool's published keys, at the endpoint: a plain GET.
    pub fn keys(&self) -> Request {
        let url = joined(&[self.endpoint.trim_end_matches('/'), "/", &self.id, "/.well-known/jwks.json"]);
        Request { url, operation: "", body: SecretText::default(), repeat: Repeat::Safe }
    }

    /// GetUser: the attributes that this client may read.
    pub fn user(&self, access_token: &SecretText) -> Request {
        let mut body = Object::new();
        body.text("AccessToken", access_token.expose());
        self.request("GetUser", Repeat::Safe, body, &Pairs::new())
    }

    /// A request of texts alone.
    fn ask(&self, operation: &'static str, repeat: Repeat, members: &[(&str, &str)], metadata: &Pairs) -> Request {
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

    fn request(&self, operation: &'static str, repeat: Repeat, mut body: Object, metadata: &Pairs) -> Request {
        body.texts("ClientMetadata", metadata);
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
        /// What the challenge tells, as JSON.
        parameters: String,
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
        let token = |name| result.text(name).filter(|token| !token.is_empty()).map(SecretText::new);
        return match (token("IdToken"), token("AccessToken")) {
            (Some(id), Some(access)) => Ok(Progress::Tokens(Tokens { id, access, refresh: token("RefreshToken") })),
            _ => Err(invalid(reply)),
        };
    }
    Ok(Progress::Challenge {
        name: body.text("ChallengeName").ok_or_else(|| invalid(reply))?,
        session: body.text("Session").filter(|session| !session.is_empty()).map(SecretText::new),
        parameters: body.member("ChallengeParameters").unwrap_or(Json::NULL).as_written().to_owned(),
    })
}

/// Reads the reply of SignUp: whether the account is confirmed already, and where a code was sent.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_sign_up(reply: &Reply) -> Result<(bool, Option<Delivery>), Error> {
    let body = read(reply)?;
    match body.member("UserConfirmed").map(Json::as_written) {
        Some(confirmed @ ("true" | "false")) => Ok((confirmed == "true", delivery(body))),
        _ => Err(invalid(reply)),
    }
}

/// Reads the reply of an operation that sends a code.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_delivery(reply: &Reply) -> Result<Option<Delivery>, Error> {
    read(reply).map(delivery)
}

/// Reads the reply of GetUser: names and values.
///
/// # Errors
/// The service's refusal, or `InvalidResponse`.
pub fn read_user(reply: &Reply) -> Result<Pairs, Error> {
    let body = read(reply)?;
    let list = body.member("UserAttributes").ok_or_else(|| invalid(reply))?;
    let mut attributes = Some(Pairs::new());
    // The API's model lets an attribute come without its Value.
    list.each(&mut |_, attribute| match (attribute.text("Name"), &mut attributes) {
        (Some(name), Some(attributes)) => attributes.push((name, attribute.text("Value").unwrap_or_default())),
        _ => attributes = None,
    });
    attributes.ok_or_else(|| invalid(reply))
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

fn invalid(reply: &Reply) -> Error {
    Error::new(Code::InvalidResponse, "The reply is not what the protocol promises.")
        .told_by(reply.status, reply.request_id.as_deref())
}

fn delivery(body: Json<'_>) -> Option<Delivery> {
    let details = body.member("CodeDeliveryDetails")?;
    Some(Delivery {
        destination: details.text("Destination"),
        medium: details.text("DeliveryMedium"),
        attribute: details.text("AttributeName"),
    })
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

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().collect()
}

/// What stands before and after the first `mark`.
fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|c| c == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether a name is made of letters, digits and the characters in `also`.
fn plain(name: &str, also: &str) -> bool {
    !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || also.bytes().any(|allowed| allowed == c))
}
