//! What the module exports: three functions of numbers and addresses. Texts and passwords cross as bytes in its memory.

#![allow(unsafe_code, reason = "addresses cross to JavaScript and back")]

use super::Engine;
use crate::secret::SecretBytes;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

/// Room for what is to cross. [`enter`] takes it back.
#[unsafe(no_mangle)]
extern "C" fn room(size: usize) -> *mut u8 {
    Vec::leak(vec![0; size]).as_mut_ptr()
}

/// A vault that is still to be opened. It lives as long as the module's memory.
#[unsafe(no_mangle)]
extern "C" fn vault() -> *mut Engine {
    Box::leak(Box::default())
}

/// [`Engine::enter`] with what was written at `from`: a message of `length` bytes, and a password up to `size`. The answer is
/// in UTF-8, ends before a zero, and lies there until the next call.
///
/// # Safety
/// `vault` is of [`vault`], `from` of [`room`] for `size` bytes and used once, and `length` is not above `size`.
#[unsafe(no_mangle)]
unsafe extern "C" fn enter(vault: *mut Engine, number: u32, from: *mut u8, length: usize, size: usize) -> *const u8 {
    // SAFETY: the caller's promise; the module has one thread, and nothing that `enter` calls comes back to it.
    let (vault, mut message) = unsafe { (&mut *vault, Vec::from_raw_parts(from, size, size)) };
    let password = SecretBytes::new(message.split_off(length));
    vault.enter(number, message, password).as_ptr()
}
