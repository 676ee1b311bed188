//! The browser as a [`Host`]; it decides nothing.
//!
//! The platform's functions are called by the script around this module, the [`Edge`]: each `Edge` method that takes a ticket
//! begins something and returns at once; [`Browser::resume`] brings what became of it.

use crate::error::{Code, Error};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::json::{Json, Object};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::SecretText;
use alloc::boxed::Box;
use alloc::string::String;
use core::cell::Cell;
use core::future::poll_fn;
use core::task::Poll;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// What the script around the module does for it.
    pub type Edge;

    /// The clock, in milliseconds since 1970.
    #[wasm_bindgen(method)]
    fn now(this: &Edge) -> f64;

    /// Fills `bytes` from the platform's generator, or says that there is none.
    #[wasm_bindgen(method)]
    fn entropy(this: &Edge, bytes: &mut [u8]) -> bool;

    /// Posts `body` to the `operation`, the user pool's unless its service is named; gets `url` where both are empty.
    #[wasm_bindgen(method)]
    fn send(this: &Edge, ticket: u32, url: &str, operation: &str, body: &str);

    /// Sends the API request that came with `call`, with `token`.
    #[wasm_bindgen(method)]
    fn api(this: &Edge, ticket: u32, call: u32, token: &str);

    /// Whether the `signature` of `text` is by `key`, a JWK: status 200.
    #[wasm_bindgen(method)]
    fn verify(this: &Edge, ticket: u32, key: &str, text: &str, signature: &str);

    /// What is kept, with status 200.
    #[wasm_bindgen(method)]
    fn load(this: &Edge, ticket: u32);

    /// Keeps `record` under `revision` if what is kept has the revision `over`, or any if that is 0: status 200.
    #[wasm_bindgen(method)]
    fn save(this: &Edge, ticket: u32, record: &str, revision: u32, over: u32);

    /// Forgets what is kept.
    #[wasm_bindgen(method)]
    fn clear(this: &Edge, ticket: u32, subject: &str);

    /// The record of devices, with status 200.
    #[wasm_bindgen(method)]
    fn devices(this: &Edge, ticket: u32);

    /// Keeps the record of devices; none where it is empty.
    #[wasm_bindgen(method, js_name = keepDevices)]
    fn keep_devices(this: &Edge, ticket: u32, record: &str);

    /// Resumes when this engine holds the lock.
    #[wasm_bindgen(method)]
    fn lock(this: &Edge, ticket: u32);

    /// Lets the lock go, or no longer waits for it.
    #[wasm_bindgen(method)]
    fn unlock(this: &Edge);

    /// Calls `Engine.tend` after so many milliseconds.
    #[wasm_bindgen(method)]
    fn alarm(this: &Edge, millis: u32);

    /// Resumes after so many milliseconds.
    #[wasm_bindgen(method)]
    fn pause(this: &Edge, ticket: u32, millis: u32);

    /// Tells `{ status, user?, event, detail?, remaining? }`; `user` is JSON in the JSON, `remaining` in milliseconds.
    #[wasm_bindgen(method)]
    fn tell(this: &Edge, news: &str);

    /// Settles `call` with `{ value? }` or `{ error }`.
    #[wasm_bindgen(method)]
    pub(crate) fn done(this: &Edge, call: u32, result: &str);
}

/// A worker, or a page.
pub(crate) struct Browser {
    edge: Edge,
    last_ticket: Cell<u32>,
    /// What became of a ticket, until the task that waits for it is polled: at once, see [`Browser::arrival`].
    arrived: Cell<Option<Box<Arrival>>>,
}

/// A ticket and what became of it.
type Arrival = (u32, Result<Reply, Error>);

impl Browser {
    pub(crate) fn new(edge: Edge) -> Self {
        Self { edge, last_ticket: Cell::default(), arrived: Cell::default() }
    }

    pub(crate) fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Takes what became of `ticket`: `head` is `{ failed }` with a code, or `{ status, date?, errorType?, errorMessage?,
    /// requestId? }`, the date in milliseconds since 1970.
    pub(crate) fn resume(&self, ticket: u32, head: &str, body: String) {
        let head = Json::parse(head).unwrap_or(Json::NULL);
        let result = match head.text("failed").as_deref() {
            Some("Timeout") => Err(Error::new(Code::Timeout, "The service did not answer in time.")),
            Some("Aborted") => Err(Error::new(Code::Aborted, "The call was given up.")),
            Some(_) => Err(Error::new(Code::Network, "The service could not be reached.")),
            None => Ok(Reply {
                status: head.integer("status").and_then(|status| status.try_into().ok()).unwrap_or_default(),
                body: SecretText::new(body),
                error_type: head.text("errorType"),
                error_message: head.text("errorMessage"),
                request_id: head.text("requestId"),
                date: head.integer("date"),
            }),
        };
        self.arrived.set(Some(Box::new((ticket, result))));
    }

