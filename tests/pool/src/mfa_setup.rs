//! Setting a second factor up: AssociateSoftwareToken and VerifySoftwareToken, signed in or not, and the challenge MFA_SETUP.

use serde_json::{Value, json};

use crate::{
    attributes::is_email,
    course::{Course, Passed},
    factors::Switch,
    pool::{Pool, Reply, parameters},
    refusal::Refusal,
    sessions::{Asked, Proves, SetUp},
    shapes::Request,
    sign_in::{Texts, needed},
    totp::{Authenticator, encoded},
    ways::{Method, MfaMode, WrongSetupCode},
};

impl Pool {
    pub(crate) fn ask_to_set_up(&mut self, course: Course) -> Passed {
        let names: Vec<&str> = self.settings.mfa.methods.iter().map(|method| method.name()).collect();
        let told = parameters(&[("MFAS_CAN_SETUP", json!(names).to_string())]);
        self.ask(course, Asked::SetUp(SetUp::Begun), told)
    }

    /// Gives a new secret out; the one before is forgotten.
    pub(crate) fn associate_software_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let place = self.place(request)?;
        let app = Method::SoftwareTokenMfa;
        if self.settings.mfa.mode == MfaMode::Off || !self.settings.mfa.methods.contains(&app) {
            return Err(Refusal::new(
                "SoftwareTokenMFANotFoundException",
                "Software Token MFA has not been enabled by the userPool",
            ));
        }
        let secret = encoded(&self.random.bytes(20));
        let mut answer = json!({ "SecretCode": secret });
        match place {
            Place::SignedIn(username) => {
                if let Some(user) = self.users.named_mut(&username) {
                    user.factors.associated = Some(secret);
                }
            }
            Place::SettingUp(course, _) => {
                answer["Session"] = self.go_on(request, *course, SetUp::Associated(secret));
            }
        }
        Ok(Reply::Body(answer))
    }

    /// Compares the first code of the app. A wrong one leaves the secret to be tried again.
    pub(crate) fn verify_software_token(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let place = self.place(request)?;
        let missing = || Refusal::new("SoftwareTokenMFANotFoundException", "No software token is being set up.");
        let (username, secret) = match &place {
            Place::SignedIn(username) => {
                (username.clone(), self.users.named(username).and_then(|user| user.factors.associated.clone()))
            }
            Place::SettingUp(course, SetUp::Associated(secret)) => (course.username.clone(), Some(secret.clone())),
            Place::SettingUp(course, _) => (course.username.clone(), None),
        };
        let secret = secret.ok_or_else(missing)?;
        let counted_as = crate::mfa::codes_of(&username);
        let now = self.clock.now();
        self.attempts.check_lock(&counted_as, now)?;
        let name = request.text("FriendlyDeviceName").to_owned();
        let mut app = Authenticator::new(secret.clone(), name);
        if !app.take(request.text("UserCode"), self.clock.seconds()) {
            self.attempts.failed(&counted_as, now);
            return match (self.settings.mfa.wrong_setup_code, place) {
                (WrongSetupCode::Exception, _) => Err(Refusal::new("EnableSoftwareTokenMFAException", "Code mismatch")),
                (WrongSetupCode::Status, Place::SignedIn(_)) => Ok(Reply::Body(json!({ "Status": "ERROR" }))),
                (WrongSetupCode::Status, Place::SettingUp(course, _)) => {
                    let session = self.go_on(request, *course, SetUp::Associated(secret));
                    Ok(Reply::Body(json!({ "Status": "ERROR", "Session": session })))
                }
            };
        }
        self.attempts.succeeded(&counted_as);
        let mut answer = json!({ "Status": "SUCCESS" });
        match place {
            // Registered, but not switched on: SetUserMFAPreference does that.
            Place::SignedIn(username) => {
                if let Some(user) = self.users.named_mut(&username) {
                    user.factors.authenticator = Some(app);
                    user.factors.associated = None;
                }
            }
            Place::SettingUp(course, _) => answer["Session"] = self.go_on(request, *course, SetUp::Verified(app)),
        }
        Ok(Reply::Body(answer))
    }

    /// MFA_SETUP was answered: after the app was verified, or with an address for codes by mail.
    pub(crate) fn finish_set_up(
        &mut self,
        course: Course,
        set_up: &SetUp,
        given: &Texts<'_>,
    ) -> Result<Passed, Refusal> {
        if given.keys().any(|name| !matches!(*name, "USERNAME" | "EMAIL" | "email" | "DEVICE_KEY")) {
            return Err(Refusal::invalid_parameter("Unexpected parameter."));
        }
        let address = given.get("EMAIL").or_else(|| given.get("email")).copied();
        match (set_up, address) {
            (SetUp::Verified(app), None) => {
                if let Some(user) = self.users.named_mut(&course.username) {
                    user.factors.authenticator = Some(app.clone());
                    user.factors.switch(Method::SoftwareTokenMfa, Switch::On);
                    user.factors.preferred = Some(Method::SoftwareTokenMfa);
                }
                self.proceed(Course { second: true, ..course.with("otp") })
            }
            (SetUp::Begun, Some(address)) if self.settings.mfa.methods.contains(&Method::EmailOtp) => {
                if !is_email(address) {
                    return Err(Refusal::invalid_parameter("Invalid email address format."));
                }
                self.ask_code(course, "EMAIL_OTP", Proves::NewAddress(address.to_owned()), Some(address))
            }
            (SetUp::Begun | SetUp::Associated(_), None) => {
                needed(given, "EMAIL")?;
                Err(Refusal::not_authorized("Invalid session for the user."))
            }
            _ => Err(Refusal::invalid_parameter("This factor cannot be set up.")),
        }
    }

    /// A proven address becomes the user's, and a second factor.
    pub(crate) fn keep_address(&mut self, username: &str, address: &str) -> Result<(), Refusal> {
        if let Some(user) = self.users.named_mut(username) {
            user.attributes.insert("email".to_owned(), address.to_owned());
        }
        self.take_alias(username, false)?;
        if let Some(user) = self.users.named_mut(username) {
            user.attributes.insert("email_verified".to_owned(), "true".to_owned());
            user.factors.switch(Method::EmailOtp, Switch::On);
            user.factors.preferred = Some(Method::EmailOtp);
        }
        Ok(())
    }

    /// Who asks: by an access token, or by the Session of MFA_SETUP, and never by both.
    fn place(&self, request: &Request) -> Result<Place, Refusal> {
        match (request.given("AccessToken"), request.given("Session")) {
            (Some(_), None) => self.signed_in(request).map(|user| Place::SignedIn(user.username)),
            (None, Some(session)) => match self.sessions.open(session, self.clock.now())? {
                (course, Asked::SetUp(set_up)) => Ok(Place::SettingUp(Box::new(course.clone()), set_up.clone())),
                _ => Err(Refusal::not_authorized("Invalid session for the user.")),
            },
            _ => Err(Refusal::invalid_parameter("Either AccessToken or Session is required.")),
        }
    }

    /// Spends the request's Session for a new one: its text.
    fn go_on(&mut self, request: &Request, course: Course, set_up: SetUp) -> Value {
        self.sessions.spend(request.text("Session"));
        self.open_session(course, Asked::SetUp(set_up))
    }
}

enum Place {
    SignedIn(String),
    SettingUp(Box<Course>, SetUp),
}
