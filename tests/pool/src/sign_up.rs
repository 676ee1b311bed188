//! Registration: SignUp, ConfirmSignUp and ResendConfirmationCode.

use serde_json::{Value, json};

use crate::{
    attributes::{check_required, check_writable, is_email},
    codes::{Mail, Purpose, delivery},
    course::Course,
    pool::{NewUser, Pool, Reply, nothing},
    refusal::Refusal,
    sessions::Asked,
    settings::Flow,
    shapes::Request,
    users::Status,
    ways::FirstFactor,
};

const CONFIRMS_AN_HOUR: usize = 15;
const RESENDS_AN_HOUR: usize = 5;

impl Pool {
    pub(crate) fn sign_up(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let username = request.text("Username");
        let password = request.given("Password");
        let choice = self.settings.explicit_auth_flows.contains(&Flow::Choice);
        let passwordless = self.settings.choice.factors.iter().any(|factor| *factor != FirstFactor::Password);
        if password.is_none() && !(choice && passwordless) {
            return Err(Refusal::invalid_parameter("Password is required for pools without passwordless sign-in."));
        }
        let duplicate = || Refusal::invalid_parameter("An attribute is given twice.");
        let attributes = request.attributes("UserAttributes").ok_or_else(duplicate)?;
        if self.settings.alias_email && is_email(username) {
            return Err(Refusal::invalid_parameter(
                "Username cannot be of email format, since user pool is configured for email alias.",
            ));
        }
        password.map_or(Ok(()), |password| self.settings.password_policy.check(password))?;
        check_writable(&attributes, &self.settings.account)?;
        check_required(&self.settings.required_attributes, &attributes)?;
        if self.users.named(username).is_some() {
            return Err(Refusal::new("UsernameExistsException", "User already exists"));
        }
        let status = if self.settings.auto_confirm { Status::Confirmed } else { Status::Unconfirmed };
        let sub = self.add_user(NewUser { username, password, status, attributes });
        let mut answer = json!({ "UserConfirmed": self.settings.auto_confirm, "UserSub": sub });
        let sent = match status {
            Status::Unconfirmed => self.mail_code(username, Purpose::SignUp),
            _ => None,
        };
        if let (Some(details), Some(answer)) = (sent, answer.as_object_mut()) {
            answer.insert("CodeDeliveryDetails".to_owned(), details);
        }
        if choice {
            let course = Course::of(username.to_owned(), Flow::Choice);
            answer["Session"] = self.open_session(course, Asked::SignedUp);
        }
        Ok(Reply::Body(answer))
    }

    pub(crate) fn confirm_sign_up(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let username = self.resolved(request.text("Username"));
        let now = self.clock.now();
        let course = match request.given("Session").map(|session| self.sessions.open(session, now)).transpose()? {
            Some((course, Asked::SignedUp)) if course.username == username => Some(course.clone()),
            Some(_) => return Err(Refusal::not_authorized("Invalid session for the user.")),
            None => None,
        };
        self.attempts.spend("ConfirmSignUp", &username, CONFIRMS_AN_HOUR, now)?;
        match self.users.named(&username) {
            Some(user) if user.status != Status::Unconfirmed => {
                return Err(Refusal::not_authorized(format!(
                    "User cannot be confirmed. Current status is {}",
                    user.status.name()
                )));
            }
            None if !self.hides_users() => {
                return Err(Refusal::new("UserNotFoundException", "Username/client id combination not found."));
            }
            _ => {}
        }
        let code = request.text("ConfirmationCode");
        self.codes.check(&username, Purpose::SignUp, code, now)?;
        self.take_alias(&username, request.flag("ForceAliasCreation"))?;
        self.codes.close(&username, Purpose::SignUp);
        let mut proven = "email_otp";
        if let Some(user) = self.users.named_mut(&username) {
            let attribute = user.contact().map_or("email", |(attribute, _)| attribute);
            if attribute == "phone_number" {
                proven = "sms";
            }
            user.status = Status::Confirmed;
            user.attributes.insert(format!("{attribute}_verified"), "true".to_owned());
        }
        let Some(course) = course else {
            return Ok(nothing());
        };
        // The code that was mailed is the first factor of the sign-in that may follow.
        self.sessions.spend(request.text("Session"));
        let session = self.open_session(course.with(proven), Asked::Confirmed);
        Ok(Reply::Body(json!({ "Session": session })))
    }

