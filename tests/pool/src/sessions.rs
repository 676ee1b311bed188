//! What is remembered between the steps of a sign-in: challenges by their Session, SRP exchanges by their secret block.

use num_bigint::BigUint;
use serde_json::{Map, Value};
use std::collections::HashMap;

use crate::{
    clock::{Instant, span},
    course::Course,
    refusal::Refusal,
    srp::{Ephemeral, Verifier},
    totp::Authenticator,
    ways::Method,
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
    /// SELECT_CHALLENGE.
    Choice,
    /// PASSWORD.
    Password,
    /// PASSWORD_SRP.
    PasswordSrp,
    /// PASSWORD_VERIFIER of this secret block, where it has a Session.
    Verifier(String),
    /// EMAIL_OTP, SMS_OTP or SMS_MFA.
    Code(SentCode),
    /// SOFTWARE_TOKEN_MFA.
    Totp,
    /// WEB_AUTHN, by the number of its assertion; none for a decoy.
    Passkey(Option<u64>),
    /// SELECT_MFA_TYPE.
    Method(Vec<Method>),
    /// MFA_SETUP.
    SetUp(SetUp),
    /// CUSTOM_CHALLENGE.
    Round,
    /// DEVICE_SRP_AUTH.
    DeviceSrp,
    /// DEVICE_PASSWORD_VERIFIER of this secret block.
    DeviceVerifier(String),
    /// Nothing: ConfirmSignUp takes this Session.
    SignedUp,
    /// Nothing: InitiateAuth takes this Session.
    Confirmed,
}

/// A code that was sent for a sign-in.
#[derive(Clone, Debug)]
pub struct SentCode {
    /// ChallengeName.
    pub challenge: &'static str,
    /// None if nobody has it.
    pub digits: Option<String>,
    /// What it proves.
    pub proves: Proves,
}

/// What a code proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proves {
    /// Who the user is.
    FirstFactor,
    /// The same, once more.
    SecondFactor,
    /// An address that becomes the second factor.
    NewAddress(String),
}

/// How far MFA_SETUP has come with an authenticator app.
#[derive(Clone, Debug)]
pub enum SetUp {
    /// Nothing was chosen.
    Begun,
    /// A secret was given out.
    Associated(String),
    /// A code of the app was right.
    Verified(Authenticator),
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
            Self::Choice => "SELECT_CHALLENGE",
            Self::Password => "PASSWORD",
            Self::PasswordSrp => "PASSWORD_SRP",
            Self::Verifier(_) => "PASSWORD_VERIFIER",
            Self::Code(sent) => sent.challenge,
            Self::Totp => "SOFTWARE_TOKEN_MFA",
            Self::Passkey(_) => "WEB_AUTHN",
            Self::Method(_) => "SELECT_MFA_TYPE",
            Self::SetUp(_) => "MFA_SETUP",
            Self::Round => "CUSTOM_CHALLENGE",
            Self::DeviceSrp => "DEVICE_SRP_AUTH",
            Self::DeviceVerifier(_) => "DEVICE_PASSWORD_VERIFIER",
            Self::SignedUp | Self::Confirmed => "",
        }
    }

    /// Whether it is the choice of a first factor, or one of those.
    pub fn is_of_the_choice(&self) -> bool {
        match self {
            Self::Choice | Self::Password | Self::PasswordSrp | Self::Verifier(_) | Self::Passkey(_) => true,
            Self::Code(sent) => sent.proves == Proves::FirstFactor,
            _ => false,
        }
    }
}

#[derive(Debug)]
struct Session {
    course: Course,
    asked: Asked,
    ends_at: Instant,
    spent: bool,
}

/// One SRP exchange, waiting for its proof.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The sign-in that it is a step of.
    pub course: Course,
    /// What is hashed and signed in front of everything else.
    pub identity: String,
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
        (course, identity): (Course, String),
        (a_public, ephemeral, verifier): (BigUint, Ephemeral, Verifier),
        now: Instant,
    ) -> Self {
        Self { course, identity, a_public, ephemeral, verifier, ends_at: now + span(BLOCK_SECONDS) }
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
    pub fn ask(&mut self, session: String, course: Course, asked: Asked, ends_at: Instant) {
        self.challenges.insert(session, Session { course, asked, ends_at, spent: false });
    }

    /// What a Session is about; it is not spent by this.
    ///
    /// # Errors
    /// `NotAuthorizedException` if it is unknown, spent or over.
    pub fn open(&self, session: &str, now: Instant) -> Result<(&Course, &Asked), Refusal> {
        let refuse = |text: &str| Err(Refusal::not_authorized(text));
        match self.challenges.get(session) {
            None => refuse("Invalid session for the user."),
            Some(open) if open.spent => refuse("Invalid session for the user, session can only be used once."),
            Some(open) if now >= open.ends_at => refuse("Invalid session for the user, session is expired."),
            Some(open) => Ok((&open.course, &open.asked)),
        }
    }

    /// The same for an answer, which must carry the name that was told and be one to what was asked.
    ///
    /// # Errors
    /// As [`Sessions::open`], and the same if it is of another user or another challenge.
    pub fn answered(
        &self,
        session: &str,
        username: &str,
        challenge: &str,
        now: Instant,
    ) -> Result<(Course, Asked), Refusal> {
        let (course, asked) = self.open(session, now)?;
        if course.echo != username || asked.name() != challenge {
            return Err(Refusal::not_authorized("Invalid session for the user."));
        }
        Ok((course.clone(), asked.clone()))
    }

    /// Spends a Session.
    pub fn spend(&mut self, session: &str) {
        if let Some(session) = self.challenges.get_mut(session) {
            session.spent = true;
        }
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

    /// The exchange of a secret block; it stays open.
    pub fn exchange(&self, block: &str) -> Option<&Exchange> {
        self.exchanges.get(block)
    }

    /// Takes the exchange of a secret block out, if it is not over: whatever follows, the block is spent.
    pub fn finish(&mut self, block: &str, now: Instant) -> Option<Exchange> {
        self.exchanges.remove(block).filter(|exchange| now < exchange.ends_at)
    }
}
