//! One request to the service by the platform's `fetch`.

use crate::error::{Code, Error};
use crate::protocol::{Millis, Reply, Request};
use crate::secret::SecretText;
use js_sys::{Date, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response};

/// A reply that has not come after so many milliseconds is not waited for.
const PATIENCE: u32 = 30_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    pub(super) fn fetch(url: &str, init: &RequestInit) -> Promise;
}

/// Posts `request` and reads the whole reply.
pub(super) async fn post(request: &Request) -> Result<Reply, Error> {
    let failed = |reason: JsValue| failure(&reason);
    let headers = Headers::new().map_err(failed)?;
    let target = ["AWSCognitoIdentityProviderService.", request.operation].concat();
    headers.set("Content-Type", "application/x-amz-json-1.1").map_err(failed)?;
    headers.set("X-Amz-Target", &target).map_err(failed)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(request.body.expose()));
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));

    let response: Response = JsFuture::from(fetch(&request.url, &init)).await.map_err(failed)?.unchecked_into();
    let body = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    let headers = response.headers();
    let header = |name| headers.get(name).ok().flatten();
    Ok(Reply {
        status: response.status(),
        body: SecretText::new(body.as_string().unwrap_or_default()),
        error_type: header("x-amzn-errortype"),
        error_message: header("x-amzn-errormessage"),
        request_id: header("x-amzn-requestid"),
        date: header("date").and_then(|date| millis(&date)),
    })
}

/// A browser tells no more than whether it was a timeout.
pub(super) fn failure(reason: &JsValue) -> Error {
    let name = Reflect::get(reason, &JsValue::from_str("name")).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("TimeoutError") => Error::new(Code::Timeout, "The service did not answer in time."),
        _ => Error::new(Code::Network, "The service could not be reached."),
    }
}

#[allow(clippy::as_conversions, reason = "whole milliseconds far below 2^53; not a number is handled")]
fn millis(date: &str) -> Option<Millis> {
    let millis = Date::parse(date);
    (!millis.is_nan()).then_some(millis as Millis)
}
