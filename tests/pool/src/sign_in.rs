//! Signing in: InitiateAuth and RespondToAuthChallenge, from which every way of signing in sets out.

use std::collections::BTreeMap;

use crate::{
    course::{Course, Passed},
    pool::{CLIENT_ID, Pool, Reply, identity, unverifiable_secret},
    refresh::Given,
    refusal::Refusal,
    sessions::Asked,
    settings::{Existence, Flow},
    shapes::Request,
    users::Status,
};

/// Names and values as a request gives them.
pub type Texts<'a> = BTreeMap<&'a str, &'a str>;

impl Pool {
    pub(crate) fn initiate_auth(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let given = request.texts("AuthParameters");
        let flow = request.text("AuthFlow");
        let session = request.given("Session");
        if session.is_some() && flow != "USER_AUTH" {
            return Err(Refusal::invalid_parameter("Session is only allowed with USER_AUTH."));
        }
        let needed = match flow {
            "USER_SRP_AUTH" => Some(Flow::Srp),
            "USER_PASSWORD_AUTH" => Some(Flow::Password),
            "CUSTOM_AUTH" => Some(Flow::Custom),
            "USER_AUTH" => Some(Flow::Choice),
            // The client of a pool with rotation cannot have this flow.
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" if !self.settings.rotation.enabled => Some(Flow::Refresh),
            _ => None,
        };
        let client = request.text("ClientId");
        // The other clients are there for the hosted pages, and refresh what those gave.
        let of_the_client = |flow: Flow| client == CLIENT_ID || flow == Flow::Refresh;
        let allowed = |flow: &Flow| self.settings.explicit_auth_flows.contains(flow) && of_the_client(*flow);
        let Some(needed) = needed.filter(allowed) else {
            return Err(Refusal::invalid_parameter(format!("{flow} is not enabled for the client.")));
        };
        refuse_secret(&given)?;
        let passed = match (needed, session) {
            (Flow::Srp, _) => self.initiate_srp(&given),
            (Flow::Password, _) => self.initiate_password(&given),
            (Flow::Custom, _) => self.initiate_custom(&given),
            (Flow::Choice, Some(session)) => self.sign_in_after_sign_up(session, &given),
            (Flow::Choice, None) => self.initiate_choice(&given),
            (Flow::Refresh, _) => {
                let [token] = take(&given, ["REFRESH_TOKEN"], &["DEVICE_KEY"])?;
                let device = given.get("DEVICE_KEY").copied();
                return self.refresh(token, client, (None, device), None).map(Given::of_the_api);
            }
        }?;
        self.sign_in(passed)
    }

    fn initiate_password(&mut self, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let [username, password] = take(given, ["USERNAME", "PASSWORD"], &["DEVICE_KEY"])?;
        let mut course = self.course(username, Flow::Password)?;
        course.device = self.known_device(&course, given)?;
        let course = self.prove_password(course, password)?;
        self.admit(course)
    }

    pub(crate) fn respond_to_auth_challenge(&mut self, request: &Request) -> Result<Reply, Refusal> {
        if request.text("ClientId") != CLIENT_ID {
            return Err(Refusal::not_authorized("Invalid session for the user."));
        }
        let given = request.texts("ChallengeResponses");
        let passed = match (request.text("ChallengeName"), request.given("Session")) {
            // Plain SRP carries its state in the secret block alone.
            ("PASSWORD_VERIFIER", None) => self.finish_srp(&given, None),
            (_, None) => Err(Refusal::invalid_parameter("Missing required parameter Session")),
            (challenge, Some(session)) => self.answer_challenge(challenge, session, given),
        }?;
        self.sign_in(passed)
    }

