//! Users that do not exist, made to look as if they did: stable inventions from the pool's secret.

use num_bigint::BigUint;

use crate::{pool::Pool, random::uuid_from, salts, srp, srp::Verifier};

impl Pool {
    /// A fake USER_ID_FOR_SRP and a fake verifier, always the same for one name.
    pub fn decoy(&self, typed: &str) -> (String, Verifier) {
        let [high, low] = ["high", "low"].map(|half| self.invented(half, typed) >> 64);
        let [high, low] = [high, low].map(|half| u64::try_from(half).unwrap_or(0));
        let salt = self.invented("salt", typed).to_be_bytes();
        let verifier =
            Verifier { salt: salts::salt(&salt, typed, self.seed), v: BigUint::from(self.invented("v", typed)) };
        (uuid_from(high, low), verifier)
    }

    /// The address that a code is said to have been sent to.
    pub fn decoy_address(&self, typed: &str) -> String {
        if typed.contains('@') {
            return typed.to_owned();
        }
        let letter = |what: &str| {
            let number = u8::try_from(self.invented(what, typed) % 26).unwrap_or(0);
            char::from(b'a' + number)
        };
        format!("{}@{}", letter("name"), letter("domain"))
    }

    /// The number that a code is said to have been sent to.
    pub fn decoy_number(&self, typed: &str) -> String {
        if typed.starts_with('+') {
            return typed.to_owned();
        }
        format!("+1555555{:04}", self.invented("number", typed) % 10_000)
    }

    /// A number that is always the same for one name and one purpose.
    pub fn invented(&self, what: &str, typed: &str) -> u128 {
        srp::hmac(&self.decoy_secret, &[what.as_bytes(), b":", typed.as_bytes()])
            .iter()
            .take(16)
            .fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}
