//! One request to the hosted side as its parts need it, and what they answer with.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, header, request::Parts},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::pages;
use crate::{form::Form, random::Random, shared::answer};

/// The cookie that the forms repeat, so that no other site can send one.
const XSRF: &str = "XSRF-TOKEN";

/// One request.
#[derive(Debug)]
pub struct Call {
    /// GET, POST …
    pub method: String,
    /// The path.
    pub path: String,
    /// The query.
    pub query: Form,
    /// The body, if it is a form.
    pub form: Option<Form>,
    /// The cookies.
    pub cookies: BTreeMap<String, String>,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// What the forms of this browser repeat.
    pub xsrf: String,
}

impl Call {
    /// Reads a request.
    pub fn new(head: &Parts, body: &[u8]) -> Self {
        let text = |name: HeaderName| text(&head.headers, &name);
        let is_form = text(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.split(';').next().map(str::trim) == Some("application/x-www-form-urlencoded"));
        let cookies: BTreeMap<String, String> = text(header::COOKIE)
            .unwrap_or_default()
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: Form::parse(head.uri.query().unwrap_or_default()),
            form: is_form.then(|| Form::parse(&String::from_utf8_lossy(body))),
            xsrf: cookies.get(XSRF).cloned().unwrap_or_default(),
            cookies,
            authorization: text(header::AUTHORIZATION).map(str::to_owned),
        }
    }

    /// What the journal shows as the body: the query and the form.
    pub fn noted(&self) -> Value {
        let mut noted = self.query.object();
        noted.extend(self.form.iter().flat_map(Form::object));
        json!(noted)
    }

    /// Gives a browser that is new here something to repeat: the cookie to set.
    pub fn greet(&mut self, random: &mut Random) -> Option<String> {
        if !self.xsrf.is_empty() {
            return None;
        }
        self.xsrf = random.base64url(24);
        Some(cookie(XSRF, &self.xsrf, None))
    }
}

/// The text of a header.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A `Set-Cookie`; one without an age ends with the browser.
pub fn cookie(name: &str, value: &str, seconds: Option<i64>) -> String {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}")
}

/// An answer, and the name of the error that it tells.
#[derive(Debug)]
pub struct Told {
    /// The answer.
    pub response: Response<Body>,
    /// For the journal.
    pub error: Option<String>,
}

impl Told {
    /// JSON that nobody keeps (RFC 6749, 5.1).
    pub fn json(status: u16, value: &Value) -> Self {
        Self { response: answer(status, "application/json", value.to_string()), error: None }
            .set("cache-control", "no-store")
    }

    /// Success, and nothing else.
    pub fn empty() -> Self {
        Self { response: Response::new(Body::empty()), error: None }.set("cache-control", "no-store")
    }

    /// An error of the OAuth endpoints.
    pub fn error(status: u16, error: &str, description: &str) -> Self {
        Self::json(status, &json!({ "error": error, "error_description": description })).named(error)
    }

    /// A page, which runs no script and shows in no frame.
    pub fn page(status: u16, html: String) -> Self {
        Self { response: answer(status, "text/html; charset=utf-8", html), error: None }
            .set("cache-control", "no-store")
            .set("content-security-policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
            .set("x-frame-options", "DENY")
    }

    /// A page that tells the user what is wrong, because no client can be told.
    pub fn fault(status: u16, error: &str, description: &str) -> Self {
        Self::page(status, pages::fault(error, description)).named(error)
    }

    /// A redirect.
    pub fn to(address: &str) -> Self {
        Self { response: answer(302, "text/plain", Body::empty()), error: None }
            .set("cache-control", "no-store")
            .set("location", address)
    }

    /// The same, with this name in the journal.
    pub fn named(self, error: &str) -> Self {
        Self { error: Some(error.to_owned()), ..self }
    }

    /// The same, with one more header.
    pub fn set(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.response.headers_mut().append(HeaderName::from_static(name), value);
        }
        self
    }
}
