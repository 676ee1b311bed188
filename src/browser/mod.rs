//! The browser as a [`Host`]; it decides nothing.
//!
//! The platform's functions are called by the script around this module, the [`Edge`]: each `Edge` method that takes a ticket
//! begins something and returns at once; [`Browser::resume`] brings what became of it.

use crate::error::{Code, Error};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::json::{Json, Object};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::SecretText;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
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
    arrived: RefCell<Vec<(u32, Result<Reply, Error>)>>,
}

impl Browser {
    pub(crate) fn new(edge: Edge) -> Self {
        Self { edge, last_ticket: Cell::default(), arrived: RefCell::default() }
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
        self.arrived.borrow_mut().push((ticket, result));
    }

    /// Sends the API request of `call` with `token`, and says the status of its response.
    pub(crate) async fn api(&self, call: u32, token: &SecretText) -> Result<u16, Error> {
        let ticket = self.ticket();
        self.edge.api(ticket, call, token.expose());
        self.arrival(ticket).await.map(|reply| reply.status)
    }

    fn ticket(&self) -> u32 {
        self.last_ticket.set(self.last_ticket.get().wrapping_add(1));
        self.last_ticket.get()
    }

    /// Waits for `resume`. Every task is polled after each one, so no waker is kept.
    async fn arrival(&self, ticket: u32) -> Result<Reply, Error> {
        poll_fn(|_| {
            let mut arrived = self.arrived.borrow_mut();
            match arrived.iter().position(|(known, _)| *known == ticket) {
                Some(at) => Poll::Ready(arrived.swap_remove(at).1),
                None => Poll::Pending,
            }
        })
        .await
    }
}

impl Host for Browser {
    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let ticket = self.ticket();
        self.edge.send(ticket, &request.url, request.operation, request.body.expose());
        self.arrival(ticket).await
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
        // A timer brings no reply.
        let _ = self.arrival(ticket).await;
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
