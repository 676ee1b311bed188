//! The words exchanged with the service; no state.

pub mod account;
pub mod hosted;
pub mod json;
pub mod refusal;
pub mod user_pool;

use crate::secret::SecretText;
use crate::text::Text;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One call to the service, as plain data.
#[derive(Debug)]
pub struct Request {
    /// Where to send it.
    pub url: Text,
    /// The operation's name, the end of the `X-Amz-Target` header. What has none is a form to post or, without a body, a
    /// `GET`.
    pub operation: &'static str,
    /// The JSON body; it may hold passwords and tokens.
    pub body: SecretText,
    /// Whether it may be sent again when its reply was lost.
    pub repeat: Repeat,
}

/// Whether a request whose reply was lost, or was a fault of the service, may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It reads, or writes the same again.
    Safe,
    /// It sends or spends a code, a Session or a token.
    Never,
}

/// What the service answered, as plain data.
#[derive(Debug, Default)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body as text; it may hold tokens.
    pub body: SecretText,
    /// The header `x-amzn-errortype`.
    pub error_type: Option<Text>,
    /// The header `x-amzn-errormessage`.
    pub error_message: Option<Text>,
    /// The header `x-amzn-requestid`.
    pub request_id: Option<Text>,
    /// The header `Date`: the service's clock when it answered.
    pub date: Option<Millis>,
}
