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

/// A vault of the configuration that was written at `from`. It lives as long as the module's memory.
///
/// # Safety
/// `from` is of [`room`] for `size` bytes, and used once.
#[unsafe(no_mangle)]
unsafe extern "C" fn vault(from: *mut u8, size: usize) -> *mut Engine {
    // SAFETY: the caller's promise.
    Box::leak(Box::new(Engine::new(unsafe { Vec::from_raw_parts(from, size, size) })))
}

/// [`Engine::enter`] with what was written at `from`: a message of `length` bytes, and up to `size` a password. The answer is
/// in UTF-8, ends before a zero, and lies there to be read and wiped until the next call.
///
/// # Safety
/// `vault` is of [`vault`], `from` of [`room`] for `size` bytes and used once, and `length` is not above `size`.
#[unsafe(no_mangle)]
unsafe extern "C" fn enter(vault: *mut Engine, number: u32, from: *mut u8, size: usize, length: usize) -> *mut u8 {
    // SAFETY: the caller's promise; the module has one thread, and nothing that `enter` calls comes back to it.
    let (vault, mut message) = unsafe { (&mut *vault, Vec::from_raw_parts(from, size, size)) };
    let password = SecretBytes::new(message.split_off(length));
    vault.enter(number, message, password).as_mut_ptr()
}
