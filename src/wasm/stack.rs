//! The stack of the WebAssembly build: what a call has left on it is overwritten before the script goes on.

use core::hint::black_box;

/// More than twice what the deepest call takes, a proof of SRP.
const DEPTH: usize = 65_536;

/// Overwrites the stack below the frame of who calls this. Not inlined, so that its own frame lies there; `black_box`, so that
/// the zeros are written.
#[inline(never)]
pub(super) fn wipe() {
    black_box(&mut [0_u8; DEPTH]);
}
