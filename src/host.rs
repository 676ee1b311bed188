//! What the client asks of the place it runs in: send, now, entropy, pause, tell.

use crate::error::{Code, Error};
use crate::protocol::{Millis, Reply, Request};

/// The place in which a client runs: a browser's worker or page, or a test's memory.
#[allow(async_fn_in_trait, reason = "one thread: a page or a worker; the futures need not be Send")]
pub trait Host {
    /// Posts the request, with the body's type `application/x-amz-json-1.1`, and brings the reply.
    ///
    /// # Errors
    /// `Network` or `Timeout`.
    async fn send(&self, request: &Request) -> Result<Reply, Error>;

    /// The time on this machine's clock.
    fn now(&self) -> Millis;

    /// Fills `bytes` from the platform's cryptographic generator.
    ///
    /// # Errors
    /// `EngineFailed` where there is none.
    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error>;

    /// Returns after so many milliseconds.
    async fn pause(&self, millis: u32);

    /// Tells the app what it may show now. No secret is in it.
    fn tell(&self, news: News<'_>);
}

/// What the app may show, and what has just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News<'a> {
    /// Where the session stands.
    pub status: Status,
    /// The checked claims about the user, as JSON text.
    pub user: Option<&'a str>,
    /// What has happened.
    pub event: Event,
}

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody is signed in.
    SignedOut,
    /// A user is signed in.
    SignedIn,
    /// A user is signed in, but the service could not be reached to renew the tokens.
    Stale,
}

/// What has happened to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A sign-in is complete.
    SignedIn,
    /// The session is over, and why.
    SignedOut(Reason),
    /// New tokens came.
    Refreshed,
    /// No new tokens came; the session stays.
    RefreshFailed(Code),
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The app signed out.
    User,
    /// The service refused the refresh token: expired, revoked, or the user is gone.
    Refused,
    /// The service saw a refresh token that was already exchanged.
    Reused,
}
