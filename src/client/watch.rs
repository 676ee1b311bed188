//! What happens by itself: renewal ahead of need, and the end of a session that idles or has grown old.
//!
//! An alarm may come late, after a sleep or in a throttled tab: each time the clock says what is due.

use super::exchange::never;
use super::{Client, Task};
use crate::error::Error;
use crate::host::{Event, Host, Reason};
use crate::protocol::Millis;
use crate::session::Session;
use core::cell::Cell;

/// How long before the idle timeout the user is warned at most.
const WARNING: Millis = 60_000;
/// Between two renewals that nobody has asked for.
const REST: Millis = 10_000;
/// After a failed renewal; twice as long after each next one.
const BACKOFF: Millis = 1_000;
/// After the failed renewal `1 << LONGEST`, about four minutes, it grows no longer.
const LONGEST: u32 = 8;

/// What the user does, by the service's time.
#[derive(Default)]
pub(super) struct Activity {
    /// When they last did something.
    pub(super) last: Cell<Millis>,
    /// The same, as it is kept for other engines.
    pub(super) kept: Cell<Millis>,
    /// Whether they were told since that the session is about to end.
    pub(super) warned: Cell<bool>,
}

impl<H: Host> Client<H> {
    /// Does what is due. For the alarm, and whenever a page is seen again or the network is back.
    ///
    /// # Errors
    /// `NotSignedIn`; why the tokens could not be renewed, which is told too.
    pub fn tend(&self) -> Task<'_, ()> {
        Task::new(async move {
            // What other engines have announced may have been missed.
            self.look().await;
            let session = self.living().await?;
            let now = self.now();
            if let Some(end) = self.idle_end().filter(|end| now >= end - self.warning()) {
                self.warn(end - now);
            }
            if self.failures.get() > 0 || now >= self.due(&session) {
                return self.renew(Ok(session)).await;
            }
            self.set_alarm();
            Ok(())
        })
    }

    /// The user has done something: the idle timeout begins anew, unless it is over.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub fn touch(&self) -> Task<'_, ()> {
        Task::new(async move {
            self.living().await?;
            let now = self.now();
            let Activity { last, kept, warned } = &self.activity;
            last.set(now);
            warned.set(false);
            let tell = self.config.idle_timeout.is_some_and(|timeout| (now - kept.get()).abs() >= timeout / 16);
            if tell {
                kept.set(now);
            }
            self.set_alarm();
            // Where another engine was first, on top of what that one has kept.
            let mut over = None;
            while tell && over != Some(self.revision.get()) {
                over = Some(self.revision.get());
                if self.keep(&self.current()?, self.revision.get()).await? {
                    break;
                }
                self.look().await;
            }
            Ok(())
        })
    }

    /// The session, which ends here if it has idled too long or is too old.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub(super) async fn living(&self) -> Result<Session, Error> {
        if self.outlived(&self.current()?).is_some() {
            // The user may have been busy in another tab; and this machine's clock may be wrong, or have jumped.
            self.look().await;
            let _ = self.attempt(self.config.pool.keys(), &never).await;
            if let Some(reason) = self.outlived(&self.current()?) {
                let _ = self.end(reason).await;
            }
        }
        self.current()
    }

    /// Why the session is over by now, if it is.
    pub(super) fn outlived(&self, session: &Session) -> Option<Reason> {
        let now = self.now();
        if self.config.max_age.is_some_and(|age| now >= session.began() + age) {
            return Some(Reason::Expired);
        }
        self.idle_end().is_some_and(|end| now >= end).then_some(Reason::Idle)
    }

    /// Sets the alarm to what is due next.
    pub(super) fn set_alarm(&self) {
        let Some(session) = self.session() else { return };
        let (now, luck) = (self.now(), self.luck.get());
        // What lies ahead was noted by a clock that was wrong.
        let last = &self.activity.last;
        last.set(last.get().min(now));
        let failures = self.failures.get();
        let mut next = if failures > 0 {
            // From the failure on, however often the alarm is set anew; a clock that was set back puts it off no further.
            let pause = pause(failures);
            (self.failed.get() + pause + pause * Millis::from(luck) / 256).min(now + 2 * pause)
        } else {
            self.due(&session).max(now + REST)
        };
        let idle = self.idle_end().map(|end| if self.activity.warned.get() { end } else { end - self.warning() });
        let old = self.config.max_age.map(|age| session.began() + age);
        for end in [idle, old].into_iter().flatten() {
            next = next.min(end);
        }
        self.host.alarm(u32::try_from((next - now).max(0)).unwrap_or(u32::MAX));
    }

    /// The tokens could not be renewed. Who tries before the time for that does not put the next try off further: a refresh
    /// token that was exchanged is taken once more for a minute at most.
    pub(super) fn count_failure(&self) {
        let (now, failures) = (self.now(), self.failures.get());
        let in_time = now - self.failed.replace(now) >= pause(failures);
        self.failures.set(failures.saturating_add(in_time.into()).max(1));
    }

    /// When to renew the tokens: a refresh token that was sent to no avail, at once.
    fn due(&self, session: &Session) -> Millis {
        if self.spent.get() { 0 } else { session.due(self.luck.get()) }
    }

    fn idle_end(&self) -> Option<Millis> {
        self.config.idle_timeout.map(|timeout| self.activity.last.get() + timeout)
    }

    fn warning(&self) -> Millis {
        WARNING.min(self.config.idle_timeout.unwrap_or_default() / 2)
    }

    fn warn(&self, left: Millis) {
        if !self.activity.warned.replace(true) {
            self.tell(Event::Idle(u32::try_from(left).unwrap_or_default()));
        }
    }
}

/// After so many failures, in milliseconds.
fn pause(failures: u32) -> Millis {
    BACKOFF << failures.min(LONGEST)
}
