//! Signing in: InitiateAuth and RespondToAuthChallenge.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::{
    clock::{is_srp_timestamp_near, span},
    pool::{CLIENT_ID, Pool, Reply, identity, parameters, unverifiable_secret},
    refresh::Given,
    refusal::Refusal,
    sessions::{Asked, Exchange},
    settings::{Existence, Flow},
    shapes::Request,
    srp,
    users::Status,
};

/// How far TIMESTAMP may be from the pool's clock, in seconds.
const TIMESTAMP_TOLERANCE: i64 = 300;
/// How long a temporary password lives, in seconds.
const TEMPORARY_PASSWORD_SECONDS: i64 = 7 * 86_400;

type Texts<'a> = BTreeMap<&'a str, &'a str>;

/// How far the right password, or the right answer to a challenge, has brought a user.
#[derive(Debug)]
pub enum Passed {
    /// Nothing is left: the user's name.
    Whole(String),
    /// A challenge comes next.
    Asked(Value),
}

impl Pool {
    pub(crate) fn initiate_auth(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let given = request.texts("AuthParameters");
        let flow = request.text("AuthFlow");
        if request.given("Session").is_some() {
            return Err(Refusal::invalid_parameter("Session is only allowed with USER_AUTH."));
        }
        let needed = match flow {
            "USER_SRP_AUTH" => Some(Flow::Srp),
            "USER_PASSWORD_AUTH" => Some(Flow::Password),
            // The client of a pool with rotation cannot have this flow.
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" if !self.settings.rotation.enabled => Some(Flow::Refresh),
            _ => None,
        };
        let client = request.text("ClientId");
        // The other clients are there for the hosted pages, and refresh what those gave.
        let of_the_client = |flow: Flow| client == CLIENT_ID || flow == Flow::Refresh;
        if !needed.is_some_and(|flow| self.settings.explicit_auth_flows.contains(&flow) && of_the_client(flow)) {
            return Err(Refusal::invalid_parameter(format!("{flow} is not enabled for the client.")));
        }
        match needed {
            Some(Flow::Srp) => {
                let [username, a] = take(given, ["USERNAME", "SRP_A"])?;
                self.begin_srp(username, a)
            }
            Some(Flow::Password) => {
                let [username, password] = take(given, ["USERNAME", "PASSWORD"])?;
                let passed = self.check_password(username, password)?;
                self.sign_in(passed)
            }
            _ => {
                let [token] = take(given, ["REFRESH_TOKEN"])?;
                self.refresh(token, client, None, None).map(Given::of_the_api)
            }
        }
    }

    pub(crate) fn respond_to_auth_challenge(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.text("ClientId") != CLIENT_ID {
            return Err(Refusal::not_authorized("Invalid session for the user."));
        }
        let given = request.texts("ChallengeResponses");
        match request.text("ChallengeName") {
            "PASSWORD_VERIFIER" => {
                // Plain SRP carries its state in the secret block alone.
                if request.given("Session").is_some() {
                    return Err(Refusal::not_authorized("Invalid session for the user."));
                }
                self.finish_srp(given)
            }
            challenge => {
                let session = request
                    .given("Session")
                    .ok_or_else(|| Refusal::invalid_parameter("Missing required parameter Session"))?;
                let passed = self.answer_challenge(challenge, session, given)?;
                self.sign_in(passed)
            }
        }
    }

