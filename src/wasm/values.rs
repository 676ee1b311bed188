//! The values that cross to JavaScript, as JSON, and back, as texts in this order.

use crate::client::{Config, Next};
use crate::encoding::utf8;
use crate::error::{Code, Error};
use crate::flow::{Answer, Ask, Credentials, Device, Method, Registration};
use crate::protocol::Millis;
use crate::protocol::hosted::Grant;
use crate::protocol::json::{Json, Object, whole};
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::{SecretBytes, SecretText};
use crate::text::{Text, Texts};
use alloc::boxed::Box;
use alloc::rc::Rc;

/// userPoolId, clientId, endpoint, keys, identityEndpoint, identityLogin, idleTimeout, maxAge, and as JSON issuers, apiOrigins and
/// clientMetadata.
pub(super) fn config(mut given: Texts<'_>) -> Config {
    let (id, client_id, endpoint, keys) = (given.take(), given.take(), given.take(), given.take());
    let (identity_endpoint, identity_login) = (given.take(), given.take());
    let (idle_timeout, max_age) = (millis(&mut given), millis(&mut given));
    Config {
        pool: Rc::new(UserPool { id, client_id, endpoint, keys, issuers: given.take() }),
        api_origins: given.take(),
        metadata: given.take(),
        identity_endpoint,
        identity_login,
        idle_timeout,
        max_age,
    }
}

/// id, access, refresh
pub(super) fn tokens(given: &mut Texts<'_>) -> Tokens {
    let mut token = || SecretText::from(given.take());
    Tokens { id: token(), access: token(), refresh: Some(token()), new_device: None }
}

/// username, and the device's record; empty for none.
pub(super) fn device(given: &mut Texts<'_>) -> Option<(Text, Box<Device>)> {
    Some((given.take(), Device::read(&given.take())?))
}

/// url, form, nonce
pub(super) fn grant(given: &mut Texts<'_>) -> Grant {
    Grant { url: given.take(), form: given.take().into(), nonce: given.take() }
}

/// username, flow, prefer, and as JSON stepUp and clientMetadata
pub(super) fn credentials(given: &mut Texts<'_>, password: SecretBytes) -> Credentials {
    Credentials {
        username: given.take(),
        password,
        method: match &*given.take() {
            "password" => Method::Password,
            "choice" => Method::Choice,
            "custom" => Method::Custom,
            _ => Method::Srp,
        },
        preferred: given.take(),
        step_up: given.take(),
        metadata: given.take(),
        access_token: SecretText::default(),
        device: None,
    }
}

/// username, and as JSON the other members and clientMetadata
pub(super) fn registration(given: &mut Texts<'_>, password: SecretBytes) -> Registration {
    Registration { username: given.take(), password, members: given.take(), metadata: given.take() }
}

/// code, email, and as JSON responses
pub(super) fn answer(given: &mut Texts<'_>, password: SecretBytes) -> Answer {
    Answer { text: given.take().into(), password, email: given.take(), responses: given.take() }
}

/// The members of an operation as JSON, and the names of those that are passwords, which come joined as texts do.
pub(super) fn members(given: &mut Texts<'_>, passwords: &SecretBytes) -> Result<SecretText, Error> {
    let mut members = Object::from(Json::read(&given.take()));
    let mut passwords = passwords.expose().split(|byte| *byte == 0);
    while let Some(name) = given.filled() {
        let password = passwords.next().and_then(utf8).map(SecretText::from);
        let password =
            password.ok_or_else(|| Error::naming(Code::InvalidParameter, "", &name, " is not valid UTF-8."))?;
        members.text(&name, password.expose());
    }
    Ok(members.finish())
}

/// The number of a step; what is none matches none.
pub(super) fn id(given: &mut Texts<'_>) -> u32 {
    whole(&given.take()).and_then(|id| id.try_into().ok()).unwrap_or_default()
}

fn millis(given: &mut Texts<'_>) -> Option<Millis> {
    given.filled().and_then(|millis| whole(&millis))
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
