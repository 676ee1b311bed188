//! Runs flows on a host, keeps the session, refreshes it once for all who wait.

mod gate;

use crate::error::{Code, Error};
use crate::flow::{
    Answer, Ask, Credentials, Flow, KeyPair, Moment, Outcome, Registration, SignIn, SignUp, Step, Stopped,
    read_confirmation, refresh, sign_out,
};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::refusal::refusal;
use crate::protocol::user_pool::{Delivery, UserPool, read_delivery, read_user};
use crate::protocol::{Millis, Pairs, Repeat, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::{Freshness, Session};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::ControlFlow;
use core::pin::Pin;
use gate::Gate;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;
/// The first pause between attempts in milliseconds; each next one is twice as long, and up to as much again by chance.
const PAUSE: u32 = 100;
/// How many questions to the user may be open at a time; a further one closes the oldest.
const OPEN_QUESTIONS: usize = 8;
/// 256 bits, as RFC 5054 (2.5.4) asks at least.
const EXPONENT_BYTES: usize = 32;

/// Which token an API is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiToken {
    /// The access token.
    Access,
    /// The ID token.
    Id,
}

/// What an app configures.
#[derive(Debug)]
pub struct Config {
    /// The pool and its client.
    pub pool: UserPool,
    /// The origins that may be called with a token: `https://api.example.com`, compared exactly.
    pub api_origins: Vec<String>,
    /// The token that they are called with.
    pub api_token: ApiToken,
    /// Sent with every call that takes it; what a call brings of its own wins by name.
    pub metadata: Pairs,
}

/// One app's sign-in state and everything that it can do with the pool.
pub struct Client<H> {
    host: H,
    pool: Rc<UserPool>,
    api_origins: Vec<String>,
    api_token: ApiToken,
    metadata: Pairs,
    refreshing: Gate,
    /// Why the last refresh has failed, for those who waited for it.
    failure: Cell<Option<Error>>,
    session: Cell<Option<Rc<Session>>>,
    /// Counts sign-outs: what began before one may not be committed after it.
    generation: Cell<u32>,
    stale: Cell<bool>,
    /// The service's clock less ours.
    offset: Cell<Millis>,
    /// The questions to the user by their numbers, without their flows while they are being answered.
    questions: Cell<Vec<(u32, Option<Flow>)>>,
    last_question: Cell<u32>,
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

/// Something that takes a while. Boxed, so that who waits for it holds and drops a pointer instead of its states: unboxed,
/// the states of all methods together were a sixth of the shipped code.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

impl<H: Host> Client<H> {
    /// A client with nobody signed in.
    pub fn new(config: Config, host: H) -> Self {
        let Config { pool, api_origins, api_token, metadata } = config;
        Self {
            host,
            pool: Rc::new(pool),
            api_origins,
            api_token,
            metadata,
            refreshing: Gate::default(),
            failure: Cell::default(),
            session: Cell::default(),
            generation: Cell::default(),
            stale: Cell::default(),
            offset: Cell::default(),
            questions: Cell::default(),
            last_question: Cell::default(),
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
        self.merge(&mut credentials.metadata);
        let mut key_pair = || self.key_pair();
        let moment = Moment { now: self.now(), key_pair: &mut key_pair };
        self.converse(0, SignIn::start(self.pool.clone(), credentials, moment).map_err(Stopped::from), given_up)
    }

    /// Makes an account, until the user is asked for the code.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`, `Aborted`.
    pub fn sign_up<'a>(&'a self, mut registration: Registration, given_up: GivenUp<'a>) -> Task<'a, Next> {
        self.merge(&mut registration.metadata);
        self.converse(0, SignUp::start(self.pool.clone(), registration).map_err(Stopped::from), given_up)
    }

    /// Answers a question. After an error that another answer can mend, the question stays open under its number.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open; else as the flow that asked.
    pub fn answer<'a>(&'a self, question: u32, answer: Answer, given_up: GivenUp<'a>) -> Task<'a, Next> {
        match with(&self.questions, |questions| find(questions, question)?.take()) {
            Some(flow) => self.converse(question, flow.answer(answer), given_up),
            None => self.converse(0, Err(not_open().into()), given_up),
        }
    }

    /// Sends the code of a question once more, and says where to.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open or awaits no code; the service's refusal.
    pub fn resend(&self, question: u32) -> Task<'_, Option<Delivery>> {
        let request = with(&self.questions, |questions| match find(questions, question) {
            Some(Some(flow)) => flow.resend(),
            _ => Err(not_open()),
        });
        self.ask(request, |result| read_delivery(&result?))
    }

