//! Second factors at sign-in: SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP and SELECT_MFA_TYPE, and the codes that are sent for sign-ins.

use serde_json::{Map, json};

use crate::{
    codes::{Mail, Purpose, masked},
    course::{Course, Passed},
    pool::{Pool, parameters},
    refusal::Refusal,
    sessions::{Asked, Proves, SentCode},
    sign_in::{Texts, take},
    totp::Authenticator,
    ways::{DeviceChallenge, Method, MfaMode},
};

const MAILS_AN_HOUR: usize = 20;
/// How many digits the code of a first factor has.
const FIRST_FACTOR_DIGITS: u32 = 8;

impl Pool {
    /// Asks for the second factor, for the device in its place, or to set one up, if any of that is due.
    pub(crate) fn second_factor(&mut self, course: Course) -> Result<Passed, Refusal> {
        let user = self.user_of(&course).cloned().ok_or_else(Refusal::wrong_credentials)?;
        let methods = self.second_factors(&user);
        let remembered = course.device.as_deref().is_some_and(|key| user.remembers(key));
        let proves_device = match self.settings.devices.challenge {
            DeviceChallenge::Never => false,
            DeviceChallenge::ForMfa => !methods.is_empty(),
            DeviceChallenge::EverySignIn => true,
        };
        if remembered && proves_device {
            return Ok(self.ask(course, Asked::DeviceSrp, Map::new()));
        }
        let preferred = user.factors.preferred.filter(|preferred| methods.contains(preferred));
        match (preferred.as_ref(), methods.as_slice()) {
            (Some(method), _) | (None, [method]) => self.ask_method(course, *method),
            (None, []) if self.settings.mfa.mode == MfaMode::Required => Ok(self.ask_to_set_up(course)),
            (None, []) => Ok(Passed::Whole(course)),
            (None, methods) => {
                let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
                let mut told = parameters(&[("MFAS_CAN_CHOOSE", json!(names).to_string())]);
                let number = user.attributes.get("phone_number").filter(|_| methods.contains(&Method::SmsMfa));
                told.extend(number.map(|number| ("CODE_DELIVERY_DESTINATION".to_owned(), json!(masked(number)))));
                Ok(self.ask(course, Asked::Method(methods.to_vec()), told))
            }
        }
    }

    /// SELECT_MFA_TYPE was answered.
    pub(crate) fn choose_method(
        &mut self,
        course: Course,
        methods: &[Method],
        given: &Texts<'_>,
    ) -> Result<Passed, Refusal> {
        let [_, answer] = take(given, ["USERNAME", "ANSWER"], &["DEVICE_KEY"])?;
        let method = methods.iter().find(|method| method.name() == answer);
        let method = method.ok_or_else(|| Refusal::invalid_parameter("The answer is not one of MFAS_CAN_CHOOSE."))?;
        self.ask_method(course, *method)
    }

    fn ask_method(&mut self, course: Course, method: Method) -> Result<Passed, Refusal> {
        let user = self.user_of(&course).cloned().ok_or_else(Refusal::wrong_credentials)?;
        let address = |name: &str| user.attributes.get(name).cloned().unwrap_or_default();
        match method {
            Method::SmsMfa => {
                let number = address("phone_number");
                self.ask_code(course, "SMS_MFA", Proves::SecondFactor, Some(&number))
            }
            Method::EmailOtp => {
                let email = address("email");
                self.ask_code(course, "EMAIL_OTP", Proves::SecondFactor, Some(&email))
            }
            Method::SoftwareTokenMfa => {
                let name = user.factors.authenticator.map(|app| app.name).unwrap_or_default();
                let mut told = parameters(&[("USER_ID_FOR_SRP", user.username)]);
                if !name.is_empty() {
                    told.insert("FRIENDLY_DEVICE_NAME".to_owned(), json!(name));
                }
                Ok(self.ask(course, Asked::Totp, told))
            }
        }
    }

