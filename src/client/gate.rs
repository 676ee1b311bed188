//! A gate that lets one task through at a time, in the order of arrival.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// A mutex for the tasks of one thread, without the data.
#[derive(Default)]
pub(super) struct Gate {
    taken: Cell<bool>,
    waiting: RefCell<VecDeque<Waker>>,
}

/// The right to be inside; dropping it lets the next one in.
pub(super) struct Turn<'a>(&'a Gate);

impl Gate {
    /// Waits until nobody is inside, and goes in.
    pub(super) async fn enter(&self) -> Turn<'_> {
        poll_fn(|context| {
            if self.taken.replace(true) {
                self.waiting.borrow_mut().push_back(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(Turn(self))
        })
        .await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.taken.set(false);
        // All are woken, since one that was woken alone may have been given up meanwhile.
        for waker in self.0.waiting.take() {
            waker.wake();
        }
    }
}
