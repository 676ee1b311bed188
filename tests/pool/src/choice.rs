//! USER_AUTH: the user chooses a first factor, or the client names one beforehand; also the sign-in that follows a sign-up by itself.

use serde_json::Map;

use crate::{
    course::{Course, Passed},
    pool::Pool,
    refusal::Refusal,
    sessions::{Asked, Proves},
    settings::Flow,
    sign_in::{Texts, take},
    step_up::{method_of, unreachable},
    ways::FirstFactor,
};

/// The first factors and what each takes along.
const INPUTS: [(&str, Option<&str>); 5] = [
    ("PASSWORD", Some("PASSWORD")),
    ("PASSWORD_SRP", Some("SRP_A")),
    ("EMAIL_OTP", None),
    ("SMS_OTP", None),
    ("WEB_AUTHN", None),
];

impl Pool {
    pub(crate) fn initiate_choice(&mut self, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let preferred = given.get("PREFERRED_CHALLENGE").copied();
        let input = preferred.map(input_of).transpose()?.flatten();
        let optional =
            ["PREFERRED_CHALLENGE", "TARGET_ACR_VALUES", "MAX_AGE", "ACCESS_TOKEN", input.unwrap_or_default()];
        let [username] = take(given, ["USERNAME"], &optional)?;
        let course = self.course(username, Flow::Choice)?;
        let disabled = self.user_of(&course).is_some_and(|user| !user.enabled);
        if disabled && !self.hides_users() {
            return Err(Refusal::not_authorized("User is disabled."));
        }
        let course = self.aim(course, given)?;
        if course.goal.is_some_and(|goal| crate::step_up::level(&course.proven) >= goal.level) {
            return self.admit(course);
        }
        if !course.proven.is_empty() && self.offered(&course).is_empty() {
            return self.admit(course);
        }
        match preferred.filter(|preferred| self.offered(&course).contains(preferred)) {
            Some(preferred) => self.begin_factor(course, preferred, given),
            None => Ok(self.ask(course, Asked::Choice, Map::new())),
        }
    }

    /// SELECT_CHALLENGE was answered.
    pub(crate) fn choose(&mut self, course: Course, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let answer = given.get("ANSWER").copied().unwrap_or_default();
        let input = input_of(answer)?;
        take(given, ["USERNAME", "ANSWER"], &[input.unwrap_or_default()])?;
        if !self.offered(&course).contains(&answer) {
            return Err(Refusal::invalid_parameter("The answer is not one of AvailableChallenges."));
        }
        self.begin_factor(course, answer, given)
    }

    /// Begins with a factor that is offered; without its input, the input is the next thing that is asked for.
    fn begin_factor(&mut self, course: Course, factor: &str, given: &Texts<'_>) -> Result<Passed, Refusal> {
        match (factor, given.get("PASSWORD").copied(), given.get("SRP_A").copied()) {
            ("PASSWORD", Some(password), _) => {
                let course = self.prove_password(course, password)?;
                self.admit(course)
            }
            ("PASSWORD", None, _) => Ok(self.ask(course, Asked::Password, Map::new())),
            ("PASSWORD_SRP", _, Some(a)) => self.begin_srp(course, a),
            ("PASSWORD_SRP", _, None) => Ok(self.ask(course, Asked::PasswordSrp, Map::new())),
            ("EMAIL_OTP", ..) => {
                let address = self.user_of(&course).filter(|user| user.enabled).and_then(|user| user.verified_email());
                let address = address.map(str::to_owned);
                self.ask_code(course, "EMAIL_OTP", Proves::FirstFactor, address.as_deref())
            }
            ("SMS_OTP", ..) => {
                let number = self.user_of(&course).filter(|user| user.enabled).and_then(|user| user.verified_phone());
                let number = number.map(str::to_owned);
                self.ask_code(course, "SMS_OTP", Proves::FirstFactor, number.as_deref())
            }
            ("WEB_AUTHN", ..) => Ok(self.ask_passkey(course)),
            // Never offered, so never begun.
            _ => Err(Refusal::invalid_parameter("The factor is not available.")),
        }
    }

    /// `AvailableChallenges`: what was proven already is not offered again, and decoys have a stable invention.
    pub(crate) fn offered(&self, course: &Course) -> Vec<&'static str> {
        let names = match self.user_of(course) {
            Some(user) => self.first_factors(user),
            None => self.decoy_factors(&course.username),
        };
        names.into_iter().filter(|name| !course.has(method_of(name))).collect()
    }

    /// First factors that a user of this name might have.
    fn decoy_factors(&self, typed: &str) -> Vec<&'static str> {
        let mut names = Vec::new();
        for factor in &self.settings.choice.factors {
            let has = |what: &str| self.invented(what, typed).is_multiple_of(2);
            let single = self.settings.mfa.mode != crate::ways::MfaMode::Required;
            match factor {
                FirstFactor::Password => names.extend(["PASSWORD", "PASSWORD_SRP"]),
                FirstFactor::EmailOtp if single && has("mail") => names.push("EMAIL_OTP"),
                FirstFactor::SmsOtp if single && has("phone") => names.push("SMS_OTP"),
                FirstFactor::WebAuthn if self.admits_passkeys(single) && has("passkey") => names.push("WEB_AUTHN"),
                FirstFactor::EmailOtp | FirstFactor::SmsOtp | FirstFactor::WebAuthn => {}
            }
        }
        names
    }

    /// What else can be proven where a step-up is not reached yet.
    pub(crate) fn ask_for_more(&mut self, course: Course) -> Result<Passed, Refusal> {
        if self.offered(&course).is_empty() {
            Err(unreachable())
        } else {
            Ok(self.ask(course, Asked::Choice, Map::new()))
        }
    }

    /// The sign-in with the Session of ConfirmSignUp, whose code was the first factor.
    pub(crate) fn sign_in_after_sign_up(&mut self, session: &str, given: &Texts<'_>) -> Result<Passed, Refusal> {
        let [username] = take(given, ["USERNAME"], &[])?;
        let course = match self.sessions.open(session, self.clock.now())? {
            (course, Asked::Confirmed) if course.username == self.resolved(username) => course.clone(),
            _ => return Err(Refusal::not_authorized("Invalid session for the user.")),
        };
        self.sessions.spend(session);
        self.admit(course)
    }
}

/// What a first factor takes along.
fn input_of(factor: &str) -> Result<Option<&'static str>, Refusal> {
    let known = INPUTS.iter().find(|(name, _)| *name == factor);
    known.map(|(_, input)| *input).ok_or_else(|| Refusal::invalid_parameter("The challenge is not one of USER_AUTH."))
}
