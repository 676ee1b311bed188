//! Step-up: USER_AUTH with TARGET_ACR_VALUES, and what the tokens say about the factors that were used.

use crate::{
    course::Course,
    pool::Pool,
    refusal::Refusal,
    sign_in::{Texts, needed},
    ways::Plan,
};

const LEVEL: &str = "urn:cognito:loa:";

/// What a step-up must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// 1-4.
    pub level: u8,
}

/// The level of what was proven: 1 one factor, 2 two, 3 two with an authenticator app, 4 a passkey.
pub fn level(proven: &[String]) -> u8 {
    let has = |method: &str| proven.iter().any(|proven| proven == method);
    match proven.len() {
        _ if has("hwk") || has("swk") => 4,
        0 => 0,
        1 => 1,
        _ if has("otp") => 3,
        _ => 2,
    }
}

/// The claim `acr`.
pub fn acr(proven: &[String]) -> String {
    format!("{LEVEL}{}", level(proven))
}

/// The claim `amr`.
pub fn amr(proven: &[String]) -> Vec<&str> {
    let several = (proven.len() > 1).then_some("mfa");
    proven.iter().map(String::as_str).chain(several).collect()
}

impl Pool {
    /// Reads what a sign-in must reach, and what an access token has proven before.
    pub(crate) fn aim(&self, course: Course, given: &Texts<'_>) -> Result<Course, Refusal> {
        let [targets, age, token] =
            ["TARGET_ACR_VALUES", "MAX_AGE", "ACCESS_TOKEN"].map(|name| given.get(name).copied());
        if targets.or(age).or(token).is_none() {
            return Ok(course);
        }
        if self.settings.plan == Plan::Lite {
            return Err(Refusal::new(
                "FeatureUnavailableInTierException",
                "Step-up authentication is not available in this tier.",
            ));
        }
        let age = age.map(|age| age.parse().ok().filter(|age: &i64| *age >= 0));
        if age == Some(None) {
            return Err(Refusal::invalid_parameter("MAX_AGE must be a number of seconds."));
        }
        let Some(targets) = targets else {
            return match token {
                Some(_) => Err(Refusal::invalid_parameter("ACCESS_TOKEN needs TARGET_ACR_VALUES.")),
                None => Ok(course),
            };
        };
        let proven = match token {
            Some(_) => self.credited(&course, needed(given, "ACCESS_TOKEN")?, age.flatten())?,
            None => Vec::new(),
        };
        let course = Course { second: proven.len() > 1, proven, ..course };
        let goal = targets.split(' ').filter_map(|target| target.strip_prefix(LEVEL)?.parse().ok());
        let mut goal = goal.filter(|level| (1..=4).contains(level)).peekable();
        if goal.peek().is_none() {
            return Ok(course);
        }
        // What a decoy could reach is not asked: it fails at the first factor.
        let highest = if course.decoy { 4 } else { self.highest(&course) };
        match goal.find(|level| *level <= highest) {
            Some(level) => Ok(Course { goal: Some(Goal { level }), ..course }),
            None => Err(unreachable()),
        }
    }

    /// What an access token of the same user has proven, if that is not too long ago.
    fn credited(&self, course: &Course, token: &str, age: Option<i64>) -> Result<Vec<String>, Refusal> {
        let (_, family) = self.opened(token)?;
        if self.user_of(course).is_none_or(|user| user.sub != family.sub) {
            return Err(Refusal::not_authorized("Invalid Access Token"));
        }
        let fresh = age.is_none_or(|age| self.clock.seconds() - family.auth_time <= age);
        Ok(family.proven.clone().into_iter().filter(|_| fresh).collect())
    }

    /// The level that a user reaches by everything that can be asked for.
    fn highest(&self, course: &Course) -> u8 {
        let Some(user) = self.user_of(course) else {
            return 0;
        };
        let first = self.first_factors(user).into_iter().map(|name| method_of(name).to_owned());
        let second = self.second_factors(user).into_iter().map(|method| method_of(method.name()).to_owned());
        let mut all: Vec<String> = course.proven.iter().cloned().chain(first).chain(second).collect();
        all.sort();
        all.dedup();
        level(&all)
    }
}

/// The refusal of a level that cannot be reached: there are no lesser tokens.
pub fn unreachable() -> Refusal {
    Refusal::not_authorized("The requested authentication level cannot be reached.")
}

/// What `amr` calls a factor.
pub fn method_of(factor: &str) -> &'static str {
    match factor {
        "EMAIL_OTP" => "email_otp",
        "SMS_OTP" | "SMS_MFA" => "sms",
        "SOFTWARE_TOKEN_MFA" => "otp",
        "WEB_AUTHN" => "hwk",
        _ => "pwd",
    }
}
