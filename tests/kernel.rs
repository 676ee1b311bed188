//! The arithmetic of SRP against num-bigint: digits at their bounds, numbers at the modulus, random ones.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::as_conversions, reason = "digits are small integers held by floating-point numbers")]

use cognito_vault::srp::digits::{Digits, PAIRS};
use cognito_vault::srp::group;
use cognito_vault::srp::lanes::Lanes;
use cognito_vault::srp::modpow::Group;
use cognito_vault::srp::montgomery::Montgomery;
use num_bigint::{BigInt, BigUint, Sign};

/// The bound of a settled digit.
const SETTLED: f64 = 8_388_608.0 + 64.0;

/// xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_be_bytes()[0]).collect()
    }

    /// A settled integer below 0.51 N: random digits, digits at a bound, or a mixture.
    fn digits(&mut self) -> Digits {
        let edges = [0.0, 1.0, -1.0, SETTLED, -SETTLED, 8_388_608.0, -8_388_608.0, 8_388_607.0];
        let style = self.next() % 6;
        // Largest odd digits with one even among them: odd sums above 2⁵³, which one floating-point number cannot hold.
        let even = self.next() % 128;
        let mut place = 0;
        let same = edges[(self.next() % 8) as usize];
        let mut digits = Digits::ZERO;
        for pair in digits.0.iter_mut().take(PAIRS - 1) {
            let mut digit = || match style {
                0 => same,
                1 => edges[(self.next() % 8) as usize],
                2 => SETTLED - 2.0 * SETTLED * (self.next() % 2) as f64,
                3 => {
                    place += 1;
                    SETTLED - if place == even { 2.0 } else { 1.0 }
                }
                4 if self.next().is_multiple_of(8) => 0.0,
                _ => (self.next() >> 40) as f64 - 8_388_608.0,
            };
            *pair = Lanes::new(digit(), digit());
        }
        digits
    }
}

fn value(digits: &Digits) -> BigInt {
    digits.0.iter().rev().fold(BigInt::ZERO, |sum, pair| {
        let (low, high) = pair.parts();
        assert!(low.abs() <= SETTLED && high.abs() <= SETTLED, "{low} {high} are not settled");
        assert_eq!((low.fract(), high.fract()), (0.0, 0.0));
        (sum << 48) + (BigInt::from(high as i64) << 24) + BigInt::from(low as i64)
    })
}

fn n() -> BigInt {
    BigInt::from_bytes_be(Sign::Plus, &group::N)
}

fn r() -> BigInt {
    BigInt::from(1) << 3120_u32
}

fn reduced(number: BigInt) -> BigInt {
    ((number % n()) + n()) % n()
}

/// Whether a·b·/R came out, small enough for the next product.
fn check(a: &BigInt, b: &BigInt, product: &Digits) {
    let product = value(product);
    assert!(product.magnitude() * 100_u8 < n().magnitude() * 51_u8);
    assert_eq!(reduced(product * r()), reduced(a * b));
}

#[test]
fn products_and_squares() {
    let group = Montgomery::new();
    let mut random = Random(1815);
    for _ in 0..6000 {
        let (a, b) = (random.digits(), random.digits());
        let (va, vb) = (value(&a), value(&b));
        let mut product = a.clone();
        group.multiply(&mut product, &b);
        check(&va, &vb, &product);
        let mut square = a;
        group.square(&mut square);
        check(&va, &va, &square);
    }
}

#[test]
fn long_chains_stay_settled() {
    let group = Montgomery::new();
    let mut random = Random(1906);
    let (mut a, mut b) = (random.digits(), random.digits());
    for step in 0..500 {
        let (va, vb) = (value(&a), value(&b));
        group.multiply(&mut a, &b);
        check(&va, &vb, &a);
        let factor = 1 << (step % 16);
        let before = value(&a);
        a.scale(f64::from(factor));
        assert_eq!(value(&a), before * factor);
        let (va, vb) = (value(&a), value(&b));
        b.subtract(&a);
        assert_eq!(value(&b), vb - va);
        group.square(&mut b);
    }
}

#[test]
fn constants() {
    let group = Montgomery::new();
    assert_eq!(value(group.modulus()), n());
    assert_eq!(value(group.one()), r() % n());
    assert_eq!(n().magnitude() % (BigUint::from(1_u8) << 64_u32), BigUint::from(u64::MAX));
}

#[test]
fn bytes_there_and_back() {
    let group = Montgomery::new();
    let mut random = Random(1843);
    let ones = BigUint::from_bytes_be(&[255; 384]);
    let n = n().magnitude().clone();
    let edges =
        [BigUint::ZERO, BigUint::from(1_u8), &n - 1_u8, n.clone(), &n + 1_u8, ones, BigUint::from(1_u8) << 3071_u32];
    let random = (0..1000).map(|length| BigUint::from_bytes_be(&random.bytes(length % 385)));
    for number in edges.into_iter().chain(random) {
        let mut digits = Digits::from_bytes(&number.to_bytes_be());
        assert_eq!(value(&digits).magnitude(), &number);
        if number < n {
            assert_eq!(BigUint::from_bytes_be(digits.to_bytes(group.modulus()).expose()), number);
        }
        group.enter(&mut digits);
        group.leave(&mut digits);
        assert_eq!(BigUint::from_bytes_be(digits.to_bytes(group.modulus()).expose()), number % &n);
        let mut negative = Digits::ZERO;
        negative.subtract(&digits);
        assert_eq!(
            BigInt::from_bytes_be(Sign::Plus, negative.to_bytes(group.modulus()).expose()),
            reduced(value(&negative))
        );
    }
}

#[test]
fn powers_of_g() {
    let group = Group::default();
    let mut random = Random(1852);
    let n = n().magnitude().clone();
    let mut exponents: Vec<Vec<u8>> =
        vec![vec![], vec![0], vec![1], vec![255; 16], vec![255; 17], vec![255; 32], vec![255; 384]];
    for bit in (0_u32..264).step_by(4) {
        exponents.push((BigUint::from(1_u8) << bit).to_bytes_be());
        exponents.push((BigUint::from(15_u8) << bit).to_bytes_be());
    }
    exponents.extend((0..100).map(|length| random.bytes(length % 70)));
    exponents.push(random.bytes(1030));
    for e in exponents {
        let power = BigUint::from(2_u8).modpow(&BigUint::from_bytes_be(&e), &n);
        assert_eq!(BigUint::from_bytes_be(group.power_of_g(&e).expose()), power, "{e:x?}");
    }
}

#[test]
fn powers_of_the_shared_base() {
    let group = Group::default();
    let mut random = Random(1815);
    let n = n();
    let k = BigInt::from_bytes_be(Sign::Plus, &group::K);
    let big = |bytes: &[u8]| BigInt::from_bytes_be(Sign::Plus, bytes);
    let bases = [vec![], vec![1], vec![255; 384], group::N.to_vec(), (&n - 1_u8).magnitude().to_bytes_be()];
    let random_bases = (0..120).map(|_| random.bytes(384)).collect::<Vec<_>>();
    for (turn, b) in bases.into_iter().chain(random_bases).enumerate() {
        let x = random.bytes(turn % 33);
        let e = match turn % 4 {
            0 => vec![255; 65],
            1 => vec![1 << (turn % 8); 3],
            _ => random.bytes(turn % 66),
        };
        let base = reduced(big(&b) - &k * BigInt::from(2).modpow(&big(&x), &n));
        assert_eq!(big(group.shared(&b, &x, &e).expose()), base.modpow(&big(&e), &n));
    }
}
