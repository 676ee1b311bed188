//! Many tabs, one user pool, and everything that can go wrong between them: seeded schedules on a virtual clock.
//!
//! A schedule that breaks a rule is named by its seed; `SIMULATION_SEED=seed cargo test --test simulation name` plays
//! it again, as one of that test, and prints what happens.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

#[path = "simulation/chance.rs"]
mod chance;
#[path = "simulation/ends.rs"]
mod ends;
#[path = "simulation/engine.rs"]
mod engine;
#[path = "simulation/host.rs"]
mod host;
#[path = "simulation/later.rs"]
mod later;
#[path = "simulation/network.rs"]
mod network;
#[path = "simulation/plan.rs"]
mod plan;
#[path = "simulation/pool.rs"]
mod pool;
#[path = "simulation/rules.rs"]
mod rules;
#[path = "simulation/storage.rs"]
mod storage;
mod support;
#[path = "simulation/tabs.rs"]
mod tabs;
#[path = "simulation/world.rs"]
mod world;

use chance::Chance;
use plan::{Kind, Plan};
use rules::Tally;
use std::collections::BTreeMap;
use std::env;
use std::ops::AddAssign;
use world::World;

/// Says which schedule was under way when something panicked.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the schedule SIMULATION_SEED={}", self.0);
        }
    }
}

/// Plays one schedule; the rule that it breaks, if it does.
fn play(kind: Kind, gentle: bool, seed: u64, traced: bool) -> (Tally, Option<String>) {
    let _named = Named(seed);
    let chance = Chance::new(seed);
    let plan = Plan::draw(kind, gentle, &chance);
    if traced {
        eprintln!("{plan:#?}");
    }
    let world = World::new(plan, chance, traced);
    world.stir();
    world.settle();
    world.finish();
    let result = (world.rules.tally.get(), world.rules.broken());
    world.end();
    result
}

fn play_all(kind: Kind, gentle: bool, count: u64) -> Tally {
    if let Ok(seed) = env::var("SIMULATION_SEED") {
        let (tally, broken) = play(kind, gentle, seed.parse().unwrap(), true);
        assert_eq!(broken, None);
        return tally;
    }
    let mut total = Tally::default();
    let mut broken: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    for seed in 0..count {
        let (tally, rule) = play(kind, gentle, seed, false);
        total += tally;
        if let Some(rule) = rule {
            broken.entry(rule[..6].to_owned()).or_default().push((seed, rule));
        }
    }
    let first: Vec<_> = broken.values().map(|seeds| (seeds.len(), &seeds[..seeds.len().min(8)])).collect();
    assert!(broken.is_empty(), "{kind:?}: of {count} schedules these break a rule: {first:#?}");
    total
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.refreshes += other.refreshes;
        self.api_calls += other.api_calls;
        self.burnt += other.burnt;
    }
}

#[test]
fn tabs_with_an_engine_each() {
    let tally = play_all(Kind::Tabs, false, 4000);
    assert!(
        env::var("SIMULATION_SEED").is_ok() || tally.refreshes > 0 && tally.api_calls > 0 && tally.burnt > 0,
        "{tally:?}"
    );
}

#[test]
fn tabs_whose_pool_gives_a_minute_of_grace() {
    assert_eq!(play_all(Kind::Tabs, true, 3000).burnt, 0);
}

#[test]
fn tabs_that_share_an_engine() {
    play_all(Kind::Shared, false, 2000);
}

#[test]
fn tabs_that_keep_nothing() {
    play_all(Kind::Alone, false, 1000);
}

#[test]
fn a_schedule_can_be_played_again() {
    assert_eq!(play(Kind::Tabs, false, 7, false), play(Kind::Tabs, false, 7, false));
}
