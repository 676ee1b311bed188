//! Signing in: InitiateAuth, then challenges in any order until tokens come.

use super::challenge::{self, Kind};
use super::{
    Answer, Ask, Change, Device, Flow, KeyPair, Moment, Move, Outcome, Step, already_confirmed, out_of_turn, read,
    text, unfit_answer,
};
use crate::error::{Code, Error};
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{
    Progress, UserPool, read_association, read_done, read_progress, read_verification, sent_to,
};
use crate::protocol::{Pairs, Repeat, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;
use crate::srp::{self, Challenge, Identity};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// How a sign-in begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// USER_SRP_AUTH: the password stays here.
    #[default]
    Srp,
    /// USER_PASSWORD_AUTH: the password is sent, for pools that migrate users.
    Password,
    /// USER_AUTH: the user chooses how.
    Choice,
    /// CUSTOM_AUTH: the pool's triggers ask; after SRP, where there is a password.
    Custom,
}

/// Who signs in, and how.
#[derive(Debug, Default)]
pub struct Credentials {
    /// What the user typed: a user name or an alias.
    pub username: String,
    /// The password in UTF-8, as typed; empty where none was given yet.
    pub password: SecretBytes,
    /// How the sign-in begins.
    pub method: Method,
    /// The step that the user would like to begin with: `passkey`. [`Method::Choice`] alone.
    pub preferred: String,
    /// The assurance that is asked for. [`Method::Choice`] alone.
    pub step_up: Option<StepUp>,
    /// The device that this is, if it is remembered. Not used by [`Method::Choice`].
    pub device: Option<Device>,
    /// For the pool's triggers; sent with every call of the flow.
    pub metadata: Pairs,
}

/// More assurance than before, for a user who may be signed in already.
#[derive(Debug, Default)]
pub struct StepUp {
    /// `TARGET_ACR_VALUES`: with blanks between them, the best one first.
    pub acr_values: String,
    /// `MAX_AGE` in seconds, in decimal; empty for none.
    pub max_age: String,
    /// What credits the factors that the user has shown already; empty for none.
    pub access_token: SecretText,
}

/// One sign-in under way.
#[derive(Debug)]
pub struct SignIn {
    pool: Rc<UserPool>,
    credentials: Credentials,
    /// The name that the service echoed: every response after the first reply carries it (USERNAME).
    user_id: Option<String>,
    /// The last Session received, to be sent once.
    session: Option<SecretText>,
    /// The pair whose A was sent, or is to be sent with the password.
    key_pair: Option<KeyPair>,
    /// The challenge that is to be answered.
    challenge: String,
    /// What it tells, as JSON.
    parameters: String,
    /// What it lets the user choose from.
    offered: Vec<String>,
    /// Whether the service did not know the device any more.
    forgotten: bool,
    /// Whether it follows from a sign-up, which is done whatever becomes of this.
    automatic: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Something is sent that the user was not asked for.
    Sent,
    /// AssociateSoftwareToken is sent.
    Associating,
    /// The user is asked.
    Asked(Question),
    /// The user's answer is sent.
    Answered(Question),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Challenge(Kind),
    /// The first code of an authenticator app.
    App,
    ConfirmSignUp,
    ResetPassword,
}

impl SignIn {
    /// Begins: the first step sends InitiateAuth.
    ///
    /// # Errors
    /// `InvalidParameter` for an empty user name or a password that is not UTF-8; what the key pair's source raises.
    pub fn start(pool: Rc<UserPool>, credentials: Credentials, mut moment: Moment<'_>) -> Result<Step, Error> {
        if credentials.username.is_empty() {
            return Err(Error::new(Code::InvalidParameter, "The user name is empty."));
        }
        let mut flow = Self::new(pool, credentials);
        let request = flow.initiate(&mut moment)?;
        Ok(Step::Send(request, Flow::SignIn(flow)))
    }

    /// Goes on from a sign-up with the `session` that it brought.
    pub(super) fn follow(
        pool: Rc<UserPool>,
        username: String,
        session: SecretText,
        metadata: Pairs,
    ) -> (Request, Flow) {
        let credentials = Credentials { username, metadata, method: Method::Choice, ..Credentials::default() };
        let mut flow = Self::new(pool, credentials);
        flow.automatic = true;
        let Credentials { username, metadata, .. } = &flow.credentials;
        let mut parameters = Object::new();
        parameters.text("USERNAME", username);
        let request = flow.pool.initiate_auth("USER_AUTH", Some(&session), parameters, metadata, Repeat::Never);
        (request, Flow::SignIn(flow))
    }

