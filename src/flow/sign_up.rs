//! Making an account: SignUp, then ConfirmSignUp with the code that was sent.

use super::{Answer, Ask, Flow, Move, Outcome, Step, already_confirmed, out_of_turn, read, text, unfit_answer};
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
        let Registration { username, password, attributes, validation_data, metadata } = registration;
        if username.is_empty() {
            return Err(Error::new(Code::InvalidParameter, "The user name is empty."));
        }
        let request = pool.sign_up(&username, text(&password)?, &attributes, &validation_data, &metadata);
        Ok(Step::Send(request, Flow::SignUp(Box::new(SignUp { pool, username, metadata, state: State::Sent }))))
    }

    pub(super) fn receive(&mut self, result: &Result<Reply, Error>) -> Result<Move, Error> {
        match self.state {
            State::Sent => {
                let (confirmed, sent_to) = read(result, read_sign_up)?;
                if confirmed {
                    return Ok(Move::Done(Outcome::SignedUp));
                }
                self.state = State::Asked;
                Ok(Move::Ask(Ask::Confirm { username: self.username.clone(), sent_to }))
            }
            State::Answered => {
                self.state = State::Asked;
                read(result, read_confirmation)?;
                Ok(Move::Done(Outcome::SignedUp))
            }
            State::Asked => Err(out_of_turn()),
        }
    }

    pub(super) fn answer(&mut self, answer: &Answer) -> Result<Request, Error> {
        if !self.asks() {
            return Err(out_of_turn());
        }
        let Answer::Code(code) = answer else { return Err(unfit_answer()) };
        self.state = State::Answered;
        Ok(self.pool.confirm_sign_up(&self.username, code.expose(), &self.metadata))
    }

    pub(super) fn resend(&self) -> Result<Request, Error> {
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