    /// Forgets a question and what its flow holds.
    pub fn give_up(&self, question: u32) {
        with(&self.questions, |questions| questions.retain(|(known, _)| *known != question));
    }

    /// ConfirmSignUp, for a later visit.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`.
    pub fn confirm_sign_up(&self, username: &str, code: &str, mut metadata: Pairs) -> Task<'_, ()> {
        self.merge(&mut metadata);
        self.ask(Ok(self.pool.confirm_sign_up(username, code, &metadata)), |result| read_confirmation(&result?))
    }

    /// ResendConfirmationCode, for a later visit: where the code was sent.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`.
    pub fn resend_sign_up_code(&self, username: &str, mut metadata: Pairs) -> Task<'_, Option<Delivery>> {
        self.merge(&mut metadata);
        self.ask(Ok(self.pool.resend_confirmation_code(username, &metadata)), |result| read_delivery(&result?))
    }

    /// GetUser: the attributes that this client may read.
    ///
    /// # Errors
    /// `NotSignedIn`, the service's refusal, `Network`, `Timeout`.
    pub fn attributes(&self) -> Task<'_, Pairs> {
        Box::pin(async move {
            let send = |session: Rc<Session>| self.attempt(self.pool.user(session.access_token()), &never);
            // The access token may be over before its time.
            let refused = |reply: &Reply| reply.status != 200 && refusal(reply).code == Code::NotAuthorized;
            read_user(&self.authorized(&send, refused).await?)
        })
    }

    /// Calls an API with a fresh token, and once more with a new one if it answers 401.
    ///
    /// `call` gets the token and brings the status with whatever else it has; it is called twice at most.
    ///
    /// # Errors
    /// `OriginNotAllowed` without a call; `NotSignedIn`; what a needed refresh or `call` raises.
    pub async fn with_token<T>(
        &self,
        origin: &str,
        call: impl AsyncFn(&SecretText) -> Result<(u16, T), Error>,
    ) -> Result<T, Error> {
        if !self.api_origins.iter().any(|allowed| allowed == origin) {
            return Err(Error::new(Code::OriginNotAllowed, "The vault adds no token for this origin."));
        }
        let answer = Cell::new(None);
        let send = |session: Rc<Session>| -> Task<'_, Reply> {
            let (call, answer) = (&call, &answer);
            Box::pin(async move {
                let (status, value) = call(self.api_token(&session)).await?;
                answer.set(Some(value));
                Ok(Reply { status, ..Reply::default() })
            })
        };
        self.authorized(&send, |reply| reply.status == 401).await?;
        answer.take().ok_or_else(nobody)
    }

    /// Renews the tokens now.
    ///
    /// # Errors
    /// `NotSignedIn`; the refusal that ended the session; why the tokens could not be renewed.
    pub fn refresh(&self) -> Task<'_, ()> {
        self.renew(self.current())
    }

    /// Forgets the session here, then revokes its tokens.
    ///
    /// # Errors
    /// Why the tokens may still be good until they expire; the session is forgotten all the same.
    pub fn sign_out(&self) -> Task<'_, ()> {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.questions.take();
        let session = self.forget(Reason::User).ok_or_else(nobody);
        self.ask(session.map(|session| sign_out::request(&self.pool, &session)), sign_out::receive)
    }

    /// A conversation from its first step on, or from the answer to `question`; 0 is no question's number.
    fn converse<'a>(&'a self, question: u32, first: Result<Step, Stopped>, given_up: GivenUp<'a>) -> Task<'a, Next> {
        let generation = self.generation.get();
        Box::pin(async move {
            let given_up = || given_up() || generation != self.generation.get();
            let mut step = first;
            loop {
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
    fn take_up(&self, question: u32, step: Result<Step, Stopped>) -> ControlFlow<Result<Next, Error>, (Request, Flow)> {
        let end = match step {
            Ok(Step::Send(request, flow)) => return ControlFlow::Continue((request, flow)),
            Ok(Step::Ask(ask, flow)) => {
                let number = self.last_question.get().wrapping_add(1);
                self.last_question.set(number);
                self.open(number, flow);
                Ok(Next::Ask(number, ask))
            }
            Ok(Step::Done(Outcome::SignedIn(session))) => {
                self.commit(session, Event::SignedIn);
                Ok(Next::SignedIn)
            }
            Ok(Step::Done(Outcome::SignedUp)) => Ok(Next::SignedUp),
            Err(Stopped { error, again: Some(flow) }) => {
                // Unless it was given up meanwhile.
                with(&self.questions, |questions| find(questions, question).map(|place| *place = Some(flow)));
                return ControlFlow::Break(Err(error));
            }
            Err(Stopped { error, again: None }) => Err(error),
        };
        self.give_up(question);
        ControlFlow::Break(end)
    }

    /// One request, and what it came to.
    fn ask<'a, T: 'a>(
        &'a self,
        request: Result<Request, Error>,
        read: fn(Result<Reply, Error>) -> Result<T, Error>,
    ) -> Task<'a, T> {
        Box::pin(async move {
            match request {
                Ok(request) => read(self.attempt(request, &never).await),
                Err(error) => read(Err(error)),
            }
        })
    }

    /// Sends until there is a reply that means something, or the attempts are used up or given up.
    fn attempt<'a>(&'a self, request: Request, given_up: GivenUp<'a>) -> Task<'a, Reply> {
        Box::pin(async move {
            let mut pause = PAUSE;
            while !given_up() {
                let sent = self.host.now();
                let result = self.host.send(&request).await;
                if let Ok(Reply { date: Some(date), .. }) = result {
                    self.learn_clock(sent, date, self.host.now());
                }
                if given_up() {
                    break;
                }
                if pause == PAUSE << (ATTEMPTS - 1) || !worth_repeating(request.repeat, &result) {
                    return result;
                }
                let mut chance = [0];
                self.host.entropy(&mut chance)?;
                self.host.pause(pause + pause * u32::from(chance[0]) / 256).await;
                pause *= 2;
            }
            Err(Error::new(Code::Aborted, "The call was given up."))
        })
    }

    /// The service wrote `date`, cut to the second, between `sent` and `received`: the offset that fits best is the one
    /// nearest to the last.
    fn learn_clock(&self, sent: Millis, date: Millis, received: Millis) {
        let (least, most) = (date - received, date + 999 - sent);
        if least <= most {
            self.offset.set(self.offset.get().max(least).min(most));
        }
    }

    /// The service's time.
    fn now(&self) -> Millis {
        self.host.now() + self.offset.get()
    }

    fn session(&self) -> Option<Rc<Session>> {
        with(&self.session, |session| session.clone())
    }

    fn current(&self) -> Result<Rc<Session>, Error> {
        self.session().ok_or_else(nobody)
    }

    /// Whether `seen` has been replaced by a newer session of the same user.
    fn successor(&self, seen: &Rc<Session>) -> Result<bool, Error> {
        let session = self.current()?;
        if session.is_of_same_user(seen) {
            return Ok(!Rc::ptr_eq(&session, seen));
        }
        Err(Error::new(Code::NotSignedIn, "Another user has signed in meanwhile."))
    }

    /// Sends with a fresh session, and once more with a new one if the first reply refuses the token.
    /// Where there is no new one, the first reply stands.
    fn authorized<'a>(
        &'a self,
        send: &'a dyn Fn(Rc<Session>) -> Task<'a, Reply>,
        refused: fn(&Reply) -> bool,
    ) -> Task<'a, Reply> {
        Box::pin(async move {
            let seen = self.current()?;
            let worth = seen.freshness(self.now());
            if worth != Freshness::Fresh
                && let Err(error) = self.renew(Ok(seen.clone())).await
                // Tokens that are still good are used if they cannot be renewed.
                && (worth == Freshness::Dead || self.successor(&seen).is_err())
            {
                return Err(error);
            }
            let seen = self.current()?;
            let reply = send(seen.clone()).await?;
            if refused(&reply) && self.renew(Ok(seen)).await.is_ok() {
                return send(self.current()?).await;
            }
            Ok(reply)
        })
    }

    /// Renews what was `seen`. Whoever waits meanwhile finds the session renewed and sends nothing; a late answer never
    /// replaces a session that came, or went, in the meantime.
    fn renew(&self, seen: Result<Rc<Session>, Error>) -> Task<'_, ()> {
        Box::pin(async move {
            let seen = seen?;
            let turn = self.refreshing.enter().await;
            if self.successor(&seen)? {
                return Ok(());
            }
            let failure = self.failure.take();
            if let Some(error) = failure.filter(|_| turn.has_waited()) {
                self.failure.set(Some(error.clone()));
                return Err(error);
            }
            let result = self.attempt(refresh::request(&self.pool, &seen, &self.metadata), &never).await;
            if self.successor(&seen)? {
                return Ok(());
            }
            match refresh::receive(&self.pool, &seen, result, self.now()) {
                refresh::Verdict::Renewed(session) => {
                    self.commit(session, Event::Refreshed);
                    Ok(())
                }
                refresh::Verdict::Kept(error) => {
                    self.failure.set(Some(error.clone()));
                    self.stale.set(true);
                    self.tell(Event::RefreshFailed(error.code));
                    Err(error)
                }
                refresh::Verdict::Ended(error) => {
                    let reused = error.code == Code::RefreshTokenReuse;
                    self.forget(if reused { Reason::Reused } else { Reason::Refused });
                    Err(error)
                }
            }
        })
    }

    fn commit(&self, session: Session, event: Event) {
        self.session.set(Some(Rc::new(session)));
        self.stale.set(false);
        self.tell(event);
    }

    fn forget(&self, reason: Reason) -> Option<Rc<Session>> {
        self.stale.set(false);
        let session = self.session.take()?;
        self.tell(Event::SignedOut(reason));
        Some(session)
    }

    fn tell(&self, event: Event) {
        let session = self.session();
        let status = match &session {
            None => Status::SignedOut,
            Some(_) if self.stale.get() => Status::Stale,
            Some(_) => Status::SignedIn,
        };
        self.host.tell(News { status, user: session.as_deref().map(Session::user), event });
    }

    fn api_token<'a>(&self, session: &'a Session) -> &'a SecretText {
        match self.api_token {
            ApiToken::Access => session.access_token(),
            ApiToken::Id => session.id_token(),
        }
    }

    fn open(&self, question: u32, flow: Flow) {
        let mut questions = self.questions.take();
        let surplus = questions.len().saturating_sub(OPEN_QUESTIONS - 1);
        let kept = questions.drain(..).skip(surplus);
        self.questions.set(kept.chain([(question, Some(flow))]).collect());
    }

    /// The pair that is ready, or a new one.
    fn key_pair(&self) -> Result<KeyPair, Error> {
        if let Some(pair) = self.spare.take() {
            return Ok(pair);
        }
        let mut a = SecretBytes::new(vec![0; EXPONENT_BYTES]);
        self.host.entropy(a.expose_mut())?;
        KeyPair::new(a)
    }

    /// Adds what the app configured, unless the call brings its own under the same name.
    fn merge(&self, own: &mut Pairs) {
        for (name, value) in &self.metadata {
            if !own.iter().any(|(known, _)| known == name) {
                own.push((name.clone(), value.clone()));
            }
        }
    }
}

/// Works on what a cell holds; `work` looks into no cell.
fn with<T: Default, R>(cell: &Cell<T>, work: impl FnOnce(&mut T) -> R) -> R {
    let mut value = cell.take();
    let result = work(&mut value);
    cell.set(value);
    result
}

fn find(questions: &mut [(u32, Option<Flow>)], question: u32) -> Option<&mut Option<Flow>> {
    questions.iter_mut().find(|(known, _)| *known == question).map(|(_, flow)| flow)
}

fn nobody() -> Error {
    Error::new(Code::NotSignedIn, "Nobody is signed in.")
}

fn never() -> bool {
    false
}

/// Throttling is always worth another attempt; a lost reply or a fault of the service where repeating does no harm.
fn worth_repeating(repeat: Repeat, result: &Result<Reply, Error>) -> bool {
    let code = match result {
        Ok(reply) if reply.status == 200 => return false,
        Ok(reply) => refusal(reply).code,
        Err(error) => error.code,
    };
    match code {
        Code::TooManyRequests => true,
        Code::Network | Code::Timeout | Code::InternalError => repeat == Repeat::Safe,
        _ => false,
    }
}

fn not_open() -> Error {
    Error::new(Code::InvalidState, "This step was answered already, or is over.")
}
