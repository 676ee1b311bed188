//! The token endpoint of the hosted sign-in page: how a code is exchanged (RFC 6749, 4.1.3; RFC 7636, 4.5), and how the
//! reply is read.

use super::json::Json;
use super::user_pool::{Tokens, UserPool};
use super::{Repeat, Reply, Request};
use crate::error::{Code, Error};
use crate::secret::SecretText;
use alloc::string::String;

/// An authorization code, where it is good, and what proves that it was asked for here.
#[derive(Debug)]
pub struct Grant {
    /// The origin of the hosted page: `https://login.example.com`.
    pub domain: String,
    /// The code of the callback; good once, for five minutes.
    pub code: SecretText,
    /// The PKCE verifier whose challenge went along with the request.
    pub verifier: SecretText,
    /// The address of the callback, as it was in the request.
    pub redirect_uri: String,
    /// What the ID token must repeat.
    pub nonce: String,
}

/// Exchanges a code for tokens, once: a code that was sent is spent, whatever becomes of the reply.
pub fn exchange(pool: &UserPool, grant: &Grant) -> Request {
    let mut form = String::from("grant_type=authorization_code");
    let members = [
        ("&client_id=", pool.client_id.as_str()),
        ("&code=", grant.code.expose()),
        ("&redirect_uri=", &grant.redirect_uri),
        ("&code_verifier=", grant.verifier.expose()),
    ];
    for (name, value) in members {
        form.push_str(name);
        encode(value, &mut form);
    }
    let url = [grant.domain.as_str(), "/oauth2/token"].into_iter().collect();
    Request { url, operation: "", body: SecretText::new(form), repeat: Repeat::Never }
}

/// Reads the reply of an exchange.
///
/// # Errors
/// `NotAuthorized` for a code that is spent, too old or not this request's; `InvalidParameter`, naming the refusal, for
/// any other; `TooManyRequests`, `InternalError`, `InvalidResponse`.
pub fn read_tokens(reply: &Reply) -> Result<Tokens, Error> {
    let body = Json::parse(reply.body.expose()).unwrap_or(Json::NULL);
    let token = |name| body.text(name).filter(|token| !token.is_empty()).map(SecretText::new);
    let error = match (reply.status, token("id_token"), token("access_token")) {
        (200, Some(id), Some(access)) => {
            return Ok(Tokens { id, access, refresh: token("refresh_token"), new_device: None });
        }
        (200, ..) => Error::new(Code::InvalidResponse, "The reply is not what the protocol promises."),
        (429, ..) => Error::new(Code::TooManyRequests, "The hosted page is busy."),
        (500.., ..) => Error::new(Code::InternalError, "The hosted page has failed."),
        _ => {
            let name = body.text("error").filter(|name| name.len() <= 64).unwrap_or_default();
            let code = if name == "invalid_grant" { Code::NotAuthorized } else { Code::InvalidParameter };
            Error::naming(code, "The hosted page refused the code: ", &name, ".")
        }
    };
    Err(error.told_by(reply.status, reply.request_id.as_deref()))
}

/// `application/x-www-form-urlencoded`: every byte but the unreserved ones as `%XX`.
fn encode(text: &str, form: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            form.push(char::from(byte));
        } else {
            form.push('%');
            for digit in [byte >> 4, byte & 15] {
                form.push(char::from(if digit < 10 { b'0' + digit } else { b'A' - 10 + digit }));
            }
        }
    }
}
