//! Signing in on the hosted page: the code that it gives, exchanged for a session.

use crate::error::Error;
use crate::protocol::hosted::read_tokens;
use crate::protocol::user_pool::UserPool;
use crate::protocol::{Millis, Reply};
use crate::session::Session;
use alloc::boxed::Box;

/// Reads what became of the request at the service's time `now`.
///
/// # Errors
/// As [`read_tokens`]; `InvalidToken`, naming the claim, `nonce` where the ID token answers another request.
pub fn receive(pool: &UserPool, nonce: &str, result: Result<Box<Reply>, Error>, now: Millis) -> Result<Session, Error> {
    Session::answer(read_tokens(&*result?)?, nonce, pool, now)
}
