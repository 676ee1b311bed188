//! The calls under way: futures that are polled whenever something has arrived.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A handful of tasks on one thread. They wait for the browser or for each other, so all are polled each time.
#[derive(Default)]
pub(super) struct Tasks(Vec<Task>);

/// Whether a task has let another one go on.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Tasks {
    /// Adds a task, which runs with the others.
    pub(super) fn add(&mut self, task: impl Future<Output = ()> + 'static) {
        self.0.push(Box::pin(task));
    }

    /// Polls every task, until none lets another one go on.
    pub(super) fn run(&mut self) {
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(flag.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            self.0.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            if !flag.0.swap(false, Ordering::Relaxed) {
                return;
            }
        }
    }
}
