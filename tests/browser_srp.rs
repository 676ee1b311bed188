//! The SRP vectors once more, as WebAssembly in a browser.

#![cfg(target_arch = "wasm32")]

#[path = "support/vectors.rs"]
mod vectors;

use vectors::Tally;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn generated_vectors() {
    let tally = vectors::run(include_str!("vectors/generated.json"));
    assert_eq!(tally, Tally { checked: 50 + 33 + 19 + 5 + 1, skipped: 2 });
}

#[wasm_bindgen_test]
fn published_vectors() {
    let tally = vectors::run(include_str!("vectors/published.json"));
    assert_eq!(tally, Tally { checked: 539 - 3 + 1, skipped: 3 });
}
