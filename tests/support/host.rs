//! A host in memory: it sends nothing, answers what a test wrote, and its clock stands until a test turns it.

use super::devices::Devices;
use super::service::{NOW, key_set};
use cognito_vault::error::{Code, Error};
use cognito_vault::host::{Event, Host, News, Status};
use cognito_vault::protocol::{Millis, Reply, Request};
use cognito_vault::secret::SecretText;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// What becomes of one send.
enum Script {
    /// It ends at once.
    Answer(Result<Reply, Error>),
    /// It ends when the test says so.
    Hold,
}

/// A send that waits for the test, and its result once there is one.
type Held = Rc<Cell<Option<Result<Reply, Error>>>>;

/// A request as it left.
pub(crate) struct Sent {
    pub(crate) operation: &'static str,
    pub(crate) url: String,
    pub(crate) body: Value,
}

/// News as they came, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) status: Status,
    pub(crate) user: Option<String>,
    pub(crate) event: Event,
}

#[derive(Default)]
struct Inner {
    script: RefCell<VecDeque<Script>>,
    held: RefCell<VecDeque<Held>>,
    sent: RefCell<Vec<Sent>>,
    pauses: RefCell<Vec<u32>>,
    told: RefCell<Vec<Told>>,
    clock: Cell<Millis>,
    latency: Cell<Millis>,
    chance: Cell<u8>,
    luck: Cell<u8>,
    dry: Cell<bool>,
    /// What the key set's address answers, unless it is the set as usual; the oldest first.
    keys: RefCell<VecDeque<Result<Reply, Error>>>,
    keys_sent: Cell<u32>,
    /// What was verified: the key, the text and the signature.
    verified: RefCell<Vec<[String; 3]>>,
    distrust: Cell<bool>,
    /// Whether anything is kept beyond this host.
    keeps: Cell<bool>,
    record: RefCell<Option<(u32, String)>>,
    cleared: RefCell<Vec<String>>,
    devices: Devices,
    locks: Cell<i32>,
    alarm: Cell<Option<u32>>,
    on_tell: RefCell<Option<Watcher>>,
}

/// Looks at the host at the moment of some news.
type Watcher = Box<dyn Fn(&Memory)>;

/// The host; a clone is the same host.
#[derive(Clone, Default)]
pub(crate) struct Memory(Rc<Inner>);

impl Memory {
    /// A host with nothing to answer, its clock at [`NOW`].
    pub(crate) fn new() -> Self {
        let host = Self::default();
        host.0.clock.set(NOW);
        host
    }

    /// The next send gets this reply.
    pub(crate) fn answers(&self, reply: Reply) -> &Self {
        self.script(Script::Answer(Ok(reply)))
    }

    /// The next send gets no reply.
    pub(crate) fn fails(&self, code: Code) -> &Self {
        self.script(Script::Answer(Err(Error::new(code, "The test says so."))))
    }

    /// The next send waits for [`Memory::release`].
    pub(crate) fn holds(&self) -> &Self {
        self.script(Script::Hold)
    }

    /// Ends the oldest send that waits.
    pub(crate) fn release(&self, result: Result<Reply, Code>) {
        let held = self.0.held.borrow_mut().pop_front().expect("no send waits");
        held.set(Some(result.map_err(|code| Error::new(code, "The test says so."))));
    }

    /// Turns the clock on, or back.
    pub(crate) fn turn(&self, millis: Millis) {
        self.0.clock.set(self.0.clock.get() + millis);
    }

    /// From now on each send takes so long.
    pub(crate) fn takes(&self, latency: Millis) {
        self.0.latency.set(latency);
    }

    /// From now on a single random byte is this one.
    pub(crate) fn draws(&self, luck: u8) {
        self.0.luck.set(luck);
    }

    /// From now on several random bytes begin with this one, and the next ones with those that follow.
    pub(crate) fn rolls(&self, chance: u8) {
        self.0.chance.set(chance);
    }

    /// From now on there is no entropy.
    pub(crate) fn runs_dry(&self) {
        self.0.dry.set(true);
    }

    /// From now on what is to be kept is kept, as by a storage that other engines share.
    pub(crate) fn keeps(&self) -> &Self {
        self.0.keeps.set(true);
        self
    }

    /// The record that is kept, and its revision.
    pub(crate) fn record(&self) -> Option<(u32, String)> {
        self.0.record.borrow().clone()
    }

    /// Has `record` kept, as another engine would.
    pub(crate) fn put(&self, record: Option<(u32, String)>) {
        self.0.record.replace(record);
    }

    /// The record of devices that is kept.
    pub(crate) fn remembered(&self) -> String {
        self.0.devices.record()
    }

    /// Has these devices kept.
    pub(crate) fn remembers(&self, devices: &Value) -> &Self {
        self.0.devices.put(devices.to_string());
        self
    }

    /// Whose sign-outs were announced since the last call.
    pub(crate) fn cleared(&self) -> Vec<String> {
        self.0.cleared.take()
    }

    /// The next time the key set is got, this comes.
    pub(crate) fn publishes(&self, result: Result<Reply, Code>) -> &Self {
        let result = result.map_err(|code| Error::new(code, "The test says so."));
        self.0.keys.borrow_mut().push_back(result);
        self
    }

