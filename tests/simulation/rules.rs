//! What must hold while a schedule runs.
//!
//! 1. Nobody is signed out unless the user, the operator, the service's rules, another sign-in or the app's limits say so.
//! 2. What was signed out does not come back, and what it held is revoked.
//! 3. Nothing of two users is mixed.
//! 4. One refresh request is under way at a time, unless the lock was stolen.
//! 5. Whatever begins ends; nobody waits for ever.
//! 6. Whoever is signed in can work.
//! 7. Every tab agrees with what is kept a second after it heard of a change.
//! 8. A session ends in every tab when it has idled too long or is too old.

use super::engine::Engine;
use super::storage::Kept;
use super::support::service::MINUTE;
use super::world::World;
use cognito_vault::host::{Event, Reason};
use cognito_vault::protocol::Millis;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// Two wishes of a storage take no longer.
const MOMENT: Millis = 60;
/// What a stolen lock excuses ends in this time: a tab is frozen for minutes.
const AFTERMATH: Millis = 20 * MINUTE;

/// How often what has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) refreshes: usize,
    pub(crate) api_calls: usize,
    /// Families that ended by a token whose successor no tab could know.
    pub(crate) burnt: usize,
}

#[derive(Default)]
pub(crate) struct Rules {
    broken: RefCell<Option<String>>,
    pub(crate) tally: Cell<Tally>,
    /// Why each engine has last ended a session.
    last: RefCell<HashMap<usize, (usize, Reason)>>,
    /// Families that a tab has ended.
    pub(super) ending: RefCell<HashMap<usize, Reason>>,
    /// Whose sign-out, or late sign-in after one, a tab has told the others.
    pub(super) announced: RefCell<HashSet<String>>,
    /// Families that are kept no longer, for what a tab did or another sign-in.
    pub(super) gone: RefCell<HashSet<usize>>,
    /// Families whose storage has failed.
    pub(super) wiped: RefCell<HashSet<usize>>,
    /// The family of the last sign-in that was kept.
    pub(super) latest: Cell<Option<usize>>,
    /// Refresh tokens by the engines that have got them.
    pub(super) holders: RefCell<HashMap<usize, usize>>,
    /// Refresh tokens that a record holds, or held.
    pub(super) kept: RefCell<HashMap<usize, Millis>>,
    /// Refresh tokens that were kept when the user signed out.
    pub(super) left: RefCell<HashSet<usize>>,
    /// Refresh tokens that came after a sign-out.
    pub(super) late: RefCell<HashSet<usize>>,
    /// Those of them that came to an engine with a newer session of the same user, which may be of their family.
    pub(super) overtaken: RefCell<HashSet<usize>>,
    /// Refresh tokens in whose place a sign-in has kept another session: nobody has signed out of theirs.
    pub(super) replaced: RefCell<HashSet<usize>>,
    /// Refresh tokens that were kept in the moment before a sign-out, which had looked already.
    pub(super) raced: RefCell<HashSet<usize>>,
    /// Families whose sign-out was cut short: the tab has closed.
    pub(super) cut: RefCell<HashSet<usize>>,
    pub(super) revoked: RefCell<HashSet<usize>>,
    /// Engines with a refresh request under way, and since when.
    refreshing: RefCell<HashMap<usize, Millis>>,
    touched: RefCell<HashMap<usize, Millis>>,
    /// Tokens that have burnt their families.
    fires: RefCell<HashSet<usize>>,
}

/// The token that a request is about, by its number.
pub(crate) fn token_in(body: &Value) -> usize {
    let token = body.get("RefreshToken").or_else(|| body.get("Token")).and_then(Value::as_str);
    token.map_or(usize::MAX, super::pool::number)
}

impl Rules {
    pub(crate) fn hold(&self) -> bool {
        self.broken.borrow().is_none()
    }

    pub(crate) fn broken(&self) -> Option<String> {
        self.broken.borrow().clone()
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        change(&mut tally);
        self.tally.set(tally);
    }

    /// A rule is broken unless it `holds`.
    pub(crate) fn check(&self, world: &World, rule: u8, holds: bool, what: impl FnOnce() -> String) {
        if !holds && self.hold() {
            let line = format!("rule {rule}: {}", what());
            world.note(|| format!("BROKEN {line}"));
            self.broken.replace(Some(line));
        }
    }