    fn begin_srp(&mut self, typed: &str, a: &str) -> Result<Reply, Refusal> {
        check_username(typed)?;
        let a_public = srp::parse_a(a).ok_or_else(|| Refusal::invalid_parameter("Invalid SRP_A value."))?;
        let now = self.clock.now();
        let found = self.users.signing_in_as(typed, &self.settings);
        let (username, user_id, verifier) = match found {
            Some(user) => (Some(user.username.clone()), user.username.clone(), user.verifier.clone()),
            None if self.hides_users() => {
                let (user_id, verifier) = self.decoy(typed);
                (None, user_id, verifier)
            }
            None => return Err(Refusal::user_not_found()),
        };
        let counted_as = username.clone().unwrap_or_else(|| typed.to_owned());
        self.attempts.check_lock(&counted_as, now)?;

        let ephemeral = srp::Ephemeral::new(&self.random.bytes(128), &verifier.v);
        let block = self.random.base64(1000);
        let answer = json!({
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeParameters": parameters(&[
                ("SALT", srp::hex(&verifier.salt)),
                ("SRP_B", srp::hex(&ephemeral.public)),
                ("SECRET_BLOCK", block.clone()),
                ("USERNAME", user_id.clone()),
                ("USER_ID_FOR_SRP", user_id.clone()),
            ]),
        });
        let exchange = Exchange::new((username, user_id, counted_as), (a_public, ephemeral, verifier), now);
        self.sessions.begin(block, exchange);
        Ok(Reply::Body(answer))
    }

    fn finish_srp(&mut self, given: Texts<'_>) -> Result<Reply, Refusal> {
        let [username, block, signature, timestamp] =
            take(given, ["USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"])?;
        let now = self.clock.now();
        let exchange = self.sessions.finish(block, now).ok_or_else(Refusal::wrong_credentials)?;
        self.attempts.check_lock(&exchange.counted_as, now)?;

        let proven = username == exchange.user_id
            && is_srp_timestamp_near(timestamp, self.clock.seconds(), TIMESTAMP_TOLERANCE)
            && proves(&exchange, block, timestamp, signature);
        let user = exchange
            .username
            .as_deref()
            .and_then(|username| self.users.named(username))
            .filter(|user| user.verifier == exchange.verifier);
        match user {
            Some(user) if proven => {
                let username = user.username.clone();
                let passed = self.admit(&username)?;
                self.sign_in(passed)
            }
            _ => {
                self.attempts.failed(&exchange.counted_as, now);
                Err(Refusal::wrong_credentials())
            }
        }
    }

    pub(crate) fn check_password(&mut self, typed: &str, password: &str) -> Result<Passed, Refusal> {
        check_username(typed)?;
        let now = self.clock.now();
        let found = self.users.signing_in_as(typed, &self.settings);
        let (username, verifier) = match found {
            Some(user) => (Some(user.username.clone()), user.verifier.clone()),
            None if self.hides_users() => (None, self.decoy(typed).1),
            None => return Err(Refusal::user_not_found()),
        };
        let counted_as = username.clone().unwrap_or_else(|| typed.to_owned());
        self.attempts.check_lock(&counted_as, now)?;
        match username {
            _ if !verifier.fits(&identity(&counted_as), password) => {}
            Some(username) => return self.admit(&username),
            None => {}
        }
        self.attempts.failed(&counted_as, now);
        Err(Refusal::wrong_credentials())
    }

    /// What follows the right password: the user's state is told only now.
    fn admit(&mut self, username: &str) -> Result<Passed, Refusal> {
        self.attempts.succeeded(username);
        let now = self.clock.now();
        let Some(user) = self.users.named(username) else {
            return Err(Refusal::wrong_credentials());
        };
        if !user.enabled {
            return Err(Refusal::not_authorized("User is disabled."));
        }
        check_status(user.status)?;
        if let Some(forced) = self.forced.remove(username) {
            return Ok(self.ask(username, Asked::Forced(forced)));
        }
        self.pass(username, now)
    }

    /// What follows when nothing is left but a temporary password.
    fn pass(&mut self, username: &str, now: i64) -> Result<Passed, Refusal> {
        let Some(user) = self.users.named(username) else {
            return Err(Refusal::wrong_credentials());
        };
        if user.status != Status::ForceChangePassword {
            return Ok(Passed::Whole(username.to_owned()));
        }
        if now >= user.password_set_at + span(TEMPORARY_PASSWORD_SECONDS) {
            return Err(Refusal::not_authorized(
                "Temporary password has expired and must be reset by an administrator.",
            ));
        }
        Ok(self.ask(username, Asked::NewPassword))
    }

    fn ask(&mut self, username: &str, asked: Asked) -> Passed {
        let session = self.random.base64url(600);
        let answer = json!({
            "ChallengeName": asked.name(),
            "Session": session,
            "ChallengeParameters": match &asked {
                Asked::Forced(forced) => Value::Object(forced.parameters.clone()),
                Asked::NewPassword => self.new_password_parameters(username),
            },
        });
        let ends_at = self.clock.now() + span(self.settings.session_seconds);
        self.sessions.ask(session, username.to_owned(), asked, ends_at);
        Passed::Asked(answer)
    }

    pub(crate) fn answer_challenge(
        &mut self,
        challenge: &str,
        session: &str,
        given: Texts<'_>,
    ) -> Result<Passed, Refusal> {
        refuse_extras(&given)?;
        let missing = |name| Refusal::invalid_parameter(format!("Missing required parameter {name}"));
        let username = given.get("USERNAME").copied().ok_or_else(|| missing("USERNAME"))?;
        if challenge == "NEW_PASSWORD_REQUIRED" && !given.contains_key("NEW_PASSWORD") {
            return Err(missing("NEW_PASSWORD"));
        }
        let now = self.clock.now();
        let (username, asked) = self.sessions.answer(session, username, challenge, now)?;
        let user = self.users.named(&username).ok_or_else(Refusal::user_not_found)?;
        if !user.enabled {
            return Err(Refusal::not_authorized("User is disabled."));
        }
        match asked {
            Asked::Forced(_) => self.pass(&username, now),
            Asked::NewPassword => {
                self.accept_new_password(&username, session, &given)?;
                Ok(Passed::Whole(username))
            }
        }
    }

    /// Whether unknown users must look like known ones.
    pub(crate) fn hides_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Existence::Enabled
    }
}

