//! Numbers by chance from a seed (SplitMix64): the same seed, the same numbers.

use cognito_vault::protocol::Millis;
use std::cell::Cell;

pub(crate) struct Chance(Cell<u64>);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `0..count`.
    pub(crate) fn below(&self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    /// One of `least..=most`.
    pub(crate) fn between(&self, least: Millis, most: Millis) -> Millis {
        let width = u64::try_from(most - least + 1).unwrap();
        least + Millis::try_from(self.next() % width).unwrap()
    }

    pub(crate) fn percent(&self, likely: usize) -> bool {
        self.below(100) < likely
    }

    pub(crate) fn one_of<T: Copy>(&self, these: &[T]) -> T {
        these[self.below(these.len())]
    }
}