    /// Takes an answer to a challenge. What is missing from it, and an unknown device, are refused before the Session is spent.
    pub(crate) fn answer_challenge(
        &mut self,
        challenge: &str,
        session: &str,
        given: Texts<'_>,
    ) -> Result<Passed, Refusal> {
        refuse_secret(&given)?;
        let username = needed(&given, "USERNAME")?;
        for name in answers(challenge) {
            needed(&given, name)?;
        }
        let now = self.clock.now();
        let (course, asked) = self.sessions.answered(session, username, challenge, now)?;
        if course.flow == Flow::Choice && given.contains_key("DEVICE_KEY") {
            return Err(Refusal::invalid_parameter("Unexpected parameter."));
        }
        if !matches!(asked, Asked::DeviceSrp | Asked::DeviceVerifier(_)) {
            self.known_device(&course, &given)?;
        }
        self.check_code_lock(&course, &asked)?;
        self.sessions.spend(session);
        if !course.decoy {
            let user = self.users.named(&course.username).ok_or_else(Refusal::user_not_found)?;
            if !user.enabled && !self.pretends(&course, &asked) {
                return Err(Refusal::not_authorized("User is disabled."));
            }
        }
        match asked {
            Asked::Forced(_) => self.proceed(course),
            Asked::NewPassword => {
                self.accept_new_password(&course.username, session, &given)?;
                self.proceed(course)
            }
            Asked::Choice => self.choose(course, &given),
            Asked::Password => {
                let [_, password] = take(&given, ["USERNAME", "PASSWORD"], &[])?;
                let course = self.prove_password(course, password)?;
                self.admit(course)
            }
            Asked::PasswordSrp => {
                let [_, a] = take(&given, ["USERNAME", "SRP_A"], &[])?;
                self.begin_srp(course, a)
            }
            Asked::Verifier(block) => self.finish_srp(&given, Some(&block)),
            Asked::Code(sent) => self.take_code(session, course, &sent, &given),
            Asked::Totp => self.take_totp(session, course, &given),
            Asked::Passkey(number) => self.take_passkey(course, number, &given),
            Asked::Method(methods) => self.choose_method(course, &methods, &given),
            Asked::SetUp(set_up) => self.finish_set_up(course, &set_up, &given),
            Asked::Round => self.answer_round(course, &given),
            Asked::DeviceSrp => self.begin_device_srp(course, &given),
            Asked::DeviceVerifier(block) => self.finish_device_srp(&block, &given),
            Asked::SignedUp | Asked::Confirmed => Err(Refusal::not_authorized("Invalid session for the user.")),
        }
    }

    /// The right password, or none at all of whoever there is not.
    pub(crate) fn check_password(&mut self, typed: &str, password: &str) -> Result<Passed, Refusal> {
        let course = self.course(typed, Flow::Password)?;
        let course = self.prove_password(course, password)?;
        self.admit(course)
    }

    /// Compares a password.
    pub(crate) fn prove_password(&mut self, course: Course, password: &str) -> Result<Course, Refusal> {
        let now = self.clock.now();
        self.attempts.check_lock(&course.username, now)?;
        let kept = self.user_of(&course).and_then(|user| user.verifier.clone());
        let known = kept.is_some();
        // The comparison takes as long for whoever has no password.
        let verifier = kept.unwrap_or_else(|| self.decoy(&course.username).1);
        if verifier.fits(&identity(&course.username), password) && known {
            return Ok(course.with("pwd"));
        }
        self.attempts.failed(&course.username, now);
        Err(Refusal::wrong_credentials())
    }

    /// Whether unknown users must look like known ones.
    pub(crate) fn hides_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Existence::Enabled
    }
}

/// What an answer to a challenge must hold beside USERNAME.
fn answers(challenge: &str) -> &'static [&'static str] {
    match challenge {
        "NEW_PASSWORD_REQUIRED" => &["NEW_PASSWORD"],
        "PASSWORD" => &["PASSWORD"],
        "PASSWORD_SRP" => &["SRP_A"],
        "PASSWORD_VERIFIER" => &["PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"],
        "SELECT_CHALLENGE" | "SELECT_MFA_TYPE" | "CUSTOM_CHALLENGE" => &["ANSWER"],
        "EMAIL_OTP" => &["EMAIL_OTP_CODE"],
        "SMS_OTP" => &["SMS_OTP_CODE"],
        "SMS_MFA" => &["SMS_MFA_CODE"],
        "SOFTWARE_TOKEN_MFA" => &["SOFTWARE_TOKEN_MFA_CODE"],
        "WEB_AUTHN" => &["CREDENTIAL"],
        "DEVICE_SRP_AUTH" => &["DEVICE_KEY", "SRP_A"],
        "DEVICE_PASSWORD_VERIFIER" => {
            &["DEVICE_KEY", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"]
        }
        _ => &[],
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

/// Refuses what a public client may never send.
pub fn refuse_secret(given: &Texts<'_>) -> Result<(), Refusal> {
    if given.contains_key("SECRET_HASH") { Err(unverifiable_secret()) } else { Ok(()) }
}

/// A value that must be there and not be empty.
pub fn needed<'a>(given: &Texts<'a>, name: &str) -> Result<&'a str, Refusal> {
    given
        .get(name)
        .copied()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::invalid_parameter(format!("Missing required parameter {name}")))
}

/// These values, none of them empty, and beside them no others but those that may be there.
pub fn take<'a, const COUNT: usize>(
    given: &Texts<'a>,
    names: [&str; COUNT],
    optional: &[&str],
) -> Result<[&'a str; COUNT], Refusal> {
    let mut values = [""; COUNT];
    for (value, name) in values.iter_mut().zip(names) {
        *value = needed(given, name)?;
    }
    match given.keys().all(|name| names.contains(name) || optional.contains(name)) {
        true => Ok(values),
        false => Err(Refusal::invalid_parameter("Unexpected parameter.")),
    }
}

/// Refuses what cannot be a user's name.
pub fn check_username(typed: &str) -> Result<(), Refusal> {
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
