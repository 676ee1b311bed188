//! A value that comes later: whoever waits for it finds it when polled.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

struct Place<T> {
    given: Cell<bool>,
    value: Cell<Option<T>>,
}

/// The giver's end and the taker's; a clone is the same.
pub(crate) struct Later<T>(Rc<Place<T>>);

impl<T> Clone for Later<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Later<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Place { given: Cell::new(false), value: Cell::new(None) }))
    }

    /// Gives the value, unless one was given; whether it did.
    pub(crate) fn give(&self, value: T) -> bool {
        if self.0.given.replace(true) {
            return false;
        }
        self.0.value.set(Some(value));
        true
    }

    pub(crate) fn wait(self) -> impl Future<Output = T> {
        poll_fn(move |_| self.0.value.take().map_or(Poll::Pending, Poll::Ready))
    }
}
