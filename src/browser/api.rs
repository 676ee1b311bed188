//! One call of the app's API: the app's request with the vault's token in it.

use super::fetch::{failure, fetch};
use crate::error::{Code, Error};
use crate::secret::SecretText;
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect, Response, Url};

/// A request that may be sent twice.
pub(crate) struct Call {
    url: Url,
    init: RequestInit,
    headers: Headers,
    signal: Option<AbortSignal>,
}

impl Call {
    /// A request to `url` with the plain members of a RequestInit, its headers as a list of pairs.
    pub(crate) fn new(url: &str, init: &Object, headers: &JsValue, signal: Option<AbortSignal>) -> Result<Self, Error> {
        let unfit = |_| Error::new(Code::InvalidParameter, "The request has a wrong form.");
        let url = Url::new(url).map_err(unfit)?;
        let headers =
            if headers.is_undefined() { Headers::new() } else { Headers::new_with_str_sequence_sequence(headers) };
        let headers = headers.map_err(unfit)?;
        if headers.has("Authorization").map_err(unfit)? {
            return Err(Error::new(Code::InvalidParameter, "The vault writes the Authorization header itself."));
        }
        let init: RequestInit = Object::assign(&Object::new(), init).unchecked_into();
        init.set_headers(&headers);
        init.set_redirect(RequestRedirect::Error);
        init.set_signal(signal.as_ref());
        Ok(Self { url, init, headers, signal })
    }

    /// Where it goes.
    pub(crate) fn origin(&self) -> String {
        self.url.origin()
    }

    /// Sends it with `token`, to the very address whose origin was looked at. A redirect fails it.
    pub(crate) async fn send(&self, token: &SecretText) -> Result<(u16, Response), Error> {
        let value = ["Bearer ", token.expose()].concat();
        let unfit = |_| Error::new(Code::InvalidToken, "The token does not fit into a header.");
        self.headers.set("Authorization", &value).map_err(unfit)?;
        match JsFuture::from(fetch(&self.url.href(), &self.init)).await {
            Ok(response) => {
                let response: Response = response.unchecked_into();
                Ok((response.status(), response))
            }
            Err(_) if self.signal.as_ref().is_some_and(AbortSignal::aborted) => {
                Err(Error::new(Code::Aborted, "The call was given up."))
            }
            Err(reason) => Err(failure(&reason)),
        }
    }
}
