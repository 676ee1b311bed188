//! SRP against vectors of other implementations, against a service written with num-bigint, and the arithmetic against num-bigint.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/vectors.rs"]
mod vectors;

use vectors::Tally;

#[test]
fn generated_vectors() {
    let tally = vectors::run(include_str!("vectors/generated.json"));
    assert_eq!(tally, Tally { checked: 50 + 33 + 19 + 5 + 1, skipped: 2 });
}

#[test]
fn published_vectors() {
    let tally = vectors::run(include_str!("vectors/published.json"));
    assert_eq!(tally, Tally { checked: 539 - 3 + 1, skipped: 3 });
}