    /// An engine tells news; `before` is the family that it has shown.
    pub(crate) fn told(&self, world: &World, engine: &Engine, before: Option<usize>, event: Event) {
        let Event::SignedOut(reason) = event else { return self.overtakes(world, engine) };
        // What is kept may be over before anyone was shown it.
        let restoring = world.shelf.kept().filter(|_| !engine.ready.get()).map(|kept| kept.family);
        let Some(family) = before.or(restoring) else {
            return self.check(world, 1, !engine.ready.get(), || "a sign-out of nobody".to_owned());
        };
        let now = world.now();
        let what = || format!("[{}] loses family {family}: {reason:?}", engine.number);
        let pool = world.pool.borrow();
        let born = pool.families[family].born;
        // Times are kept in seconds, and the service's clock is known to a reply's way, unless there was none.
        let unknown = [&world.weather.down, &world.weather.lossy].into_iter().any(|trouble| world.suffers(trouble));
        let alone = self.wiped.borrow().contains(&family);
        let slack = 62_000 + world.jumped.get() + if unknown { world.skew.get().abs() } else { 0 };
        let holds = match reason {
            Reason::User => engine.signing_out.get() > 0,
            Reason::Refused | Reason::Reused => {
                pool.is_over(family, now) || self.is_ending(family) || self.wiped.borrow().contains(&family)
            }
            Reason::Elsewhere if !engine.store.shared.get() => {
                self.announced.borrow().contains(pool.families[family].user)
            }
            Reason::Elsewhere => self.gone.borrow().contains(&family) || self.wiped.borrow().contains(&family),
            Reason::Idle => {
                let last = self.touched.borrow().get(&family).copied().unwrap_or(born);
                // A touch is kept for other tabs unless one was, a sixteenth of the timeout ago.
                alone || now - last >= world.plan.idle.unwrap() * 15 / 16 - slack
            }
            Reason::Expired => now - born >= world.plan.age.unwrap() - slack,
        };
        self.check(world, 1, holds, what);
        self.last.borrow_mut().insert(engine.number, (family, reason));
        if reason != Reason::Elsewhere {
            self.ending.borrow_mut().insert(family, reason);
        }
    }

    pub(crate) fn is_ending(&self, family: usize) -> bool {
        self.ending.borrow().contains_key(&family)
    }

    /// A record is about to be kept in the shared place.
    pub(crate) fn keeps(&self, world: &World, from: usize, next: &Kept, over: u32) {
        let family = next.family;
        let back = self.gone.borrow().contains(&family);
        self.check(world, 2, !back, || format!("[{from}] keeps family {family}, which was ended"));
        if over == 0 {
            self.latest.set(Some(family));
            if let Some(before) = world.shelf.kept().filter(|before| before.family != family) {
                self.gone.borrow_mut().insert(before.family);
                self.replaced.borrow_mut().insert(before.refresh);
            }
        }
    }

    /// The tokens of a record are one session's; what it holds.
    pub(crate) fn saved(
        &self,
        world: &World,
        from: usize,
        (id, access, refresh): &(String, String, usize),
        record: String,
        revision: u32,
    ) -> Kept {
        let pool = world.pool.borrow();
        let family = pool.tokens[*refresh].family;
        let one = [id, access].into_iter().all(|pass| pool.family_of(pass) == Some(family));
        self.check(world, 3, one, || format!("[{from}] keeps tokens of several sessions"));
        Kept { record, revision, family, refresh: *refresh }
    }

    /// A refresh token is kept.
    pub(crate) fn holds(&self, world: &World, token: usize) {
        self.kept.borrow_mut().entry(token).or_insert(world.now());
    }

    /// What is kept is about to be forgotten.
    pub(crate) fn clears(&self, world: &World, from: usize) {
        let Some(Kept { family, refresh, .. }) = world.shelf.kept() else { return };
        let last = self.last.borrow().get(&from).copied();
        let pool = world.pool.borrow();
        // Kept since it looked: just now, or while it was frozen.
        let frozen = world.engine(from).frozen.get();
        let raced = self.kept.borrow().get(&refresh).is_some_and(|kept| world.now() - frozen.max(*kept) < MOMENT);
        if raced {
            self.raced.borrow_mut().insert(refresh);
        }
        let meant = last.is_some_and(|(ended, reason)| {
            let of_same_user = pool.families[ended].user == pool.families[family].user;
            ended == family || (of_same_user && reason == Reason::User)
        });
        if raced && !meant {
            self.wiped.borrow_mut().insert(family);
        }
        // A sign-in that was overtaken by a sign-out is kept and at once forgotten.
        let overtaken = self.latest.get() == Some(family) && world.engine(from).shown.get() != Some(family);
        self.check(world, 1, meant || overtaken || raced, || {
            format!("[{from}] forgets family {family}, which has not ended")
        });
        self.ending.borrow_mut().entry(family).or_insert(Reason::User);
        self.gone.borrow_mut().insert(family);
        if last.is_some_and(|(_, reason)| reason == Reason::User) {
            self.left.borrow_mut().insert(refresh);
        }
    }

    pub(crate) fn wiped(&self, world: &World, from: usize) {
        let shown = world.engine(from).shown.get();
        let families = world.shelf.kept().map(|kept| kept.family).into_iter().chain(shown);
        self.wiped.borrow_mut().extend(families);
    }

