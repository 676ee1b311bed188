//! Signing in by user name and password: InitiateAuth, then challenges until tokens come.

use super::{
    Answer, Ask, Flow, KeyPair, Moment, Move, Outcome, Step, already_confirmed, out_of_turn, read, text, unfit_answer,
};
use crate::error::{Code, Error, place};
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{Progress, UserPool, read_done, read_progress};
use crate::protocol::{Pairs, Repeat, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;
use crate::srp::{self, Challenge, Identity};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// Written only by the service; they come back among the attributes of NEW_PASSWORD_REQUIRED.
const NOT_WRITABLE: &str = "email_verified phone_number_verified";

/// How the password is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// USER_SRP_AUTH: the password stays here.
    Srp,
    /// USER_PASSWORD_AUTH: the password is sent, for pools that migrate users.
    Password,
}

/// Who signs in, and how.
#[derive(Debug)]
pub struct Credentials {
    /// What the user typed: a user name or an alias.
    pub username: String,
    /// The password in UTF-8, as typed.
    pub password: SecretBytes,
    /// How the password is proven.
    pub method: Method,
    /// For the pool's triggers; sent with every call of the flow.
    pub metadata: Pairs,
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
    /// The pair that A belongs to, until PASSWORD_VERIFIER is answered.
    key_pair: Option<KeyPair>,
    /// What NEW_PASSWORD_REQUIRED tells, as JSON.
    parameters: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// InitiateAuth or PASSWORD_VERIFIER's answer is sent.
    Proving,
    /// The user is asked.
    Asked(Question),
    /// The user's answer is sent.
    Answered(Question),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    NewPassword,
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
        let mut flow = Box::new(SignIn {
            pool,
            credentials,
            user_id: None,
            session: None,
            key_pair: None,
            parameters: String::new(),
            state: State::Proving,
        });
        let request = flow.initiate(&mut moment)?;
        Ok(Step::Send(request, Flow::SignIn(flow)))
    }

    fn initiate(&mut self, moment: &mut Moment<'_>) -> Result<Request, Error> {
        self.user_id = None;
        self.session = None;
        let Credentials { username, password, method, metadata } = &self.credentials;
        let mut parameters = Object::new();
        parameters.text("USERNAME", username);
        let (flow, repeat) = match method {
            Method::Srp => {
                let key_pair = (moment.key_pair)()?;
                parameters.text("SRP_A", &key_pair.public());
                self.key_pair = Some(key_pair);
                ("USER_SRP_AUTH", Repeat::Safe)
            }
            Method::Password => {
                parameters.text("PASSWORD", text(password)?);
                ("USER_PASSWORD_AUTH", Repeat::Never)
            }
        };
        Ok(self.pool.initiate_auth(flow, parameters, metadata, repeat))
    }

    pub(super) fn receive(&mut self, result: &Result<Reply, Error>, mut moment: Moment<'_>) -> Result<Move, Error> {
        let state = core::mem::replace(&mut self.state, State::Proving);
        let key_pair = self.key_pair.take();
        match state {
            State::Asked(_) => {
                self.state = state;
                Err(out_of_turn())
            }
            State::Proving | State::Answered(Question::NewPassword) => match read(result, read_progress) {
                Ok(progress) => self.advance(progress, key_pair, &moment),
                Err(error) if error.code == Code::UserNotConfirmed => Ok(self.ask(Question::ConfirmSignUp)),
                Err(error) if error.code == Code::PasswordResetRequired => Ok(self.ask(Question::ResetPassword)),
                Err(error) => {
                    // After a Session that is over another answer is useless.
                    if state != State::Proving && error.code != Code::NotAuthorized {
                        self.state = State::Asked(Question::NewPassword);
                    }
                    Err(error)
                }
            },
            State::Answered(question) => match read(result, read_done) {
                Err(error) if !already_confirmed(&error) => {
                    self.state = State::Asked(question);
                    Err(error)
                }
                _ => self.initiate(&mut moment).map(Move::Send),
            },
        }
    }

    pub(super) fn answer(&mut self, answer: &mut Answer) -> Result<Request, Error> {
        let State::Asked(question) = self.state else { return Err(out_of_turn()) };
        let Credentials { username, metadata, .. } = &self.credentials;
        let request = match (question, answer) {
            (Question::NewPassword, Answer::NewPassword { password, attributes }) => {
                self.new_password(text(password)?, attributes)?
            }
            (Question::ConfirmSignUp, Answer::Code(code)) => {
                self.pool.confirm_sign_up(username, code.expose(), metadata)
            }
            (Question::ResetPassword, Answer::Reset { code, password }) => {
                let request = self.pool.confirm_forgot_password(username, code.expose(), text(password)?, metadata);
                core::mem::swap(&mut self.credentials.password, password);
                request
            }
            _ => return Err(unfit_answer()),
        };
        self.state = State::Answered(question);
        Ok(request)
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

    /// Goes on from what InitiateAuth or RespondToAuthChallenge brought.
    fn advance(&mut self, progress: Progress, key_pair: Option<KeyPair>, moment: &Moment<'_>) -> Result<Move, Error> {
        let (name, session, text) = match progress {
            Progress::Challenge { name, session, parameters } => (name, session, parameters),
            Progress::Tokens(tokens) => {
                return Session::begin(tokens, &self.pool, moment.now).map(|it| Move::Done(Outcome::SignedIn(it)));
            }
        };
        self.session = session;
        let parameters = Json::parse(&text).unwrap_or(Json::NULL);
        let given = |name| parameters.text(name).filter(|id| !id.is_empty());
        if let Some(id) = given("USER_ID_FOR_SRP").or_else(|| given("USERNAME")) {
            self.user_id = Some(id);
        }
        match (name.as_str(), key_pair) {
            ("PASSWORD_VERIFIER", Some(key_pair)) => self.prove(key_pair, parameters, moment).map(Move::Send),
            ("NEW_PASSWORD_REQUIRED", _) => {
                self.parameters = text;
                Ok(self.ask(Question::NewPassword))
            }
            _ => Err(Error::naming(
                Code::UnsupportedChallenge,
                "The service asks ",
                &name,
                ", which this version cannot answer.",
            )),
        }
    }

    /// Answers PASSWORD_VERIFIER.
    fn prove(&mut self, key_pair: KeyPair, parameters: Json<'_>, moment: &Moment<'_>) -> Result<Request, Error> {
        let mut given = [const { String::new() }; 3];
        for (&name, value) in ["SALT", "SRP_B", "SECRET_BLOCK"].iter().zip(&mut given) {
            *value = parameters
                .text(name)
                .ok_or_else(|| Error::naming(Code::InvalidResponse, "The challenge lacks ", name, "."))?;
        }
        let [salt, b, secret_block] = &given;
        let timestamp = srp::timestamp(moment.now.try_into().unwrap_or_default());
        let identity = Identity {
            pool_name: self.pool.name(),
            user: self.username(),
            password: self.credentials.password.expose(),
        };
        let signature = key_pair.prove(&identity, &Challenge { salt, b, secret_block, timestamp: &timestamp })?;
        let mut responses = self.responses();
        responses.text("PASSWORD_CLAIM_SECRET_BLOCK", secret_block);
        responses.text("PASSWORD_CLAIM_SIGNATURE", &signature);
        responses.text("TIMESTAMP", &timestamp);
        let request = self.respond("PASSWORD_VERIFIER", responses);
        self.session = None;
        Ok(request)
    }

    /// Answers NEW_PASSWORD_REQUIRED.
    fn new_password(&self, password: &str, attributes: &Pairs) -> Result<Request, Error> {
        let (required, known) = (self.required(), self.known());
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
        Ok(self.respond("NEW_PASSWORD_REQUIRED", responses))
    }

    /// Every response carries the user name that the service echoed.
    fn responses(&self) -> Object {
        let mut responses = Object::new();
        responses.text("USERNAME", self.username());
        responses
    }

    fn respond(&self, name: &str, responses: Object) -> Request {
        self.pool.respond_to_auth_challenge(name, self.session.as_ref(), responses, &self.credentials.metadata)
    }

    fn username(&self) -> &str {
        self.user_id.as_deref().unwrap_or(&self.credentials.username)
    }

    fn ask(&mut self, question: Question) -> Move {
        self.state = State::Asked(question);
        let username = self.credentials.username.clone();
        Move::Ask(match question {
            Question::NewPassword => Ask::NewPassword { required: self.required(), known: self.known() },
            Question::ConfirmSignUp => Ask::ConfirmSignUp { username },
            Question::ResetPassword => Ask::ResetPassword { username },
        })
    }

    /// `requiredAttributes`: a JSON list as text, its entries prefixed; absent, empty or odd texts require nothing.
    fn required(&self) -> Vec<String> {
        let text = self.parameter("requiredAttributes");
        let mut names = Json::parse(&text).unwrap_or(Json::NULL).list();
        for name in &mut names {
            if let Some(bare) = name.strip_prefix("userAttributes.") {
                *name = bare.to_owned();
            }
        }
        names
    }

    /// `userAttributes`: a JSON object as text, without what only the service writes.
    fn known(&self) -> Pairs {
        let text = self.parameter("userAttributes");
        let mut attributes = Json::parse(&text).unwrap_or(Json::NULL).texts();
        attributes.retain(|(name, value)| place(name, NOT_WRITABLE).is_none() && !value.is_empty());
        attributes
    }

    fn parameter(&self, name: &str) -> String {
        Json::parse(&self.parameters).and_then(|parameters| parameters.text(name)).unwrap_or_default()
    }
}
