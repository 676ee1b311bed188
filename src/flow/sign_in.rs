//! Signing in by user name and password: InitiateAuth, then challenges until tokens come.

use super::{Answer, Ask, Flow, KeyPair, Moment, Outcome, Step, Stopped, already_confirmed, text, unfit_answer};
use crate::error::{Code, Error};
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
const NOT_WRITABLE: [&str; 2] = ["email_verified", "phone_number_verified"];

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
        let flow = SignIn {
            pool,
            credentials,
            user_id: None,
            session: None,
            key_pair: None,
            parameters: String::new(),
            state: State::Proving,
        };
        Box::new(flow).initiate(&mut moment)
    }

    fn initiate(mut self: Box<Self>, moment: &mut Moment<'_>) -> Result<Step, Error> {
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
        let request = self.pool.initiate_auth(flow, parameters, metadata, repeat);
        Ok(Step::Send(request, Flow::SignIn(self)))
    }

    pub(super) fn receive(
        mut self: Box<Self>,
        result: Result<Reply, Error>,
        mut moment: Moment<'_>,
    ) -> Result<Step, Stopped> {
        let state = core::mem::replace(&mut self.state, State::Proving);
        let key_pair = self.key_pair.take();
        match state {
            State::Asked(question) => {
                Err(self.ask_again(question, Error::new(Code::InvalidState, "An answer is awaited, not a reply.")))
            }
            State::Answered(question @ (Question::ConfirmSignUp | Question::ResetPassword)) => {
                match result.and_then(|reply| read_done(&reply)) {
                    Err(error) if !already_confirmed(&error) => Err(self.ask_again(question, error)),
                    _ => Ok(self.initiate(&mut moment)?),
                }
            }
            State::Proving | State::Answered(Question::NewPassword) => {
                match result.and_then(|reply| read_progress(&reply)) {
                    Ok(progress) => Ok(self.advance(progress, key_pair, &moment)?),
                    Err(error) if error.code == Code::UserNotConfirmed => Ok(self.ask(Question::ConfirmSignUp)),
                    Err(error) if error.code == Code::PasswordResetRequired => Ok(self.ask(Question::ResetPassword)),
                    // After a Session that is over another answer is useless.
                    Err(error) if state != State::Proving && error.code != Code::NotAuthorized => {
                        Err(self.ask_again(Question::NewPassword, error))
                    }
                    Err(error) => Err(error.into()),
                }
            }
        }
    }

    pub(super) fn answer(mut self: Box<Self>, answer: Answer) -> Result<Step, Stopped> {
        let State::Asked(question) = self.state else {
            return Err(Error::new(Code::InvalidState, "A reply is awaited, not an answer.").into());
        };
        match self.answering(question, answer) {
            Ok(request) => {
                self.state = State::Answered(question);
                Ok(Step::Send(request, Flow::SignIn(self)))
            }
            Err(error) => Err(self.ask_again(question, error)),
        }
    }

    pub(super) fn resend(&self) -> Result<Request, Error> {
        let Credentials { username, metadata, .. } = &self.credentials;
        match self.state {
            State::Asked(Question::ConfirmSignUp) => Ok(self.pool.resend_confirmation_code(username, metadata)),
            State::Asked(Question::ResetPassword) => Ok(self.pool.forgot_password(username, metadata)),
            _ => Err(Error::new(Code::InvalidState, "No code is awaited.")),
        }
    }

    /// Goes on from what InitiateAuth or RespondToAuthChallenge brought.
    fn advance(
        mut self: Box<Self>,
        progress: Progress,
        key_pair: Option<KeyPair>,
        moment: &Moment<'_>,
    ) -> Result<Step, Error> {
        let (name, session, text) = match progress {
            Progress::Challenge { name, session, parameters } => (name, session, parameters),
            Progress::Tokens(tokens) => {
                return Session::begin(tokens, &self.pool, moment.now).map(|it| Step::Done(Outcome::SignedIn(it)));
            }
        };
        self.session = session;
        let parameters = Json::parse(&text).unwrap_or(Json::NULL);
        let given = |name| parameters.text(name).filter(|id| !id.is_empty());
        if let Some(id) = given("USER_ID_FOR_SRP").or_else(|| given("USERNAME")) {
            self.user_id = Some(id);
        }
        match (name.as_str(), key_pair) {
            ("PASSWORD_VERIFIER", Some(key_pair)) => self.prove(key_pair, parameters, moment),
            ("NEW_PASSWORD_REQUIRED", _) => {
                self.parameters = text;
                Ok(self.ask(Question::NewPassword))
            }
            _ => {
                let message = ["The service asks ", &name, ", which this version cannot answer."].concat();
                Err(Error::new(Code::UnsupportedChallenge, message))
            }
        }
    }

    /// Answers PASSWORD_VERIFIER.
    fn prove(mut self: Box<Self>, key_pair: KeyPair, parameters: Json<'_>, moment: &Moment<'_>) -> Result<Step, Error> {
        let given = |name| {
            parameters
                .text(name)
                .ok_or_else(|| Error::new(Code::InvalidResponse, ["The challenge lacks ", name, "."].concat()))
        };
        let (salt, b, secret_block) = (given("SALT")?, given("SRP_B")?, given("SECRET_BLOCK")?);
        let timestamp = srp::timestamp(moment.now.try_into().unwrap_or_default());
        let identity = Identity {
            pool_name: self.pool.name(),
            user: self.username(),
            password: self.credentials.password.expose(),
        };
        let challenge = Challenge { salt: &salt, b: &b, secret_block: &secret_block, timestamp: &timestamp };
        let signature = key_pair.prove(&identity, &challenge)?;
        let mut responses = self.responses();
        responses.text("PASSWORD_CLAIM_SECRET_BLOCK", &secret_block);
        responses.text("PASSWORD_CLAIM_SIGNATURE", &signature);
        responses.text("TIMESTAMP", &timestamp);
        let request = self.respond("PASSWORD_VERIFIER", responses);
        self.session = None;
        Ok(Step::Send(request, Flow::SignIn(self)))
    }

    fn answering(&mut self, question: Question, answer: Answer) -> Result<Request, Error> {
        let Credentials { username, metadata, .. } = &self.credentials;
        match (question, answer) {
            (Question::NewPassword, Answer::NewPassword { password, attributes }) => {
                let (required, known) = (self.required(), self.known());
                let given = |name: &str| attributes.iter().any(|(given, value)| given == name && !value.is_empty());
                if let Some(missing) = required.iter().find(|name| !given(name)) {
                    let message = ["The pool requires the attribute ", missing, "."].concat();
                    return Err(Error::new(Code::InvalidParameter, message));
                }
                let twice = |name: &String| known.iter().any(|(known, _)| known == name) && !required.contains(name);
                if let Some((name, _)) = attributes.iter().find(|(name, _)| twice(name)) {
                    let message = ["The account already has the attribute ", name, "."].concat();
                    return Err(Error::new(Code::InvalidParameter, message));
                }
                let mut responses = self.responses();
                responses.text("NEW_PASSWORD", text(&password)?);
                for (name, value) in &attributes {
                    responses.text(&["userAttributes.", name].concat(), value);
                }
                Ok(self.respond("NEW_PASSWORD_REQUIRED", responses))
            }
            (Question::ConfirmSignUp, Answer::Code(code)) => {
                Ok(self.pool.confirm_sign_up(username, code.expose(), metadata))
            }
            (Question::ResetPassword, Answer::Reset { code, password }) => {
                let request = self.pool.confirm_forgot_password(username, code.expose(), text(&password)?, metadata);
                self.credentials.password = password;
                Ok(request)
            }
            _ => Err(unfit_answer()),
        }
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

    fn ask(mut self: Box<Self>, question: Question) -> Step {
        self.state = State::Asked(question);
        let ask = match question {
            Question::NewPassword => Ask::NewPassword { required: self.required(), known: self.known() },
            Question::ConfirmSignUp => Ask::ConfirmSignUp { username: self.credentials.username.clone() },
            Question::ResetPassword => Ask::ResetPassword { username: self.credentials.username.clone() },
        };
        Step::Ask(ask, Flow::SignIn(self))
    }

    fn ask_again(mut self: Box<Self>, question: Question, error: Error) -> Stopped {
        self.state = State::Asked(question);
        Stopped { error, again: Some(Flow::SignIn(self)) }
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
        attributes.retain(|(name, value)| !NOT_WRITABLE.contains(&name.as_str()) && !value.is_empty());
        attributes
    }

    fn parameter(&self, name: &str) -> String {
        Json::parse(&self.parameters).and_then(|parameters| parameters.text(name)).unwrap_or_default()
    }
}
