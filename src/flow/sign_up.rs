//! Making an account: SignUp, then ConfirmSignUp with the code that was sent.

use super::{Answer, Ask, Flow, Move, Outcome, SignIn, Step, already_confirmed, out_of_turn, read, text, unfit_answer};
use crate::error::{Code, Error};
use crate::protocol::json::Object;
use crate::protocol::user_pool::{SignedUp, UserPool, read_session, read_sign_up};
use crate::protocol::{Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::text::Text;
use alloc::boxed::Box;
use alloc::rc::Rc;

/// The account to make.
#[derive(Debug)]
pub struct Registration {
    /// The user name; it cannot be changed later.
    pub username: Text,
    /// The password in UTF-8, as typed; empty for an account without one.
    pub password: SecretBytes,
    /// UserAttributes, every one that the pool requires, and ValidationData, which the pre-sign-up trigger alone sees: a JSON
    /// object.
    pub members: Text,
    /// For the pool's triggers, sent with every call of the flow: a JSON object, or empty for none.
    pub metadata: Text,
}

/// One sign-up under way.
#[derive(Debug)]
pub struct SignUp {
    pool: Rc<UserPool>,
    username: Text,
    metadata: Text,
    /// What SignUp gave for ConfirmSignUp, or that for the sign-in after it.
    session: Option<SecretText>,
    /// The code that was sent last.
    code: SecretText,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// SignUp is sent.
    Sent,
    /// The code is asked for.
    Asked,
    /// ConfirmSignUp is sent.
    Answered,
}

impl SignUp {
    /// Begins: the first step sends SignUp.
    ///
    /// # Errors
    /// `InvalidParameter` for an empty user name or a password that is not UTF-8.
    pub fn start(pool: Rc<UserPool>, registration: Registration) -> Result<Step, Error> {
        let Registration { username, password, members, metadata } = registration;
        if username.is_empty() {
            return Err(Error::new(Code::InvalidParameter, "The user name is empty."));
        }
        let request = pool.sign_up(&username, text(&password)?, &members, &metadata);
        Ok(Step::Send(
            request,
            Flow::SignUp(Box::new(SignUp {
                pool,
                username,
                metadata,
                session: None,
                code: SecretText::default(),
                state: State::Sent,
            })),
        ))
    }

    pub(super) fn receive(&mut self, result: &Result<Box<Reply>, Error>) -> Result<Move, Error> {
        match self.state {
            State::Sent => {
                let SignedUp { confirmed, session, delivery } = read(result, read_sign_up)?;
                if confirmed {
                    return Ok(Move::Done(Outcome::SignedUp));
                }
                self.session = session;
                self.state = State::Asked;
                let mut details = Object::new();
                details.text("username", &self.username);
                details.optional_raw("delivery", delivery.as_deref());
                Ok(Move::Ask(Ask { name: "confirm", details }))
            }
            State::Answered => {
                self.state = State::Asked;
                match read(result, read_session) {
                    Ok(Some(session)) if self.session.is_some() => {
                        let (username, metadata) = (self.username.clone(), core::mem::take(&mut self.metadata));
                        let (request, flow) = SignIn::follow(self.pool.clone(), username, session, metadata);
                        Ok(Move::Follow(request, flow))
                    }
                    Err(error) if !already_confirmed(&error) => {
                        if error.code != Code::NotAuthorized || self.session.take().is_none() {
                            return Err(error);
                        }
                        // The code may outlive the session, which is of use for the sign-in alone.
                        self.state = State::Answered;
                        Ok(Move::Send(self.confirm()))
                    }
                    _ => Ok(Move::Done(Outcome::SignedUp)),
                }
            }
            State::Asked => Err(out_of_turn()),
        }
    }

    pub(super) fn answer(&mut self, answer: &mut Answer) -> Result<Box<Request>, Error> {
        if !self.asks() {
            return Err(out_of_turn());
        }
        if answer.text.expose().is_empty() || !answer.password.expose().is_empty() {
            return Err(unfit_answer());
        }
        core::mem::swap(&mut self.code, &mut answer.text);
        self.state = State::Answered;
        Ok(self.confirm())
    }

    fn confirm(&self) -> Box<Request> {
        self.pool.confirm_sign_up(&self.username, self.code.expose(), self.session.as_ref(), &self.metadata)
    }

    pub(super) fn resend(&self) -> Result<Box<Request>, Error> {
        if !self.asks() {
            return Err(Error::new(Code::InvalidState, "No code is awaited."));
        }
        Ok(self.pool.resend_confirmation_code(&self.username, &self.metadata))
    }

    /// Whether the code is asked for.
    pub(super) fn asks(&self) -> bool {
        self.state == State::Asked
    }
}
