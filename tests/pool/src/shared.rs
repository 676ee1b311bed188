//! The pool as all requests share it, and the way of one request through faults and journal.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use http_body_util::{BodyExt, Limited};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

use crate::{
    clock::http_date,
    faults::Kind,
    pool::{Beginning, Pool},
};

/// The largest body that is read.
const LARGEST_BODY: usize = 1 << 20;

/// What all requests share.
#[derive(Debug)]
pub struct Shared {
    beginning: Beginning,
    pool: Mutex<Pool>,
    /// Counts how often the faults were cleared; held requests wait for the next time.
    cleared: watch::Sender<u64>,
}

/// Put into an answer's extensions: the connection is cut instead of sending it.
#[derive(Clone, Copy, Debug)]
pub struct Cut;

/// What a fault made of a request.
pub enum Gate {
    /// Process it; afterwards cut the connection if told so.
    Pass {
        /// The number in the journal.
        number: u64,
        /// Whether the answer is lost.
        cut: bool,
    },
    /// Do not process it; answer with this.
    Stop {
        /// The number in the journal.
        number: u64,
        /// The fault.
        kind: Kind,
        /// The error, for [`Kind::Refuse`].
        error: Option<&'static str>,
    },
}

impl Shared {
    /// A pool at its beginning.
    pub fn new(beginning: Beginning) -> Arc<Self> {
        Arc::new(Self { pool: Mutex::new(Pool::new(&beginning)), beginning, cleared: watch::Sender::new(0) })
    }

    /// The pool, for one operation.
    pub fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the pool back to its beginning.
    pub fn reset(&self) {
        let mut fresh = Pool::new(&self.beginning);
        let mut pool = self.pool();
        fresh.journal = pool.journal.emptied();
        *pool = fresh;
        drop(pool);
        self.release();
    }

    /// Empties the queue of faults and lets held requests go on.
    pub fn clear_faults(&self) {
        self.pool().faults.clear();
        self.release();
    }

    fn release(&self) {
        self.cleared.send_modify(|count| *count += 1);
    }

    /// Notes a request and applies the fault that is meant for it.
    pub async fn gate(&self, operation: &str, headers: &HeaderMap, body: &[u8]) -> Gate {
        let (number, fault, mut cleared) = {
            let mut pool = self.pool();
            let now = pool.clock.now();
            let number = pool.journal.note(operation, now, headers, body);
            let fault = pool.faults.take(operation);
            (number, fault, self.cleared.subscribe())
        };
        let Some(fault) = fault else {
            return Gate::Pass { number, cut: false };
        };
        match fault.kind {
            Kind::Delay => {
                tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
                Gate::Pass { number, cut: false }
            }
            Kind::Hang => {
                // The sender lives as long as self, so that this only ends by a release.
                let _ = cleared.changed().await;
                Gate::Pass { number, cut: false }
            }
            Kind::DropAfter => Gate::Pass { number, cut: true },
            kind @ (Kind::DropBefore | Kind::Status500 | Kind::Throttle | Kind::Refuse | Kind::NonJson) => {
                Gate::Stop { number, kind, error: fault.refused_with() }
            }
        }
    }

    /// The `Date` header by the pool's clock.
    pub fn date(&self, headers: &mut HeaderMap) {
        let date = http_date(self.pool().clock.seconds());
        if let Ok(date) = HeaderValue::from_str(&date) {
            headers.insert(header::DATE, date);
        }
    }
}

/// The whole body; none if it is larger than the server reads, or breaks off.
pub async fn read(body: Body) -> Option<Vec<u8>> {
    let whole = Limited::new(body, LARGEST_BODY).collect().await.ok()?;
    Some(whole.to_bytes().to_vec())
}

/// An answer that is never sent.
pub fn cut() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Cut);
    response
}

/// An answer with a body of this type.
pub fn answer(status: u16, content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A page of HTML where JSON should be, as a gateway in between would send it.
pub fn gateway_page() -> Response<Body> {
    answer(200, "text/html", "<!doctype html><title>Gateway</title><p>Try again later.")
}
