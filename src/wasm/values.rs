//! The values that cross to JavaScript and back, as JSON.

use crate::client::{ApiToken, Config, Next};
use crate::error::{Code, Error};
use crate::flow::{Answer, Ask, Credentials, Method, Registration};
use crate::protocol::Pairs;
use crate::protocol::hosted::Grant;
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{Delivery, Tokens, UserPool};
use crate::secret::{SecretBytes, SecretText};
use alloc::string::String;
use alloc::vec::Vec;

/// `{ userPoolId, clientId, endpoint?, issuers, apiOrigins, apiToken, clientMetadata?, idleTimeout?, maxAge? }`
pub(super) fn config(value: Json<'_>) -> Result<Config, Error> {
    let endpoint = value.text("endpoint");
    Ok(Config {
        pool: UserPool::new(
            &required(value, "userPoolId")?,
            &required(value, "clientId")?,
            endpoint,
            list(value, "issuers"),
        )?,
        api_origins: list(value, "apiOrigins"),
        api_token: if value.text("apiToken").as_deref() == Some("id") { ApiToken::Id } else { ApiToken::Access },
        metadata: pairs(value, "clientMetadata"),
        idle_timeout: value.integer("idleTimeout"),
        max_age: value.integer("maxAge"),
    })
}

/// `{ id, access, refresh }`
pub(super) fn tokens(value: Json<'_>) -> Result<Tokens, Error> {
    let token = |name| required(value, name).map(SecretText::new);
    Ok(Tokens { id: token("id")?, access: token("access")?, refresh: Some(token("refresh")?) })
}

/// `{ domain, code, verifier, redirectUri, nonce }`
pub(super) fn grant(value: Json<'_>) -> Result<Grant, Error> {
    Ok(Grant {
        domain: required(value, "domain")?,
        code: SecretText::new(required(value, "code")?),
        verifier: SecretText::new(required(value, "verifier")?),
        redirect_uri: required(value, "redirectUri")?,
        nonce: required(value, "nonce")?,
    })
}

/// `{ username, flow?, clientMetadata? }`
pub(super) fn credentials(value: Json<'_>, password: SecretBytes) -> Result<Credentials, Error> {
    Ok(Credentials {
        username: required(value, "username")?,
        password,
        method: if value.text("flow").as_deref() == Some("password") { Method::Password } else { Method::Srp },
        metadata: pairs(value, "clientMetadata"),
    })
}

/// `{ username, attributes?, validationData?, clientMetadata? }`
pub(super) fn registration(value: Json<'_>, password: SecretBytes) -> Result<Registration, Error> {
    Ok(Registration {
        username: required(value, "username")?,
        password,
        attributes: pairs(value, "attributes"),
        validation_data: pairs(value, "validationData"),
        metadata: pairs(value, "clientMetadata"),
    })
}

/// `{ code }`, or `{ code }` with a password, or `{ attributes? }` with a password.
pub(super) fn answer(value: Json<'_>, password: SecretBytes) -> Answer {
    match value.text("code").map(SecretText::new) {
        Some(code) if password.expose().is_empty() => Answer::Code(code),
        Some(code) => Answer::Reset { code, password },
        None => Answer::NewPassword { password, attributes: pairs(value, "attributes") },
    }
}

/// The text `name`, which must be there.
pub(super) fn required(value: Json<'_>, name: &str) -> Result<String, Error> {
    value.text(name).ok_or_else(|| Error::naming(Code::InvalidParameter, "", name, " must be given as text."))
}

/// The number `id` of a step; one that is no step's matches none.
pub(super) fn id(value: Json<'_>) -> u32 {
    value.integer("id").and_then(|id| id.try_into().ok()).unwrap_or_default()
}

/// The members of the object `name` whose values are texts.
pub(super) fn pairs(value: Json<'_>, name: &str) -> Pairs {
    value.member(name).map(Json::texts).unwrap_or_default()
}

/// What a conversation came to, or `{ name, id, … }` for what it asks.
pub(super) fn next(next: Next) -> Option<Object> {
    let mut step = Object::new();
    match next {
        Next::SignedIn => step.text("name", "signedIn"),
        Next::SignedUp => step.text("name", "signedUp"),
        Next::Ask(id, ask) => {
            step.integer("id", id);
            match ask {
                Ask::NewPassword { required, known } => step
                    .text("name", "newPassword")
                    .list("requiredAttributes", &required)
                    .raw("attributes", &Object::of(&known).end()),
                Ask::ConfirmSignUp { username } => step.text("name", "confirmSignUp").text("username", &username),
                Ask::ResetPassword { username } => step.text("name", "resetPassword").text("username", &username),
                Ask::Confirm { username, sent_to } => {
                    step.text("name", "confirm").text("username", &username);
                    match delivery(sent_to) {
                        Some(delivery) => step.raw("sentTo", &delivery.end()),
                        None => &mut step,
                    }
                }
            }
        }
    };
    Some(step)
}

/// The user's attributes by name.
pub(super) fn attributes(attributes: Pairs) -> Option<Object> {
    Some(Object::of(&attributes))
}

/// `{ destination?, medium?, attribute? }`
pub(super) fn delivery(delivery: Option<Delivery>) -> Option<Object> {
    let Delivery { destination, medium, attribute } = delivery?;
    let medium = match medium.as_deref() {
        Some("EMAIL") => Some("email"),
        Some("SMS") => Some("sms"),
        _ => None,
    };
    let mut object = Object::new();
    object.optional("destination", destination.as_deref()).optional("medium", medium);
    object.optional("attribute", attribute.as_deref());
    Some(object)
}

/// `{ value? }` or `{ error: { code, message, retryable, status?, requestId? } }`
pub(super) fn result(result: Result<Option<Object>, Error>) -> String {
    let mut object = Object::new();
    match result {
        Ok(None) => {}
        Ok(Some(value)) => {
            object.raw("value", &value.end());
        }
        Err(error) => {
            object.raw("error", &self::error(&error));
        }
    }
    object.end()
}

/// `{ code, message, retryable, status?, requestId? }`
pub(super) fn error(error: &Error) -> String {
    let mut object = Object::new();
    object.text("code", error.code.as_str()).text("message", &error.message);
    object.raw("retryable", if error.code.retryable() { "true" } else { "false" });
    object.optional("requestId", error.request_id.as_deref());
    if let Some(status) = error.status {
        object.integer("status", u32::from(status));
    }
    object.end()
}

fn list(value: Json<'_>, name: &str) -> Vec<String> {
    value.member(name).map(Json::list).unwrap_or_default()
}
