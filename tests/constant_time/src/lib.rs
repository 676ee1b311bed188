//! The arithmetic of SRP beside an exponentiation that leaks, which every search for leaks has to find.

pub mod leaky;
#[cfg(target_arch = "wasm32")]
mod module;
