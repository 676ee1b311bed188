//! A refusal by the service, read into an [`Error`].

use super::{Reply, json::Json};
use crate::error::{Code, Error};
use std::borrow::Cow;

/// The text that stands for a wrong password and for an unknown user alike.
const WRONG_CREDENTIALS: &str = "Incorrect username or password.";

/// Longer texts than this may repeat what was sent.
const LONGEST_MESSAGE: usize = 256;

/// Reads a reply whose status is not 200.
///
/// The name comes from the header `x-amzn-errortype`, else from the body's `__type`, else from its `code`; it is cut at the
/// first `:` or `,` and freed of its namespace and of `Exception`. Without a name, the status decides.
pub fn refusal(reply: &Reply) -> Error {
    let body = Json::parse(reply.body.expose()).unwrap_or(Json::Null);
    let name = [reply.error_type.as_deref(), body.text("__type"), body.text("code")]
        .into_iter()
        .flatten()
        .map(bare)
        .find(|name| !name.is_empty());
    let (code, message) = match name {
        Some("UserNotFound") => (Code::NotAuthorized, Cow::Borrowed(WRONG_CREDENTIALS)),
        Some(name) => match coded(name) {
            Some(code) => (code, message(code, reply, &body)),
            None => (by_status(reply.status), Cow::Owned(name.to_owned())),
        },
        None => (by_status(reply.status), Cow::Borrowed("The service refused without saying why.")),
    };
    Error { code, message, status: Some(reply.status), request_id: reply.request_id.clone() }
}

/// `com.amazonaws.x#NotAuthorizedException:http://…` → `NotAuthorized`.
fn bare(name: &str) -> &str {
    let name = name.split([':', ',']).next().unwrap_or_default();
    let name = name.rsplit('#').next().unwrap_or_default().trim();
    name.strip_suffix("Exception").unwrap_or(name)
}

/// The code of a bare name; AWS's common errors are folded into Cognito's own.
fn coded(name: &str) -> Option<Code> {
    Some(match name {
        "Throttling" => Code::TooManyRequests,
        "InternalFailure" | "ServiceUnavailable" => Code::InternalError,
        "RequestTimeout" => Code::Timeout,
        "RequestAborted" => Code::Network,
        "ExpiredToken" => Code::NotAuthorized,
        "AccessDenied" | "IncompleteSignature" | "UnrecognizedClient" => Code::Forbidden,
        "MalformedHttpRequest" => Code::Serialization,
        "ValidationError" | "RequestEntityTooLarge" => Code::InvalidParameter,
        "UnknownOperation" => Code::UnsupportedOperation,
        _ => return Code::named(name),
    })
}

fn by_status(status: u16) -> Code {
    match status {
        408 => Code::Timeout,
        429 => Code::TooManyRequests,
        403 => Code::Forbidden,
        500.. => Code::InternalError,
        _ => Code::Unknown,
    }
}

/// The service's own text. A validation error quotes the refused value, so such a text is replaced by the code's name.
fn message(code: Code, reply: &Reply, body: &Json) -> Cow<'static, str> {
    let text = body.text("message").or_else(|| body.text("Message")).or(reply.error_message.as_deref());
    match text {
        Some(text) if !text.is_empty() && text.len() <= LONGEST_MESSAGE && !text.contains("Value '") => {
            Cow::Owned(text.to_owned())
        }
        _ => Cow::Borrowed(code.as_str()),
    }
}
