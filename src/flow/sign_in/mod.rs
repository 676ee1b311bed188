//! Signing in: InitiateAuth, or SignUp before it, then challenges in any order until tokens come.

mod answer;
mod ask;
mod begin;
mod challenge;
mod proof;
mod sign_up;

use super::{Change, Device, Flow, KeyPair, Moment, Move, Outcome, Step, already_confirmed, out_of_turn, read};
use crate::error::{Code, Error};
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::{
    Progress, UserPool, read_association, read_done, read_progress, read_session, read_sign_up, read_verification,
};
use crate::protocol::{Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;
use crate::text::Text;
use alloc::boxed::Box;
use alloc::rc::Rc;
use challenge::Kind;
pub use sign_up::Registration;

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
    pub username: Text,
    /// The password in UTF-8, as typed; empty where none was given yet.
    pub password: SecretBytes,
    /// How the sign-in begins.
    pub method: Method,
    /// The challenge that the user would like to begin with: `WEB_AUTHN`. [`Method::Choice`] alone.
    pub preferred: Text,
    /// The assurance that is asked for, as a JSON object with `TARGET_ACR_VALUES` and `MAX_AGE`; empty for none.
    /// [`Method::Choice`] alone.
    pub step_up: Text,
    /// What credits, where more assurance is asked for, the factors that the user has shown already; empty for none.
    pub access_token: SecretText,
    /// The device that this is, if it is remembered. Not used by [`Method::Choice`].
    pub device: Option<Box<Device>>,
    /// For the pool's triggers, sent with every call of the flow: a JSON object, or empty for none.
    pub metadata: Text,
}

/// One sign-in under way.
#[derive(Debug)]
pub(super) struct SignIn {
    pool: Rc<UserPool>,
    credentials: Credentials,
    /// The name that the service echoed: every response after the first reply carries it (USERNAME).
    user_id: Option<Text>,
    /// The last Session received, to be sent once.
    session: Option<SecretText>,
    /// The pair whose A was sent, or is to be sent with the password.
    key_pair: Option<KeyPair>,
    /// The challenge that is to be answered.
    challenge: Text,
    /// What it tells, as JSON.
    parameters: Text,
    /// What it lets the user choose from: a list, as JSON, or anything else.
    offered: Text,
    /// The address that codes are to be sent to, until the service has taken it.
    email: Text,
    /// The code that was sent last to confirm an account.
    code: SecretText,
    /// Whether the service did not know the device any more.
    forgotten: bool,
    /// Whether the account is being made: that it is confirmed is the end, or the beginning of an automatic sign-in.
    signs_up: bool,
    /// Whether it follows from a sign-up, which is done whatever becomes of this.
    automatic: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Something is sent that the user was not asked for.
    Sent,
    /// SignUp is sent.
    SigningUp,
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

impl Flow {
    /// Begins a sign-in: the first step sends InitiateAuth.
    ///
    /// # Errors
    /// `InvalidParameter` for an empty user name or a password that is not UTF-8; what the key pair's source raises.
    pub fn sign_in(pool: Rc<UserPool>, credentials: Credentials, mut moment: Moment<'_>) -> Result<Step, Error> {
        let mut flow = SignIn::new(pool, credentials)?;
        let request = flow.initiate(&mut moment)?;
        Ok(Step::Send(request, Flow(flow)))
    }
}

impl SignIn {
    fn new(pool: Rc<UserPool>, credentials: Credentials) -> Result<Box<Self>, Error> {
        if credentials.username.is_empty() {
            return Err(Error::new(Code::InvalidParameter, "The user name is empty."));
        }
        Ok(Box::new(Self {
            pool,
            credentials,
            user_id: None,
            session: None,
            key_pair: None,
            challenge: Text::default(),
            parameters: Text::default(),
            offered: Text::default(),
            email: Text::default(),
            code: SecretText::default(),
            forgotten: false,
            signs_up: false,
            automatic: false,
            state: State::Sent,
        }))
    }