    /// Sends a code and asks for it; without an address, it is as if one had been sent.
    pub(crate) fn ask_code(
        &mut self,
        course: Course,
        challenge: &'static str,
        proves: Proves,
        address: Option<&str>,
    ) -> Result<Passed, Refusal> {
        let medium = if challenge.starts_with("SMS") { "SMS" } else { "EMAIL" };
        if medium == "EMAIL" {
            self.attempts.spend("EmailMfa", &course.username, MAILS_AN_HOUR, self.clock.now())?;
        }
        let (purpose, count) = match (challenge, &proves) {
            (_, Proves::FirstFactor) => (Purpose::SignIn, FIRST_FACTOR_DIGITS),
            ("EMAIL_OTP", _) => (Purpose::Mfa, self.settings.mfa.email_digits),
            _ => (Purpose::Mfa, 6),
        };
        let digits = address.map(|_| self.random.digits(count));
        let invented =
            if medium == "SMS" { self.decoy_number(&course.username) } else { self.decoy_address(&course.username) };
        let destination = address.map_or(invented, str::to_owned);
        let mut told = parameters(&[
            ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.to_owned()),
            ("CODE_DELIVERY_DESTINATION", masked(&destination)),
        ]);
        if challenge == "SMS_MFA" {
            told.insert("USER_ID_FOR_SRP".to_owned(), json!(course.username));
        }
        if let Some(code) = digits.clone() {
            let username = course.username.clone();
            self.codes.deliver(Mail { username, purpose, medium, destination, code });
        }
        Ok(self.ask(course, Asked::Code(SentCode { challenge, digits, proves }), told))
    }

    /// Compares a code that was sent. After a wrong one the Session is open again.
    pub(crate) fn take_code(
        &mut self,
        session: &str,
        course: Course,
        sent: &SentCode,
        given: &Texts<'_>,
    ) -> Result<Passed, Refusal> {
        let [_, typed] = take(given, ["USERNAME", &format!("{}_CODE", sent.challenge)], &["DEVICE_KEY"])?;
        let right = sent.digits.as_deref() == Some(typed);
        self.judge(session, &course, right)?;
        let sms = sent.challenge.starts_with("SMS");
        let course = course.with(if sms { "sms" } else { "email_otp" });
        match &sent.proves {
            Proves::FirstFactor => self.admit(course),
            Proves::SecondFactor => self.proceed(Course { second: true, ..course }),
            Proves::NewAddress(address) => {
                self.keep_address(&course.username, address)?;
                self.proceed(Course { second: true, ..course })
            }
        }
    }

    /// Compares a code of the authenticator app.
    pub(crate) fn take_totp(&mut self, session: &str, course: Course, given: &Texts<'_>) -> Result<Passed, Refusal> {
        // amazon-cognito-identity-js says every code under the name of the SMS too.
        let [_, typed] = take(given, ["USERNAME", "SOFTWARE_TOKEN_MFA_CODE"], &["DEVICE_KEY", "SMS_MFA_CODE"])?;
        let now = self.clock.seconds();
        let app = self.users.named_mut(&course.username).and_then(|user| user.factors.authenticator.as_mut());
        let right = app.is_some_and(|app: &mut Authenticator| app.take(typed, now));
        self.judge(session, &course, right)?;
        self.proceed(Course { second: true, ..course.with("otp") })
    }

    /// Counts a code, apart from passwords, and opens the Session again if it was wrong.
    fn judge(&mut self, session: &str, course: &Course, right: bool) -> Result<(), Refusal> {
        let counted_as = codes_of(&course.username);
        if right {
            self.attempts.succeeded(&counted_as);
            return Ok(());
        }
        self.attempts.failed(&counted_as, self.clock.now());
        self.sessions.reopen(session);
        Err(Refusal::new("CodeMismatchException", "Invalid code or auth state for the user."))
    }

    /// Refuses while too many codes were wrong.
    pub(crate) fn check_code_lock(&mut self, course: &Course, asked: &Asked) -> Result<(), Refusal> {
        match asked {
            Asked::Code(_) | Asked::Totp => self.attempts.check_lock(&codes_of(&course.username), self.clock.now()),
            _ => Ok(()),
        }
    }

    /// Whether what was asked is asked of everybody, so that nothing about the user may show yet.
    pub(crate) fn pretends(&self, course: &Course, asked: &Asked) -> bool {
        let first_round = matches!(asked, Asked::Round) && !course.has("pwd");
        self.hides_users() && (first_round || asked.is_of_the_choice())
    }
}

/// The name under which wrong codes are counted; no user's name has a line break.
pub fn codes_of(username: &str) -> String {
    format!("{username}\ncodes")
}
