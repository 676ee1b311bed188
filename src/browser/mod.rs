//! The browser as a [`Host`]; it decides nothing.
//!
//! The clock and the random generator are called from here. Everything else is done by the script around this module, the edge:
//! what it is to do is written down, and every call of the module brings it back. What comes of it is brought by
//! [`Browser::arrive`].

#![allow(unsafe_code, reason = "what the module imports takes addresses")]

use crate::encoding::decimal;
use crate::error::{Code, Error};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::json::{quote, whole};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::SecretText;
use crate::text::Texts;
use alloc::boxed::Box;
use alloc::string::String;
use core::cell::Cell;
use core::future::poll_fn;
use core::task::Poll;

#[link(wasm_import_module = "edge")]
unsafe extern "C" {
    /// Milliseconds since 1970.
    safe fn now() -> f64;

    /// Fills `size` bytes from `at` on by chance. A browser that cannot, ends the module.
    fn entropy(at: *mut u8, size: usize);
}

/// A worker, or a page.
#[derive(Default)]
pub(crate) struct Browser {
    /// What the edge is to do: a JSON list, but for its end, of lists of a name, numbers and texts. The first number is a ticket
    /// where something comes of it.
    asked: Cell<String>,
    last_ticket: Cell<u32>,
    /// What became of a ticket, until the task that waits for it is polled: at once, see [`Browser::arrival`].
    arrived: Cell<Option<Arrival>>,
}

/// A ticket and what became of it.
type Arrival = (u32, Result<Box<Reply>, Error>);

impl Browser {
    /// Has the edge do something, with the numbers and texts that follow.
    #[inline(never)]
    pub(crate) fn ask(&self, name: &str) -> &Self {
        with(&self.asked, |asked| {
            asked.push_str(if asked.is_empty() { "[[" } else { "],[" });
            quote(name, asked);
        });
        self
    }

    #[inline(never)]
    pub(crate) fn number(&self, number: u32) -> &Self {
        with(&self.asked, |asked| {
            asked.push(',');
            decimal(asked, number.into(), 1);
        });
        self
    }

    #[inline(never)]
    pub(crate) fn text(&self, text: &str) -> &Self {
        with(&self.asked, |asked| {
            asked.push(',');
            quote(text, asked);
        });
        self
    }

    /// Has the edge begin something of which something comes.
    #[inline(never)]
    fn begin(&self, name: &str) -> &Self {
        let ticket = self.last_ticket.get().wrapping_add(1);
        self.last_ticket.set(ticket);
        self.ask(name).number(ticket)
    }

    /// What the edge was asked since the last call of this.
    pub(crate) fn asked(&self) -> String {
        let mut asked = self.asked.take();
        asked.push_str(if asked.is_empty() { "[]\0" } else { "]]\0" });
        asked
    }

    /// Takes what became of `ticket`: a code if it failed, the status, the date in milliseconds since 1970, the service's error type,
    /// error message and request ID, and the body, which is the rest.
    pub(crate) fn arrive(&self, ticket: u32, mut told: Texts<'_>) {
        let result = match told.filled() {
            Some(failed) => {
                let code = Code::named(&failed).unwrap_or(Code::Network);
                Err(Error::naming(code, "There is no reply: ", &failed, "."))
            }
            None => Ok(Box::new(Reply {
                status: whole(&told.take()).and_then(|status| status.try_into().ok()).unwrap_or_default(),
                date: told.filled().and_then(|date| whole(&date)),
                error_type: told.filled(),
                error_message: told.filled(),
                request_id: told.filled(),
                body: told.rest().into(),
            })),
        };
        self.arrived.set(Some((ticket, result)));
    }

