//! The conversations, on replies written by hand: what each says next, in every state, to every reply and answer.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "flows/challenges.rs"]
mod challenges;
#[path = "flows/new_password.rs"]
mod new_password;
#[path = "flows/order.rs"]
mod order;
#[path = "flows/sign_in.rs"]
mod sign_in;
#[path = "flows/sign_up.rs"]
mod sign_up;
mod support;
#[path = "flows/talk.rs"]
mod talk;
#[path = "flows/tokens.rs"]
mod tokens;