    /// Sends the API request of `call` with `token`, and says the status of its response.
    pub(crate) fn api(&self, call: u32, token: &SecretText) -> impl Future<Output = Result<u16, Error>> {
        let ticket = self.ticket();
        self.edge.api(ticket, call, token.expose());
        poll_fn(move |_| self.arrival(ticket).map_ok(|reply| reply.status))
    }

    fn ticket(&self) -> u32 {
        self.last_ticket.set(self.last_ticket.get().wrapping_add(1));
        self.last_ticket.get()
    }

    /// What becomes of `ticket`.
    fn outcome(&self, ticket: u32) -> impl Future<Output = Result<Reply, Error>> {
        poll_fn(move |_| self.arrival(ticket))
    }

    /// What `resume` has brought for `ticket`. Every task is polled after each `resume`, so no waker is kept.
    fn arrival(&self, ticket: u32) -> Poll<Result<Reply, Error>> {
        match self.arrived.take() {
            Some(arrived) if arrived.0 == ticket => Poll::Ready(arrived.1),
            other => {
                self.arrived.set(other);
                Poll::Pending
            }
        }
    }
}

impl Host for Browser {
    fn send(&self, request: &Request) -> impl Future<Output = Result<Reply, Error>> {
        let ticket = self.ticket();
        self.edge.send(ticket, &request.url, request.operation, request.body.expose());
        self.outcome(ticket)
    }

    async fn verify(&self, key: &str, text: &str, signature: &str) -> bool {
        let ticket = self.ticket();
        self.edge.verify(ticket, key, text, signature);
        good(self.outcome(ticket).await).is_some()
    }

    async fn load(&self) -> Option<SecretText> {
        let ticket = self.ticket();
        self.edge.load(ticket);
        good(self.outcome(ticket).await).map(|reply| reply.body)
    }

    async fn save(&self, record: &SecretText, revision: u32, over: u32) -> bool {
        let ticket = self.ticket();
        self.edge.save(ticket, record.expose(), revision, over);
        good(self.outcome(ticket).await).is_some()
    }

    async fn clear(&self, subject: &str) {
        let ticket = self.ticket();
        self.edge.clear(ticket, subject);
        good(self.outcome(ticket).await);
    }

    async fn devices(&self) -> Option<SecretText> {
        let ticket = self.ticket();
        self.edge.devices(ticket);
        good(self.outcome(ticket).await).map(|reply| reply.body)
    }

    async fn keep_devices(&self, record: &SecretText) {
        let ticket = self.ticket();
        self.edge.keep_devices(ticket, record.expose());
        good(self.outcome(ticket).await);
    }

    async fn lock(&self) {
        let ticket = self.ticket();
        self.edge.lock(ticket);
        good(self.outcome(ticket).await);
    }

    fn unlock(&self) {
        self.edge.unlock();
    }

    fn alarm(&self, millis: u32) {
        self.edge.alarm(millis);
    }

    #[allow(clippy::as_conversions, reason = "whole milliseconds far below 2^53")]
    fn now(&self) -> Millis {
        self.edge.now() as Millis
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        if self.edge.entropy(bytes) {
            return Ok(());
        }
        Err(Error::new(Code::EngineFailed, "This browser has no random generator."))
    }

    async fn pause(&self, millis: u32) {
        let ticket = self.ticket();
        self.edge.pause(ticket, millis);
        good(self.outcome(ticket).await);
    }

    fn tell(&self, news: News<'_>) {
        let status = match news.status {
            Status::SignedOut => "signedOut",
            Status::SignedIn => "signedIn",
            Status::Stale => "stale",
        };
        let mut remaining = 0;
        let (event, detail) = match news.event {
            Event::SignedIn => ("signedIn", None),
            Event::Restored => ("restored", None),
            Event::Refreshed => ("refreshed", None),
            Event::RefreshFailed(code) => ("refreshFailed", Some(code.as_str())),
            Event::SignedOut(Reason::User) => ("signedOut", Some("user")),
            Event::SignedOut(Reason::Refused) => ("signedOut", Some("refused")),
            Event::SignedOut(Reason::Reused) => ("signedOut", Some("reused")),
            Event::SignedOut(Reason::Elsewhere) => ("signedOut", Some("elsewhere")),
            Event::SignedOut(Reason::Idle) => ("signedOut", Some("idle")),
            Event::SignedOut(Reason::Expired) => ("signedOut", Some("expired")),
            Event::Idle(left) => {
                remaining = left;
                ("idle", None)
            }
            Event::StorageFailed => ("storageFailed", None),
            Event::RememberDevice => ("rememberDevice", None),
            Event::DeviceFailed(code) => ("deviceFailed", Some(code.as_str())),
        };
        let mut told = Object::new();
        told.text("status", status).optional("user", news.user).text("event", event).optional("detail", detail);
        if remaining > 0 {
            told.integer("remaining", remaining);
        }
        self.edge.tell(&told.end());
    }
}

/// The reply of something that went well.
fn good(result: Result<Reply, Error>) -> Option<Reply> {
    result.ok().filter(|reply| reply.status == 200)
}
