//! What the client asks of the place it runs in: send, verify, keep, lock, now, entropy, pause, tell.

use crate::error::{Code, Error};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::SecretText;
use alloc::boxed::Box;

/// The place in which a client runs: a browser's worker or page, or a test's memory.
#[allow(async_fn_in_trait, reason = "one thread: a page or a worker; the futures need not be Send")]
pub trait Host {
    /// Posts the request, with the body's type `application/x-amz-json-1.1`, and brings the reply. A request without an
    /// operation is a form (`application/x-www-form-urlencoded`) or, without a body, a GET.
    ///
    /// # Errors
    /// `Network` or `Timeout`.
    async fn send(&self, request: &Request) -> Result<Box<Reply>, Error>;

    /// Whether `signature`, in Base64url, is that of `text` by the RSA `key`, a JWK: RSASSA-PKCS1-v1_5 with SHA-256.
    async fn verify(&self, key: &str, text: &str, signature: &str) -> bool;

    /// The record of a session that is kept for this pool and client, by this engine or another one.
    async fn load(&self) -> Option<SecretText>;

    /// Keeps `record` under `revision` in the place of the one under `over`, or of any where `over` is 0. Whether it did:
    /// where another record is kept, or none, it stays so.
    async fn save(&self, record: &SecretText, revision: u32, over: u32) -> bool;

    /// Forgets what is kept, and tells other engines that `subject` has signed out.
    async fn clear(&self, subject: &str);

    /// The record of the device on which this user is remembered, `{ key, group, password }`: kept where the session is, and
    /// longer.
    async fn device(&self, username: &str) -> Option<SecretText>;

    /// Keeps `record` as that of the user's device beside those of other users. Where it is empty, forgets the device of the user
    /// who is called so, or the one with that key.
    async fn keep_device(&self, username: &str, record: &SecretText);

    /// Waits until no other engine of this pool and client holds the lock; not for ever.
    async fn lock(&self);

    /// Lets the lock go, or no longer waits for it.
    fn unlock(&self);

    /// Has `Client::tend` called after so many milliseconds; replaces the alarm before.
    fn alarm(&self, millis: u32);

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
    /// A sign-in is complete, here or in another engine.
    SignedIn,
    /// A session that was kept goes on.
    Restored,
    /// The session is over, and why.
    SignedOut(Reason),
    /// New tokens came.
    Refreshed,
    /// No new tokens came; the session stays.
    RefreshFailed(Code),
    /// The user has done nothing for long; in so many milliseconds the session is over.
    Idle(u32),
    /// What was kept cannot be read, and is forgotten.
    StorageFailed,
    /// The pool asks whether to remember this device.
    RememberDevice,
    /// This device could not be confirmed: where the pool tracks devices, the tokens cannot be renewed.
    DeviceFailed(Code),
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
    /// Another engine, in another tab, has signed out.
    Elsewhere,
    /// The user has done nothing for the idle timeout.
    Idle,
    /// The session is as old as the app lets one get.
    Expired,
}
