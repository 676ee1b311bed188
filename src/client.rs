//! Runs flows on a host, keeps the session, refreshes it once for all who wait.

mod account;
mod custody;
mod devices;
mod exchange;
mod gate;
mod renewal;
mod task;
mod watch;

use crate::error::{Code, Error};
use crate::flow::{
    Answer, Ask, Credentials, Device, Flow, Group, KeyPair, Method, Moment, Outcome, Registration, Step, Stopped,
};
use crate::host::Host;
use crate::protocol::user_pool::{UserPool, read_object};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;
use crate::text::Text;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec;
use core::cell::{Cell, OnceCell};
use core::ops::ControlFlow;
use gate::Gate;
pub use task::Task;
use watch::Activity;

/// Of so many questions to the user, the latest, those that are open are known.
const QUESTIONS: usize = 32;
/// 256 bits, as RFC 5054 (2.5.4) asks at least.
const EXPONENT_BYTES: usize = 32;

/// What an app configures.
#[derive(Debug)]
pub struct Config {
    /// The pool and its client.
    pub pool: Rc<UserPool>,
    /// The origins that may be called with a token: a list, as JSON, of `https://api.example.com`, compared exactly.
    pub api_origins: Text,
    /// Sent with every refresh, for the pool's triggers: a JSON object, or empty for none.
    pub metadata: Text,
    /// Where the identity pool answers.
    pub identity_endpoint: Text,
    /// What the identity pool calls this user pool.
    pub identity_login: Text,
    /// After so long without [`Client::touch`] the session is over.
    pub idle_timeout: Option<Millis>,
    /// So long after the user has proven who they are the session is over.
    pub max_age: Option<Millis>,
}

/// One app's sign-in state and everything that it can do with the pool.
pub struct Client<H> {
    host: H,
    config: Config,
    /// The pool's key set as it was published.
    keys: Cell<SecretText>,
    refreshing: Gate,
    /// Why the last refresh has failed, for those who waited for it.
    failure: Cell<Option<Error>>,
    session: Cell<Option<Session>>,
    /// The revision under which the session is kept.
    revision: Cell<u32>,
    /// Whether the refresh token that is kept has been sent: it may be exchanged already, and is to be sent again soon.
    spent: Cell<bool>,
    /// Counts sign-outs: what began before one may not be committed after it.
    generation: Cell<u32>,
    /// How many refreshes have failed since the last that did not: the session is stale.
    failures: Cell<u32>,
    /// When the last of them did.
    failed: Cell<Millis>,
    /// Spreads renewals of the same moment.
    luck: Cell<u8>,
    activity: Activity,
    /// The service's clock less ours.
    offset: Cell<Millis>,
    /// The questions to the user by their numbers, without their flows while they are being answered.
    /// One takes the place of the one that is as much older as there are places.
    questions: [Cell<(u32, Option<Flow>)>; QUESTIONS],
    last_question: Cell<u32>,
    /// For every proof, once one was needed.
    group: OnceCell<Group>,
    spare: Cell<Option<KeyPair>>,
}

/// What a conversation with the user came to, or what it asks.
#[derive(Debug)]
pub enum Next {
    /// Answer this question by its number.
    Ask(u32, Ask),
    /// A user is signed in.
    SignedIn,
    /// An account is made and confirmed.
    SignedUp,
}

/// Whether the caller of something long has given it up.
pub type GivenUp<'a> = &'a dyn Fn() -> bool;

/// Sends an API request with a token of the session, and brings the status of its response.
pub type ApiCall<'a> = Box<dyn Fn(Session) -> Task<'a, Box<Reply>> + 'a>;

impl<H: Host> Client<H> {
    /// A client with nobody signed in.
    pub fn new(config: Config, host: H) -> Self {
        Self {
            host,
            config,
            keys: Cell::default(),
            refreshing: Gate::default(),
            failure: Cell::default(),
            session: Cell::default(),
            revision: Cell::default(),
            spent: Cell::default(),
            generation: Cell::default(),
            failures: Cell::default(),
            failed: Cell::default(),
            luck: Cell::default(),
            activity: Activity::default(),
            offset: Cell::default(),
            questions: Default::default(),
            last_question: Cell::default(),
            group: OnceCell::default(),
            spare: Cell::default(),
        }
    }

    /// The host that the client runs on.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// Makes the SRP key pair that the next sign-in uses, unless one is ready. For idle time: it costs an exponentiation.
    ///
    /// # Errors
    /// `EngineFailed` without entropy.
    pub fn prepare(&self) -> Result<(), Error> {
        self.spare.set(Some(self.key_pair()?));
        Ok(())
    }

    /// Signs in, until the user is asked something or is signed in.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`, `InvalidToken`, `UnsupportedChallenge`, `Aborted`.
    pub fn sign_in<'a>(&'a self, mut credentials: Credentials, given_up: GivenUp<'a>) -> Task<'a, Next> {
        if let Some(session) = self.session().filter(|_| !credentials.step_up.is_empty()) {
            credentials.access_token = session.access_token().expose().as_str().into();
        }
        let generation = self.generation.get();
        Task::new(async move {
            if credentials.method != Method::Choice {
                // Another engine may have kept it.
                credentials.device =
                    self.host.device(&credentials.username).await.and_then(|record| Device::read(record.expose()));
            }
            let mut key_pair = || self.key_pair();
            let moment = Moment { now: self.now(), key_pair: &mut key_pair };
            let first = Flow::sign_in(self.config.pool.clone(), credentials, moment).map_err(Stopped::from);
            self.converse(0, first, generation, given_up).await
        })
    }

