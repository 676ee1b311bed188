//! Making an account: SignUp, then ConfirmSignUp with the code that was sent.

use super::{Answer, Ask, Flow, Outcome, Step, Stopped, already_confirmed, text, unfit_answer};
use crate::error::{Code, Error};
use crate::protocol::user_pool::{UserPool, read_done, read_sign_up};
use crate::protocol::{Pairs, Reply, Request};
use crate::secret::SecretBytes;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;

/// The account to make.
#[derive(Debug)]
pub struct Registration {
    /// The user name; it cannot be changed later.
    pub username: String,
    /// The password in UTF-8, as typed.
    pub password: SecretBytes,
    /// The user's attributes; every one that the pool requires must be there.
    pub attributes: Pairs,
    /// For the pre-sign-up trigger only; not stored.
    pub validation_data: Pairs,
    /// For the pool's triggers; sent with every call of the flow.
    pub metadata: Pairs,
}

/// One sign-up under way.
#[derive(Debug)]
pub struct SignUp {
    pool: Rc<UserPool>,
    username: String,
    metadata: Pairs,
    state: State,
}

#[derive(Clone, Copy, Debug)]
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
        let Registration { username, password, attributes, validation_data, metadata } = registration;
        if username.is_empty() {
            return Err(Error::new(Code::InvalidParameter, "The user name is empty."));
        }
        let request = pool.sign_up(&username, text(&password)?, &attributes, &validation_data, &metadata);
        Ok(Step::Send(request, Flow::SignUp(Box::new(SignUp { pool, username, metadata, state: State::Sent }))))
    }

    pub(super) fn receive(mut self: Box<Self>, result: Result<Reply, Error>) -> Result<Step, Stopped> {
        match self.state {
            State::Sent => match result.and_then(|reply| read_sign_up(&reply))? {
                (true, _) => Ok(Step::Done(Outcome::SignedUp)),
                (false, sent_to) => {
                    self.state = State::Asked;
                    Ok(Step::Ask(Ask::Confirm { username: self.username.clone(), sent_to }, Flow::SignUp(self)))
                }
            },
            State::Answered => match result.and_then(|reply| read_confirmation(&reply)) {
                Ok(()) => Ok(Step::Done(Outcome::SignedUp)),
                Err(error) => Err(self.ask_again(error)),
            },
            State::Asked => Err(self.ask_again(Error::new(Code::InvalidState, "An answer is awaited, not a reply."))),
        }
    }

    pub(super) fn answer(mut self: Box<Self>, answer: Answer) -> Result<Step, Stopped> {
        match (self.state, answer) {
            (State::Asked, Answer::Code(code)) => {
                let request = self.pool.confirm_sign_up(&self.username, code.expose(), &self.metadata);
                self.state = State::Answered;
                Ok(Step::Send(request, Flow::SignUp(self)))
            }
            (State::Asked, _) => Err(self.ask_again(unfit_answer())),
            _ => Err(Error::new(Code::InvalidState, "A reply is awaited, not an answer.").into()),
        }
    }

    pub(super) fn resend(&self) -> Result<Request, Error> {
        match self.state {
            State::Asked => Ok(self.pool.resend_confirmation_code(&self.username, &self.metadata)),
            _ => Err(Error::new(Code::InvalidState, "No code is awaited.")),
        }
    }

    fn ask_again(mut self: Box<Self>, error: Error) -> Stopped {
        self.state = State::Asked;
        Stopped { error, again: Some(Flow::SignUp(self)) }
    }
}

/// ConfirmSignUp on its own, for a later visit: what its reply means.
///
/// # Errors
/// The service's refusal, except that the account is confirmed already.
pub fn read_confirmation(reply: &Reply) -> Result<(), Error> {
    match read_done(reply) {
        Err(error) if !already_confirmed(&error) => Err(error),
        _ => Ok(()),
    }
}
