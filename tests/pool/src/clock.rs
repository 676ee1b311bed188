//! The pool's clock: the system's time plus an offset that tests turn, and the two date formats of the protocol.

use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since the epoch; all points in time inside the pool are of this type.
pub type Instant = i64;

/// Tells the time, and can be turned.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    stopped_at: Option<Instant>,
    offset: i64,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self { stopped_at: None, offset: 0 }
    }

    /// A clock that moves only when it is turned.
    pub fn stopped(epoch_seconds: i64) -> Self {
        Self { stopped_at: Some(epoch_seconds.saturating_mul(1000)), offset: 0 }
    }

    /// Now, in milliseconds since the epoch.
    #[allow(clippy::disallowed_methods, reason = "the pool's one look at the system's time")]
    pub fn now(&self) -> Instant {
        let base = self.stopped_at.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        });
        base.saturating_add(self.offset)
    }

    /// Now, in whole seconds since the epoch.
    pub fn seconds(&self) -> i64 {
        self.now().div_euclid(1000)
    }

    /// Turns the clock forwards, or back if `seconds` is negative.
    pub fn advance(&mut self, seconds: i64) {
        self.offset = self.offset.saturating_add(seconds.saturating_mul(1000));
    }
}

/// The length of `seconds` in the unit of [`Instant`].
pub fn span(seconds: i64) -> i64 {
    seconds.saturating_mul(1000)
}

/// A point in time as the wire writes it: epoch seconds, with three decimals.
pub fn epoch(at: Instant) -> Value {
    let text = format!("{}.{:03}", at.div_euclid(1000), at.rem_euclid(1000));
    serde_json::from_str(&text).unwrap_or_default()
}

/// Year, month 1-12, day 1-31 of a day counted from 1970-01-01, by the proleptic Gregorian calendar.
fn civil(day: i64) -> (i64, i64, i64) {
    // Years begin in March here, so that the leap day is the last of its year; an era is 400 years = 146097 days.
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

fn name<const COUNT: usize>(names: &[&'static str; COUNT], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
}

fn parts(epoch_seconds: i64) -> (&'static str, i64, &'static str, i64, String) {
    let day = epoch_seconds.div_euclid(86_400);
    let second = epoch_seconds.rem_euclid(86_400);
    let (year, month, day_of_month) = civil(day);
    let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    (name(&WEEKDAYS, day.rem_euclid(7)), day_of_month, name(&MONTHS, month - 1), year, time)
}

/// The time as SRP's `TIMESTAMP` writes it: `EEE MMM d HH:mm:ss UTC yyyy`, the day without padding.
pub fn srp_timestamp(epoch_seconds: i64) -> String {
    let (weekday, day, month, year, time) = parts(epoch_seconds);
    format!("{weekday} {month} {day} {time} UTC {year}")
}

/// The time as the `Date` header writes it (RFC 9110, IMF-fixdate).
pub fn http_date(epoch_seconds: i64) -> String {
    let (weekday, day, month, year, time) = parts(epoch_seconds);
    format!("{weekday}, {day:02} {month} {year} {time} GMT")
}

/// Whether `text` is exactly what [`srp_timestamp`] writes for some second not further than `tolerance` seconds from `now`.
///
/// Every second of the window is written out and compared: nothing is parsed, so nothing is parsed leniently.
pub fn is_srp_timestamp_near(text: &str, now: i64, tolerance: i64) -> bool {
    (-tolerance..=tolerance).any(|away| srp_timestamp(now + away) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_written_as_in_the_vectors() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/generated.json");
        let vectors: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let pairs = vectors["timestamps"].as_array().unwrap();
        assert!(pairs.len() > 12);
        for pair in pairs {
            assert_eq!(srp_timestamp(pair[0].as_i64().unwrap()), pair[1].as_str().unwrap());
        }
        assert_eq!(srp_timestamp(-1), "Wed Dec 31 23:59:59 UTC 1969");
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
