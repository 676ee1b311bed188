//! A refusal by the service, read into an [`Error`].

use super::{Reply, json::Json};
use crate::error::{Code, Error, place};
use crate::text::Text;

/// The text that stands for a wrong password and for an unknown user alike.
const WRONG_CREDENTIALS: &str = "Incorrect username or password.";

/// Longer texts than this may repeat what was sent.
const LONGEST_MESSAGE: usize = 256;

/// Reads a reply whose status is not 200.
///
/// The name comes from the header `x-amzn-errortype`, else from the body's `__type`, else from its `code`; it is cut at the
/// first `:` or `,` and freed of its namespace and of `Exception`. Without a name, the status decides.
pub fn refusal(reply: &Reply) -> Error {
    let body = Json::read(reply.body.expose());
    let (kind, code) = (body.text("__type"), body.text("code"));
    let mut name = "";
    for &text in &[&reply.error_type, &kind, &code] {
        if let (true, Some(text)) = (name.is_empty(), text) {
            name = bare(text);
        }
    }
    let (code, message) = match name {
        "" => (by_status(reply.status), Text::from("The service refused without saying why.")),
        "UserNotFound" => (Code::NotAuthorized, Text::from(WRONG_CREDENTIALS)),
        name => match coded(name) {
            Some(code) => (code, message(code, reply, body)),
            None => (by_status(reply.status), Text::from(name)),
        },
    };
    Error::new(code, message).told_by(reply.status, reply.request_id.as_deref())
}

/// `com.amazonaws.x#NotAuthorizedException:http://…` → `NotAuthorized`.
fn bare(name: &str) -> &str {
    let end = name.bytes().position(|c| matches!(c, b':' | b',')).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    let start = name.bytes().rposition(|c| c == b'#').map_or(0, |at| at + 1);
    let name = name.get(start..).unwrap_or_default().trim_ascii();
    name.strip_suffix("Exception").unwrap_or(name)
}

macro_rules! common {
    ($($name:ident $code:ident,)*) => {
        const COMMON: &str = concat!($(stringify!($name), " "),*);
        const MEANINGS: &[Code] = &[$(Code::$code,)*];
    };
}

// AWS's common errors, as Cognito's own.
common! {
    Throttling TooManyRequests,
    InternalFailure InternalError,
    ServiceUnavailable InternalError,
    RequestTimeout Timeout,
    RequestAborted Network,
    ExpiredToken NotAuthorized,
    TokenRevoked NotAuthorized,
    AccessDenied Forbidden,
    IncompleteSignature Forbidden,
    UnrecognizedClient Forbidden,
    MalformedHttpRequest Serialization,
    ValidationError InvalidParameter,
    Validation InvalidParameter,
    RequestEntityTooLarge InvalidParameter,
    UnknownOperation UnsupportedOperation,
}

/// The code of a bare name.
fn coded(name: &str) -> Option<Code> {
    place(name, COMMON).and_then(|at| MEANINGS.get(at).copied()).or_else(|| Code::named(name))
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
fn message(code: Code, reply: &Reply, body: Json<'_>) -> Text {
    let text = body.text("message").or_else(|| body.text("Message")).or_else(|| reply.error_message.clone());
    match text {
        Some(text) if !text.is_empty() && text.len() <= LONGEST_MESSAGE && !holds(&text, "Value '") => text,
        _ => code.as_str().into(),
    }
}

/// Whether `part` stands somewhere in `text`: as `str::contains`, at a twentieth of its bytes.
pub(crate) fn holds(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}