    /// Sends the API request of `call` with one of the tokens, and brings the status of its response.
    pub(crate) fn api<'a>(
        &'a self,
        call: u32,
        access: &SecretText,
        id: &SecretText,
    ) -> impl Future<Output = Result<Box<Reply>, Error>> + use<'a> {
        let ticket = self.begin("api").number(call).text(access.expose()).text(id.expose()).last_ticket.get();
        poll_fn(move |_| self.arrival(ticket))
    }

    /// What `arrive` has brought for `ticket`. Every task is polled after each arrival, so no waker is kept.
    fn arrival(&self, ticket: u32) -> Poll<Result<Box<Reply>, Error>> {
        match self.arrived.take() {
            Some(arrived) if arrived.0 == ticket => Poll::Ready(arrived.1),
            other => {
                self.arrived.set(other);
                Poll::Pending
            }
        }
    }

    /// What `ticket` was begun for, if it went well.
    #[inline(never)]
    fn record(&self, ticket: u32) -> Poll<Option<SecretText>> {
        self.arrival(ticket).map(|result| result.ok().filter(|reply| reply.status == 200).map(|reply| reply.body))
    }

    /// Whether it went well.
    #[inline(never)]
    fn success(&self, ticket: u32) -> Poll<bool> {
        self.record(ticket).map(|text| text.is_some())
    }

    /// Its end, however it went.
    fn end(&self, ticket: u32) -> Poll<()> {
        self.success(ticket).map(|_| ())
    }
}

impl Host for Browser {
    fn send(&self, request: &Request) -> impl Future<Output = Result<Box<Reply>, Error>> {
        let asked = self.begin("send").text(&request.url).text(request.operation);
        let ticket = asked.text(request.body.expose()).last_ticket.get();
        poll_fn(move |_| self.arrival(ticket))
    }

    fn verify(&self, key: &str, text: &str, signature: &str) -> impl Future<Output = bool> {
        let ticket = self.begin("verify").text(key).text(text).text(signature).last_ticket.get();
        poll_fn(move |_| self.success(ticket))
    }

    fn load(&self) -> impl Future<Output = Option<SecretText>> {
        let ticket = self.begin("load").last_ticket.get();
        poll_fn(move |_| self.record(ticket))
    }

    fn save(&self, record: &SecretText, revision: u32, over: u32) -> impl Future<Output = bool> {
        let ticket = self.begin("save").number(revision).number(over).text(record.expose()).last_ticket.get();
        poll_fn(move |_| self.success(ticket))
    }

    fn clear(&self, subject: &str) -> impl Future<Output = ()> {
        let ticket = self.begin("clear").text(subject).last_ticket.get();
        poll_fn(move |_| self.end(ticket))
    }

    fn device(&self, username: &str) -> impl Future<Output = Option<SecretText>> {
        let ticket = self.begin("device").text(username).last_ticket.get();
        poll_fn(move |_| self.record(ticket))
    }

    fn keep_device(&self, username: &str, record: &SecretText) -> impl Future<Output = ()> {
        let ticket = self.begin("keepDevice").text(username).text(record.expose()).last_ticket.get();
        poll_fn(move |_| self.end(ticket))
    }

    fn lock(&self) -> impl Future<Output = ()> {
        let ticket = self.begin("lock").last_ticket.get();
        poll_fn(move |_| self.end(ticket))
    }

    fn unlock(&self) {
        self.ask("unlock");
    }

    fn alarm(&self, millis: u32) {
        self.ask("alarm").number(millis);
    }

    #[allow(clippy::as_conversions, reason = "whole milliseconds far below 2^53")]
    fn now(&self) -> Millis {
        now() as Millis
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        // SAFETY: the edge writes into these bytes alone.
        unsafe { entropy(bytes.as_mut_ptr(), bytes.len()) };
        Ok(())
    }

    fn pause(&self, millis: u32) -> impl Future<Output = ()> {
        let ticket = self.begin("pause").number(millis).last_ticket.get();
        poll_fn(move |_| self.end(ticket))
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
        let told = self.ask("tell").number(remaining).text(status).text(event);
        told.text(detail.unwrap_or_default()).text(news.user.unwrap_or_default());
    }
}

fn with<R>(cell: &Cell<String>, work: impl FnOnce(&mut String) -> R) -> R {
    let mut value = cell.take();
    let result = work(&mut value);
    cell.set(value);
    result
}
