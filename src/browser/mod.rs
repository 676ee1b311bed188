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

    /// Posts `body` to the user pool's `operation`.
    #[wasm_bindgen(method)]
    fn send(this: &Edge, ticket: u32, url: &str, operation: &str, body: &str);

    /// Sends the API request that came with `call`, with `token`.
    #[wasm_bindgen(method)]
    fn api(this: &Edge, ticket: u32, call: u32, token: &str);

    /// Resumes after so many milliseconds.
    #[wasm_bindgen(method)]
    fn pause(this: &Edge, ticket: u32, millis: u32);

    /// Tells `{ status, user?, event, detail? }`; `user` is JSON in the JSON.
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
        poll_fn(move |_| self.arrival(ticket))
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

    fn pause(&self, millis: u32) -> impl Future<Output = ()> {
        let ticket = self.ticket();
        self.edge.pause(ticket, millis);
        // A timer brings no reply.
        poll_fn(move |_| self.arrival(ticket).map(drop))
    }

    fn tell(&self, news: News<'_>) {
        let status = match news.status {
            Status::SignedOut => "signedOut",
            Status::SignedIn => "signedIn",
            Status::Stale => "stale",
        };
        let (event, detail) = match news.event {
            Event::SignedIn => ("signedIn", None),
            Event::Refreshed => ("refreshed", None),
            Event::RefreshFailed(code) => ("refreshFailed", Some(code.as_str())),
            Event::SignedOut(Reason::User) => ("signedOut", Some("user")),
            Event::SignedOut(Reason::Refused) => ("signedOut", Some("refused")),
            Event::SignedOut(Reason::Reused) => ("signedOut", Some("reused")),
        };
        let mut told = Object::new();
        told.text("status", status).optional("user", news.user).text("event", event).optional("detail", detail);
        self.edge.tell(&told.end());
    }
}
