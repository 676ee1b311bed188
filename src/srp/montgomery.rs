//! Multiplication modulo N, scaled by R = 2³¹²⁰, in constant time.
//!
//! After Montgomery, with whole-length products instead of a chain of quotient digits: T = a·b, q = T·N′ mod R with
//! N′ = -1/N mod R, and (T + q·N)/R ≡ a·b/R. For |a|, |b| < 4N the result is below 0.51 N, because |q| < 0.501 R
//! and N < 2^-47 R. Operands may be negative. Both are secret; no step, address or duration depends on them. What a product is made
//! of lies on the stack, which the module wipes.

use super::digits::{Carry, Digits, PAIRS};
use super::group;
use super::lanes::Lanes;
use alloc::boxed::Box;

/// Columns made at a time, in pairs.
const BLOCK: usize = 4;
/// A product's columns in pairs, rounded up to whole blocks.
const WIDE: usize = 132;
/// The quotient's columns in pairs, rounded up to whole blocks.
const HALF: usize = 68;
/// The first block of q·N that is made. T + q·N is a multiple of R, so of its low half only the carry into R counts, an integer;
/// the columns left out move it by less than 2^-180, and the digits kept below R by less than 0.501: it is the carry that is made.
const HIGH: usize = 60;

/// An operand with its pairs in falling order, and zeros around it so that every window of a block exists.
type Falling = [Lanes; PAIRS + 2 * (BLOCK - 1)];
/// Sums of products for one block: each pair of columns has an even and an odd part, see [`Carry::settle`].
type Sums = [[Lanes; 2]; BLOCK];

/// The modulus with its derived constants.
pub struct Montgomery {
    /// N.
    modulus: Digits,
    /// N and N′ = -1/N mod R, falling.
    n: Falling,
    inverse: Falling,
    /// R mod N: what 1 becomes.
    one: Digits,
    /// R² mod N: turns an integer into what it becomes.
    square: Digits,
}

impl Montgomery {
    /// The group's modulus.
    pub fn new() -> Box<Self> {
        let mut this = Box::new(Self {
            modulus: Digits::from_bytes(&group::N),
            n: [Lanes::ZERO; PAIRS + 2 * (BLOCK - 1)],
            inverse: [Lanes::ZERO; PAIRS + 2 * (BLOCK - 1)],
            one: Digits::ZERO,
            square: Digits::ZERO,
        });
        fall(&this.modulus.0, &mut this.n);
        this.invert();

        // R mod N = (2³⁰⁷² - N) · 2⁴⁸: that difference is below 2³⁰⁰⁹, and 48 bits are one pair.
        let pairs = this.modulus.0.iter().take(PAIRS - 1);
        for (to, from) in this.one.0.iter_mut().skip(1).zip(pairs) {
            *to = Lanes::ZERO - *from;
        }

        // R² mod N is what 2³¹²⁰ becomes; 3120 is c30 in hexadecimal.
        let mut power = this.one.clone();
        for factor in [4096.0, 8.0, 1.0] {
            for _ in 0..4 {
                this.square(&mut power);
            }
            power.scale(factor);
        }
        this.square = power;
        this
    }

    /// N′ = -1/N mod R by Newton's y ← y·(2 + N·y), which doubles the right bits; N ≡ -1 mod 2⁶⁴, so 1 has 64 of them.
    fn invert(&mut self) {
        let mut y = [Lanes::ZERO; HALF];
        y[0] = Lanes::new(1.0, 0.0);
        for _ in 0..6 {
            let mut factor = [Lanes::ZERO; HALF];
            columns(multiply, &y[..PAIRS], &self.n, 0, &mut factor);
            factor[0] = factor[0] + Lanes::new(2.0, 0.0);
            fall(&y, &mut self.inverse);
            y.fill(Lanes::ZERO);
            columns(multiply, &factor[..PAIRS], &self.inverse, 0, &mut y);
        }
        fall(&y, &mut self.inverse);
    }

    /// N.
    pub fn modulus(&self) -> &Digits {
        &self.modulus
    }

    /// What 1 becomes: R mod N.
    pub fn one(&self) -> &Digits {
        &self.one
    }

    /// `a` becomes a·b/R.
    pub fn multiply(&self, a: &mut Digits, b: &Digits) {
        self.reduce(multiply, a, &b.0);
    }

