//! Integers of up to 3120 bits as 130 balanced digits of 24 bits, and the carries that keep the digits small.
//!
//! A digit is an integer held exactly by a floating-point number. Digits are *settled* when |d| ≤ 2²³ + 2⁶; a value may be
//! negative, and the same value may have two settled forms. Every function here takes the same time for every value.

use super::lanes::Lanes;
use crate::secret::SecretBytes;
use alloc::vec;
use zeroize::Zeroize;

/// How many pairs of digits an integer has: 65 · 2 · 24 = 3120 bits.
pub const PAIRS: usize = 65;
/// How many bytes a residue modulo N has.
pub const BYTES: usize = 384;

/// 1.5 · 2⁷⁶: added and taken away again, it rounds a sum below 2⁷⁵ to a multiple of 2²⁴.
const ROUND: Lanes = Lanes::new(113336795588871485128704.0, 113336795588871485128704.0);
/// 2⁻²⁴: what a digit carries counts that much less in the next one.
const SHIFT: Lanes = Lanes::new(1.0 / 16777216.0, 1.0 / 16777216.0);
/// 1.5 · 2⁵²: added to an integer below 2⁵¹, it leaves the integer's two's complement in the low bits of the sum.
const INTEGER: f64 = 6755399441055744.0;

/// An integer: pairs of digits, the least significant first. Wiped when dropped.
#[derive(Clone)]
pub struct Digits(pub [Lanes; PAIRS]);

impl Drop for Digits {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Carries between columns, from the least significant pair upwards.
///
/// Two rounds, each of which every pair does on its own: columns below 2⁵³ become settled digits without a serial chain.
#[derive(Default)]
pub struct Carry {
    odd: Lanes,
    first: Lanes,
    second: Lanes,
}

impl Carry {
    /// The settled digits of the columns 2c and 2c + 1.
    ///
    /// `even` counts in these two columns, `odd` in 2c + 1 and 2c + 2, and `plus` holds settled digits of the columns themselves.
    /// |even|, |odd| ≤ 2^52.1: their sum may pass 2⁵³ and is never formed. `first` is rounded twice and so misses the sum by
    /// at most 2²⁴; every other step is exact. Then |w| ≤ 2²⁴ + 2²⁴ + 2^29.1, and the second round leaves 2²³ + 2^5.3.
    #[inline(always)]
    pub fn settle(&mut self, [even, odd]: [Lanes; 2], plus: Lanes) -> Lanes {
        let shifted = odd.after(self.odd);
        let first = ROUND + even + shifted - ROUND;
        let w = even - first + shifted + plus + first.after(self.first) * SHIFT;
        let second = ROUND + w - ROUND;
        let settled = w - second + second.after(self.second) * SHIFT;
        *self = Self { odd, first, second };
        settled
    }
}

impl Digits {
    /// Zero.
    pub const ZERO: Self = Self([Lanes::ZERO; PAIRS]);

    /// The integer that big-endian `bytes` spell; what exceeds 384 bytes is left out.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut pairs = Self::ZERO;
        let mut rest = bytes.iter().rev().map(|&byte| f64::from(byte));
        let mut digit =
            || Some(rest.next()? + 256.0 * rest.next().unwrap_or(0.0) + 65536.0 * rest.next().unwrap_or(0.0));
        for pair in pairs.0.iter_mut().take(BYTES / 6) {
            *pair = Lanes::new(digit().unwrap_or(0.0), digit().unwrap_or(0.0));
        }
        pairs.scale(1.0);
        pairs
    }

    /// `self` becomes `self` · `factor`, for a power of two up to 2²⁴; the result has to stay below 2³¹¹⁹.
    pub fn scale(&mut self, factor: f64) {
        let factor = Lanes::new(factor, factor);
        let mut carry = Carry::default();
        for pair in &mut self.0 {
            *pair = carry.settle([*pair * factor, Lanes::ZERO], Lanes::ZERO);
        }
    }

    /// `self` becomes `self` - `other`; both settled, and the result below 2³¹¹⁹.
    pub fn subtract(&mut self, other: &Self) {
        for (pair, other) in self.0.iter_mut().zip(&other.0) {
            *pair = *pair - *other;
        }
        self.scale(1.0);
    }

    /// The residue modulo `modulus` as 384 big-endian bytes, for -`modulus` ≤ `self` < `modulus`.
    pub fn to_bytes(&self, modulus: &Self) -> SecretBytes {
        let mut bytes = SecretBytes::new(vec![0; BYTES]);
        let negative = self.spell(modulus, 0, bytes.expose_mut());
        self.spell(modulus, negative, bytes.expose_mut());
        bytes
    }

    /// Spells `self` + (`modulus` where `mask` is all ones) and returns all ones if that is negative.
    fn spell(&self, modulus: &Self, mask: u64, bytes: &mut [u8]) -> u64 {
        let mut carry = 0_i64;
        let mut slots = bytes.iter_mut().rev();
        for (pair, modulus) in self.0.iter().zip(&modulus.0) {
            let (low, high) = (*pair + modulus.or_else(Lanes::ZERO, mask)).parts();
            for digit in &[low, high] {
                carry = carry.wrapping_add((digit + INTEGER).to_bits().wrapping_sub(INTEGER.to_bits()).cast_signed());
                for byte in carry.to_le_bytes().iter().take(3) {
                    if let Some(slot) = slots.next() {
                        *slot = *byte;
                    }
                }
                carry >>= 24;
            }
        }
        carry.cast_unsigned()
    }
}
