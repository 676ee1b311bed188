//! Families of tokens: all that descends from one sign-in, revoked and ended together.

use serde::Serialize;
use std::collections::{HashMap, VecDeque};

use crate::{clock::Instant, random::Random, tracking::Tracked};

/// The scope of every access token from the API, and what an access token needs for the operations of the service.
pub const SCOPE: &str = "aws.cognito.signin.user.admin";

/// `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}` in base64url: refresh tokens look like encrypted JWTs, and nobody can read them.
const SEALED_HEADER: &str = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ";

/// All that descends from one sign-in.
#[derive(Clone, Debug)]
pub struct Family {
    /// The ID of the family, `origin_jti`.
    pub origin: String,
    /// The client that it was given to.
    pub client: String,
    /// The user's `sub`.
    pub sub: String,
    /// When the user signed in, in epoch seconds.
    pub auth_time: i64,
    /// When the last refresh token ends; rotation does not move it.
    pub ends_at: Instant,
    /// Whether it was revoked.
    pub revoked: bool,
    /// The device that it was made on, which a refresh must name.
    pub device: Option<String>,
    /// What was proven, as `amr` names it.
    pub proven: Vec<String>,
    /// Whether the tokens say what was proven.
    pub tells: bool,
    /// What was granted at the hosted pages; none for a sign-in by the API.
    pub grant: Option<Grant>,
    /// How it is listed among the user's sessions.
    pub tracked: Tracked,
}

/// What a client was granted at the hosted pages.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The scopes, with spaces between them.
    pub scope: String,
    /// The resource server that the access tokens are for (RFC 8707).
    pub resource: Option<String>,
}

impl Family {
    /// The scopes of its access tokens.
    pub fn scope(&self) -> &str {
        self.grant.as_ref().map_or(SCOPE, |grant| &grant.scope)
    }
}

/// A refresh token that was given out.
#[derive(Clone, Debug)]
pub struct Refresh {
    /// Its family.
    pub origin: String,
    /// When it was first exchanged for a newer one.
    pub superseded_at: Option<Instant>,
}

/// A token as a client got it.
#[derive(Clone, Debug, Serialize)]
pub struct Issued {
    /// `access`, `id` or `refresh`.
    pub kind: &'static str,
    /// The token.
    pub token: String,
}

/// How many issued tokens are listed.
const MOST: usize = 1000;

/// Everything that was given out.
#[derive(Debug, Default)]
pub struct Tokens {
    families: HashMap<String, Family>,
    refresh: HashMap<String, Refresh>,
    /// The family of each access token, by `jti`: the token itself names it only if revocation is on.
    access: HashMap<String, String>,
    issued: VecDeque<Issued>,
}

impl Tokens {
    /// Starts a family.
    pub fn start(&mut self, family: Family) {
        self.families.insert(family.origin.clone(), family);
    }

    /// Gives out a refresh token of a family.
    pub fn refresh_token(&mut self, random: &mut Random, origin: &str) -> String {
        let parts = [256, 12, 480, 16].map(|count| random.base64url(count));
        let token = format!("{SEALED_HEADER}.{}", parts.join("."));
        self.refresh.insert(token.clone(), Refresh { origin: origin.to_owned(), superseded_at: None });
        token
    }

    /// Notes that an access token belongs to a family.
    pub fn note_access(&mut self, jti: &str, origin: &str) {
        self.access.insert(jti.to_owned(), origin.to_owned());
    }

    /// Notes a token that a client gets.
    pub fn issue(&mut self, kind: &'static str, token: &str) {
        self.issued.push_back(Issued { kind, token: token.to_owned() });
        if self.issued.len() > MOST {
            self.issued.pop_front();
        }
    }

    /// The newest thousand tokens, oldest first.
    pub fn issued(&self) -> &VecDeque<Issued> {
        &self.issued
    }

    /// The family of an access token.
    pub fn family_of_access(&self, jti: &str) -> Option<&Family> {
        self.families.get(self.access.get(jti)?)
    }

    /// A refresh token and its family.
    pub fn look_up(&self, token: &str) -> Option<(Refresh, Family)> {
        let refresh = self.refresh.get(token)?;
        let family = self.families.get(&refresh.origin)?;
        Some((refresh.clone(), family.clone()))
    }

    /// Notes that a refresh token was exchanged; the first time counts.
    pub fn supersede(&mut self, token: &str, now: Instant) {
        if let Some(refresh) = self.refresh.get_mut(token) {
            refresh.superseded_at.get_or_insert(now);
        }
    }

    /// Revokes a family.
    pub fn revoke(&mut self, origin: &str) {
        if let Some(family) = self.families.get_mut(origin) {
            family.revoked = true;
        }
    }

    /// Revokes the family that is this session.
    pub fn revoke_session(&mut self, id: &str) {
        for family in self.families.values_mut().filter(|family| family.tracked.id == id) {
            family.revoked = true;
        }
    }

    /// Whether a family was revoked.
    pub fn is_revoked(&self, origin: &str) -> bool {
        self.families.get(origin).is_some_and(|family| family.revoked)
    }

    /// Notes that a family was used.
    pub fn touch(&mut self, origin: &str, now: Instant) {
        if let Some(family) = self.families.get_mut(origin) {
            family.tracked.active_at = now;
        }
    }

    /// The families of a user that are neither over nor revoked.
    pub fn open_families(&self, sub: &str, now: Instant) -> impl Iterator<Item = &Family> {
        self.families.values().filter(move |family| family.sub == sub && !family.revoked && now < family.ends_at)
    }

    /// Revokes every family of a user.
    pub fn revoke_all_of(&mut self, sub: &str) {
        for family in self.families.values_mut().filter(|family| family.sub == sub) {
            family.revoked = true;
        }
    }
}
