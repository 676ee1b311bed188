//! Renewing a session by its refresh token (GetTokensFromRefreshToken).

use crate::error::{Code, Error};
use crate::protocol::user_pool::{Progress, UserPool, read_progress};
use crate::protocol::{Millis, Repeat, Reply, Request};
use crate::session::Session;
use alloc::boxed::Box;

/// What a refresh came to.
#[derive(Debug)]
pub enum Verdict {
    /// The session goes on with new tokens.
    Renewed(Session),
    /// The session stays as it was: the service could not be asked, or is busy.
    Kept(Error),
    /// The service says that the session is over.
    Ended(Error),
}

/// Asks for new tokens. Once the pool has shown that it rotates refresh tokens, a lost reply is not repeated: it has spent
/// the token.
pub fn request(pool: &UserPool, session: &Session, metadata: &str) -> Box<Request> {
    let repeat = if session.rotates() { Repeat::Never } else { Repeat::Safe };
    pool.refresh(session.refresh_token(), session.device_key().as_deref(), metadata, repeat)
}

/// Reads what became of the request at the service's time `now`.
pub fn receive(pool: &UserPool, session: &Session, result: Result<Box<Reply>, Error>, now: Millis) -> Verdict {
    let progress = result.and_then(|reply| read_progress(&reply));
    let renewed = progress.and_then(|progress| match progress {
        Progress::Tokens(tokens) => session.renew(tokens, pool, now),
        Progress::Challenge { name, .. } => Err(Error::new(Code::UnsupportedChallenge, name)),
    });
    match renewed {
        Ok(session) => Verdict::Renewed(session),
        // The service knows the device no longer, and the refresh token with it.
        Err(error) if error.code == Code::ResourceNotFound && session.device_key().is_some() => Verdict::Ended(error),
        Err(error) if ends(error.code) => Verdict::Ended(error),
        Err(error) => Verdict::Kept(error),
    }
}

/// The refusals that mean: sign in again. Tokens of another user or pool do too.
fn ends(code: Code) -> bool {
    matches!(
        code,
        Code::NotAuthorized
            | Code::RefreshTokenReuse
            | Code::PasswordResetRequired
            | Code::UserNotConfirmed
            | Code::Unauthorized
            | Code::InvalidToken
    )
}
