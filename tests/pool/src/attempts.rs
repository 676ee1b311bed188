//! Counts of what a name has tried: wrong passwords, which lock, and calls, which have an hourly budget.
//!
//! They are kept by name and not in the user, so that a name without a user behaves like one with.

use std::collections::HashMap;

use crate::{
    clock::{Instant, span},
    refusal::Refusal,
};

const FAILURES_BEFORE_LOCK: u32 = 5;
const LONGEST_LOCK: i64 = 900;
const FORGOTTEN_AFTER: i64 = 900;
const HOUR: i64 = 3600;

#[derive(Clone, Copy, Debug, Default)]
struct Failures {
    count: u32,
    locked_until: Instant,
    last_attempt: Instant,
}

/// Everything tried so far, by name.
#[derive(Debug, Default)]
pub struct Attempts {
    failures: HashMap<String, Failures>,
    calls: HashMap<(&'static str, String), Vec<Instant>>,
}

impl Attempts {
    /// Refuses while the name is locked; the refused attempt counts as an attempt, not as a failure.
    ///
    /// # Errors
    /// `NotAuthorizedException`, "Password attempts exceeded".
    pub fn check_lock(&mut self, username: &str, now: Instant) -> Result<(), Refusal> {
        let Some(failures) = self.failures.get_mut(username) else {
            return Ok(());
        };
        if now >= failures.last_attempt + span(FORGOTTEN_AFTER) && now >= failures.locked_until {
            self.failures.remove(username);
            return Ok(());
        }
        if now < failures.locked_until {
            failures.last_attempt = now;
            return Err(Refusal::not_authorized("Password attempts exceeded"));
        }
        Ok(())
    }

    /// Counts a wrong password: failure n ≥ 5 locks for 2^(n-5) seconds.
    pub fn failed(&mut self, username: &str, now: Instant) {
        let failures = self.failures.entry(username.to_owned()).or_default();
        failures.count += 1;
        failures.last_attempt = now;
        if let Some(power) = failures.count.checked_sub(FAILURES_BEFORE_LOCK) {
            let seconds = 2_i64.checked_pow(power).unwrap_or(LONGEST_LOCK);
            failures.locked_until = now + span(seconds.min(LONGEST_LOCK));
        }
    }

    /// Forgets the failures of a name.
    pub fn succeeded(&mut self, username: &str) {
        self.failures.remove(username);
    }

    /// Failures in a row.
    pub fn failures(&self, username: &str) -> u32 {
        self.failures.get(username).map_or(0, |failures| failures.count)
    }

    /// Takes one of `budget` calls an hour.
    ///
    /// # Errors
    /// `LimitExceededException`.
    pub fn spend(
        &mut self,
        operation: &'static str,
        username: &str,
        budget: usize,
        now: Instant,
    ) -> Result<(), Refusal> {
        let calls = self.calls.entry((operation, username.to_owned())).or_default();
        calls.retain(|at| now < at + span(HOUR));
        if calls.len() >= budget {
            return Err(Refusal::new("LimitExceededException", "Attempt limit exceeded, please try after some time."));
        }
        calls.push(now);
        Ok(())
    }

    /// Forgets everything about a name.
    pub fn forget(&mut self, username: &str) {
        self.failures.retain(|name, _| name.split('\n').next() != Some(username));
        self.calls.retain(|(_, name), _| name != username);
    }
}
