//! One user's tokens, and whether they are fresh or due at a given time.

mod claims;
pub mod keys;
pub mod record;

use crate::error::Error;
use crate::protocol::Millis;
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::SecretText;
use alloc::string::String;
pub use claims::refused;
use claims::{Claims, Use};

/// Tokens are renewed this long before they end.
const MARGIN: Millis = 60_000;

/// How much a session's access and ID token are still worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Good.
    Fresh,
    /// Good, and about to end: renew them.
    Due,
    /// Over: only the refresh token may still be good.
    Dead,
}

/// What a signed-in user holds.
#[derive(Debug)]
pub struct Session {
    id: SecretText,
    access: SecretText,
    refresh: SecretText,
    subject: String,
    user: String,
    expires: Millis,
    margin: Millis,
    rotates: bool,
    began: Millis,
}

impl Session {
    /// A session from the tokens of a sign-in, checked against the pool at the service's time `now`.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn begin(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let (session, identity, grant) = Self::accept(tokens, pool, now)?;
        identity.is_timely(now)?;
        grant.is_timely(now)?;
        Ok(session)
    }

    /// A session from the tokens of a hosted page, which answer the request that sent `nonce`.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn answer(tokens: Tokens, nonce: &str, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let (session, identity, grant) = Self::accept(tokens, pool, now)?;
        identity.is_timely(now)?;
        grant.is_timely(now)?;
        if identity.text("nonce").as_deref() == Some(nonce) { Ok(session) } else { Err(refused("nonce")) }
    }

    /// A session from tokens that were kept: they may be over.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn resume(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        Self::accept(tokens, pool, now).map(|(session, ..)| session)
    }

    /// The same user's session with the tokens of a refresh. Without a new refresh token the old one stays. That the tokens
    /// are new is known without a clock, which may have been turned: one that is wrong ends no session.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim; `sub` where the tokens are another user's.
    pub fn renew(&self, tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let rotates = tokens.refresh.is_some();
        let refresh = tokens.refresh.unwrap_or_else(|| copy(&self.refresh));
        let next = Self::resume(Tokens { refresh: Some(refresh), ..tokens }, pool, now)?;
        if next.subject != self.subject {
            return Err(refused("sub"));
        }
        Ok(Self { rotates, began: self.began, ..next })
    }

    /// This session with the refresh token of `next`, whose other tokens could not be proven yet.
    pub fn carry(&self, next: &Session) -> Self {
        Self {
            id: copy(&self.id),
            access: copy(&self.access),
            refresh: copy(&next.refresh),
            subject: self.subject.clone(),
            user: self.user.clone(),
            rotates: next.rotates,
            ..*self
        }
    }

    fn accept(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<(Self, Claims, Claims), Error> {
        let Tokens { id, access, refresh, .. } = tokens;
        let refresh = refresh.ok_or_else(|| refused("no refresh token came with it"))?;
        let identity = Claims::accept(&id, Use::Id, pool)?;
        let grant = Claims::accept(&access, Use::Access, pool)?;
        let subject = identity.subject().unwrap_or_default();
        if grant.subject().as_ref() != Some(&subject) {
            return Err(refused("sub"));
        }
        let expires = identity.expires().min(grant.expires()).unwrap_or(now);
        let margin = MARGIN.min((expires - now).max(0) / 4);
        let (user, began) = (identity.about_user(), identity.time("auth_time").unwrap_or(now));
        let session = Self { id, access, refresh, subject, user, expires, margin, rotates: false, began };
        Ok((session, identity, grant))
    }

    /// The ID token.
    pub fn id_token(&self) -> &SecretText {
        &self.id
    }

    /// The access token.
    pub fn access_token(&self) -> &SecretText {
        &self.access
    }

    /// The refresh token.
    pub fn refresh_token(&self) -> &SecretText {
        &self.refresh
    }

    /// The checked claims about the user as JSON text, without the members that change with every token.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The ID of the user (`sub`).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The device that the user has signed in on, if the pool tracks it (`device_key` of the access token).
    pub fn device_key(&self) -> Option<String> {
        Claims::of(&self.access)?.text("device_key")
    }

    /// Whether both hold the same tokens.
    pub fn has_tokens_of(&self, other: &Session) -> bool {
        self.access.expose() == other.access.expose() && self.refresh.expose() == other.refresh.expose()
    }

    /// When the user has proven who they are (`auth_time`), by the service's time.
    pub fn began(&self) -> Millis {
        self.began
    }

    /// When to renew the tokens ahead of need: up to half a margin before they are [`Freshness::Due`], by `luck` of 256, so
    /// that not all engines of a user come at once.
    pub fn due(&self, luck: u8) -> Millis {
        self.expires - self.margin - self.margin * Millis::from(luck) / 512
    }

    /// Whether both sessions are the same user's.
    pub fn is_of_same_user(&self, other: &Session) -> bool {
        self.subject == other.subject
    }

    /// Whether a refresh has replaced the refresh token: then a lost reply has spent it.
    pub fn rotates(&self) -> bool {
        self.rotates
    }

    /// What the tokens are worth at the service's time `now`.
    pub fn freshness(&self, now: Millis) -> Freshness {
        if now >= self.expires {
            Freshness::Dead
        } else if now >= self.expires - self.margin {
            Freshness::Due
        } else {
            Freshness::Fresh
        }
    }
}

fn copy(secret: &SecretText) -> SecretText {
    SecretText::from(secret.expose().as_str())
}
