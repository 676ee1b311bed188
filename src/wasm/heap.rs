//! The allocator of the WebAssembly build: what is freed is wiped, strings that came from JavaScript too.
//!
//! Every block has the size of a power of two, and a free one waits for the next request of its size: nothing is searched,
//! split or joined. That is a twentieth of dlmalloc's code, for at most twice the memory of what was in use at one time.

#![allow(unsafe_code, reason = "an allocator is made of unsafe functions")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::memory_grow;
use core::cell::Cell;
use core::ptr::{null_mut, with_exposed_provenance_mut as pointer};
use core::sync::atomic::{Ordering, compiler_fence};

/// The least size of a block. Blocks begin at its multiples, and no type of this crate asks for more than a register does.
const LEAST: usize = 16;
const PAGE: usize = 65_536;

/// The blocks of memory, wiped when they are freed.
pub(super) struct Wiping {
    /// The newest free block of 2ⁿ bytes; it begins with the address of the one before.
    free: [Cell<*mut u8>; 32],
    /// Memory that was never given out.
    next: Cell<usize>,
    end: Cell<usize>,
}

// SAFETY: the module has one thread.
unsafe impl Sync for Wiping {}

impl Wiping {
    pub(super) const fn new() -> Self {
        Self { free: [const { Cell::new(null_mut()) }; 32], next: Cell::new(0), end: Cell::new(0) }
    }

    /// The list of the blocks that fit, and their size.
    fn class(&self, layout: Layout) -> Option<(&Cell<*mut u8>, usize)> {
        let size = layout.size().max(LEAST).next_power_of_two();
        let list = self.free.get(usize::try_from(size.trailing_zeros()).ok()?)?;
        (layout.align() <= LEAST).then_some((list, size))
    }

    /// A block that was never given out.
    #[inline(never)]
    fn fresh(&self, size: usize) -> *mut u8 {
        if self.end.get() - self.next.get() < size {
            let pages = size.div_ceil(PAGE);
            let at = memory_grow::<0>(pages);
            if at == usize::MAX {
                return null_mut();
            }
            if self.end.get() != at * PAGE {
                self.next.set(at * PAGE);
            }
            self.end.set((at + pages) * PAGE);
        }
        pointer(self.next.replace(self.next.get() + size))
    }
}

// SAFETY: a block is either new, or was freed with a layout of the same class: it has the bytes that are asked for, begins at
// a multiple of `LEAST`, and is in no list while it is in use. Before a block is freed its `layout.size()` bytes, which the
// caller owns until then, are overwritten. `realloc` is the trait's own: it allocates, copies and frees here, so a block that
// is moved is wiped at its old place.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((list, size)) = self.class(layout) else { return null_mut() };
        let block = list.get();
        if block.is_null() {
            return self.fresh(size);
        }
        // SAFETY: a block in a list holds the address of the next one.
        list.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives a block of `layout.size()` bytes that it owns.
        unsafe { wipe(block, layout.size()) };
        if let Some((list, _)) = self.class(layout) {
            // SAFETY: the caller owns the block no more, and it has room for an address.
            unsafe { block.cast::<*mut u8>().write(list.replace(block)) };
        }
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
