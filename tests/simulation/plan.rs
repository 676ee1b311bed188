//! What one schedule is about, drawn from its seed, and what happens in it by chance.

use super::chance::Chance;
use super::engine::Engine;
use super::pool::{Settings, USERS};
use super::support::service::{DAY, HOUR, MINUTE, NOW};
use super::world::World;
use cognito_vault::protocol::Millis;
use std::rc::Rc;

const SECOND: Millis = 1000;

/// Who has an engine, and what the engines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An engine for each tab; what they keep is shared.
    Tabs,
    /// One engine for all tabs.
    Shared,
    /// An engine for each tab; each keeps its session to itself.
    Alone,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    /// Faults that a grace of a minute makes good: no family ends by them.
    pub(crate) gentle: bool,
    pub(crate) settings: Settings,
    pub(crate) idle: Option<Millis>,
    pub(crate) age: Option<Millis>,
    pub(crate) start: Millis,
    pub(crate) skew: Millis,
    tabs: usize,
    steps: usize,
}

impl Plan {
    pub(crate) fn draw(kind: Kind, gentle: bool, chance: &Chance) -> Self {
        let minutes = |least, most| chance.between(least, most) * MINUTE;
        let settings = Settings {
            rotation: gentle || chance.percent(70),
            grace: if gentle { MINUTE } else { chance.one_of(&[0, 10, 30, 60]) * SECOND },
            access_life: minutes(5, 10),
            refresh_life: if gentle || chance.percent(80) { 30 * DAY } else { HOUR },
        };
        Self {
            kind,
            gentle,
            settings,
            idle: chance.percent(30).then(|| minutes(15, 40)),
            age: chance.percent(15).then(|| minutes(40, 90)),
            start: NOW + chance.between(0, 5000),
            skew: if chance.percent(30) { minutes(-180, 180) } else { chance.between(-2000, 2000) },
            tabs: chance.one_of(if gentle { &[1, 2, 2, 3] } else { &[1, 2, 2, 2, 3, 3, 4, 6] }),
            steps: 10 + chance.below(20),
        }
    }

    /// How late an alarm comes: on time, or throttled in the background.
    pub(crate) fn lateness(&self, chance: &Chance) -> Millis {
        match chance.below(10) {
            0 if !self.gentle => chance.between(0, 90 * SECOND),
            0..5 => chance.between(0, SECOND),
            _ => 0,
        }
    }

    /// How long until the next step: at once, soon, or much later.
    fn gap(&self, chance: &Chance) -> Millis {
        match chance.below(8) {
            0..3 => chance.between(0, 60),
            3..5 => chance.between(60, 2500),
            5..7 => chance.between(0, 2 * MINUTE),
            _ => chance.between(0, self.settings.access_life * 3 / 2),
        }
    }
}

impl World {
    /// The chaotic part of a schedule.
    pub(crate) fn stir(self: &Rc<Self>) {
        for _ in 0..if self.plan.kind == Kind::Shared { 1 } else { self.plan.tabs } {
            self.open_engine();
        }
        self.pass(SECOND);
        self.someone().sign_in(USERS[0]);
        self.pass(2 * SECOND);
        for _ in 0..self.plan.steps {
            self.step();
            self.pass(self.plan.gap(&self.chance));
        }
    }

    /// Any tab that can be used.
    fn someone(self: &Rc<Self>) -> Rc<Engine> {
        let awake: Vec<_> = self.open_engines().into_iter().filter(|engine| engine.ready.get()).collect();
        match awake.len() {
            0 => self.open_engine(),
            count => awake[self.chance.below(count)].clone(),
        }
    }

    fn step(self: &Rc<Self>) {
        let engine = self.someone();
        if !engine.ready.get() {
            return;
        }
        let who = engine.number;
        let note = |what: &str| self.note(|| format!("[{who}] -- {what}"));
        if self.weather_changes() {
            return;
        }
        match self.chance.below(100) {
            0..20 => {
                note("calls the API");
                engine.call_api(self, |_| {});
            }
            20..36 => {
                note("refreshes");
                engine.call("refresh", async |client| drop(client.refresh().await));
            }
            36..48 => {
                note("is touched");
                engine.touch(self);
            }
            48..56 => {
                note("is seen");
                engine.tend();
            }
            56..60 => {
                note("signs out");
                engine.sign_out();
            }
            60..70 => {
                let again = engine.shown.get().is_some() && !self.chance.percent(15);
                let user = self.chance.one_of(&USERS);
                if !again {
                    note(&format!("signs in as {user}"));
                    engine.sign_in(user);
                }
            }
            // The last tab takes with it what only it knows, for longer than a grace.
            70..76 if !self.plan.gentle || self.open_engines().len() > 1 => {
                note("closes");
                engine.close(self);
            }
            76..83 => {
                note("opens another tab");
                if self.plan.kind != Kind::Shared && self.open_engines().len() < self.plan.tabs {
                    self.open_engine();
                }
            }
            83..95 => {
                note("reloads in the middle of a refresh");
                engine.call("refresh", async |client| drop(client.refresh().await));
                self.pass(self.chance.between(0, 400));
                engine.close(self);
                self.open_engine();
            }
            95 if !self.plan.gentle => {
                note("cannot keep anything any more");
                engine.store.fails.set(self.plan.kind == Kind::Tabs && self.chance.percent(40));
            }
            96..98 if !self.plan.gentle => {
                note("freezes");
                let frozen = self.chance.between(0, 3 * MINUTE);
                engine.frozen.set(self.now() + frozen);
                self.after(frozen, |_| {}); // it goes on at once
            }
            98 => self.operator_revokes(),
            99 if !self.plan.gentle => {
                let jump = self.chance.between(-2 * HOUR, 2 * HOUR);
                self.note(|| format!("-- the clock jumps by {jump} ms"));
                self.skew.set(self.skew.get() + jump);
                self.jumped.set(self.jumped.get() + jump.abs());
            }
            _ => {}
        }
    }

    fn weather_changes(&self) -> bool {
        let trouble = match self.chance.below(24) {
            0 => &self.weather.down,
            // Two replies that are lost one after the other take longer than the grace.
            1 | 2 if self.plan.gentle && self.now() < self.weather.lossy.get() + MINUTE => return false,
            1 | 2 => &self.weather.lossy,
            3 => &self.weather.busy,
            4 if !self.plan.gentle => &self.weather.slow,
            _ => return false,
        };
        trouble.set(self.now() + self.chance.between(0, if self.plan.gentle { 8 * SECOND } else { 90 * SECOND }));
        self.note(|| format!("-- weather {:?}", self.weather));
        true
    }

    fn operator_revokes(&self) {
        if self.chance.percent(30)
            && let Some(family) = self.pool.borrow_mut().families.last_mut()
        {
            self.note(|| "-- the operator ends the session".to_owned());
            family.revoked = true;
        }
    }

    /// Faults stop, and everything finds its end.
    pub(crate) fn settle(self: &Rc<Self>) {
        self.note(|| "-- calm".to_owned());
        self.weather.clear_up();
        self.calm.set(true);
        for engine in self.open_engines() {
            engine.frozen.set(0);
            engine.store.fails.set(false);
            engine.tend();
        }
        self.someone();
        let mut left = self.plan.settings.access_life + 4 * MINUTE;
        while left > 0 && self.rules.hold() {
            self.someone().touch(self);
            self.pass(2 * MINUTE);
            left -= 2 * MINUTE;
        }
    }
}