    /// Makes an account, until the user is asked for the code.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`, `Aborted`.
    pub fn sign_up<'a>(&'a self, registration: Registration, given_up: GivenUp<'a>) -> Task<'a, Next> {
        let first = Flow::sign_up(self.config.pool.clone(), registration).map_err(Stopped::from);
        self.converse(0, first, self.generation.get(), given_up)
    }

    /// Answers a question. After an error that another answer can mend, the question stays open under its number.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open; else as the flow that asked.
    pub fn answer<'a>(&'a self, question: u32, answer: Answer, given_up: GivenUp<'a>) -> Task<'a, Next> {
        match self.question(question, Option::take).flatten() {
            Some(flow) => self.converse(question, flow.answer(answer), self.generation.get(), given_up),
            None => self.converse(0, Err(not_open().into()), 0, given_up),
        }
    }

    /// Sends the code of a question once more: the reply's object, which says where to.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open or awaits no code; the service's refusal.
    pub fn resend(&self, question: u32) -> Task<'_, SecretText> {
        let request = self.question(question, |flow| flow.as_ref().map(Flow::resend)).flatten();
        let request = request.unwrap_or_else(|| Err(not_open()));
        self.ask(request, |result| read_object(&*result?))
    }

    /// Forgets a question and what its flow holds.
    pub fn give_up(&self, question: u32) {
        let place = self.place(question);
        let (known, flow) = place.take();
        if known != question {
            place.set((known, flow));
        }
    }

    /// A conversation that began in `generation`, from its first step on, or from the answer to `question`; 0 is no question's
    /// number.
    fn converse<'a>(
        &'a self,
        question: u32,
        first: Result<Step, Stopped>,
        generation: u32,
        given_up: GivenUp<'a>,
    ) -> Task<'a, Next> {
        Task::new(async move {
            let given_up = || given_up() || generation != self.generation.get();
            let mut step = first;
            loop {
                if let Ok(Step::Done(Outcome::SignedIn(session, change))) = step {
                    self.give_up(question);
                    self.admit(session, generation).await?;
                    self.learn_device(change).await;
                    return Ok(Next::SignedIn);
                }
                let (request, flow) = match self.take_up(question, step) {
                    ControlFlow::Continue(sent) => sent,
                    ControlFlow::Break(end) => return end,
                };
                let result = self.attempt(request, &given_up).await;
                let mut key_pair = || self.key_pair();
                step = flow.receive(result, Moment { now: self.now(), key_pair: &mut key_pair });
            }
        })
    }

    /// Either there is something to send, or the conversation waits for the user or is over, and `question` is closed.
    fn take_up(
        &self,
        question: u32,
        step: Result<Step, Stopped>,
    ) -> ControlFlow<Result<Next, Error>, (Box<Request>, Flow)> {
        let end = match step {
            Ok(Step::Send(request, flow)) => return ControlFlow::Continue((request, flow)),
            Ok(Step::Ask(ask, flow)) => {
                let number = self.last_question.get().wrapping_add(1);
                self.last_question.set(number);
                self.place(number).set((number, Some(flow)));
                Ok(Next::Ask(number, ask))
            }
            Ok(Step::Done(_)) => Ok(Next::SignedUp),
            Err(Stopped { error, again: Some(flow) }) => {
                // Unless it was given up meanwhile.
                self.question(question, |place| *place = Some(flow));
                return ControlFlow::Break(Err(error));
            }
            Err(Stopped { error, again: None }) => Err(error),
        };
        self.give_up(question);
        ControlFlow::Break(end)
    }

    /// Looks at the flow of a question that is known.
    fn question<R>(&self, question: u32, look: impl FnOnce(&mut Option<Flow>) -> R) -> Option<R> {
        let place = self.place(question);
        let (known, mut flow) = place.take();
        let seen = (known == question).then(|| look(&mut flow));
        place.set((known, flow));
        seen
    }

    fn place(&self, question: u32) -> &Cell<(u32, Option<Flow>)> {
        &self.questions[usize::try_from(question).unwrap_or_default() % QUESTIONS]
    }

    /// The pair that is ready, or a new one.
    fn key_pair(&self) -> Result<KeyPair, Error> {
        if let Some(pair) = self.spare.take() {
            return Ok(pair);
        }
        let mut a = SecretBytes::new(vec![0; EXPONENT_BYTES]);
        self.host.entropy(a.expose_mut())?;
        KeyPair::new(a, self.group().clone())
    }

    fn group(&self) -> &Group {
        self.group.get_or_init(Group::default)
    }
}

/// Works on what a cell holds; `work` looks into no cell.
fn with<T: Default, R>(cell: &Cell<T>, work: impl FnOnce(&mut T) -> R) -> R {
    let mut value = cell.take();
    let result = work(&mut value);
    cell.set(value);
    result
}

fn not_open() -> Error {
    Error::new(Code::InvalidState, "This step was answered already, or is over.")
}
