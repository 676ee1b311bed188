//! Two floating-point lanes: one SIMD register of WebAssembly, or a pair of numbers with bit-identical results.
//!
//! Only additions, subtractions and multiplications that are exact in 53 bits are ever done here, and a product is never
//! fused with a sum, so both forms agree in every bit. No operation branches on a value.

use core::ops::{Add, Mul, Sub};
use zeroize::DefaultIsZeroes;

pub use form::Lanes;

impl Lanes {
    /// Both lanes zero.
    pub const ZERO: Self = Self::new(0.0, 0.0);
}

impl Default for Lanes {
    fn default() -> Self {
        Self::ZERO
    }
}

impl DefaultIsZeroes for Lanes {}

#[cfg(target_feature = "simd128")]
mod form {
    use super::{Add, Mul, Sub};
    use core::arch::wasm32::*;

    /// Two lanes in a SIMD register.
    #[derive(Clone, Copy)]
    pub struct Lanes(v128);

    impl Lanes {
        /// The lanes `low` and `high`.
        #[inline(always)]
        pub const fn new(low: f64, high: f64) -> Self {
            Self(f64x2(low, high))
        }

        /// The first lane, and the second.
        #[inline(always)]
        pub fn parts(self) -> (f64, f64) {
            (f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0))
        }

        /// The first lane in both.
        #[inline(always)]
        pub fn low(self) -> Self {
            Self(i64x2_shuffle::<0, 0>(self.0, self.0))
        }

        /// The second lane in both.
        #[inline(always)]
        pub fn high(self) -> Self {
            Self(i64x2_shuffle::<1, 1>(self.0, self.0))
        }

        /// The second lane of `before`, then the first of `self`.
        #[inline(always)]
        pub fn after(self, before: Self) -> Self {
            Self(i64x2_shuffle::<1, 2>(before.0, self.0))
        }

        /// `self` where `mask` is all ones, `other` where it is zero.
        #[inline(always)]
        pub fn or_else(self, other: Self, mask: u64) -> Self {
            Self(v128_bitselect(self.0, other.0, u64x2_splat(mask)))
        }
    }

    impl Add for Lanes {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }
    }

    impl Sub for Lanes {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(f64x2_sub(self.0, other.0))
        }
    }

    impl Mul for Lanes {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }
    }
}

#[cfg(not(target_feature = "simd128"))]
mod form {
    use super::{Add, Mul, Sub};

    /// Two lanes as a pair of numbers.
    #[derive(Clone, Copy)]
    pub struct Lanes(f64, f64);

    impl Lanes {
        /// The lanes `low` and `high`.
        #[inline(always)]
        pub const fn new(low: f64, high: f64) -> Self {
            Self(low, high)
        }

        /// The first lane, and the second.
        #[inline(always)]
        pub fn parts(self) -> (f64, f64) {
            (self.0, self.1)
        }

        /// The first lane in both.
        #[inline(always)]
        pub fn low(self) -> Self {
            Self(self.0, self.0)
        }

        /// The second lane in both.
        #[inline(always)]
        pub fn high(self) -> Self {
            Self(self.1, self.1)
        }

        /// The second lane of `before`, then the first of `self`.
        #[inline(always)]
        pub fn after(self, before: Self) -> Self {
            Self(before.1, self.0)
        }

        /// `self` where `mask` is all ones, `other` where it is zero.
        #[inline(always)]
        pub fn or_else(self, other: Self, mask: u64) -> Self {
            let choose = |a: f64, b: f64| f64::from_bits(a.to_bits() & mask | b.to_bits() & !mask);
            Self(choose(self.0, other.0), choose(self.1, other.1))
        }
    }

    impl Add for Lanes {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(self.0 + other.0, self.1 + other.1)
        }
    }

    impl Sub for Lanes {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(self.0 - other.0, self.1 - other.1)
        }
    }

    impl Mul for Lanes {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(self.0 * other.0, self.1 * other.1)
        }
    }
}
