//! What the targets share: the pool that they speak to, how an input becomes a reply, and a second opinion on JSON.

use cognito_vault::protocol::user_pool::UserPool;
use cognito_vault::protocol::{Millis, Reply};
use cognito_vault::secret::SecretText;
use cognito_vault::text::Text;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// 2025-11-21T12:00:00Z
pub const NOW: Millis = 1_763_726_400_000;
/// The client that the seeds' tokens are for.
pub const CLIENT_ID: &str = "1h57kf5cpq17m0eml12example";
/// The pool that they come from.
pub const POOL_ID: &str = "eu-west-1_AbCdEf123";

/// The pool of every target.
pub fn pool() -> UserPool {
    let endpoint = "https://cognito-idp.eu-west-1.amazonaws.com/";
    let issuers = format!(r#"["{endpoint}{POOL_ID}"]"#).into();
    let keys = format!("{endpoint}{POOL_ID}/.well-known/jwks.json").into();
    UserPool { id: POOL_ID.into(), client_id: CLIENT_ID.into(), endpoint: endpoint.into(), keys, issuers }
}

/// The input as `fetch` decodes a body.
pub fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// `400 NotAuthorizedException {"message":"…"}`: the status, the error headers or `-`, and the body.
pub fn reply(text: &str) -> Reply {
    let mut parts = text.splitn(3, ' ');
    let mut next = || parts.next().unwrap_or_default();
    let (status, header, body) = (next(), next(), next());
    let header = Some(header).filter(|header| !matches!(*header, "" | "-")).map(Text::from);
    Reply {
        status: status.parse().unwrap_or(200),
        body: SecretText::from(body),
        error_type: header.clone(),
        error_message: header,
        ..Reply::default()
    }
}

/// Whether another reader takes the text for JSON too, whatever its values are.
pub fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// The value as another reader reads it; none where it is stricter.
pub fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}
