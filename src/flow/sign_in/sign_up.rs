//! SignUp, which a sign-in may begin with: the account is made, then the code that was sent confirms it.

use super::{Credentials, Method, Question, SignIn, State};
use crate::error::{Code, Error};
use crate::flow::{Ask, Flow, Move, Outcome, Step, already_confirmed, text};
use crate::protocol::json::Object;
use crate::protocol::user_pool::{SignedUp, UserPool};
use crate::protocol::{Repeat, Request};
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

impl Flow {
    /// Begins a sign-up: the first step sends SignUp.
    ///
    /// # Errors
    /// `InvalidParameter` for an empty user name or a password that is not UTF-8.
    pub fn sign_up(pool: Rc<UserPool>, registration: Registration) -> Result<Step, Error> {
        let Registration { username, password, members, metadata } = registration;
        let credentials = Credentials { username, metadata, method: Method::Choice, ..Credentials::default() };
        let mut flow = SignIn::new(pool, credentials)?;
        let Credentials { username, metadata, .. } = &flow.credentials;
        let request = flow.pool.sign_up(username, text(&password)?.expose(), &members, metadata);
        flow.state = State::SigningUp;
        Ok(Step::Send(request, Flow(flow)))
    }
}

impl SignIn {
    /// Asks for the code that was sent.
    pub(super) fn ask_code(&mut self, SignedUp { confirmed, session, delivery }: SignedUp) -> Move {
        if confirmed {
            return Move::Done(Outcome::SignedUp);
        }
        self.session = session;
        self.signs_up = true;
        let mut step = self.asked("confirm", Question::ConfirmSignUp);
        step.text("username", &self.credentials.username).optional_raw("delivery", delivery.as_deref());
        Move::Ask(Ask(step))
    }

    /// Goes on from what ConfirmSignUp brought: to a sign-in where there is a `Session` for one.
    pub(super) fn confirmed(&mut self, confirmed: Result<Option<SecretText>, Error>) -> Result<Move, Error> {
        match confirmed {
            Ok(Some(session)) if self.session.take().is_some() => {
                (self.signs_up, self.automatic) = (false, true);
                let Credentials { username, metadata, .. } = &self.credentials;
                let mut parameters = Object::new();
                parameters.text("USERNAME", username);
                let request = self.pool.initiate_auth("USER_AUTH", Some(&session), parameters, metadata, Repeat::Never);
                Ok(Move::Send(request))
            }
            Err(error) if !already_confirmed(&error) => {
                if error.code != Code::NotAuthorized || self.session.take().is_none() {
                    self.state = State::Asked(Question::ConfirmSignUp);
                    return Err(error);
                }
                // The code may outlive the session, which is of use for the sign-in alone.
                self.state = State::Answered(Question::ConfirmSignUp);
                Ok(Move::Send(self.confirm()))
            }
            _ => Ok(Move::Done(Outcome::SignedUp)),
        }
    }

    pub(super) fn confirm(&self) -> Box<Request> {
        let Credentials { username, metadata, .. } = &self.credentials;
        self.pool.confirm_sign_up(username, self.code.expose(), self.session.as_ref(), metadata)
    }
}