    pub(crate) fn resend_confirmation_code(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let typed = request.text("Username");
        let username = self.resolved(typed);
        let now = self.clock.now();
        self.attempts.spend("ResendConfirmationCode", &username, RESENDS_AN_HOUR, now)?;
        let hides = self.hides_users();
        match self.users.named(&username) {
            None if !hides => return Err(Refusal::user_not_found()),
            Some(user) if !user.enabled && !hides => {
                return Err(Refusal::not_authorized("User is disabled."));
            }
            Some(user) if user.enabled && user.status != Status::Unconfirmed => {
                return Err(Refusal::invalid_parameter("User is already confirmed."));
            }
            Some(user) if user.enabled => {}
            _ => return Ok(self.pretend_code(typed, Purpose::SignUp)),
        }
        match self.mail_code(&username, Purpose::SignUp) {
            Some(details) => Ok(Reply::Body(json!({ "CodeDeliveryDetails": details }))),
            None => Err(Refusal::invalid_parameter("Cannot resend codes. Auto verification not turned on.")),
        }
    }

    /// Sends a code to the user's address or else number, if there is one: its `CodeDeliveryDetails`.
    pub(crate) fn mail_code(&mut self, username: &str, purpose: Purpose) -> Option<Value> {
        let (_, contact) = self.users.named(username)?.contact()?;
        let contact = contact.to_owned();
        Some(self.send_code(username, purpose, contact))
    }

    /// Sends a code to an address, or to a number: its `CodeDeliveryDetails`.
    pub(crate) fn send_code(&mut self, username: &str, purpose: Purpose, destination: String) -> Value {
        let details = delivery(&destination);
        let medium = if destination.starts_with('+') { "SMS" } else { "EMAIL" };
        let code = self.random.code();
        let now = self.clock.now();
        let lifetime = self.code_lifetime(purpose);
        self.codes.send(Mail { username: username.to_owned(), purpose, medium, destination, code }, now, lifetime);
        details
    }

    /// Answers as if a code had been mailed.
    pub(crate) fn pretend_code(&mut self, typed: &str, purpose: Purpose) -> Reply {
        let username = self.resolved(typed);
        let now = self.clock.now();
        let lifetime = self.code_lifetime(purpose);
        self.codes.pretend(&username, purpose, now, lifetime);
        let details = delivery(&self.decoy_address(typed));
        Reply::Body(json!({ "CodeDeliveryDetails": details }))
    }

    fn code_lifetime(&self, purpose: Purpose) -> i64 {
        match purpose {
            Purpose::SignUp => self.settings.sign_up_code_seconds,
            Purpose::ResetPassword => self.settings.reset_code_seconds,
            Purpose::VerifyEmail | Purpose::VerifyPhone => self.settings.account.attribute_code_seconds,
            Purpose::SignIn | Purpose::Mfa => self.settings.session_seconds,
        }
    }

    /// Makes the user's address an alias, which only one user may have.
    pub(crate) fn take_alias(&mut self, username: &str, force: bool) -> Result<(), Refusal> {
        let address = self
            .users
            .named(username)
            .and_then(|user| user.attributes.get("email"))
            .filter(|_| self.settings.alias_email)
            .cloned();
        let Some(address) = address else {
            return Ok(());
        };
        let other =
            self.users.all_mut().find(|user| user.username != username && user.verified_email() == Some(&address));
        match other {
            Some(_) if !force => Err(Refusal::new("AliasExistsException", "An account with the email already exists.")),
            Some(other) => {
                other.attributes.insert("email_verified".to_owned(), "false".to_owned());
                Ok(())
            }
            None => Ok(()),
        }
    }
}
