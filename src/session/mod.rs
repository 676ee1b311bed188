//! One user's tokens, and whether they are fresh or due at a given time.

mod claims;

use crate::error::Error;
use crate::protocol::Millis;
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::SecretText;
use alloc::string::String;
use claims::{Claims, Use, refused};

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
}

impl Session {
    /// A session from the tokens of a sign-in, checked against the pool at the service's time `now`.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn begin(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let Tokens { id, access, refresh } = tokens;
        let refresh = refresh.ok_or_else(|| refused("no refresh token came with it"))?;
        Self::accept(id, access, refresh, pool, now)
    }

    /// The same user's session with the tokens of a refresh. Without a new refresh token the old one stays.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim; `sub` where the tokens are another user's.
    pub fn renew(&self, tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let Tokens { id, access, refresh } = tokens;
        let rotates = refresh.is_some();
        let refresh = refresh.unwrap_or_else(|| SecretText::from(self.refresh.expose().as_str()));
        let next = Self::accept(id, access, refresh, pool, now)?;
        if next.subject != self.subject {
            return Err(refused("sub"));
        }
        Ok(Self { rotates, ..next })
    }

    fn accept(
        id: SecretText,
        access: SecretText,
        refresh: SecretText,
        pool: &UserPool,
        now: Millis,
    ) -> Result<Self, Error> {
        let identity = Claims::accept(&id, Use::Id, pool, now)?;
        let grant = Claims::accept(&access, Use::Access, pool, now)?;
        let subject = identity.subject().unwrap_or_default();
        if grant.subject().as_ref() != Some(&subject) {
            return Err(refused("sub"));
        }
        let expires = identity.expires().min(grant.expires()).unwrap_or(now);
        let margin = MARGIN.min((expires - now) / 4);
        Ok(Self { id, access, refresh, subject, user: identity.about_user(), expires, margin, rotates: false })
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
