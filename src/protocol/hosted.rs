//! The token endpoint of the hosted sign-in page: how a code is exchanged (RFC 6749, 4.1.3; RFC 7636, 4.5), and how the
//! reply is read.

use super::json::Json;
use super::refusal::refusal;
use super::user_pool::{Tokens, invalid};
use super::{Repeat, Reply, Request};
use crate::error::{Code, Error};
use crate::secret::SecretText;
use crate::text::Text;
use alloc::boxed::Box;

/// An authorization code with what proves that it was asked for here.
#[derive(Debug)]
pub struct Grant {
    /// The token endpoint: `https://login.example.com/oauth2/token`.
    pub url: Text,
    /// The request as a form: `grant_type=authorization_code`, `client_id`, `code`, `redirect_uri` and the PKCE `code_verifier`.
    pub form: SecretText,
    /// What the ID token must repeat.
    pub nonce: Text,
}

/// Exchanges a code for tokens, once: a code that was sent is spent, whatever becomes of the reply.
pub fn exchange(grant: Grant) -> Box<Request> {
    Box::new(Request { url: grant.url, operation: "", body: grant.form, repeat: Repeat::Never })
}

/// Reads the reply of an exchange.
///
/// # Errors
/// `NotAuthorized` for a code that is spent, too old or not this request's; `InvalidParameter`, naming the refusal, for
/// any other; `TooManyRequests`, `InternalError`, `InvalidResponse`.
pub fn read_tokens(reply: &Reply) -> Result<Tokens, Error> {
    let body = Json::read(reply.body.expose());
    match (reply.status, body.filled("id_token"), body.filled("access_token")) {
        (200, Some(id), Some(access)) => {
            let refresh = body.filled("refresh_token").map(SecretText::from);
            Ok(Tokens { id: id.into(), access: access.into(), refresh, new_device: None })
        }
        (200, ..) => Err(invalid(reply)),
        (429 | 500.., ..) => Err(refusal(reply)),
        _ => {
            let name = body.text("error").filter(|name| name.len() <= 64).unwrap_or_default();
            let code = if name == "invalid_grant" { Code::NotAuthorized } else { Code::InvalidParameter };
            let error = Error::naming(code, "The hosted page refused the code: ", &name, ".");
            Err(error.told_by(reply.status, reply.request_id.as_deref()))
        }
    }
}
