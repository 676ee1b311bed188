//! The client against the pool of tests/pool, in one process: both halves of the protocol, and two clocks that a test turns.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "pool_round_trip/accounts.rs"]
mod accounts;
#[path = "pool_round_trip/factors.rs"]
mod factors;
#[path = "pool_round_trip/passwords.rs"]
mod passwords;
#[path = "pool_round_trip/sessions.rs"]
mod sessions;
mod support;
#[path = "pool_round_trip/town.rs"]
mod town;
