//! The allocator of the WebAssembly build: what is freed is wiped, strings that came from JavaScript too.

#![allow(unsafe_code, reason = "an allocator is made of unsafe functions")]

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{Ordering, compiler_fence};
use dlmalloc::GlobalDlmalloc;

/// The allocator of Rust's own standard library for WebAssembly, wiping.
pub(super) struct Wiping;

static DLMALLOC: GlobalDlmalloc = GlobalDlmalloc;

// SAFETY: every block is allocated and freed by `DLMALLOC` with the layout that the caller gave. Before a block is freed its
// `layout.size()` bytes, which the caller owns until then, are overwritten. `realloc` is the trait's own: it allocates,
// copies and frees here, so a block that is moved is wiped at its old place.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { DLMALLOC.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives a block of `layout.size()` bytes that it owns.
        unsafe { wipe(block, layout.size()) };
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { DLMALLOC.dealloc(block, layout) }
    }
}

/// # Safety
/// `block` has `size` bytes that may be written.
#[inline(never)]
unsafe fn wipe(block: *mut u8, size: usize) {
    // SAFETY: as above. Not inlined and fenced, so that the writes are not dropped as dead.
    unsafe { block.write_bytes(0, size) };
    compiler_fence(Ordering::SeqCst);
}
