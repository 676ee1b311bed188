//! The words exchanged with the service: how each operation is asked, how each reply is read.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "protocol/hosted.rs"]
mod hosted;
#[path = "protocol/json.rs"]
mod json;
#[path = "protocol/refusals.rs"]
mod refusals;
#[path = "protocol/replies.rs"]
mod replies;
#[path = "protocol/requests.rs"]
mod requests;
mod support;
