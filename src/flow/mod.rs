//! The conversations: each takes a Reply or an Answer and says the next [`Step`].
//!
//! A flow owns what it knows and is handed on by value: an answer out of turn cannot be given twice. It never waits: who
//! drives it sends the [`Request`] and brings back what became of it.

pub mod redirect;
pub mod refresh;
mod sign_in;
pub mod sign_out;
mod sign_up;

pub use crate::srp::KeyPair;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
pub use sign_in::{Credentials, Method, SignIn};
pub use sign_up::{Registration, SignUp, read_confirmation};

use crate::error::{Code, Error};
use crate::protocol::refusal::holds;
use crate::protocol::user_pool::Delivery;
use crate::protocol::{Millis, Pairs, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// Send this, and bring the flow what became of it.
    Send(Request, Flow),
    /// Ask this, and bring the flow the answer.
    Ask(Ask, Flow),
    /// The conversation is over.
    Done(Outcome),
}

/// A conversation under way.
#[derive(Debug)]
pub enum Flow {
    /// A sign-in.
    SignIn(Box<SignIn>),
    /// A sign-up.
    SignUp(Box<SignUp>),
}

/// What a conversation came to.
#[derive(Debug)]
pub enum Outcome {
    /// A user is signed in.
    SignedIn(Session),
    /// An account is made and confirmed.
    SignedUp,
}

/// What the user is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A password of the user's own (NEW_PASSWORD_REQUIRED); [`Answer::NewPassword`].
    NewPassword {
        /// The attributes that must be given with it.
        required: Vec<String>,
        /// The attributes that the account has; they may not be given again.
        known: Pairs,
    },
    /// The code that confirms the account, in the middle of a sign-in; [`Answer::Code`].
    ConfirmSignUp {
        /// Whose account.
        username: String,
    },
    /// A new password with the code that permits it; [`Answer::Reset`].
    ResetPassword {
        /// Whose account.
        username: String,
    },
    /// The code that confirms a new account; [`Answer::Code`].
    Confirm {
        /// Whose account.
        username: String,
        /// Where the code was sent.
        sent_to: Option<Delivery>,
    },
}

/// What the user answers.
#[derive(Debug)]
pub enum Answer {
    /// A code that was sent.
    Code(SecretText),
    /// A password of the user's own.
    NewPassword {
        /// The password in UTF-8.
        password: SecretBytes,
        /// Attributes to set.
        attributes: Pairs,
    },
    /// A new password with the code that permits it.
    Reset {
        /// The code that was sent.
        code: SecretText,
        /// The password in UTF-8.
        password: SecretBytes,
    },
}

/// Why a conversation did not go on.
#[derive(Debug)]
pub struct Stopped {
    /// What went wrong.
    pub error: Error,
    /// The flow as it was before the answer, where another answer may be given.
    pub again: Option<Flow>,
}

/// What a flow needs of the moment in which it goes on.
pub struct Moment<'a> {
    /// The service's time.
    pub now: Millis,
    /// Gives an SRP key pair that was never used.
    pub key_pair: &'a mut dyn FnMut() -> Result<KeyPair, Error>,
}

/// A [`Step`] without its flow.
enum Move {
    Send(Request),
    Ask(Ask),
    Done(Outcome),
}

impl Flow {
    /// Takes what became of the request: the reply, or why there is none.
    ///
    /// # Errors
    /// [`Stopped`] with the service's refusal, a network error, or what is wrong with the reply.
    pub fn receive(mut self, result: Result<Reply, Error>, moment: Moment<'_>) -> Result<Step, Stopped> {
        let next = match &mut self {
            Flow::SignIn(flow) => flow.receive(&result, moment),
            Flow::SignUp(flow) => flow.receive(&result),
        };
        self.step(next)
    }

    /// Takes the user's answer.
    ///
    /// # Errors
    /// [`Stopped`] with `InvalidParameter` where the answer does not fit; the flow can be asked again.
    pub fn answer(mut self, mut answer: Answer) -> Result<Step, Stopped> {
        let request = match &mut self {
            Flow::SignIn(flow) => flow.answer(&mut answer),
            Flow::SignUp(flow) => flow.answer(&answer),
        };
        self.step(request.map(Move::Send))
    }

    /// Asks for the code once more.
    ///
    /// # Errors
    /// `InvalidState` where no code is awaited.
    pub fn resend(&self) -> Result<Request, Error> {
        match self {
            Flow::SignIn(flow) => flow.resend(),
            Flow::SignUp(flow) => flow.resend(),
        }
    }

    fn step(self, next: Result<Move, Error>) -> Result<Step, Stopped> {
        match next {
            Ok(Move::Send(request)) => Ok(Step::Send(request, self)),
            Ok(Move::Ask(ask)) => Ok(Step::Ask(ask, self)),
            Ok(Move::Done(outcome)) => Ok(Step::Done(outcome)),
            Err(error) => {
                let asks = match &self {
                    Flow::SignIn(flow) => flow.asks(),
                    Flow::SignUp(flow) => flow.asks(),
                };
                Err(Stopped { error, again: asks.then_some(self) })
            }
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self { error, again: None }
    }
}

/// ConfirmSignUp of an account that is confirmed already, by a lost reply or in another tab, is as good as done.
fn already_confirmed(error: &Error) -> bool {
    error.code == Code::NotAuthorized && holds(&error.message, "Current status is CONFIRMED")
}

/// A reply that meets no request, or an answer that meets no question.
fn out_of_turn() -> Error {
    Error::new(Code::InvalidState, "This is not what the flow waits for.")
}

fn unfit_answer() -> Error {
    Error::new(Code::InvalidParameter, "This answer does not fit what was asked.")
}

/// What a reply says, or why there is none.
fn read<T>(result: &Result<Reply, Error>, reader: fn(&Reply) -> Result<T, Error>) -> Result<T, Error> {
    match result {
        Ok(reply) => reader(reply),
        Err(error) => Err(error.clone()),
    }
}

/// The password as the text that goes into a request.
fn text(password: &SecretBytes) -> Result<&str, Error> {
    core::str::from_utf8(password.expose())
        .map_err(|_| Error::new(Code::InvalidParameter, "The password is not valid UTF-8."))
}
