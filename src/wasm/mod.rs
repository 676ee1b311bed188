//! The surface that JavaScript sees: one class, whose methods convert, call and convert.

mod heap;
mod values;

use crate::browser::{Browser, Call};
use crate::client::Client;
use crate::error::Error;
use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Response};

#[global_allocator]
static HEAP: heap::Wiping = heap::Wiping;

/// One app's vault. Each method's promise rejects with an Error that has a `code`.
#[wasm_bindgen]
pub struct Engine(Client<Browser>);

#[wasm_bindgen]
impl Engine {
    /// A vault with nobody signed in. `tell` is called with status, user, event and detail at every change.
    ///
    /// # Errors
    /// `InvalidConfig`, naming the field.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsValue, tell: Function) -> Result<Engine, JsValue> {
        let config = values::config(config).map_err(values::thrown)?;
        Ok(Engine(Client::new(config, Browser::new(tell))))
    }

    /// Makes the next sign-in's SRP key pair, in idle time.
    ///
    /// # Errors
    /// `EngineFailed` without entropy.
    pub fn prepare(&self) -> Result<(), JsValue> {
        self.0.prepare().map_err(values::thrown)
    }

    /// `{ username, password, flow?, clientMetadata? }` → a step.
    #[wasm_bindgen(js_name = signIn)]
    pub async fn sign_in(&self, request: JsValue, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let given_up = || aborted(signal.as_ref());
        let result = async { self.0.sign_in(values::credentials(&request)?, &given_up).await }.await;
        result.map(|next| values::next(&next)).map_err(values::thrown)
    }

    /// `{ username, password, attributes?, validationData?, clientMetadata? }` → a step.
    #[wasm_bindgen(js_name = signUp)]
    pub async fn sign_up(&self, request: JsValue, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let given_up = || aborted(signal.as_ref());
        let result = async { self.0.sign_up(values::registration(&request)?, &given_up).await }.await;
        result.map(|next| values::next(&next)).map_err(values::thrown)
    }

    /// Answers the step `id` → the next step.
    pub async fn answer(&self, id: u32, answer: JsValue, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let given_up = || aborted(signal.as_ref());
        let result = async { self.0.answer(id, values::answer(&answer)?, &given_up).await }.await;
        result.map(|next| values::next(&next)).map_err(values::thrown)
    }

    /// Sends the code of the step `id` once more → where to.
    pub async fn resend(&self, id: u32) -> Result<JsValue, JsValue> {
        let delivery = self.0.resend(id).await.map_err(values::thrown)?;
        Ok(values::delivery(delivery.as_ref()))
    }

    /// Forgets the step `id`.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&self, id: u32) {
        self.0.give_up(id);
    }

    /// `{ username, code, clientMetadata? }`
    #[wasm_bindgen(js_name = confirmSignUp)]
    pub async fn confirm_sign_up(&self, request: JsValue) -> Result<(), JsValue> {
        let confirmed = async {
            let username = values::required(&request, "username")?;
            let code = values::required(&request, "code")?;
            self.0.confirm_sign_up(&username, &code, values::pairs(&request, "clientMetadata")).await
        };
        confirmed.await.map_err(values::thrown)
    }

    /// `{ username, clientMetadata? }` → where the code was sent.
    #[wasm_bindgen(js_name = resendSignUpCode)]
    pub async fn resend_sign_up_code(&self, request: JsValue) -> Result<JsValue, JsValue> {
        let sent = async {
            let username = values::required(&request, "username")?;
            self.0.resend_sign_up_code(&username, values::pairs(&request, "clientMetadata")).await
        };
        let delivery = sent.await.map_err(values::thrown)?;
        Ok(values::delivery(delivery.as_ref()))
    }

    /// The user's attributes, by name.
    pub async fn attributes(&self) -> Result<JsValue, JsValue> {
        let attributes = self.0.attributes().await.map_err(values::thrown)?;
        Ok(values::object(&attributes).into())
    }

    /// Renews the tokens now.
    pub async fn refresh(&self) -> Result<(), JsValue> {
        self.0.refresh().await.map_err(values::thrown)
    }

    /// Forgets the session, then revokes its tokens; rejects if they could not be revoked.
    #[wasm_bindgen(js_name = signOut)]
    pub async fn sign_out(&self) -> Result<(), JsValue> {
        self.0.sign_out().await.map_err(values::thrown)
    }

    /// `{ url, headers?, … }` with the members of a RequestInit → the API's response.
    pub async fn fetch(&self, request: JsValue, signal: Option<AbortSignal>) -> Result<Response, JsValue> {
        let answered = async {
            let url = values::required(&request, "url")?;
            let headers = values::member(&request, "headers");
            let call = Call::new(&url, request.unchecked_ref(), &headers, signal)?;
            self.0.with_token(&call.origin(), async |token| call.send(token).await).await
        };
        answered.await.map_err(|error: Error| values::thrown(error))
    }
}

fn aborted(signal: Option<&AbortSignal>) -> bool {
    signal.is_some_and(AbortSignal::aborted)
}
