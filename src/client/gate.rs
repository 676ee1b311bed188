//! A gate that lets one task through at a time.

use alloc::vec::Vec;
use core::cell::Cell;
use core::future::poll_fn;
use core::task::{Poll, Waker};

/// A mutex for the tasks of one thread, without the data.
#[derive(Default)]
pub(super) struct Gate {
    taken: Cell<bool>,
    waiting: Cell<Vec<Waker>>,
}

/// The right to be inside; dropping it lets the next one in.
pub(super) struct Turn<'a> {
    gate: &'a Gate,
    waited: bool,
}

impl Gate {
    /// Waits until nobody is inside, and goes in.
    pub(super) fn enter(&self) -> impl Future<Output = Turn<'_>> {
        let mut waited = false;
        poll_fn(move |context| {
            if self.taken.replace(true) {
                waited = true;
                let mut waiting = self.waiting.take();
                waiting.push(context.waker().clone());
                self.waiting.set(waiting);
                return Poll::Pending;
            }
            Poll::Ready(Turn { gate: self, waited })
        })
    }
}

impl Turn<'_> {
    /// Whether another one was inside at first.
    pub(super) fn has_waited(&self) -> bool {
        self.waited
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gate.taken.set(false);
        // All are woken, since one that was woken alone may have been given up meanwhile.
        for waker in self.gate.waiting.take() {
            waker.wake();
        }
    }
}
