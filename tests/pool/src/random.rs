//! The pool's only source of randomness, except for the signing keys: replayable from a seed.

use base64::{Engine, engine::general_purpose};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// A generator of everything that the pool invents.
#[derive(Debug)]
pub struct Random(StdRng);

impl Random {
    /// Starts from a seed, or from the operating system's entropy.
    pub fn new(seed: Option<u64>) -> Self {
        Self(match seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => rand::make_rng(),
        })
    }

    /// `count` random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// 16 random bytes, as a salt is made of.
    pub fn sixteen(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// `count` random bytes in standard Base64 with padding.
    pub fn base64(&mut self, count: usize) -> String {
        general_purpose::STANDARD.encode(self.bytes(count))
    }

    /// `count` random bytes in the URL's alphabet, without padding.
    pub fn base64url(&mut self, count: usize) -> String {
        general_purpose::URL_SAFE_NO_PAD.encode(self.bytes(count))
    }

    /// A random UUID (RFC 9562, version 4).
    pub fn uuid(&mut self) -> String {
        uuid_from(self.0.next_u64(), self.0.next_u64())
    }

    /// `count` random letters and digits.
    pub fn letters(&mut self, count: usize) -> String {
        const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let picked = (0..count).map(|_| LETTERS.get(usize::try_from(self.0.next_u64() % 36).unwrap_or(0)));
        picked.flatten().copied().map(char::from).collect()
    }

    /// Six random digits.
    pub fn code(&mut self) -> String {
        self.digits(6)
    }

    /// Up to 19 random digits.
    pub fn digits(&mut self, count: u32) -> String {
        let width = usize::try_from(count).unwrap_or(0);
        format!("{:0width$}", self.0.next_u64() % 10_u64.pow(count))
    }
}

/// The UUID of version 4 that carries these bits.
pub fn uuid_from(high: u64, low: u64) -> String {
    let high = (high & !0xf000) | 0x4000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
