//! A gate that lets one task through at a time.

use core::cell::Cell;
use core::future::poll_fn;
use core::task::Poll;

/// A mutex for the tasks of one thread, without the data. It wakes nobody: whoever runs the tasks polls all of them again
/// when one has gone on.
#[derive(Default)]
pub(super) struct Gate {
    taken: Cell<bool>,
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
        poll_fn(move |_| {
            if self.taken.replace(true) {
                waited = true;
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
    }
}