    /// How often the key set was got since the last call.
    pub(crate) fn keys_sent(&self) -> u32 {
        self.0.keys_sent.take()
    }

    /// From now on no signature is good, or each is again.
    pub(crate) fn distrusts(&self, distrust: bool) {
        self.0.distrust.set(distrust);
    }

    /// What was verified since the last call.
    pub(crate) fn verified(&self) -> Vec<[String; 3]> {
        self.0.verified.take()
    }

    /// From now on `watch` looks at the host whenever there is news.
    pub(crate) fn on_tell(&self, watch: impl Fn(&Memory) + 'static) {
        self.0.on_tell.replace(Some(Box::new(watch)));
    }

    /// How many hold the lock, or wait for it.
    pub(crate) fn locks(&self) -> i32 {
        self.0.locks.get()
    }

    /// The alarm that was set last, if one was since the last call.
    pub(crate) fn alarm(&self) -> Option<u32> {
        self.0.alarm.take()
    }

    /// The operations sent since the last call of this or of [`Memory::sent`], oldest first.
    pub(crate) fn operations(&self) -> Vec<&'static str> {
        self.sent().iter().map(|sent| sent.operation).collect()
    }

    /// What was sent since the last call.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.0.sent.take()
    }

    /// The pauses made since the last call.
    pub(crate) fn pauses(&self) -> Vec<u32> {
        self.0.pauses.take()
    }

    /// The news told since the last call.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.0.told.take()
    }

    /// Everything told and sent so far that an app could see, as printed.
    pub(crate) fn printed(&self) -> String {
        format!("{:?}", self.0.told.borrow())
    }

    /// The events told since the last call.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.told().into_iter().map(|told| told.event).collect()
    }

    /// How many answers nobody has fetched.
    pub(crate) fn left(&self) -> usize {
        self.0.script.borrow().len()
    }

    fn script(&self, script: Script) -> &Self {
        self.0.script.borrow_mut().push_back(script);
        self
    }
}

impl Host for Memory {
    async fn send(&self, request: &Request) -> Result<Box<Reply>, Error> {
        let Request { operation, url, .. } = request;
        let body = request.body.expose();
        if operation.is_empty() && body.is_empty() {
            assert!(url.ends_with("/.well-known/jwks.json"), "{url:?}");
            self.0.keys_sent.set(self.0.keys_sent.get() + 1);
            return self.0.keys.borrow_mut().pop_front().unwrap_or_else(|| Ok(key_set(&["test"]))).map(Box::new);
        }
        self.0.sent.borrow_mut().push(Sent {
            operation,
            url: str::to_owned(url),
            body: serde_json::from_str(body).unwrap_or_default(),
        });
        let script = self.0.script.borrow_mut().pop_front();
        let result = match script.unwrap_or_else(|| panic!("nobody expected {operation}")) {
            Script::Answer(result) => result,
            Script::Hold => {
                let held = Held::default();
                self.0.held.borrow_mut().push_back(held.clone());
                poll_fn(|_| held.take().map_or(Poll::Pending, Poll::Ready)).await
            }
        };
        self.turn(self.0.latency.get());
        result.map(Box::new)
    }

    fn now(&self) -> Millis {
        self.0.clock.get()
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        if self.0.dry.get() {
            return Err(Error::new(Code::EngineFailed, "The test says so."));
        }
        if let [byte] = bytes {
            *byte = self.0.luck.get();
            return Ok(());
        }
        let next = self.0.chance.get();
        self.0.chance.set(next.wrapping_add(1));
        for (at, byte) in (0..=u8::MAX).cycle().zip(bytes) {
            *byte = next.wrapping_add(at);
        }
        Ok(())
    }

    async fn verify(&self, key: &str, text: &str, signature: &str) -> bool {
        self.0.verified.borrow_mut().push([key, text, signature].map(str::to_owned));
        !self.0.distrust.get()
    }

    async fn load(&self) -> Option<SecretText> {
        self.record().map(|(_, text)| text.as_str().into())
    }

    async fn save(&self, record: &SecretText, revision: u32, over: u32) -> bool {
        let fits = over == 0 || !self.0.keeps.get() || self.record().is_some_and(|(known, _)| known == over);
        if fits && self.0.keeps.get() {
            self.put(Some((revision, record.expose().clone())));
        }
        fits
    }

    async fn clear(&self, subject: &str) {
        self.0.cleared.borrow_mut().push(subject.to_owned());
        self.put(None);
    }

    async fn device(&self, username: &str) -> Option<SecretText> {
        self.0.devices.of(username)
    }

    async fn keep_device(&self, username: &str, record: &SecretText) {
        self.0.devices.keep(username, record);
    }

    async fn lock(&self) {
        self.0.locks.set(self.0.locks.get() + 1);
    }

    fn unlock(&self) {
        self.0.locks.set(self.0.locks.get() - 1);
    }

    fn alarm(&self, millis: u32) {
        self.0.alarm.set(Some(millis));
    }

    async fn pause(&self, millis: u32) {
        self.0.pauses.borrow_mut().push(millis);
        self.turn(millis.into());
    }

    fn tell(&self, news: News<'_>) {
        let News { status, user, event } = news;
        if let Some(watch) = self.0.on_tell.borrow().as_ref() {
            watch(self);
        }
        self.0.told.borrow_mut().push(Told { status, user: user.map(str::to_owned), event });
    }
}
