//! The conversations: each takes a Reply or an Answer and says the next [`Step`].
//!
//! A flow owns what it knows and is handed on by value: an answer out of turn cannot be given twice. It never waits: who
//! drives it sends the [`Request`] and brings back what became of it.

pub mod device;
pub mod redirect;
pub mod refresh;
mod sign_in;
pub mod sign_out;

pub use crate::srp::{Group, KeyPair};
use crate::text::Text;
use alloc::boxed::Box;
pub use device::Device;
use sign_in::SignIn;
pub use sign_in::{Credentials, Method, Registration};

use crate::encoding::utf8;
use crate::error::{Code, Error};
use crate::protocol::json::Object;
use crate::protocol::refusal::holds;
use crate::protocol::user_pool::NewDevice;
use crate::protocol::{Millis, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// Send this, and bring the flow what became of it.
    Send(Box<Request>, Flow),
    /// Ask this, and bring the flow the answer.
    Ask(Ask, Flow),
    /// The conversation is over.
    Done(Outcome),
}

/// A conversation under way.
#[derive(Debug)]
pub struct Flow(Box<SignIn>);

/// What a conversation came to.
#[derive(Debug)]
pub enum Outcome {
    /// A user is signed in, and something is to be known about their device.
    SignedIn(Session, Option<Box<Change>>),
    /// An account is made and confirmed.
    SignedUp,
}

/// What a sign-in has shown about the device.
#[derive(Debug)]
pub struct Change {
    /// Whose device it is: the name that was typed.
    pub username: Text,
    /// A device to be confirmed; none where the service has forgotten the one that was used.
    pub device: Option<NewDevice>,
}

/// What the user is asked: `{ name, … }`.
///
/// | name | besides | answer |
/// |---|---|---|
/// | `newPassword` | `{ parameters }` | password, responses |
/// | `totp`, `smsCode`, `emailCode`, `custom` | `{ parameters }` | text |
/// | `chooseMfa`, `chooseFactor` | `{ parameters, choices }` | text: one of them |
/// | `setUpMfa` | `{ parameters, choices }`: `totp`, `emailCode` | text `totp`, or e-mail |
/// | `setUpMfa` | `{ choices, secret, username }` | text: the app's first code |
/// | `password` | `{ parameters, choices? }` | password |
/// | `passkey` | `{ parameters }` | text: AuthenticationResponseJSON |
/// | `confirmSignUp` | `{ username }` | text |
/// | `resetPassword` | `{ username }` | text, password |
/// | `confirm` | `{ username, delivery? }`: CodeDeliveryDetails | text |
///
/// The parameters are ChallengeParameters as they came.
#[derive(Debug)]
pub struct Ask(pub Object);

/// What the user answers; empty what the step does not ask for.
#[derive(Debug, Default)]
pub struct Answer {
    /// A code, a choice, a credential.
    pub text: SecretText,
    /// A password in UTF-8.
    pub password: SecretBytes,
    /// What goes along with a new password, a JSON object: `{ "userAttributes.name": … }`; empty for nothing.
    pub responses: Text,
    /// The address that codes are to be sent to.
    pub email: Text,
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
    Send(Box<Request>),
    Ask(Ask),
    Done(Outcome),
}

impl Flow {
    /// Takes what became of the request: the reply, or why there is none.
    ///
    /// # Errors
    /// [`Stopped`] with the service's refusal, a network error, or what is wrong with the reply.
    pub fn receive(mut self, result: Result<Box<Reply>, Error>, moment: Moment<'_>) -> Result<Step, Stopped> {
        let next = self.0.receive(&result, moment);
        self.step(next)
    }

    /// Takes the user's answer.
    ///
    /// # Errors
    /// [`Stopped`] with `InvalidParameter` where the answer does not fit; the flow can be asked again.
    pub fn answer(mut self, mut answer: Answer) -> Result<Step, Stopped> {
        let next = self.0.answer(&mut answer);
        self.step(next)
    }

    /// Asks for the code once more.
    ///
    /// # Errors
    /// `InvalidState` where no code is awaited.
    pub fn resend(&self) -> Result<Box<Request>, Error> {
        self.0.resend()
    }

    fn step(self, next: Result<Move, Error>) -> Result<Step, Stopped> {
        match next {
            Ok(Move::Send(request)) => Ok(Step::Send(request, self)),
            Ok(Move::Ask(ask)) => Ok(Step::Ask(ask, self)),
            Ok(Move::Done(outcome)) => Ok(Step::Done(outcome)),
            Err(error) => Err(Stopped { error, again: self.0.asks().then_some(self) }),
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self { error, again: None }
    }
}

/// ConfirmSignUp of an account that is confirmed already, by a lost reply or in another tab, is as good as done.
pub fn already_confirmed(error: &Error) -> bool {
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
fn read<T>(result: &Result<Box<Reply>, Error>, reader: fn(&Reply) -> Result<T, Error>) -> Result<T, Error> {
    match result {
        Ok(reply) => reader(reply),
        Err(error) => Err(error.clone()),
    }
}

/// The password as the text that goes into a request.
fn text(password: &SecretBytes) -> Result<SecretText, Error> {
    utf8(password.expose())
        .map(SecretText::from)
        .ok_or_else(|| Error::new(Code::InvalidParameter, "The password is not valid UTF-8."))
}
