//! Exponentiation in the group, in constant time.
//!
//! Exponents and bases are secret, the length of an exponent is not. Every table entry is read at every step.

use super::digits::{BYTES, Digits};
use super::group;
use super::montgomery::Montgomery;
use alloc::boxed::Box;
use core::hint::black_box;
use zeroize::Zeroizing;

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
        let mut power = self.raise(&base, e);
        self.0.leave(&mut power);
        power.to_bytes(self.0.modulus())
    }

    /// g^e, four bits at a time: g is 2, so that a power of it below 2¹⁶ is a factor that `scale` takes.
    fn raise_g(&mut self, e: &[u8]) -> Digits {
        self.walk(e, &mut |_, power, nibble| power.scale(f64::from(1_u16 << nibble)))
    }

    /// base^e, four bits at a time: windows of five cost more for their tables than they save.
    fn raise(&mut self, base: &Digits, e: &[u8]) -> Digits {
        let mut power = self.0.one().clone();
        let mut table = Box::new([const { Digits::ZERO }; 16]);
        for entry in table.iter_mut() {
            entry.0 = power.0;
            self.0.multiply(&mut power, base);
        }
        let mut entry = Digits::ZERO;
        self.walk(e, &mut |group, power, nibble| {
            select(&table, nibble, &mut entry);
            group.multiply(power, &entry);
        })
    }

    /// Raises to the 16th power for each four bits of `e`, and has `times` multiply by the power that they stand for.
    fn walk(&mut self, e: &[u8], times: &mut dyn FnMut(&mut Montgomery, &mut Digits, u8)) -> Digits {
        let mut power = self.0.one().clone();
        for byte in e {
            for nibble in [byte >> 4, byte & 15] {
                for _ in 0..4 {
                    self.0.square(&mut power);
                }
                times(&mut self.0, &mut power, nibble);
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
