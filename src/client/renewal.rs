//! Calls with a token that is fresh, and the one refresh that makes it so for all who wait, in this engine and others.

use super::exchange::never;
use super::{ApiCall, Client, Task};
use crate::error::{Code, Error};
use crate::flow::refresh::{self, Verdict};
use crate::host::{Event, Host, Reason};
use crate::protocol::Reply;
use crate::protocol::json::Json;
use crate::session::{Freshness, Session};
use alloc::boxed::Box;

/// The lock of the pool and client; dropping it lets it go.
struct Lock<'a, H: Host>(&'a H);

impl<H: Host> Drop for Lock<'_, H> {
    fn drop(&mut self) {
        self.0.unlock();
    }
}

impl<H: Host> Client<H> {
    /// Calls an API with a fresh session's token, and once more with a new one if it answers 401: the last reply.
    ///
    /// `call` takes the token that the API wants; it is called twice at most.
    ///
    /// # Errors
    /// `OriginNotAllowed` without a call; `NotSignedIn`; what a needed refresh or `call` raises.
    pub fn with_tokens<'a>(&'a self, origin: &str, call: ApiCall<'a>) -> Task<'a, Box<Reply>> {
        let listed = Json::read(&self.config.api_origins).has(origin);
        Task::new(async move {
            if !listed {
                return Err(Error::new(Code::OriginNotAllowed, "The vault adds no token for this origin."));
            }
            self.authorized(&|session| call(session), |reply| reply.status == 401).await
        })
    }

    /// Renews the tokens now.
    ///
    /// # Errors
    /// `NotSignedIn`; the refusal that ended the session; why the tokens could not be renewed.
    pub fn refresh(&self) -> Task<'_, ()> {
        self.renew(self.current())
    }

    /// Sends with a fresh session, and once more with a new one if the first reply refuses the token.
    /// Where there is no new one, the first reply stands.
    pub(super) fn authorized<'a>(
        &'a self,
        send: &'a dyn Fn(Session) -> Task<'a, Box<Reply>>,
        refused: fn(&Reply) -> bool,
    ) -> Task<'a, Box<Reply>> {
        Task::new(async move {
            let seen = self.living().await?;
            let worth = seen.freshness(self.now());
            if worth != Freshness::Fresh
                && let Err(error) = self.renew(Ok(seen.clone())).await
                // Tokens that are still good are used if they cannot be renewed.
                && (worth == Freshness::Dead || self.successor(&seen).is_err())
            {
                return Err(error);
            }
            let mut again = false;
            loop {
                let seen = self.current()?;
                let reply = send(seen.clone()).await?;
                if again || !refused(&reply) || self.renew(Ok(seen)).await.is_err() {
                    return Ok(reply);
                }
                again = true;
            }
        })
    }

    /// Renews what was `seen`. Whoever waits meanwhile, here or in another engine, finds the session renewed and sends
    /// nothing; a late answer never replaces a session that came, or went, in the meantime.
    pub(super) fn renew(&self, seen: Result<Session, Error>) -> Task<'_, ()> {
        Task::new(async move {
            let seen = seen?;
            let turn = self.refreshing.enter().await;
            if self.successor(&seen)? {
                return Ok(());
            }
            let failure = self.failure.take();
            if let Some(error) = failure.filter(|_| turn.has_waited()) {
                self.failure.set(Some(error.clone()));
                return Err(error);
            }
            let _lock = Lock(&self.host);
            self.host.lock().await;
            self.look().await;
            // Before it is sent: should this engine end now, whoever finds the token renews at once, within the service's grace.
            if !self.keep_over(&seen, None).await? {
                return Ok(());
            }
            let result = self.attempt(refresh::request(&self.config.pool, &seen, &self.config.metadata), &never).await;
            match refresh::receive(&self.config.pool, &seen, result, self.now()) {
                Verdict::Renewed(next) => self.replace(&seen, next).await,
                Verdict::Kept(error) => self.keep_stale(&seen, error),
                Verdict::Ended(error) => {
                    // Another engine may have signed in anew.
                    self.look().await;
                    if self.successor(&seen)? {
                        return Ok(());
                    }
                    let reused = error.code == Code::RefreshTokenReuse;
                    self.forget(if reused { Reason::Reused } else { Reason::Refused });
                    self.host.clear(seen.subject()).await;
                    Err(error)
                }
            }
        })
    }

    /// Puts `next` in the place of `seen`. It is kept before it is used, since it may hold the only refresh token that is
    /// still good; for the same reason that one is kept where the other tokens cannot be proven.
    async fn replace(&self, seen: &Session, next: Session) -> Result<(), Error> {
        let proof = self.prove(&next).await;
        let next = if proof.is_ok() { next } else { seen.carry(&next) };
        match self.keep_over(seen, Some(&next)).await {
            Ok(false) => Ok(()),
            Ok(true) => {
                let Err(error) = proof else {
                    self.commit(next, Event::Refreshed);
                    return Ok(());
                };
                self.session.set(Some(next.clone()));
                self.keep_stale(&next, error)
            }
            Err(error) => {
                // Nobody wants these tokens. A newer session of the same user may be of the same family, which would end with them.
                let _ = self.revoke(&next).await;
                Err(error)
            }
        }
    }

    /// Keeps `next` in the place of `seen`, or without one `seen` as sent, unless it was replaced; whether it did.
    async fn keep_over(&self, seen: &Session, next: Option<&Session>) -> Result<bool, Error> {
        while !self.successor(seen)? {
            let over = self.revision.get();
            self.spent.set(next.is_none());
            if self.keep(next.unwrap_or(seen), over).await? {
                return self.successor(seen).map(|replaced| !replaced);
            }
            // Another engine has noted something, renewed or signed out.
            if !self.look().await || self.revision.get() == over {
                self.forget(Reason::Elsewhere);
            }
        }
        Ok(false)
    }

    /// The session stays as it was `seen`, and is stale.
    fn keep_stale(&self, seen: &Session, error: Error) -> Result<(), Error> {
        if self.successor(seen)? {
            return Ok(());
        }
        self.failure.set(Some(error.clone()));
        self.count_failure();
        self.tell(Event::RefreshFailed(error.code));
        self.set_alarm();
        Err(error)
    }

    /// Whether `seen` has been replaced by a newer session of the same user.
    fn successor(&self, seen: &Session) -> Result<bool, Error> {
        let session = self.current()?;
        if session.is_of_same_user(seen) {
            return Ok(!session.is(seen));
        }
        Err(Error::new(Code::NotSignedIn, "Another user has signed in meanwhile."))
    }
}
