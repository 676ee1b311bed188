//! The calls under way: futures that are polled whenever something has arrived.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::cell::Cell;
use core::pin::Pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Waker};

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A handful of tasks on one thread. They wait for the browser or for each other, so all are polled each time.
#[derive(Default)]
pub(super) struct Tasks(Cell<Vec<Task>>);

/// Whether a task has let another one go on.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Tasks {
    /// Adds a task and runs what can run.
    pub(super) fn add(&self, task: impl Future<Output = ()> + 'static) {
        self.push(Box::pin(task));
        self.run();
    }

    /// Polls every task, until none lets another one go on.
    pub(super) fn run(&self) {
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(flag.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            // Taken out, since a task may call back.
            for mut task in self.0.take() {
                if task.as_mut().poll(&mut context).is_pending() {
                    self.push(task);
                }
            }
            if !flag.0.swap(false, Ordering::Relaxed) {
                return;
            }
        }
    }

    fn push(&self, task: Task) {
        let mut tasks = self.0.take();
        tasks.push(task);
        self.0.set(tasks);
    }
}
