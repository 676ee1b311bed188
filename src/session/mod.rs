//! One user's tokens, and whether they are fresh or due at a given time.

mod claims;
pub mod keys;
pub mod record;

use crate::error::Error;
use crate::protocol::Millis;
use crate::protocol::user_pool::{Tokens, UserPool};
use crate::secret::SecretText;
use crate::text::Text;
use alloc::rc::Rc;
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

/// What a signed-in user holds. A clone is the same session: in a pointer, which half of the client hands on.
#[derive(Clone, Debug)]
pub struct Session(Rc<Held>);

#[derive(Debug)]
struct Held {
    id: SecretText,
    access: SecretText,
    refresh: SecretText,
    subject: Text,
    user: Text,
    expires: Millis,
    margin: Millis,
    rotates: bool,
    began: Millis,
}

/// What a session has that its tokens do not say.
#[derive(Default)]
struct Past {
    rotates: bool,
    began: Option<Millis>,
}

impl Session {
    /// A session from the tokens of a sign-in, checked against the pool at the service's time `now`.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn begin(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let timely = |identity: &Claims, grant: &Claims| identity.is_timely(now).and_then(|()| grant.is_timely(now));
        Self::accept(tokens, pool, now, Past::default(), &timely)
    }

    /// A session from the tokens of a hosted page, which answer the request that sent `nonce`.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn answer(tokens: Tokens, nonce: &str, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let answers = Claims::of(&tokens.id).and_then(|identity| identity.text("nonce")).as_deref() == Some(nonce);
        let session = Self::begin(tokens, pool, now)?;
        if answers { Ok(session) } else { Err(refused("nonce")) }
    }

    /// A session from tokens that were kept: they may be over.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim.
    pub fn resume(tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        Self::recall(tokens, pool, now, Past::default())
    }

    /// The same user's session with the tokens of a refresh. Without a new refresh token the old one stays. That the tokens
    /// are new is known without a clock, which may have been turned: one that is wrong ends no session.
    ///
    /// # Errors
    /// `InvalidToken`, naming the claim; `sub` where the tokens are another user's.
    pub fn renew(&self, tokens: Tokens, pool: &UserPool, now: Millis) -> Result<Self, Error> {
        let past = Past { rotates: tokens.refresh.is_some(), began: Some(self.0.began) };
        let refresh = tokens.refresh.unwrap_or_else(|| copy(&self.0.refresh));
        let next = Self::recall(Tokens { refresh: Some(refresh), ..tokens }, pool, now, past)?;
        if next.is_of_same_user(self) { Ok(next) } else { Err(refused("sub")) }
    }

    /// This session with the refresh token of `next`, whose other tokens could not be proven yet.
    pub fn carry(&self, next: &Session) -> Self {
        Self(Rc::new(Held {
            id: copy(&self.0.id),
            access: copy(&self.0.access),
            refresh: copy(&next.0.refresh),
            subject: self.0.subject.clone(),
            user: self.0.user.clone(),
            rotates: next.0.rotates,
            ..*self.0
        }))
    }

    /// A session from tokens that may be over.
    fn recall(tokens: Tokens, pool: &UserPool, now: Millis, past: Past) -> Result<Self, Error> {
        Self::accept(tokens, pool, now, past, &|_, _| Ok(()))
    }

    fn accept(
        tokens: Tokens,
        pool: &UserPool,
        now: Millis,
        past: Past,
        check: &dyn Fn(&Claims, &Claims) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let Tokens { id, access, refresh, .. } = tokens;
        let refresh = refresh.ok_or_else(|| refused("no refresh token came with it"))?;
        let identity = Claims::accept(&id, Use::Id, pool)?;
        let grant = Claims::accept(&access, Use::Access, pool)?;
        let subject = identity.subject().unwrap_or_default();
        if grant.subject().as_ref() != Some(&subject) {
            return Err(refused("sub"));
        }
        check(&identity, &grant)?;
        let expires = identity.expires().min(grant.expires()).unwrap_or(now);
        let margin = MARGIN.min((expires - now).max(0) / 4);
        let (user, began) = (identity.about_user(), past.began.or(identity.time("auth_time")).unwrap_or(now));
        Ok(Self(Rc::new(Held { id, access, refresh, subject, user, expires, margin, rotates: past.rotates, began })))
    }

    /// The ID token.
    pub fn id_token(&self) -> &SecretText {
        &self.0.id
    }

    /// The access token.
    pub fn access_token(&self) -> &SecretText {
        &self.0.access
    }

    /// The refresh token.
    pub fn refresh_token(&self) -> &SecretText {
        &self.0.refresh
    }

    /// The checked claims about the user as JSON text, without the members that change with every token.
    pub fn user(&self) -> &str {
        &self.0.user
    }

    /// The ID of the user (`sub`).
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The device that the user has signed in on, if the pool tracks it (`device_key` of the access token).
    pub fn device_key(&self) -> Option<Text> {
        Claims::of(&self.0.access)?.text("device_key")
    }

    /// Whether both hold the same tokens.
    pub fn has_tokens_of(&self, other: &Session) -> bool {
        self.0.access.expose() == other.0.access.expose() && self.0.refresh.expose() == other.0.refresh.expose()
    }

    /// When the user has proven who they are (`auth_time`), by the service's time.
    pub fn began(&self) -> Millis {
        self.0.began
    }

    /// When to renew the tokens ahead of need: up to half a margin before they are [`Freshness::Due`], by `luck` of 256, so
    /// that not all engines of a user come at once.
    pub fn due(&self, luck: u8) -> Millis {
        self.0.expires - self.0.margin - self.0.margin * Millis::from(luck) / 512
    }

    /// Whether both are one.
    pub fn is(&self, other: &Session) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether both sessions are the same user's.
    pub fn is_of_same_user(&self, other: &Session) -> bool {
        self.0.subject == other.0.subject
    }

    /// Whether a refresh has replaced the refresh token: then a lost reply has spent it.
    pub fn rotates(&self) -> bool {
        self.0.rotates
    }

    /// What the tokens are worth at the service's time `now`.
    pub fn freshness(&self, now: Millis) -> Freshness {
        if now >= self.0.expires {
            Freshness::Dead
        } else if now >= self.0.expires - self.0.margin {
            Freshness::Due
        } else {
            Freshness::Fresh
        }
    }
}

fn copy(secret: &SecretText) -> SecretText {
    SecretText::from(secret.expose().as_str())
}
