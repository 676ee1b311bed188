//! Exponentiation in the group, in constant time.
//!
//! Exponents and bases are secret, the length of an exponent is not. Every table entry is read at every step.

use super::digits::{BYTES, Digits};
use super::group;
use super::montgomery::Montgomery;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::hint::black_box;
use zeroize::Zeroizing;

/// How many nibbles of an exponent of g are powers of g alone; the ones above are powers of g^(2¹²⁸).
const LOW: usize = 32;

/// The group, ready to raise its elements to a power.
pub struct Group(Box<Montgomery>);

impl Default for Group {
    fn default() -> Self {
        Self(Montgomery::new())
    }
}

impl Group {
    /// g^e mod N, for a big-endian e of any length.
    pub fn power_of_g(&mut self, e: &[u8]) -> Zeroizing<[u8; BYTES]> {
        let mut power = self.raise_g(e);
        self.0.leave(&mut power);
        power.to_bytes(self.0.modulus())
    }

    /// (b - k·g^x)^e mod N, for big-endian numbers of any length; b has 384 bytes at most.
    pub fn shared(&mut self, b: &[u8], x: &[u8], e: &[u8]) -> Zeroizing<[u8; BYTES]> {
        let mut verifier = self.raise_g(x);
        self.0.multiply(&mut verifier, &Digits::from_bytes(&group::K));
        let mut base = Digits::from_bytes(b);
        base.subtract(&verifier);
        self.0.enter(&mut base);
        let mut power = self.raise(&base, &nibbles(e, 0), &[]);
        self.0.leave(&mut power);
        power.to_bytes(self.0.modulus())
    }

    fn raise_g(&mut self, e: &[u8]) -> Digits {
        let e = nibbles(e, 2 * LOW);
        let (high, low) = e.split_at(e.len().saturating_sub(LOW));
        let mut base = Digits::from_bytes(&group::G128);
        self.0.enter(&mut base);
        self.raise(&base, high, low)
    }

    /// base^high · g^low, four bits at a time: windows of five cost more for their tables than they save.
    /// `low` has no more nibbles than `high`, and the last ones stand together.
    fn raise(&mut self, base: &Digits, high: &[u8], low: &[u8]) -> Digits {
        let mut power = self.0.one().clone();
        let mut table = Box::new([const { Digits::ZERO }; 16]);
        for entry in table.iter_mut() {
            entry.0 = power.0;
            self.0.multiply(&mut power, base);
        }

        power.0 = self.0.one().0;
        let mut entry = Digits::ZERO;
        for (step, &nibble) in high.iter().enumerate() {
            if step > 0 {
                for _ in 0..4 {
                    self.0.square(&mut power);
                }
            }
            select(&table, nibble, &mut entry);
            self.0.multiply(&mut power, &entry);
            if let Some(&nibble) = (low.len() + step).checked_sub(high.len()).and_then(|at| low.get(at)) {
                power.scale(f64::from(1_u16 << nibble));
            }
        }
        power
    }
}

/// Copies the entry of that number, reading all of them. The compiler must not turn the mask into a jump: hence `black_box`.
fn select(table: &[Digits; 16], number: u8, into: &mut Digits) {
    for (at, entry) in (0_u8..).zip(table) {
        let mask = black_box((u64::from(at ^ number).wrapping_sub(1) >> 63).wrapping_neg());
        for (to, from) in into.0.iter_mut().zip(&entry.0) {
            *to = from.or_else(*to, mask);
        }
    }
}

/// The four-bit digits of big-endian `bytes`, with zeros in front up to `least` of them.
fn nibbles(bytes: &[u8], least: usize) -> Zeroizing<Vec<u8>> {
    let zeros = least.saturating_sub(2 * bytes.len());
    let mut nibbles = Zeroizing::new(vec![0; zeros + 2 * bytes.len()]);
    for (pair, byte) in nibbles.as_rchunks_mut::<2>().1.iter_mut().rev().zip(bytes.iter().rev()) {
        *pair = [byte >> 4, byte & 15];
    }
    nibbles
}
