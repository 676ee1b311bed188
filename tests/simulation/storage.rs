//! Where a session is kept: one place that the tabs share, which each engine asks for one thing after the other.

use super::later::Later;
use super::plan::Kind;
use super::pool::number;
use super::world::World;
use cognito_vault::protocol::Millis;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// A record as it is kept.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) record: String,
    pub(crate) revision: u32,
    pub(crate) family: usize,
    pub(crate) refresh: usize,
}

/// The shared place.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: RefCell<Option<Kept>>,
    /// When it was changed last.
    pub(crate) changed: Cell<Millis>,
}

impl Shelf {
    pub(crate) fn kept(&self) -> Option<Kept> {
        self.kept.borrow().clone()
    }

    fn put(&self, kept: Option<Kept>, now: Millis) {
        self.kept.replace(kept);
        self.changed.set(now);
    }
}

/// What an engine asks of its storage.
pub(crate) enum Wish {
    Load,
    Save { record: String, revision: u32, over: u32 },
    Clear { subject: String },
}

/// What was kept, or whether it was done.
pub(crate) enum Answer {
    Loaded(Option<String>),
    Done(bool),
}

/// One engine's way to what is kept.
pub(crate) struct Store {
    wishes: RefCell<VecDeque<(Wish, Later<Answer>)>>,
    busy: Cell<bool>,
    /// Whether what it keeps is shared; else it is the engine's own, and nothing to load again.
    pub(crate) shared: Cell<bool>,
    /// The next wish fails.
    pub(crate) fails: Cell<bool>,
    /// The record that it has read or written last, for when its storage has failed.
    held: RefCell<Option<String>>,
}

impl Store {
    pub(crate) fn new(shared: bool) -> Self {
        let (wishes, busy, fails, held) = Default::default();
        Self { wishes, busy, shared: Cell::new(shared), fails, held }
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.busy.get()
    }
}

impl World {
    pub(crate) fn wish(self: &Rc<Self>, from: usize, wish: Wish) -> impl Future<Output = Answer> + use<> {
        let answer = Later::new();
        self.engine(from).store.wishes.borrow_mut().push_back((wish, answer.clone()));
        self.next_wish(from);
        answer.wait()
    }

    fn next_wish(self: &Rc<Self>, from: usize) {
        let engine = self.engine(from);
        if !engine.is_open() || engine.store.busy.get() {
            return;
        }
        let Some((wish, answer)) = engine.store.wishes.borrow_mut().pop_front() else { return };
        engine.store.busy.set(true);
        self.after(self.chance.between(0, 20), move |world| {
            let engine = world.engine(from);
            if !engine.is_open() && world.chance.percent(50) {
                return;
            }
            let (result, news) = world.fulfil(from, wish);
            world.after(world.chance.between(0, 10), move |world| {
                if engine.is_open() {
                    engine.store.busy.set(false);
                    if let Some(subject) = news {
                        world.announce(from, &subject);
                    }
                    answer.give(result);
                    world.next_wish(from);
                }
            });
        });
    }

    /// What comes of a wish, and what is to be announced of it.
    fn fulfil(self: &Rc<Self>, from: usize, wish: Wish) -> (Answer, Option<String>) {
        let store = &self.engine(from).store;
        if store.shared.get() && store.fails.take() {
            self.note(|| format!("[{from}] its storage fails"));
            store.shared.set(false);
            self.rules.wiped(self, from);
            self.shelf.put(None, self.now());
        }
        let (shared, now) = (store.shared.get(), self.now());
        match wish {
            Wish::Load => {
                if shared {
                    store.held.replace(self.shelf.kept().map(|kept| kept.record));
                }
                (Answer::Loaded(store.held.borrow().clone()), None)
            }
            Wish::Save { record, revision, over } => {
                let kept = self.rules.saved(self, from, &read(&record), record, revision);
                let fits = !shared || over == 0 || self.shelf.kept().is_some_and(|kept| kept.revision == over);
                self.note(|| format!("[{from}] save of {} {:x} over {over:x}: {fits}", kept.refresh, kept.revision));
                if fits {
                    self.rules.holds(self, kept.refresh);
                    if self.plan.kind != Kind::Alone {
                        store.held.replace(Some(kept.record.clone()));
                    }
                }
                if !fits || !shared {
                    return (Answer::Done(fits), None);
                }
                self.rules.keeps(self, from, &kept, over);
                self.shelf.put(Some(kept), now);
                (Answer::Done(true), Some(String::new()))
            }
            Wish::Clear { subject } => {
                self.note(|| format!("[{from}] clear"));
                store.held.take();
                if shared {
                    self.rules.clears(self, from);
                    self.shelf.put(None, now);
                }
                self.rules.announced.borrow_mut().insert(subject.clone());
                (Answer::Done(true), Some(subject))
            }
        }
    }
}

/// The tokens of a record: ID, access and the number of the refresh token.
fn read(record: &str) -> (String, String, usize) {
    let record: Value = serde_json::from_str(record).unwrap();
    let text = |name: &str| record[name].as_str().unwrap().to_owned();
    (text("id"), text("access"), number(&text("refresh")))
}
