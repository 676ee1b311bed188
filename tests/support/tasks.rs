//! Futures polled by hand, so that a test decides who goes first. Nobody is woken, as in the module.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// One future, and its result once it has one.
pub(crate) struct Task<'a, T> {
    future: Option<Pin<Box<dyn Future<Output = T> + 'a>>>,
    result: Option<T>,
}

impl<'a, T> Task<'a, T> {
    /// A task that wants its first poll.
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> Self {
        Self { future: Some(Box::pin(future)), result: None }
    }

    /// Polls the task, which goes on until it is done or waits.
    pub(crate) fn run(&mut self) {
        if let Some(future) = self.future.as_mut()
            && let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        {
            self.result = Some(result);
            self.future = None;
        }
    }

    /// Whether it waits.
    pub(crate) fn waits(&self) -> bool {
        self.future.is_some()
    }

    /// Its result.
    pub(crate) fn end(mut self) -> T {
        self.run();
        self.result.take().expect("the task waits for what never comes")
    }
}

/// Runs a future that waits for nothing outside itself.
pub(crate) fn end<T>(future: impl Future<Output = T>) -> T {
    Task::new(future).end()
}

/// All orders of `0..count`.
pub(crate) fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let longer = |order: Vec<usize>| {
        (0..count).map(move |at| {
            let mut order = order.clone();
            order.insert(at, count - 1);
            order
        })
    };
    orders(count - 1).into_iter().flat_map(longer).collect()
}
