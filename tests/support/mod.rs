//! What the native tests share: a service that says what a test wrote, a host in memory, and tasks polled by hand.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

pub(crate) mod devices;
pub(crate) mod host;
pub(crate) mod service;
pub(crate) mod tasks;
