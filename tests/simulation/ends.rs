//! What must hold at the end, when the faults have stopped and everything has settled.

use super::plan::Kind;
use super::support::service::MINUTE;
use super::world::World;
use cognito_vault::host::Reason;
use std::rc::Rc;

impl World {
    /// Everything that the rules say of the end.
    pub(crate) fn finish(self: &Rc<Self>) {
        self.nobody_waits();
        self.all_agree();
        self.nothing_is_left_alive();
        self.everyone_works();
        self.sessions_end();
    }

    fn nobody_waits(self: &Rc<Self>) {
        for _ in 0..3 {
            if self.open_engines().iter().all(|engine| engine.under_way().is_empty()) {
                break;
            }
            self.pass(MINUTE); // what has just begun may end, just when something else begins
        }
        for engine in self.open_engines() {
            let waiting = engine.under_way();
            self.rules.check(self, 5, waiting.is_empty(), || format!("[{}] waits: {waiting:?}", engine.number));
        }
        self.rules.check(self, 5, self.lock.is_free(), || "the lock is held".to_owned());
    }

    fn all_agree(&self) {
        let kept = self.shelf.kept().map(|kept| kept.family);
        for engine in self.open_engines().iter().filter(|engine| engine.store.shared.get()) {
            let shown = engine.shown.get();
            // A renewal finds out that another engine's storage has failed; a clock that was set back puts it off.
            let wiped = shown.is_some_and(|family| self.rules.wiped.borrow().contains(&family));
            let agrees = shown == kept || kept.is_none() && wiped && self.jumped.get() > 0;
            self.rules.check(self, 3, agrees, || format!("[{}] shows {shown:?}, kept is {kept:?}", engine.number));
        }
        let latest = self
            .rules
            .latest
            .get()
            .filter(|latest| !self.rules.is_ending(*latest) && !self.rules.wiped.borrow().contains(latest));
        if let Some(latest) = latest.filter(|_| self.plan.kind != Kind::Alone) {
            self.rules.check(self, 1, kept == Some(latest), || format!("family {latest} is lost"));
        }
    }

    /// What a user signed out of cannot be used by anyone who got hold of it.
    fn nothing_is_left_alive(&self) {
        let pool = self.pool.borrow();
        let rules = &self.rules;
        for token in (0..pool.tokens.len()).filter(|token| pool.is_alive(*token, self.now())) {
            let ending = rules.ending.borrow().get(&pool.tokens[token].family).copied();
            let held = rules.holders.borrow().get(&token).is_some_and(|holder| self.engine(*holder).is_open());
            // One that came beside another and was dropped is held by nobody.
            let held = held && (rules.kept.borrow().contains_key(&token) || rules.late.borrow().contains(&token));
            let known = held || rules.left.borrow().contains(&token);
            let family = &pool.tokens[token].family;
            let excused = rules.wiped.borrow().contains(family) || rules.cut.borrow().contains(family);
            let excused = excused
                || [&rules.raced, &rules.replaced, &rules.overtaken]
                    .iter()
                    .any(|tokens| tokens.borrow().contains(&token));
            if ending == Some(Reason::User) && known && !excused {
                let tried = rules.revoked.borrow().contains(&token);
                rules.check(self, 2, tried, || format!("refresh-{token} outlives its sign-out"));
            }
        }
    }

    fn everyone_works(self: &Rc<Self>) {
        for engine in self.open_engines().into_iter().filter(|engine| engine.shown.get().is_some()) {
            let number = engine.number;
            self.rules.check(self, 6, !engine.stale.get(), || format!("[{number}] is stale"));
            let (world, this) = (self.clone(), engine.clone());
            engine.call_api(self, move |result| {
                world.after(MINUTE, move |world| {
                    // The session may be over for its age, just now.
                    let works = matches!(result, Ok(200)) || this.shown.get().is_none();
                    world.rules.check(world, 6, works, || format!("[{number}] cannot work: {result:?}"));
                });
            });
        }
        self.pass(3 * MINUTE);
        self.nobody_waits();
    }

    fn sessions_end(self: &Rc<Self>) {
        let limits = [self.plan.idle, self.plan.age];
        if let Some(longest) = limits.into_iter().flatten().min() {
            self.pass(longest + 4 * MINUTE);
            for engine in self.open_engines() {
                let shown = engine.shown.get();
                self.rules.check(self, 8, shown.is_none(), || format!("[{}] still shows {shown:?}", engine.number));
            }
        }
    }
}
