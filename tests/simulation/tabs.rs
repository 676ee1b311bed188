//! What the engines of one pool and client have of each other: a lock that can be stolen, and announcements.

use super::later::Later;
use super::world::World;
use cognito_vault::protocol::Millis;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// Who holds the lock for so many milliseconds is taken to be frozen.
const PATIENCE: Millis = 35_000;

/// One engine's claim to the lock, by a number.
struct Claim {
    engine: usize,
    number: u64,
    granted: Later<()>,
}

#[derive(Default)]
pub(crate) struct Lock {
    holder: Cell<Option<usize>>,
    waiting: RefCell<VecDeque<Claim>>,
    count: Cell<u64>,
    /// When it was stolen last.
    pub(crate) stolen: Cell<Option<Millis>>,
}

impl Lock {
    /// Whether nobody holds it or waits for it.
    pub(crate) fn is_free(&self) -> bool {
        self.holder.get().is_none() && self.waiting.borrow().is_empty()
    }

    pub(crate) fn end(&self) {
        self.waiting.take();
    }

    fn grant(&self) {
        if self.holder.get().is_none()
            && let Some(next) = self.waiting.borrow_mut().pop_front()
        {
            self.holder.set(Some(next.engine));
            next.granted.give(());
        }
    }
}

impl World {
    pub(crate) fn take_lock(self: &Rc<Self>, engine: usize) -> impl Future<Output = ()> + use<> {
        let (granted, number) = (Later::new(), self.lock.count.get());
        let wait = granted.clone().wait();
        if !self.engine(engine).store.shared.get() {
            granted.give(());
            return wait;
        }
        self.lock.count.set(number + 1);
        self.lock.waiting.borrow_mut().push_back(Claim { engine, number, granted });
        self.after(self.chance.between(0, 3), |world| world.lock.grant());
        self.after(PATIENCE, move |world| world.steal(engine, number));
        wait
    }

    fn steal(self: &Rc<Self>, engine: usize, number: u64) {
        let frozen = self.engine(engine).frozen.get() - self.now();
        let at = self.lock.waiting.borrow().iter().position(|claim| claim.number == number);
        match at {
            None => {}
            Some(_) if frozen > 0 => self.after(frozen, move |world| world.steal(engine, number)),
            Some(at) => {
                let claim = self.lock.waiting.borrow_mut().remove(at).unwrap();
                self.note(|| format!("[{engine}] steals the lock of {:?}", self.lock.holder.get()));
                self.lock.stolen.set(Some(self.now()));
                self.lock.holder.set(Some(engine));
                claim.granted.give(());
            }
        }
    }

    pub(crate) fn leave_lock(&self, engine: usize) {
        self.lock.waiting.borrow_mut().retain(|claim| claim.engine != engine);
        if self.lock.holder.get() == Some(engine) {
            self.lock.holder.set(None);
            self.after(self.chance.between(0, 3), |world| world.lock.grant());
        }
    }

    /// Tells every other engine, each at its time.
    pub(crate) fn announce(&self, from: usize, subject: &str) {
        for engine in self.open_engines() {
            let (to, subject) = (engine.number, subject.to_owned());
            if to != from {
                self.after(self.chance.between(0, 400), move |world| world.engine(to).hear(world, subject));
            }
        }
    }
}
