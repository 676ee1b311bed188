//! The values that cross to JavaScript and back: plain objects, read and written by name.

use crate::client::{ApiToken, Config, Next};
use crate::error::{Code, Error};
use crate::flow::{Answer, Ask, Credentials, Method, Registration};
use crate::protocol::Pairs;
use crate::protocol::user_pool::{Delivery, UserPool};
use crate::secret::{SecretBytes, SecretText};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// The configuration, with `userPoolId`, `clientId`, `endpoint`, `issuers`, `apiOrigins`, `apiToken`, `clientMetadata`.
pub(super) fn config(value: &JsValue) -> Result<Config, Error> {
    let id = text(value, "userPoolId").unwrap_or_default();
    let client_id = text(value, "clientId").unwrap_or_default();
    Ok(Config {
        pool: UserPool::new(&id, &client_id, text(value, "endpoint"), texts(value, "issuers"))?,
        api_origins: texts(value, "apiOrigins"),
        api_token: if text(value, "apiToken").as_deref() == Some("id") { ApiToken::Id } else { ApiToken::Access },
        metadata: pairs(value, "clientMetadata"),
    })
}

/// `{ username, password, flow?, clientMetadata? }`
pub(super) fn credentials(value: &JsValue) -> Result<Credentials, Error> {
    Ok(Credentials {
        username: required(value, "username")?,
        password: password(value)?,
        method: if text(value, "flow").as_deref() == Some("password") { Method::Password } else { Method::Srp },
        metadata: pairs(value, "clientMetadata"),
    })
}

/// `{ username, password, attributes?, validationData?, clientMetadata? }`
pub(super) fn registration(value: &JsValue) -> Result<Registration, Error> {
    Ok(Registration {
        username: required(value, "username")?,
        password: password(value)?,
        attributes: pairs(value, "attributes"),
        validation_data: pairs(value, "validationData"),
        metadata: pairs(value, "clientMetadata"),
    })
}

/// A code as text, or `{ code, password }`, or `{ password, attributes? }`.
pub(super) fn answer(value: &JsValue) -> Result<Answer, Error> {
    if let Some(code) = value.as_string() {
        return Ok(Answer::Code(SecretText::new(code)));
    }
    Ok(match text(value, "code") {
        Some(code) => Answer::Reset { code: SecretText::new(code), password: password(value)? },
        None => Answer::NewPassword { password: password(value)?, attributes: pairs(value, "attributes") },
    })
}

/// The text `name`, which must be there.
pub(super) fn required(value: &JsValue, name: &str) -> Result<String, Error> {
    text(value, name).ok_or_else(|| Error::new(Code::InvalidParameter, [name, " must be given as text."].concat()))
}

/// The member `name` of an object, or undefined.
pub(super) fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// The members of the object `name` whose values are texts.
pub(super) fn pairs(value: &JsValue, name: &str) -> Pairs {
    let Ok(object) = member(value, name).dyn_into::<Object>() else {
        return Vec::new();
    };
    let pair = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    Object::entries(&object).iter().filter_map(pair).collect()
}

/// Pairs as an object.
pub(super) fn object(pairs: &Pairs) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        set(&object, name, value.as_str());
    }
    object
}

/// What a conversation came to, or `{ name, id, … }` for what it asks.
pub(super) fn next(next: &Next) -> JsValue {
    let step = Object::new();
    let (name, ask) = match next {
        Next::SignedIn => ("signedIn", None),
        Next::SignedUp => ("signedUp", None),
        Next::Ask(id, ask) => {
            set(&step, "id", *id);
            match ask {
                Ask::NewPassword { .. } => ("newPassword", Some(ask)),
                Ask::ConfirmSignUp { .. } => ("confirmSignUp", Some(ask)),
                Ask::ResetPassword { .. } => ("resetPassword", Some(ask)),
                Ask::Confirm { .. } => ("confirm", Some(ask)),
            }
        }
    };
    set(&step, "name", name);
    match ask {
        Some(Ask::NewPassword { required, known }) => {
            set(&step, "requiredAttributes", required.iter().map(|name| JsValue::from_str(name)).collect::<Array>());
            set(&step, "attributes", object(known));
        }
        Some(Ask::ConfirmSignUp { username } | Ask::ResetPassword { username }) => {
            set(&step, "username", username.as_str());
        }
        Some(Ask::Confirm { username, sent_to }) => {
            set(&step, "username", username.as_str());
            set(&step, "sentTo", delivery(sent_to.as_ref()));
        }
        None => {}
    }
    step.into()
}

/// `{ destination?, medium?, attribute? }`, or undefined.
pub(super) fn delivery(delivery: Option<&Delivery>) -> JsValue {
    let Some(Delivery { destination, medium, attribute }) = delivery else {
        return JsValue::UNDEFINED;
    };
    let object = Object::new();
    let medium = medium.as_deref().map(str::to_ascii_lowercase);
    for (name, value) in [("destination", destination), ("medium", &medium), ("attribute", attribute)] {
        if let Some(value) = value {
            set(&object, name, value.as_str());
        }
    }
    object.into()
}

/// A JavaScript Error with `code`, `retryable`, `status` and `requestId`.
pub(super) fn thrown(error: Error) -> JsValue {
    let value = js_sys::Error::new(&error.message);
    set(&value, "code", error.code.as_str());
    set(&value, "retryable", error.code.retryable());
    set(&value, "status", error.status);
    set(&value, "requestId", error.request_id);
    value.into()
}

fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // Setting a member of an object made here cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), &value.into());
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    member(value, name).as_string()
}

fn texts(value: &JsValue, name: &str) -> Vec<String> {
    match member(value, name).dyn_into::<Array>() {
        Ok(list) => list.iter().filter_map(|entry| entry.as_string()).collect(),
        Err(_) => Vec::new(),
    }
}

/// The member `password`: text, or its bytes in UTF-8.
fn password(value: &JsValue) -> Result<SecretBytes, Error> {
    let password = member(value, "password");
    if let Some(text) = password.as_string() {
        return Ok(SecretBytes::new(text.into_bytes()));
    }
    match password.dyn_into::<Uint8Array>() {
        Ok(bytes) => Ok(SecretBytes::new(bytes.to_vec())),
        Err(_) => Err(Error::new(Code::InvalidParameter, "password must be given as text or as a Uint8Array.")),
    }
}
