//! Signing in on the hosted page: the code that it gives, exchanged for a session.

use crate::error::{Code, Error};
use crate::protocol::hosted::{Grant, exchange, read_tokens};
use crate::protocol::user_pool::UserPool;
use crate::protocol::{Millis, Reply, Request};
use crate::session::Session;

/// Asks for the tokens.
///
/// # Errors
/// `InvalidState` where no hosted page is configured.
pub fn request(domain: Option<&str>, pool: &UserPool, grant: &Grant) -> Result<Request, Error> {
    let domain = domain.ok_or_else(|| Error::new(Code::InvalidState, "No hosted page is configured."))?;
    Ok(exchange(domain, pool, grant))
}

/// Reads what became of the request at the service's time `now`.
///
/// # Errors
/// As [`read_tokens`]; `InvalidToken`, naming the claim, `nonce` where the ID token answers another request.
pub fn receive(pool: &UserPool, grant: &Grant, result: Result<Reply, Error>, now: Millis) -> Result<Session, Error> {
    Session::answer(read_tokens(&result?)?, &grant.nonce, pool, now)
}
