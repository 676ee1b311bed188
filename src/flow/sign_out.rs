//! Ending a session at the service (RevokeToken).

use crate::error::{Code, Error};
use crate::protocol::user_pool::{UserPool, read_done};
use crate::protocol::{Reply, Request};
use crate::session::Session;
use alloc::boxed::Box;

/// Asks for the end of the session's refresh token and of all tokens that came from it.
pub fn request(pool: &UserPool, session: &Session) -> Box<Request> {
    pool.revoke_token(session.refresh_token())
}

/// Reads what became of the request. That nobody is signed in, a token that is dead already, or a client
/// that revokes none, is nothing to report.
///
/// # Errors
/// Why the tokens may still be good until they expire.
pub fn receive(result: Result<Box<Reply>, Error>) -> Result<(), Error> {
    let unimportant = |code| {
        matches!(code, Code::NotSignedIn | Code::Unauthorized | Code::NotAuthorized | Code::UnsupportedOperation)
    };
    match result.and_then(|reply| read_done(&reply)) {
        Err(error) if !unimportant(error.code) => Err(error),
        _ => Ok(()),
    }
}