    /// `a` becomes a²/R.
    pub fn square(&self, a: &mut Digits) {
        let b = a.0;
        self.reduce(square, a, &b);
    }

    /// `a` becomes a·R: the form in which products keep their scale.
    pub fn enter(&self, a: &mut Digits) {
        self.multiply(a, &self.square);
    }

    /// `a` becomes a/R.
    pub fn leave(&self, a: &mut Digits) {
        self.reduce(multiply, a, &[Lanes::new(1.0, 0.0)]);
    }

    fn reduce(&self, product: Product, a: &mut Digits, b: &[Lanes]) {
        let mut falling = [Lanes::ZERO; PAIRS + 2 * (BLOCK - 1)];
        fall(b, &mut falling);
        let mut wide = [Lanes::ZERO; WIDE];
        columns(product, &a.0, &falling, 0, &mut wide);
        let mut quotient = [Lanes::ZERO; HALF];
        columns(multiply, &wide[..PAIRS], &self.inverse, 0, &mut quotient);
        columns(multiply, &quotient[..PAIRS], &self.n, HIGH, &mut wide[HIGH..]);
        a.0.copy_from_slice(&wide[PAIRS..2 * PAIRS]);
    }
}

fn fall(pairs: &[Lanes], into: &mut Falling) {
    for (to, from) in into.iter_mut().rev().skip(BLOCK - 1).zip(pairs.iter().take(PAIRS)) {
        *to = *from;
    }
}

/// Adds to `out` the columns of a product from pair `from` on, as settled digits; what is carried out of its end is left out.
///
/// Each of the two parts of a column sums at most 65 products of settled digits, or 32 doubled and one: 65 · (2²³ + 2⁶)² < 2^52.1.
fn columns(product: Product, a: &[Lanes], falling: &Falling, from: usize, out: &mut [Lanes]) {
    let mut carry = Carry::default();
    for (block, pairs) in out.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let mut sums = Sums::default();
        product(a, falling, from + BLOCK * block, &mut sums);
        for (pair, sums) in pairs.iter_mut().zip(&sums) {
            *pair = carry.settle(*sums, *pair);
        }
    }
}

/// Adds to `sums` what the products of `a` and the other operand put into the block that starts at pair `at`.
type Product = fn(&[Lanes], &Falling, usize, &mut Sums);

fn multiply(a: &[Lanes], falling: &Falling, at: usize, sums: &mut Sums) {
    let a = a.get(at.saturating_sub(PAIRS - 1)..).unwrap_or_default();
    let falling = falling.get((PAIRS - 1).saturating_sub(at)..).unwrap_or_default();
    slide(a, falling, sums);
}

/// The same for two equal operands: each product of two different pairs is made once and doubled.
fn square(a: &[Lanes], falling: &Falling, at: usize, sums: &mut Sums) {
    let half = at / 2;
    let apart = a.get(at.saturating_sub(PAIRS - 1)..half).unwrap_or_default();
    slide(apart, falling.get((PAIRS - 1).saturating_sub(at)..).unwrap_or_default(), sums);

    let near = falling.get((PAIRS - 1).saturating_sub(half)..).unwrap_or_default();
    if let Some(&[b3, b2, b1, b0]) = near.first_chunk() {
        let halved = Lanes::new(0.5, 0.5);
        slide(&[b0], &[b3, b2, b1, b0 * halved], sums);
        slide(&[b1], &[b2, b1 * halved, Lanes::ZERO, Lanes::ZERO], sums);
    }
    for [even, odd] in sums {
        *even = *even + *even;
        *odd = *odd + *odd;
    }
}

#[inline(always)]
fn add([even, odd]: &mut [Lanes; 2], a: Lanes, b: Lanes) {
    *even = *even + a.low() * b;
    *odd = *odd + a.high() * b;
}

/// The hot loop: a pair of `a` meets the four pairs of the other operand that complete it to the block's columns.
#[inline(never)]
fn slide(a: &[Lanes], falling: &[Lanes], sums: &mut Sums) {
    let [mut s0, mut s1, mut s2, mut s3] = *sums;
    for (&a, &[b3, b2, b1, b0]) in a.iter().zip(falling.array_windows()) {
        add(&mut s0, a, b0);
        add(&mut s1, a, b1);
        add(&mut s2, a, b2);
        add(&mut s3, a, b3);
    }
    *sums = [s0, s1, s2, s3];
}