    /// A tab closes.
    pub(crate) fn closes(&self, engine: &Engine) {
        if let Some((family, _)) = self.last.borrow().get(&engine.number).filter(|_| engine.signing_out.get() > 0) {
            self.cut.borrow_mut().insert(*family);
        }
    }

    pub(crate) fn delivered(&self, world: &World, token: usize, to: usize) {
        self.holders.borrow_mut().insert(token, to);
        if self.is_ending(world.pool.borrow().tokens[token].family) {
            self.late.borrow_mut().insert(token);
            self.overtakes(world, &world.engine(to));
        }
    }

    /// Who revoked what came late might end the newer session with it.
    fn overtakes(&self, world: &World, engine: &Engine) {
        let Some(newer) = engine.shown.get() else { return };
        let (pool, holders, kept) = (world.pool.borrow(), self.holders.borrow(), self.kept.borrow());
        let of_same_user = |token: &usize| {
            let family = pool.tokens[*token].family;
            family < newer && pool.families[family].user == pool.families[newer].user
        };
        let late = self.late.borrow();
        let here = late.iter().filter(|token| holders[*token] == engine.number && !kept.contains_key(token));
        self.overtaken.borrow_mut().extend(here.copied().filter(of_same_user));
    }

    pub(crate) fn revokes(&self, token: usize) {
        self.revoked.borrow_mut().insert(token);
    }

    pub(crate) fn refreshing(&self, world: &World, engine: usize, token: usize) {
        self.count(|tally| tally.refreshes += 1);
        let mut refreshing = self.refreshing.borrow_mut();
        let stolen = world.lock.stolen.get().is_some_and(|stolen| world.now() - stolen < AFTERMATH);
        let apart = |other: usize| other != engine && (stolen || !world.engine(other).store.shared.get());
        let alone = !world.engine(engine).store.shared.get();
        let others = refreshing.keys().filter(|other| !(apart(**other) || alone && **other != engine));
        let count = others.count();
        self.check(world, 4, count == 0, || format!("[{engine}] exchanges {token} beside another one"));
        refreshing.insert(engine, world.now());
    }

    pub(crate) fn refreshed(&self, engine: usize) {
        self.refreshing.borrow_mut().remove(&engine);
    }

    /// The service may just have seen a token after its grace: nobody may have known that it was exchanged.
    pub(crate) fn watch(&self, world: &World, from: usize, sent: Millis, body: &Value) {
        let token = token_in(body);
        let pool = world.pool.borrow();
        let burnt = pool.tokens.get(token).and_then(|token| pool.families[token.family].burnt);
        let Some(burnt) = burnt.filter(|burnt| burnt.token == token && self.fires.borrow_mut().insert(token)) else {
            return;
        };
        self.count(|tally| tally.burnt += 1);
        let kept = self.kept.borrow();
        let mut successors = (0..pool.tokens.len()).filter(|token| pool.tokens[*token].parent == Some(burnt.token));
        let known = successors.any(|next| kept.get(&next).is_some_and(|kept| *kept < sent));
        let stolen = world.lock.stolen.get().is_some_and(|stolen| world.now() - stolen < AFTERMATH);
        let wiped = !self.wiped.borrow().is_empty();
        let what =
            || format!("[{from}] burns the family by {} after {} ms", burnt.token, world.now() - burnt.exchanged);
        self.check(world, 1, (!known || stolen || wiped) && !world.plan.gentle, what);
    }

    pub(crate) fn touched(&self, family: Option<usize>, now: Millis) {
        if let Some(family) = family {
            self.touched.borrow_mut().insert(family, now);
        }
    }

    /// An API is called with a token: that of the user who is shown.
    pub(crate) fn used(&self, world: &World, engine: &Engine, token: &str) {
        self.count(|tally| tally.api_calls += 1);
        let family = world.pool.borrow().family_of(token);
        let holds = family.is_some() && family == engine.shown.get();
        self.check(world, 3, holds, || format!("[{}] calls with a token of {family:?}", engine.number));
    }

    /// A second after `engine` has heard of a change.
    pub(crate) fn agrees(&self, world: &World, engine: &Engine) {
        let heard = engine.heard.get();
        let quiet = world.now() - heard >= 1000 && world.shelf.changed.get() <= heard && engine.frozen.get() <= heard;
        let busy = engine.store.is_busy() || engine.signing_out.get() > 0 || !engine.ready.get();
        if quiet && !busy && engine.is_open() && engine.store.shared.get() {
            let kept = world.shelf.kept().map(|kept| kept.family);
            let shown = engine.shown.get();
            // The storage of another engine failed, which tells nobody.
            let wiped = kept.is_none() && shown.is_some_and(|family| self.wiped.borrow().contains(&family));
            self.check(world, 7, shown == kept || wiped, || {
                format!("[{}] shows {shown:?}, kept is {kept:?}", engine.number)
            });
        }
    }
}
