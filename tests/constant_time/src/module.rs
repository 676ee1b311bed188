//! The leaky exponentiation as a WebAssembly module, beside which the shipped one is looked at.

#![allow(unsafe_code, reason = "an exported name is an unsafe attribute")]

use crate::leaky;
use core::hint::black_box;
use core::sync::atomic::{AtomicU8, Ordering};

static EXPONENT: [AtomicU8; 32] = [const { AtomicU8::new(0) }; 32];

/// Where the exponent is written.
#[unsafe(no_mangle)]
pub extern "C" fn exponent() -> *const AtomicU8 {
    EXPONENT.as_ptr()
}

/// Raises g to it.
#[unsafe(no_mangle)]
pub extern "C" fn raise() {
    black_box(leaky::power_of_g(&EXPONENT.each_ref().map(|byte| byte.load(Ordering::Relaxed))));
}
