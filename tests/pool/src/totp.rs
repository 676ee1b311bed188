//! Codes of authenticator apps (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds; secrets in Base32 (RFC 4648).

use aws_lc_rs::hmac;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// How long a code is the newest, in seconds.
const STEP_SECONDS: i64 = 30;
/// How many steps a clock may be off, each way.
const TOLERANCE: i64 = 1;

/// An authenticator app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// The secret in Base32.
    pub secret: String,
    /// What its user calls it.
    pub name: String,
    /// The step of the last code that was taken: no code is taken twice.
    taken: i64,
}

impl Authenticator {
    /// One whose codes have all not been taken yet.
    pub fn new(secret: String, name: String) -> Self {
        Self { secret, name, taken: i64::MIN }
    }

    /// Takes a code of now or of one step away, which must be newer than the last one taken.
    pub fn take(&mut self, typed: &str, epoch_seconds: i64) -> bool {
        let now = step(epoch_seconds);
        let fitting = (now - TOLERANCE..=now + TOLERANCE)
            .find(|step| *step > self.taken && code(&self.secret, *step).as_deref() == Some(typed));
        self.taken = fitting.unwrap_or(self.taken);
        fitting.is_some()
    }
}

/// The number of the step that a second is in.
pub fn step(epoch_seconds: i64) -> i64 {
    epoch_seconds.div_euclid(STEP_SECONDS)
}

/// HOTP (RFC 4226, 5.3) of a step; none if the secret is not Base32.
pub fn code(secret: &str, step: i64) -> Option<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &decoded(secret)?);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last()? & 0x0f);
    let bytes: [u8; 4] = tag.as_ref().get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000))
}

/// Bytes in Base32; their number is a multiple of five, so that there is no padding.
pub fn encoded(bytes: &[u8]) -> String {
    let letters = bytes.chunks(5).flat_map(|chunk| {
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        (0..8).rev().map(move |index| usize::try_from(bits >> (5 * index) & 31).unwrap_or(0))
    });
    letters.filter_map(|index| ALPHABET.get(index).copied().map(char::from)).collect()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        bits = (bits << 5 | u32::try_from(value).ok()?) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = encoded(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(&secret, step(seconds)).as_deref(), Some(digits));
        }
        assert_eq!(code("1", 0), None);
    }

    #[test]
    fn a_code_is_taken_once_and_within_one_step() {
        let secret = encoded(b"12345678901234567890");
        let at = |step| code(&secret, step).unwrap();
        let mut app = Authenticator::new(secret.clone(), String::new());
        assert!(!app.take(&at(98), 3000) && !app.take(&at(102), 3000));
        assert!(app.take(&at(99), 3000) && !app.take(&at(99), 3000));
        assert!(app.take(&at(101), 3000) && !app.take(&at(100), 3000));
    }
}
