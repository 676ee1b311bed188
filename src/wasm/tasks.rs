//! The calls under way: futures that are polled whenever something has arrived.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::pin::Pin;
use core::task::{Context, Waker};

/// A handful of tasks on one thread. They wait for the browser or for each other, so all are polled each time.
#[derive(Default)]
pub(super) struct Tasks(Vec<Task>);

struct Task {
    number: u32,
    /// Whether it was not given up.
    wanted: Rc<Cell<bool>>,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

impl Tasks {
    /// Adds a task, which runs with the others.
    pub(super) fn add(&mut self, number: u32, wanted: Rc<Cell<bool>>, work: impl Future<Output = ()> + 'static) {
        self.0.push(Task { number, wanted, work: Box::pin(work) });
    }

    /// Lets the task of this number know that it is given up.
    pub(super) fn give_up(&self, number: u32) {
        for task in self.0.iter().filter(|task| task.number == number) {
            task.wanted.set(false);
        }
    }

    /// Polls every task twice: one that has left the client's gate lets in who was polled before it. Nobody is to be polled
    /// again after that, since whoever is let in waits for the browser, or leaves at once and lets in who comes next.
    pub(super) fn run(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..2 {
            self.0.retain_mut(|task| task.work.as_mut().poll(&mut context).is_pending());
        }
    }
}
