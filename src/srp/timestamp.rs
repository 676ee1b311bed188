//! The time as the signature states it.

use crate::encoding::decimal;
use alloc::string::String;

// Three letters each.
const DAYS: &str = "ThuFriSatSunMonTueWed";
const MONTHS: &str = "MarAprMayJunJulAugSepOctNovDecJanFeb";

/// `EEE MMM d HH:mm:ss UTC yyyy` in English: the day of the month without a zero in front, unlike hours, minutes and seconds.
///
/// `epoch_ms` counts milliseconds since 1970-01-01 UTC. The same text goes into the signature and into `TIMESTAMP`.
pub fn timestamp(epoch_ms: u64) -> String {
    let seconds = epoch_ms / 1000;
    let days = seconds / 86400;
    // Years from March to February, so that the leap day is the last one, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let year = 400 * era + year + u64::from(month > 9);

    let mut text = String::with_capacity(28);
    text.push_str(name(DAYS, days % 7));
    text.push(' ');
    text.push_str(name(MONTHS, month));
    text.push(' ');
    decimal(&mut text, day - (153 * month + 2) / 5 + 1, 1);
    for &(mark, value) in &[(' ', seconds / 3600 % 24), (':', seconds / 60 % 60), (':', seconds % 60)] {
        text.push(mark);
        decimal(&mut text, value, 2);
    }
    text.push_str(" UTC ");
    decimal(&mut text, year, 4);
    text
}

fn name(names: &'static str, at: u64) -> &'static str {
    usize::try_from(3 * at).ok().and_then(|at| names.get(at..at + 3)).unwrap_or_default()
}
