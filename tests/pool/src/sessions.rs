//! What is remembered between the steps of a sign-in: challenges by their Session, SRP exchanges by their secret block.

use num_bigint::BigUint;
use serde_json::{Map, Value};
use std::collections::HashMap;

use crate::{
    clock::{Instant, span},
    refusal::Refusal,
    srp::{Ephemeral, Verifier},
};

/// How long a secret block can be answered, in seconds.
const BLOCK_SECONDS: i64 = 60;

/// A question that was put to a user.
#[derive(Clone, Debug)]
pub enum Asked {
    /// NEW_PASSWORD_REQUIRED.
    NewPassword,
    /// A challenge set by the control API; any answer is right.
    Forced(Forced),
}

/// A challenge that the control API put in a user's way.
#[derive(Clone, Debug)]
pub struct Forced {
    /// ChallengeName.
    pub name: String,
    /// ChallengeParameters.
    pub parameters: Map<String, Value>,
}

impl Asked {
    /// ChallengeName.
    pub fn name(&self) -> &str {
        match self {
            Self::NewPassword => "NEW_PASSWORD_REQUIRED",
            Self::Forced(forced) => &forced.name,
        }
    }
}

#[derive(Debug)]
struct Session {
    username: String,
    asked: Asked,
    ends_at: Instant,
    spent: bool,
}

/// One SRP exchange, waiting for its proof.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The user; none for a decoy.
    pub username: Option<String>,
    /// USER_ID_FOR_SRP, which the answer must repeat.
    pub user_id: String,
    /// The name under which failures are counted.
    pub counted_as: String,
    /// The client's A.
    pub a_public: BigUint,
    /// Our b and B.
    pub ephemeral: Ephemeral,
    /// What was kept of the password when the exchange began.
    pub verifier: Verifier,
    ends_at: Instant,
}

impl Exchange {
    /// An exchange that begins now.
    pub fn new(
        (username, user_id, counted_as): (Option<String>, String, String),
        (a_public, ephemeral, verifier): (BigUint, Ephemeral, Verifier),
        now: Instant,
    ) -> Self {
        Self { username, user_id, counted_as, a_public, ephemeral, verifier, ends_at: now + span(BLOCK_SECONDS) }
    }
}

/// All open steps.
#[derive(Debug, Default)]
pub struct Sessions {
    challenges: HashMap<String, Session>,
    exchanges: HashMap<String, Exchange>,
}

impl Sessions {
    /// Remembers what a user was asked.
    pub fn ask(&mut self, session: String, username: String, asked: Asked, ends_at: Instant) {
        self.challenges.insert(session, Session { username, asked, ends_at, spent: false });
    }

    /// Spends a Session: whom it asked, and what.
    ///
    /// # Errors
    /// `NotAuthorizedException` if it is unknown, spent, over, of another user or of another challenge; the last two do not spend it.
    pub fn answer(
        &mut self,
        session: &str,
        username: &str,
        challenge: &str,
        now: Instant,
    ) -> Result<(String, Asked), Refusal> {
        let refuse = |text: &str| Err(Refusal::not_authorized(text));
        let Some(open) = self.challenges.get_mut(session) else {
            return refuse("Invalid session for the user.");
        };
        if open.spent {
            return refuse("Invalid session for the user, session can only be used once.");
        }
        if now >= open.ends_at {
            return refuse("Invalid session for the user, session is expired.");
        }
        if open.username != username || open.asked.name() != challenge {
            return refuse("Invalid session for the user.");
        }
        open.spent = true;
        Ok((open.username.clone(), open.asked.clone()))
    }

    /// Opens a spent Session again, with the end that it had.
    pub fn reopen(&mut self, session: &str) {
        if let Some(session) = self.challenges.get_mut(session) {
            session.spent = false;
        }
    }

    /// Remembers an SRP exchange.
    pub fn begin(&mut self, block: String, exchange: Exchange) {
        self.exchanges.insert(block, exchange);
    }

    /// Takes the exchange of a secret block out, if it is not over: whatever follows, the block is spent.
    pub fn finish(&mut self, block: &str, now: Instant) -> Option<Exchange> {
        self.exchanges.remove(block).filter(|exchange| now < exchange.ends_at)
    }
}