    pub(in crate::flow) fn receive(
        &mut self,
        result: &Result<Box<Reply>, Error>,
        mut moment: Moment<'_>,
    ) -> Result<Move, Error> {
        let state = core::mem::replace(&mut self.state, State::Sent);
        let error = match state {
            State::Asked(_) => {
                self.state = state;
                return Err(out_of_turn());
            }
            State::Associating => {
                let (secret, session) = read(result, read_association)?;
                self.session = session;
                return Ok(self.ask_app(&secret));
            }
            State::Answered(Question::App) => match read(result, read_verification) {
                Ok((fits, session)) => {
                    self.session = session.or(self.session.take());
                    if fits {
                        return Ok(Move::Send(self.respond(self.responses())));
                    }
                    Error::new(Code::EnableSoftwareTokenMFA, "The code does not fit the app.")
                }
                Err(error) => error,
            },
            State::SigningUp => return read(result, read_sign_up).map(|made| self.ask_code(made)),
            State::Answered(Question::ConfirmSignUp) if self.signs_up => {
                return self.confirmed(read(result, read_session));
            }
            State::Answered(Question::ConfirmSignUp | Question::ResetPassword) => match read(result, read_done) {
                Err(error) if !already_confirmed(&error) => error,
                _ => return self.initiate(&mut moment).map(Move::Send),
            },
            State::Sent | State::Answered(Question::Challenge(_)) => match read(result, read_progress) {
                Ok(progress) => return self.advance(progress, &mut moment),
                Err(error) => error,
            },
        };
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
            // The service's documents do not agree on the name.
            Code::InvalidParameter if !self.email.is_empty() => {
                self.state = state;
                let email = core::mem::take(&mut self.email);
                return Ok(Move::Send(self.respond_with("email", &email)));
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
        self.automatic = false;
        let (name, session, text, offered) = match progress {
            Progress::Challenge { name, session, parameters, offered } => (name, session, parameters, offered),
            Progress::Tokens(mut tokens) => {
                let device = tokens.new_device.take();
                let changed = device.is_some() || self.forgotten;
                let change = || Box::new(Change { username: self.credentials.username.clone(), device });
                let session = Session::begin(tokens, &self.pool, moment.now)?;
                return Ok(Move::Done(Outcome::SignedIn(session, changed.then(change))));
            }
        };
        self.session = session;
        let parameters = Json::read(&text);
        if let Some(id) = parameters.filled("USER_ID_FOR_SRP").or_else(|| parameters.filled("USERNAME")) {
            self.user_id = Some(id);
        }
        let listed = parameters
            .filled("MFAS_CAN_CHOOSE")
            .or_else(|| parameters.filled("MFAS_CAN_SELECT"))
            .or_else(|| parameters.filled("MFAS_CAN_SETUP"));
        self.offered = listed.unwrap_or(offered);
        (self.challenge, self.parameters) = (name, text);
        match (&*self.challenge, &self.credentials.device) {
            ("PASSWORD_VERIFIER", _) if self.key_pair.is_some() => return self.prove(false, moment),
            ("DEVICE_PASSWORD_VERIFIER", Some(_)) if self.key_pair.is_some() => return self.prove(true, moment),
            ("DEVICE_SRP_AUTH", Some(_)) => return self.begin_device_proof(moment),
            _ => {}
        }
        let Some((step, kind)) = challenge::step(&self.challenge) else { return Err(self.unsupported()) };
        if kind == Kind::SetUp {
            let choices = challenge::choices(&self.offered, kind);
            if choices.is_empty() {
                return Err(Error::new(
                    Code::UnsupportedChallenge,
                    "There is no second factor that can be set up here.",
                ));
            }
            if choices == "[\"totp\"]" {
                return self.associate();
            }
        }
        if !matches!(kind, Kind::Choice | Kind::SetUp) {
            // The list may come beside any challenge; it is this one that is to be answered.
            self.offered = Text::default();
        }
        let offered = challenge::chosen("password", &self.offered).is_some();
        if offered || self.challenge == "PASSWORD_SRP" {
            self.key_pair = Some((moment.key_pair)()?);
        }
        // One that is preferred, and was not known at the beginning.
        if offered && self.credentials.preferred == "PASSWORD_SRP" {
            return Ok(self.ask("password", Kind::Password));
        }
        Ok(self.ask(step, kind))
    }

    pub(in crate::flow) fn resend(&self) -> Result<Box<Request>, Error> {
        let Credentials { username, metadata, .. } = &self.credentials;
        match self.state {
            State::Asked(Question::ConfirmSignUp) => Ok(self.pool.resend_confirmation_code(username, metadata)),
            State::Asked(Question::ResetPassword) => Ok(self.pool.forgot_password(username, metadata)),
            _ => Err(out_of_turn()),
        }
    }

    /// Whether the user is asked.
    pub(in crate::flow) fn asks(&self) -> bool {
        matches!(self.state, State::Asked(_))
    }

    /// Every response carries the user name that the service echoed.
    fn responses(&self) -> Object {
        let mut responses = Object::new();
        responses.text("USERNAME", self.username());
        responses
    }

    fn respond_with(&self, name: &str, value: &str) -> Box<Request> {
        let mut responses = self.responses();
        responses.text(name, value);
        self.respond(responses)
    }

    fn respond(&self, responses: Object) -> Box<Request> {
        let Self { pool, challenge, session, .. } = self;
        pool.respond_to_auth_challenge(challenge, session.as_ref(), responses, &self.credentials.metadata)
    }

    fn username(&self) -> &str {
        self.user_id.as_deref().unwrap_or(&self.credentials.username)
    }

    fn json(&self) -> Json<'_> {
        Json::read(&self.parameters)
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