    fn new(pool: Rc<UserPool>, credentials: Credentials) -> Box<Self> {
        Box::new(Self {
            pool,
            credentials,
            user_id: None,
            session: None,
            key_pair: None,
            challenge: String::new(),
            parameters: String::new(),
            offered: Vec::new(),
            forgotten: false,
            automatic: false,
            state: State::Sent,
        })
    }

    fn initiate(&mut self, moment: &mut Moment<'_>) -> Result<Request, Error> {
        self.user_id = None;
        self.session = None;
        let Credentials { username, password, method, preferred, step_up, device, metadata } = &self.credentials;
        let password = password.expose();
        let mut parameters = Object::new();
        parameters.text("USERNAME", username);
        let (flow, repeat, proves) = match method {
            Method::Srp => ("USER_SRP_AUTH", Repeat::Safe, true),
            Method::Password => {
                parameters.text("PASSWORD", text(&self.credentials.password)?);
                ("USER_PASSWORD_AUTH", Repeat::Never, false)
            }
            Method::Custom => ("CUSTOM_AUTH", Repeat::Never, !password.is_empty()),
            Method::Choice => {
                let all = ["PASSWORD_SRP", "WEB_AUTHN", "EMAIL_OTP", "SMS_OTP"].map(ToOwned::to_owned);
                let wanted = if preferred.is_empty() && !password.is_empty() { "password" } else { preferred };
                // A password that is not known yet cannot be preferred: its proof goes along.
                let wanted = challenge::chosen(wanted, &all).filter(|name| *name != all[0] || !password.is_empty());
                parameters.optional("PREFERRED_CHALLENGE", wanted);
                if let Some(StepUp { acr_values, max_age, access_token }) = step_up {
                    let members = [("MAX_AGE", max_age), ("ACCESS_TOKEN", access_token.expose())];
                    parameters.text("TARGET_ACR_VALUES", acr_values);
                    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
                        parameters.text(name, value);
                    }
                }
                ("USER_AUTH", Repeat::Never, wanted == Some("PASSWORD_SRP"))
            }
        };
        if proves {
            if *method == Method::Custom {
                parameters.text("CHALLENGE_NAME", "SRP_A");
            }
            let key_pair = (moment.key_pair)()?;
            parameters.text("SRP_A", &key_pair.public());
            self.key_pair = Some(key_pair);
        }
        if *method != Method::Choice {
            parameters.optional("DEVICE_KEY", device.as_ref().map(|device| device.key.as_str()));
        }
        Ok(self.pool.initiate_auth(flow, None, parameters, metadata, repeat))
    }

    pub(super) fn receive(&mut self, result: &Result<Reply, Error>, mut moment: Moment<'_>) -> Result<Move, Error> {
        let state = core::mem::replace(&mut self.state, State::Sent);
        let outcome = match state {
            State::Asked(_) => {
                self.state = state;
                return Err(out_of_turn());
            }
            State::Associating => {
                let (secret, session) = read(result, read_association)?;
                self.session = session;
                return Ok(self.ask_app(&secret));
            }
            State::Answered(Question::App) => read(result, read_verification).map(|session| {
                self.session = session;
                Move::Send(self.respond(self.responses()))
            }),
            State::Answered(Question::ConfirmSignUp | Question::ResetPassword) => match read(result, read_done) {
                Err(error) if !already_confirmed(&error) => Err(error),
                _ => return self.initiate(&mut moment).map(Move::Send),
            },
            State::Sent | State::Answered(Question::Challenge(_)) => match read(result, read_progress) {
                Ok(progress) => return self.advance(progress, &mut moment),
                Err(error) => Err(error),
            },
        };
        let Err(error) = outcome else { return outcome };
        if self.automatic {
            return Ok(Move::Done(Outcome::SignedUp));
        }
        let account = matches!(state, State::Answered(Question::ConfirmSignUp | Question::ResetPassword));
        match error.code {
            _ if account => {}
            Code::UserNotConfirmed => return Ok(self.ask_account("confirmSignUp", Question::ConfirmSignUp)),
            Code::PasswordResetRequired => return Ok(self.ask_account("resetPassword", Question::ResetPassword)),
            Code::ResourceNotFound if self.credentials.device.take().is_some() => {
                self.forgotten = true;
                return self.initiate(&mut moment).map(Move::Send);
            }
            // After a Session that is over another answer is useless.
            Code::NotAuthorized => return Err(error),
            _ => {}
        }
        if let State::Answered(question) = state {
            self.state = State::Asked(question);
        }
        Err(error)
    }

    /// Goes on from what InitiateAuth or RespondToAuthChallenge brought.
    fn advance(&mut self, progress: Progress, moment: &mut Moment<'_>) -> Result<Move, Error> {
        let (name, session, text, offered) = match progress {
            Progress::Challenge { name, session, parameters, offered } => (name, session, parameters, offered),
            Progress::Tokens(mut tokens) => {
                let device = tokens.new_device.take();
                let changed = device.is_some() || self.forgotten;
                let change = changed.then(|| Change { username: self.credentials.username.clone(), device });
                let session = Session::begin(tokens, &self.pool, moment.now)?;
                return Ok(Move::Done(Outcome::SignedIn(session, change)));
            }
        };
        self.session = session;
        let parameters = Json::parse(&text).unwrap_or(Json::NULL);
        let given = |name| parameters.text(name).filter(|id| !id.is_empty());
        if let Some(id) = given("USER_ID_FOR_SRP").or_else(|| given("USERNAME")) {
            self.user_id = Some(id);
        }
        let listed = given("MFAS_CAN_CHOOSE").or_else(|| given("MFAS_CAN_SELECT")).or_else(|| given("MFAS_CAN_SETUP"));
        self.offered = listed.map_or(offered, |list| Json::parse(&list).unwrap_or(Json::NULL).list());
        (self.challenge, self.parameters) = (name, text);
        match (self.challenge.as_str(), &self.credentials.device) {
            ("PASSWORD_VERIFIER", _) if self.key_pair.is_some() => return self.prove(false, moment),
            ("DEVICE_PASSWORD_VERIFIER", Some(_)) if self.key_pair.is_some() => return self.prove(true, moment),
            ("DEVICE_SRP_AUTH", Some(_)) => {
                let mut responses = self.responses_of_device();
                self.add_public(&mut responses, moment)?;
                return Ok(Move::Send(self.respond(responses)));
            }
            _ => {}
        }
        let Some((step, kind)) = challenge::step(&self.challenge) else { return Err(self.unsupported()) };
        if kind == Kind::SetUp {
            challenge::retain_set_up(&mut self.offered);
            if self.offered.is_empty() {
                return Err(Error::new(
                    Code::UnsupportedChallenge,
                    "There is no second factor that can be set up here.",
                ));
            }
            if challenge::choices(&self.offered) == ["totp"] {
                return self.associate();
            }
        }
        if challenge::chosen("password", &self.offered).is_some() || self.challenge == "PASSWORD_SRP" {
            self.key_pair = Some((moment.key_pair)()?);
        }
        Ok(self.ask(step, kind))
    }

    pub(super) fn answer(&mut self, answer: &mut Answer) -> Result<Move, Error> {
        let State::Asked(question) = self.state else { return Err(out_of_turn()) };
        let needs = match question {
            Question::Challenge(Kind::Password | Kind::NewPassword) => (false, true),
            Question::Challenge(Kind::SetUp) => (answer.email.is_empty(), false),
            Question::ResetPassword => (true, true),
            _ => (true, false),
        };
        if needs != (!answer.text.expose().is_empty(), !answer.password.expose().is_empty()) {
            return Err(unfit_answer());
        }
        let Credentials { username, metadata, .. } = &self.credentials;
        let given = answer.text.expose();
        let request = match question {
            Question::ConfirmSignUp => self.pool.confirm_sign_up(username, given, None, metadata),
            Question::ResetPassword => {
                let new = text(&answer.password)?;
                let request = self.pool.confirm_forgot_password(username, given, new, metadata);
                core::mem::swap(&mut self.credentials.password, &mut answer.password);
                request
            }
            Question::App => self.pool.verify_software_token(self.session.as_ref().ok_or_else(out_of_turn)?, given),
            Question::Challenge(Kind::NewPassword) => {
                let responses = self.new_password(text(&answer.password)?, &answer.attributes)?;
                self.respond(responses)
            }
            Question::Challenge(Kind::Password) => {
                text(&answer.password)?;
                core::mem::swap(&mut self.credentials.password, &mut answer.password);
                self.by_password()?
            }
            Question::Challenge(Kind::SetUp) if given.is_empty() => self.respond_with("EMAIL", &answer.email),
            Question::Challenge(Kind::SetUp) => {
                return if given == "totp" { self.associate() } else { Err(unfit_answer()) };
            }
            Question::Challenge(Kind::Choice) => {
                let chosen = challenge::chosen(given, &self.offered).ok_or_else(unfit_answer)?;
                if challenge::step(chosen).is_some_and(|(_, kind)| kind == Kind::Password) {
                    if self.credentials.password.expose().is_empty() {
                        return Ok(self.ask("password", Kind::Password));
                    }
                    self.by_password()?
                } else {
                    self.respond_with("ANSWER", chosen)
                }
            }
            Question::Challenge(Kind::Custom) => self.respond_with("ANSWER", given),
            Question::Challenge(Kind::Passkey) => self.respond_with("CREDENTIAL", given),
            Question::Challenge(Kind::Code) => {
                self.respond_with(&(self.challenge.clone() + "_CODE"), given.trim_ascii())
            }
        };
        self.state = State::Answered(question);
        Ok(Move::Send(request))
    }

    pub(super) fn resend(&self) -> Result<Request, Error> {
        let Credentials { username, metadata, .. } = &self.credentials;
        match self.state {
            State::Asked(Question::ConfirmSignUp) => Ok(self.pool.resend_confirmation_code(username, metadata)),
            State::Asked(Question::ResetPassword) => Ok(self.pool.forgot_password(username, metadata)),
            _ => Err(Error::new(Code::InvalidState, "No code is awaited.")),
        }
    }

    /// Whether the user is asked.
    pub(super) fn asks(&self) -> bool {
        matches!(self.state, State::Asked(_))
    }

    /// Answers PASSWORD_VERIFIER, or DEVICE_PASSWORD_VERIFIER: the same proof with the device's names and secret.
    fn prove(&mut self, of_device: bool, moment: &Moment<'_>) -> Result<Move, Error> {
        let key_pair = self.key_pair.take().ok_or_else(|| self.unsupported())?;
        let parameters = Json::parse(&self.parameters).unwrap_or(Json::NULL);
        let mut given = [const { String::new() }; 3];
        for (&name, value) in ["SALT", "SRP_B", "SECRET_BLOCK"].iter().zip(&mut given) {
            *value = parameters
                .text(name)
                .ok_or_else(|| Error::naming(Code::InvalidResponse, "The challenge lacks ", name, "."))?;
        }
        let [salt, b, secret_block] = &given;
        let timestamp = srp::timestamp(moment.now.try_into().unwrap_or_default());
        let identity = match &self.credentials.device {
            Some(Device { key, group, password }) if of_device => {
                Identity { pool_name: group, user: key, password: password.expose().as_bytes() }
            }
            _ => Identity {
                pool_name: self.pool.name(),
                user: self.username(),
                password: self.credentials.password.expose(),
            },
        };
        let signature = key_pair.prove(&identity, &Challenge { salt, b, secret_block, timestamp: &timestamp })?;
        let mut responses = self.responses_of_device();
        responses.text("PASSWORD_CLAIM_SECRET_BLOCK", secret_block);
        responses.text("PASSWORD_CLAIM_SIGNATURE", &signature);
        responses.text("TIMESTAMP", &timestamp);
        let request = self.respond(responses);
        self.session = None;
        Ok(Move::Send(request))
    }

    /// Sends the password, or the A that its proof begins with, as an answer of its own or together with the choice.
    fn by_password(&mut self) -> Result<Request, Error> {
        let mut responses = self.responses();
        let mut name = self.challenge.as_str();
        if let Some(chosen) = challenge::chosen("password", &self.offered) {
            responses.text("ANSWER", chosen);
            name = chosen;
        }
        match &self.key_pair {
            Some(key_pair) if name == "PASSWORD_SRP" => responses.text("SRP_A", &key_pair.public()),
            _ => responses.text("PASSWORD", text(&self.credentials.password)?),
        };
        Ok(self.respond(responses))
    }

    /// Begins to set an authenticator app up.
    fn associate(&mut self) -> Result<Move, Error> {
        let request = self.pool.associate_software_token(self.session.as_ref().ok_or_else(|| self.unsupported())?);
        self.state = State::Associating;
        Ok(Move::Send(request))
    }

    /// The answer to NEW_PASSWORD_REQUIRED.
    fn new_password(&self, password: &str, attributes: &Pairs) -> Result<Object, Error> {
        let (required, known) = super::new_password::attributes(self.json());
        for name in &required {
            if !attributes.iter().any(|(given, value)| given == name && !value.is_empty()) {
                return Err(Error::naming(Code::InvalidParameter, "The pool requires the attribute ", name, "."));
            }
        }
        let mut responses = self.responses();
        responses.text("NEW_PASSWORD", password);
        for (name, value) in attributes {
            if known.iter().any(|(known, _)| known == name) && !required.contains(name) {
                return Err(Error::naming(Code::InvalidParameter, "The account already has the attribute ", name, "."));
            }
            responses.text(&(String::from("userAttributes.") + name), value);
        }
        Ok(responses)
    }

    /// Every response carries the user name that the service echoed.
    fn responses(&self) -> Object {
        let mut responses = Object::new();
        responses.text("USERNAME", self.username());
        responses
    }

    fn responses_of_device(&self) -> Object {
        let mut responses = self.responses();
        responses.optional("DEVICE_KEY", self.credentials.device.as_ref().map(|device| device.key.as_str()));
        responses
    }

    fn add_public(&mut self, responses: &mut Object, moment: &mut Moment<'_>) -> Result<(), Error> {
        let key_pair = (moment.key_pair)()?;
        responses.text("SRP_A", &key_pair.public());
        self.key_pair = Some(key_pair);
        Ok(())
    }

    fn respond_with(&self, name: &str, value: &str) -> Request {
        let mut responses = self.responses();
        responses.text(name, value);
        self.respond(responses)
    }

    fn respond(&self, responses: Object) -> Request {
        let Self { pool, challenge, session, .. } = self;
        pool.respond_to_auth_challenge(challenge, session.as_ref(), responses, &self.credentials.metadata)
    }

    fn username(&self) -> &str {
        self.user_id.as_deref().unwrap_or(&self.credentials.username)
    }

    fn json(&self) -> Json<'_> {
        Json::parse(&self.parameters).unwrap_or(Json::NULL)
    }

    fn ask_account(&mut self, name: &'static str, question: Question) -> Move {
        self.state = State::Asked(question);
        let mut details = Object::new();
        details.text("username", &self.credentials.username);
        Move::Ask(Ask { name, details })
    }

    fn ask_app(&mut self, secret: &str) -> Move {
        self.state = State::Asked(Question::App);
        let mut details = Object::new();
        details.text("username", self.username()).text("secret", secret).list("choices", &["totp".to_owned()]);
        Move::Ask(Ask { name: "setUpMfa", details })
    }

    fn ask(&mut self, name: &'static str, kind: Kind) -> Move {
        self.state = State::Asked(Question::Challenge(kind));
        let (mut details, parameters) = (Object::new(), self.json());
        match kind {
            Kind::Code => {
                details.optional("deviceName", parameters.text("FRIENDLY_DEVICE_NAME").as_deref());
                if name != "totp" {
                    let names = ["CODE_DELIVERY_DESTINATION", "CODE_DELIVERY_DELIVERY_MEDIUM", ""];
                    details.raw("sentTo", &sent_to(parameters, names).end());
                }
            }
            Kind::Choice => {
                details.list("choices", &challenge::choices(&self.offered));
            }
            Kind::SetUp => {
                let mut choices = challenge::choices(&self.offered);
                for choice in &mut choices {
                    *choice = choice.trim_end_matches("Code").to_owned();
                }
                details.list("choices", &choices);
            }
            Kind::Passkey => {
                let options = parameters.text("CREDENTIAL_REQUEST_OPTIONS").unwrap_or_default();
                details.raw("options", Json::parse(&options).unwrap_or(Json::NULL).as_written());
            }
            Kind::Custom => {
                let mut told = parameters.texts();
                told.retain(|(name, _)| !matches!(name.as_str(), "USERNAME" | "USER_ID_FOR_SRP"));
                details.raw("parameters", &Object::of(&told).end());
            }
            Kind::NewPassword => {
                let (required, known) = super::new_password::attributes(parameters);
                details.list("requiredAttributes", &required).raw("attributes", &Object::of(&known).end());
            }
            Kind::Password => {}
        }
        Move::Ask(Ask { name, details })
    }

    fn unsupported(&self) -> Error {
        Error::naming(
            Code::UnsupportedChallenge,
            "The service asks ",
            &self.challenge,
            ", which this version cannot answer.",
        )
    }
}
