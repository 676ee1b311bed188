//! The requests as they were received, for tests to read.

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;

const MOST: usize = 1000;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    #[serde(skip)]
    number: u64,
    /// The operation, a path of the hosted pages, `api` or `jwks`.
    pub operation: String,
    /// When it came, in milliseconds since the epoch on the pool's clock.
    pub at: i64,
    /// The status of the answer; none while it is not answered, and if it never is.
    pub status: Option<u16>,
    /// The name of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Headers, their names in lower case.
    pub headers: Value,
    /// The body: JSON if it is that, text otherwise.
    pub body: Value,
}

/// The newest thousand requests.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    count: u64,
}

impl Journal {
    /// Notes a request that came in: its number.
    pub fn note(&mut self, operation: &str, at: i64, headers: &HeaderMap, body: &[u8]) -> u64 {
        self.count += 1;
        let headers: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), Value::String(value))
            })
            .collect();
        self.entries.push_back(Entry {
            number: self.count,
            operation: operation.to_owned(),
            at,
            status: None,
            error: None,
            headers: Value::Object(headers),
            body: serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned().into()),
        });
        if self.entries.len() > MOST {
            self.entries.pop_front();
        }
        self.count
    }

    /// An empty journal that counts on, so that a request from before is not mistaken for a later one.
    pub fn emptied(&self) -> Self {
        Self { entries: VecDeque::new(), count: self.count }
    }

    /// Notes how a request was answered.
    pub fn answered(&mut self, number: u64, status: u16, error: Option<&str>) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.number == number) {
            entry.status = Some(status);
            entry.error = error.map(str::to_owned);
        }
    }

    /// The requests of the wire, or of one operation, oldest first.
    pub fn entries(&self, operation: Option<&str>) -> Vec<&Entry> {
        self.entries
            .iter()
            .filter(|entry| match operation {
                Some(operation) => entry.operation == operation,
                None => is_of_the_wire(&entry.operation),
            })
            .collect()
    }
}

/// Whether this names an operation of the service's wire, and not another part of the server.
pub fn is_of_the_wire(operation: &str) -> bool {
    !matches!(operation, "api" | "jwks") && !operation.starts_with('/')
}
