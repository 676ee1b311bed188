//! The values that cross to JavaScript and back, as JSON.

use crate::client::{Config, Next};
use crate::encoding::utf8;
use crate::error::{Code, Error};
use crate::flow::{Answer, Ask, Credentials, Device, Method, Registration};
use crate::protocol::hosted::Grant;
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::{SecretBytes, SecretText};
use crate::text::Text;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// `{ userPoolId, clientId, endpoint, keys, issuers, apiOrigins, clientMetadata?, identityEndpoint, identityLogin, idleTimeout?, maxAge? }`
pub(super) fn config(value: Json<'_>) -> Config {
    let text = |name| optional(value, name);
    Config {
        pool: Rc::new(UserPool {
            id: text("userPoolId"),
            client_id: text("clientId"),
            endpoint: text("endpoint"),
            keys: text("keys"),
            issuers: raw(value, "issuers"),
        }),
        api_origins: raw(value, "apiOrigins"),
        metadata: raw(value, "clientMetadata"),
        identity_endpoint: text("identityEndpoint"),
        identity_login: text("identityLogin"),
        idle_timeout: value.integer("idleTimeout"),
        max_age: value.integer("maxAge"),
    }
}

/// `{ id, access, refresh }`
pub(super) fn tokens(value: Json<'_>) -> Result<Tokens, Error> {
    let token = |name| required(value, name).map(SecretText::from);
    Ok(Tokens { id: token("id")?, access: token("access")?, refresh: Some(token("refresh")?), new_device: None })
}

/// `{ device?: { username, key, group, password } }`
pub(super) fn device(value: Json<'_>) -> Option<(Text, Device)> {
    let device = value.member("device")?;
    Some((device.text("username")?, Device::read(device.as_written())?))
}

/// `{ url, form, nonce }`
pub(super) fn grant(value: Json<'_>) -> Result<Grant, Error> {
    let form = SecretText::from(required(value, "form")?);
    Ok(Grant { url: required(value, "url")?, form, nonce: required(value, "nonce")? })
}

/// `{ username, flow?, prefer?, stepUp?, clientMetadata? }`
pub(super) fn credentials(value: Json<'_>, password: SecretBytes) -> Result<Credentials, Error> {
    Ok(Credentials {
        username: required(value, "username")?,
        password,
        method: match value.text("flow").as_deref() {
            Some("password") => Method::Password,
            Some("choice") => Method::Choice,
            Some("custom") => Method::Custom,
            _ => Method::Srp,
        },
        preferred: optional(value, "prefer"),
        step_up: raw(value, "stepUp"),
        metadata: raw(value, "clientMetadata"),
        access_token: SecretText::default(),
        device: None,
    })
}

/// `{ username, members?, clientMetadata? }`
pub(super) fn registration(value: Json<'_>, password: SecretBytes) -> Result<Registration, Error> {
    Ok(Registration {
        username: required(value, "username")?,
        password,
        members: raw(value, "members"),
        metadata: raw(value, "clientMetadata"),
    })
}

/// `{ code?, email?, responses? }`
pub(super) fn answer(value: Json<'_>, password: SecretBytes) -> Answer {
    Answer {
        text: SecretText::from(optional(value, "code")),
        password,
        responses: raw(value, "responses"),
        email: optional(value, "email"),
    }
}

/// `{ operation, members?, secrets? }`: the operation, and its members with the passwords under their names. They come joined by
/// bytes of zero.
pub(super) fn account(value: Json<'_>, passwords: &SecretBytes) -> Result<(Text, SecretText), Error> {
    let mut members = Object::from(value.member("members").unwrap_or(Json::NULL));
    let mut passwords = passwords.expose().split(|byte| *byte == 0);
    let mut names = Vec::new();
    value.member("secrets").unwrap_or(Json::NULL).each(&mut |_, name| names.extend(name.string()));
    for name in names {
        let password = passwords.next().and_then(utf8).map(SecretText::new);
        let password =
            password.ok_or_else(|| Error::naming(Code::InvalidParameter, "", &name, " is not valid UTF-8."))?;
        members.text(&name, password.expose());
    }
    Ok((required(value, "operation")?, members.finish()))
}

/// The text `name`, or nothing.
#[inline(never)]
fn optional(value: Json<'_>, name: &str) -> Text {
    value.text(name).unwrap_or_default()
}

/// The text `name`, which must be there.
pub(super) fn required(value: Json<'_>, name: &str) -> Result<Text, Error> {
    value.text(name).ok_or_else(|| Error::naming(Code::InvalidParameter, "", name, " must be given as text."))
}

/// The number `id` of a step; one that is no step's matches none.
pub(super) fn id(value: Json<'_>) -> u32 {
    value.integer("id").and_then(|id| id.try_into().ok()).unwrap_or_default()
}

/// The member `name` as it is written, or nothing.
fn raw(value: Json<'_>, name: &str) -> Text {
    value.member(name).map(Json::as_written).unwrap_or_default().into()
}

/// What a conversation came to, or `{ name, id, … }` for what it asks.
pub(super) fn next(next: Next) -> Object {
    let mut step = Object::new();
    match next {
        Next::SignedIn => step.text("name", "signedIn"),
        Next::SignedUp => step.text("name", "signedUp"),
        Next::Ask(id, Ask(asked)) => {
            step = asked;
            step.integer("id", id)
        }
    };
    step
}
