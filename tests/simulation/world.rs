//! The world of one schedule: a clock that events turn, and all that the tabs share.

use super::chance::Chance;
use super::engine::Engine;
use super::network::Weather;
use super::plan::Plan;
use super::pool::Pool;
use super::rules::Rules;
use super::storage::Shelf;
use super::tabs::Lock;
use cognito_vault::protocol::Millis;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Something that happens at its time.
pub(crate) type Happening = Box<dyn FnOnce(&Rc<World>)>;

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) chance: Chance,
    pub(crate) weather: Weather,
    pub(crate) pool: RefCell<Pool>,
    pub(crate) shelf: Shelf,
    pub(crate) lock: Lock,
    pub(crate) rules: Rules,
    engines: RefCell<Vec<Rc<Engine>>>,
    now: Cell<Millis>,
    /// The machine's clock less the true one.
    pub(crate) skew: Cell<Millis>,
    /// By how much the clock has jumped so far.
    pub(crate) jumped: Cell<Millis>,
    /// Whether the faults have stopped.
    pub(crate) calm: Cell<bool>,
    queue: RefCell<BTreeMap<(Millis, u64), Happening>>,
    count: Cell<u64>,
    traced: bool,
}

impl World {
    pub(crate) fn new(plan: Plan, chance: Chance, traced: bool) -> Rc<Self> {
        let (pool, skew, start) = (Pool::new(plan.settings), plan.skew, plan.start);
        Rc::new(Self {
            plan,
            chance,
            weather: Weather::default(),
            pool: RefCell::new(pool),
            shelf: Shelf::default(),
            lock: Lock::default(),
            rules: Rules::default(),
            engines: RefCell::default(),
            now: Cell::new(start),
            skew: Cell::new(skew),
            jumped: Cell::default(),
            calm: Cell::default(),
            queue: RefCell::default(),
            count: Cell::new(0),
            traced,
        })
    }

    /// The true time, which is the service's.
    pub(crate) fn now(&self) -> Millis {
        self.now.get()
    }

    /// Has `what` happen after so many milliseconds.
    pub(crate) fn after(&self, millis: Millis, what: impl FnOnce(&Rc<World>) + 'static) {
        let count = self.count.get();
        self.count.set(count + 1);
        self.queue.borrow_mut().insert((self.now() + millis, count), Box::new(what));
    }

    /// Lets so many milliseconds pass, unless a rule is broken.
    pub(crate) fn pass(self: &Rc<Self>, millis: Millis) {
        let end = self.now() + millis;
        self.after(0, |_| {}); // whatever was begun runs
        while self.rules.hold() {
            let Some(next) = self.queue.borrow_mut().first_entry().filter(|next| next.key().0 <= end).map(|next| {
                let time = next.key().0;
                (time, next.remove())
            }) else {
                return self.now.set(end);
            };
            self.now.set(next.0);
            next.1(self);
            for engine in self.open_engines() {
                engine.run(self);
            }
        }
    }

    pub(crate) fn open_engine(self: &Rc<Self>) -> Rc<Engine> {
        let engine = Engine::open(self, self.engines.borrow().len());
        self.engines.borrow_mut().push(engine.clone());
        engine
    }

    pub(crate) fn engine(&self, number: usize) -> Rc<Engine> {
        self.engines.borrow()[number].clone()
    }

    pub(crate) fn open_engines(&self) -> Vec<Rc<Engine>> {
        self.engines.borrow().iter().filter(|engine| engine.is_open()).cloned().collect()
    }

    /// One line of the trace.
    pub(crate) fn note(&self, line: impl FnOnce() -> String) {
        if self.traced {
            eprintln!(
                "{:>12.3} s  {}",
                f64::from(u32::try_from(self.now() - self.plan.start).unwrap()) / 1000.0,
                line()
            );
        }
    }

    /// The end: what refers to the world is let go.
    pub(crate) fn end(&self) {
        for engine in self.engines.take() {
            engine.close(self);
        }
        self.queue.take();
        self.lock.end();
    }
}
