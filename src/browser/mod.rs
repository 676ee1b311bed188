//! The browser as a [`Host`]; it decides nothing.

mod api;
mod fetch;

pub(crate) use api::Call;

use crate::error::{Code, Error};
use crate::host::{Event, Host, News, Reason, Status};
use crate::protocol::{Millis, Reply, Request};
use js_sys::{Date, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, millis: u32);
}

/// A worker, or a page.
pub(crate) struct Browser {
    /// Called with status, user, event and detail.
    tell: Function,
}

impl Browser {
    /// The browser, telling its news to `tell`.
    pub(crate) fn new(tell: Function) -> Self {
        Self { tell }
    }
}

impl Host for Browser {
    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        fetch::post(request).await
    }

    #[allow(clippy::as_conversions, reason = "whole milliseconds far below 2^53")]
    fn now(&self) -> Millis {
        Date::now() as Millis
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        get_random_values(bytes).map_err(|_| Error::new(Code::EngineFailed, "This browser has no random generator."))
    }

    async fn pause(&self, millis: u32) {
        let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, millis));
        // A promise that only a timer resolves does not reject.
        let _ = JsFuture::from(promise).await;
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
        let [status, user, event, detail] = [Some(status), news.user, Some(event), detail].map(JsValue::from);
        // What a listener throws is the listener's: the session stands.
        let _ = self.tell.call4(&JsValue::UNDEFINED, &status, &user, &event, &detail);
    }
}