/// Refuses a user who may not sign in yet.
pub fn check_status(status: Status) -> Result<(), Refusal> {
    match status {
        Status::Unconfirmed => Err(Refusal::new("UserNotConfirmedException", "User is not confirmed.")),
        Status::ResetRequired => {
            Err(Refusal::new("PasswordResetRequiredException", "Password reset required for the user"))
        }
        Status::Confirmed | Status::ForceChangePassword | Status::ExternalProvider => Ok(()),
    }
}

/// Refuses what a public client of a pool without devices may never send.
pub fn refuse_extras(given: &Texts<'_>) -> Result<(), Refusal> {
    if given.contains_key("SECRET_HASH") {
        return Err(unverifiable_secret());
    }
    if given.contains_key("DEVICE_KEY") {
        return Err(Refusal::new("ResourceNotFoundException", "Device does not exist."));
    }
    Ok(())
}

/// Exactly these parameters, none of them empty.
fn take<'a, const COUNT: usize>(mut given: Texts<'a>, names: [&str; COUNT]) -> Result<[&'a str; COUNT], Refusal> {
    refuse_extras(&given)?;
    let mut values = [""; COUNT];
    for (value, name) in values.iter_mut().zip(names) {
        *value = given
            .remove(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::invalid_parameter(format!("Missing required parameter {name}")))?;
    }
    if given.is_empty() { Ok(values) } else { Err(Refusal::invalid_parameter("Unexpected parameter.")) }
}

fn check_username(typed: &str) -> Result<(), Refusal> {
    let fits = (1..=128).contains(&typed.chars().count())
        && !typed.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid_parameter(
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
        ))
    }
}

/// Whether the signature shows that the password is known.
fn proves(exchange: &Exchange, block: &str, timestamp: &str, signature: &str) -> bool {
    let decoded = (STANDARD.decode(block), STANDARD.decode(signature));
    let (Ok(block), Ok(signature)) = decoded else {
        return false;
    };
    exchange
        .ephemeral
        .key(&exchange.a_public, &exchange.verifier.v)
        .is_some_and(|key| srp::signature(&key, &identity(&exchange.user_id), &block, timestamp) == signature)
}
