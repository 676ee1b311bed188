//! Runs flows on a host, keeps the session, refreshes it once for all who wait.

mod gate;

use crate::error::{Code, Error};
use crate::flow::{
    Answer, Ask, Credentials, Flow, KeyPair, Moment, Outcome, Registration, SignIn, SignUp, Step, Stopped, refresh,
    sign_out,
};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::user_pool::{Delivery, UserPool, read_delivery, read_user};
use crate::protocol::{Millis, Pairs, Repeat, Reply, Request};
use crate::secret::{SecretBytes, SecretText};
use crate::session::{Freshness, Session};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
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
    failure: RefCell<Option<Error>>,
    session: RefCell<Option<Rc<Session>>>,
    /// Counts sign-outs: what began before one may not be committed after it.
    generation: Cell<u32>,
    stale: Cell<bool>,
    /// The service's clock less ours.
    offset: Cell<Millis>,
    questions: RefCell<Vec<(u32, Flow)>>,
    /// The questions that are being answered, unless they were given up meanwhile.
    answering: RefCell<Vec<u32>>,
    last_question: Cell<u32>,
    spare: RefCell<Option<KeyPair>>,
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
            failure: RefCell::default(),
            session: RefCell::default(),
            generation: Cell::default(),
            stale: Cell::default(),
            offset: Cell::default(),
            questions: RefCell::default(),
            answering: RefCell::default(),
            last_question: Cell::default(),
            spare: RefCell::default(),
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
        if self.spare.borrow().is_none() {
            let pair = self.new_key_pair()?;
            self.spare.replace(Some(pair));
        }
        Ok(())
    }

    /// Signs in, until the user is asked something or is signed in.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`, `InvalidToken`, `UnsupportedChallenge`, `Aborted`.
    pub async fn sign_in(&self, credentials: Credentials, given_up: GivenUp<'_>) -> Result<Next, Error> {
        let credentials = Credentials { metadata: self.merged(credentials.metadata), ..credentials };
        let mut key_pair = || self.key_pair();
        let moment = Moment { now: self.now(), key_pair: &mut key_pair };
        let step = SignIn::start(self.pool.clone(), credentials, moment)?;
        self.drive(Ok(step), given_up).await.map_err(|stopped| stopped.error)
    }

    /// Makes an account, until the user is asked for the code.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`, `Aborted`.
    pub async fn sign_up(&self, registration: Registration, given_up: GivenUp<'_>) -> Result<Next, Error> {
        let registration = Registration { metadata: self.merged(registration.metadata), ..registration };
        let step = SignUp::start(self.pool.clone(), registration)?;
        self.drive(Ok(step), given_up).await.map_err(|stopped| stopped.error)
    }

    /// Answers a question. After an error that another answer can mend, the question stays open under its number.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open; else as the flow that asked.
    pub async fn answer(&self, question: u32, answer: Answer, given_up: GivenUp<'_>) -> Result<Next, Error> {
        let flow = self.take(question)?;
        let result = self.drive(flow.answer(answer), given_up).await;
        let wanted = forget_number(&self.answering, question);
        result.map_err(|Stopped { error, again }| {
            if let Some(flow) = again.filter(|_| wanted) {
                self.open(question, flow);
            }
            error
        })
    }

    /// Sends the code of a question once more, and says where to.
    ///
    /// # Errors
    /// `InvalidState` where the question is not open or awaits no code; the service's refusal.
    pub async fn resend(&self, question: u32) -> Result<Option<Delivery>, Error> {
        let request = match self.questions.borrow().iter().find(|(known, _)| *known == question) {
            Some((_, flow)) => flow.resend()?,
            None => return Err(not_open()),
        };
        read_delivery(&self.send(&request).await?)
    }

    /// Forgets a question and what its flow holds.
    pub fn give_up(&self, question: u32) {
        self.questions.borrow_mut().retain(|(known, _)| *known != question);
        forget_number(&self.answering, question);
    }

    /// ConfirmSignUp, for a later visit.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`.
    pub async fn confirm_sign_up(&self, username: &str, code: &str, metadata: Pairs) -> Result<(), Error> {
        let request = self.pool.confirm_sign_up(username, code, &self.merged(metadata));
        crate::flow::read_confirmation(&self.send(&request).await?)
    }

    /// ResendConfirmationCode, for a later visit: where the code was sent.
    ///
    /// # Errors
    /// The service's refusal, `Network`, `Timeout`.
    pub async fn resend_sign_up_code(&self, username: &str, metadata: Pairs) -> Result<Option<Delivery>, Error> {
        let request = self.pool.resend_confirmation_code(username, &self.merged(metadata));
        read_delivery(&self.send(&request).await?)
    }

    /// GetUser: the attributes that this client may read.
    ///
    /// # Errors
    /// `NotSignedIn`, the service's refusal, `Network`, `Timeout`.
    pub async fn attributes(&self) -> Result<Pairs, Error> {
        let session = self.fresh().await?;
        let refused = match read_user(&self.send(&self.pool.user(session.access_token())).await?) {
            Err(error) if error.code == Code::NotAuthorized => error,
            result => return result,
        };
        // The access token is over before its time: a new one, or nobody is signed in any more.
        let session = self.renew(&session).await.map_err(|_| refused)?;
        read_user(&self.send(&self.pool.user(session.access_token())).await?)
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
        let session = self.fresh().await?;
        let (status, answer) = call(self.api_token(&session)).await?;
        if status != 401 {
            return Ok(answer);
        }
        match self.renew(&session).await {
            Ok(session) => Ok(call(self.api_token(&session)).await?.1),
            Err(_) => Ok(answer),
        }
    }

    /// Renews the tokens now.
    ///
    /// # Errors
    /// `NotSignedIn`; the refusal that ended the session; why the tokens could not be renewed.
    pub async fn refresh(&self) -> Result<(), Error> {
        let session = self.current()?;
        self.renew(&session).await.map(|_| ())
    }

    /// Forgets the session here, then revokes its tokens.
    ///
    /// # Errors
    /// Why the tokens may still be good until they expire; the session is forgotten all the same.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.questions.borrow_mut().clear();
        self.answering.borrow_mut().clear();
        let Some(session) = self.forget(Reason::User) else {
            return Ok(());
        };
        sign_out::receive(self.send(&sign_out::request(&self.pool, &session)).await)
    }

    /// The loop of every conversation: send, ask, or done.
    async fn drive(&self, first: Result<Step, Stopped>, given_up: GivenUp<'_>) -> Result<Next, Stopped> {
        let generation = self.generation.get();
        let stopped = || given_up() || generation != self.generation.get();
        let mut step = first?;
        loop {
            step = match step {
                Step::Send(request, flow) => {
                    let result = if stopped() { Err(aborted()) } else { self.attempt(&request, &stopped).await };
                    let result = if stopped() { Err(aborted()) } else { result };
                    let mut key_pair = || self.key_pair();
                    flow.receive(result, Moment { now: self.now(), key_pair: &mut key_pair })?
                }
                Step::Ask(ask, flow) => {
                    let question = self.last_question.get().wrapping_add(1);
                    self.last_question.set(question);
                    self.open(question, flow);
                    return Ok(Next::Ask(question, ask));
                }
                Step::Done(Outcome::SignedIn(session)) => {
                    self.commit(session, Event::SignedIn);
                    return Ok(Next::SignedIn);
                }
                Step::Done(Outcome::SignedUp) => return Ok(Next::SignedUp),
            }
        }
    }

    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        self.attempt(request, &|| false).await
    }

    /// Sends until there is a reply that means something, or the attempts are used up or given up.
    async fn attempt(&self, request: &Request, given_up: GivenUp<'_>) -> Result<Reply, Error> {
        let mut attempt = 0;
        loop {
            let sent = self.host.now();
            let result = self.host.send(request).await;
            if let Ok(Reply { date: Some(date), .. }) = result {
                self.learn_clock(sent, date, self.host.now());
            }
            attempt += 1;
            if attempt == ATTEMPTS || given_up() || !worth_repeating(request.repeat, &result) {
                return result;
            }
            let mut chance = [0];
            self.host.entropy(&mut chance)?;
            let pause = PAUSE << (attempt - 1);
            self.host.pause(pause + pause * u32::from(chance[0]) / 256).await;
        }
    }

    /// The service wrote `date`, cut to the second, between `sent` and `received`: the offset that fits best is the one
    /// nearest to the last.
    fn learn_clock(&self, sent: Millis, date: Millis, received: Millis) {
        let (least, most) = (date - received, date + 999 - sent);
        if least <= most {
            self.offset.set(self.offset.get().clamp(least, most));
        }
    }

    /// The service's time.
    fn now(&self) -> Millis {
        self.host.now() + self.offset.get()
    }

    fn current(&self) -> Result<Rc<Session>, Error> {
        let session = self.session.borrow().clone();
        session.ok_or_else(|| Error::new(Code::NotSignedIn, "Nobody is signed in."))
    }

    /// What has replaced `seen`: nothing, or a newer session of the same user.
    fn successor(&self, seen: &Rc<Session>) -> Result<Option<Rc<Session>>, Error> {
        let session = self.current()?;
        if Rc::ptr_eq(&session, seen) {
            return Ok(None);
        }
        if session.is_of_same_user(seen) {
            return Ok(Some(session));
        }
        Err(Error::new(Code::NotSignedIn, "Another user has signed in meanwhile."))
    }

    /// The session, renewed first where it is due. Tokens that are still good are used if they cannot be renewed.
    async fn fresh(&self) -> Result<Rc<Session>, Error> {
        let session = self.current()?;
        match session.freshness(self.now()) {
            Freshness::Fresh => Ok(session),
            Freshness::Dead => self.renew(&session).await,
            Freshness::Due => match self.renew(&session).await {
                Err(error) => self.successor(&session).map_err(|_| error).map(|next| next.unwrap_or(session)),
                renewed => renewed,
            },
        }
    }

    /// Renews `seen`. Whoever waits meanwhile finds the session renewed and sends nothing; a late answer never replaces
    /// a session that came, or went, in the meantime.
    async fn renew(&self, seen: &Rc<Session>) -> Result<Rc<Session>, Error> {
        let turn = self.refreshing.enter().await;
        if let Some(next) = self.successor(seen)? {
            return Ok(next);
        }
        let failure = self.failure.take();
        if let Some(error) = failure.filter(|_| turn.has_waited()) {
            self.failure.replace(Some(error.clone()));
            return Err(error);
        }
        let result = self.send(&refresh::request(&self.pool, seen, &self.metadata)).await;
        if let Some(next) = self.successor(seen)? {
            return Ok(next);
        }
        match refresh::receive(&self.pool, seen, result, self.now()) {
            refresh::Verdict::Renewed(session) => Ok(self.commit(session, Event::Refreshed)),
            refresh::Verdict::Kept(error) => {
                self.failure.replace(Some(error.clone()));
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
    }

    fn commit(&self, session: Session, event: Event) -> Rc<Session> {
        let session = Rc::new(session);
        self.session.replace(Some(session.clone()));
        self.stale.set(false);
        self.tell(event);
        session
    }

    fn forget(&self, reason: Reason) -> Option<Rc<Session>> {
        self.stale.set(false);
        let session = self.session.take()?;
        self.tell(Event::SignedOut(reason));
        Some(session)
    }

    fn tell(&self, event: Event) {
        let session = self.session.borrow().clone();
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
        let mut questions = self.questions.borrow_mut();
        if questions.len() == OPEN_QUESTIONS {
            questions.remove(0);
        }
        questions.push((question, flow));
    }

    fn take(&self, question: u32) -> Result<Flow, Error> {
        let mut questions = self.questions.borrow_mut();
        let at = questions.iter().position(|(known, _)| *known == question).ok_or_else(not_open)?;
        self.answering.borrow_mut().push(question);
        Ok(questions.remove(at).1)
    }

    fn key_pair(&self) -> Result<KeyPair, Error> {
        self.spare.take().map_or_else(|| self.new_key_pair(), Ok)
    }

    fn new_key_pair(&self) -> Result<KeyPair, Error> {
        let mut a = SecretBytes::new(vec![0; EXPONENT_BYTES]);
        self.host.entropy(a.expose_mut())?;
        KeyPair::new(a)
    }

    fn merged(&self, mut own: Pairs) -> Pairs {
        for (name, value) in &self.metadata {
            if !own.iter().any(|(known, _)| known == name) {
                own.push((name.clone(), value.clone()));
            }
        }
        own
    }
}

/// Throttling is always worth another attempt; a lost reply or a fault of the service where repeating does no harm.
fn worth_repeating(repeat: Repeat, result: &Result<Reply, Error>) -> bool {
    let code = match result {
        Ok(reply) if reply.status == 200 => return false,
        Ok(reply) => crate::protocol::refusal::refusal(reply).code,
        Err(error) => error.code,
    };
    match code {
        Code::TooManyRequests => true,
        Code::Network | Code::Timeout | Code::InternalError => repeat == Repeat::Safe,
        _ => false,
    }
}

/// Takes `number` out of the list, and says whether it was there.
fn forget_number(list: &RefCell<Vec<u32>>, number: u32) -> bool {
    let mut list = list.borrow_mut();
    let at = list.iter().position(|known| *known == number);
    at.map(|at| list.remove(at)).is_some()
}

fn aborted() -> Error {
    Error::new(Code::Aborted, "The call was given up.")
}

fn not_open() -> Error {
    Error::new(Code::InvalidState, "This step was answered already, or is over.")
}
