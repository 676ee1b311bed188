//! The client on a host in memory: what it sends, how often, when, and what is left of a session afterwards.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "client/account.rs"]
mod account;
#[path = "client/api.rs"]
mod api;
#[path = "client/clock.rs"]
mod clock;
#[path = "client/custody.rs"]
mod custody;
#[path = "client/devices.rs"]
mod devices;
#[path = "client/guards.rs"]
mod guards;
#[path = "client/news.rs"]
mod news;
#[path = "client/proof.rs"]
mod proof;
#[path = "client/questions.rs"]
mod questions;
#[path = "client/redirect.rs"]
mod redirect;
#[path = "client/refreshing.rs"]
mod refreshing;
#[path = "client/registry.rs"]
mod registry;
#[path = "client/retries.rs"]
mod retries;
#[path = "client/signing_in.rs"]
mod signing_in;
mod support;
#[path = "client/tabs.rs"]
mod tabs;
#[path = "client/vault.rs"]
mod vault;
#[path = "client/watch.rs"]
mod watch;
