//! u, x, S, K and the signature: one function per formula, padded as Cognito pads.
//!
//! H is SHA-256 and ‖ joins bytes. P(v) is the minimal big-endian two's complement of v, as Java's `BigInteger.toByteArray`
//! writes it: RFC 2945 and RFC 5054 pad otherwise. Numbers are big-endian bytes; zeros in front do not count.
//!
//! a, the password, i, x, S, PRK and K are secret; u, B, the salt and the block are not. Time depends on the lengths of secrets
//! only. That of P(S) shows whether S begins with zeros: the protocol hashes no more, and eight of them are a chance of 1/256.

use super::modpow::Group;
use crate::secret::{Secret, SecretBytes};
use alloc::vec;
use alloc::vec::Vec;
use sha2::block_api::compress256;

/// A hash, 32 bytes, that may give a secret away. Wiped when dropped.
pub type Hash = SecretBytes;

/// P(v): the minimal two's complement, so a byte of zero stands before a first byte of `80` or more, and zero is one byte.
pub fn padded(number: &[u8]) -> SecretBytes {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    let number = number.get(zeros..).unwrap_or_default();
    let mut padded = Vec::with_capacity(number.len() + 1);
    if number.first().is_none_or(|&first| first >= 0x80) {
        padded.push(0);
    }
    padded.extend_from_slice(number);
    padded.into()
}

/// u = H(P(A) ‖ P(B)). RFC 5054, 2.6, pads both to the length of N instead.
pub fn u(public: &[u8], b: &[u8]) -> Hash {
    hash(&[padded(public).expose(), padded(b).expose()])
}

/// i = H(pool ‖ user ‖ ":" ‖ password), in UTF-8, neither trimmed nor normalised. `pool` is what follows the `_` of the pool's ID.
pub fn identity(pool: &str, user: &str, password: &[u8]) -> Hash {
    hash(&[pool.as_bytes(), user.as_bytes(), b":", password])
}

/// x = H(P(s) ‖ i). RFC 5054, 2.4, where the salt is a string of bytes instead of a number.
pub fn x(salt: &[u8], identity: &Hash) -> Hash {
    hash(&[padded(salt).expose(), identity.expose()])
}

/// S = (B - k·g^x)^(a + u·x) mod N. RFC 5054, 2.6; the exponent is not reduced.
pub fn shared(group: &Group, a: &[u8], b: &[u8], u: &Hash, x: &Hash) -> SecretBytes {
    group.shared(b, x.expose(), exponent(a, u, x).expose())
}

/// a + u·x, of 64 bytes, which hold it for an `a` of up to 32; else one byte longer than the longer of the two.
///
/// Each step adds a product and two bytes: 255² + 2 · 255 < 2¹⁶.
pub fn exponent(a: &[u8], u: &Hash, x: &Hash) -> SecretBytes {
    let mut secret = SecretBytes::new(vec![0; a.len().max(64) + usize::from(a.len() > 32)]);
    let sum = secret.expose_mut();
    sum.iter_mut().rev().zip(a.iter().rev()).for_each(|(to, from)| *to = *from);
    for (place, &factor) in u.expose().iter().rev().enumerate() {
        let mut carry = 0;
        for (at, to) in sum.iter_mut().rev().skip(place).enumerate() {
            let byte = x.expose().iter().rev().nth(at).copied().unwrap_or_default();
            [carry, *to] = (u16::from(factor) * u16::from(byte) + u16::from(*to) + u16::from(carry)).to_be_bytes();
        }
    }
    secret
}

/// K = HKDF(salt = P(u), key = P(S)).
pub fn key(shared: &[u8], u: &Hash) -> SecretBytes {
    hkdf(padded(u.expose()).expose(), padded(shared).expose())
}

/// The first 16 bytes of HKDF-SHA-256's first block with the information `Caldera Derived Key`. RFC 5869, 2.2 and 2.3.
pub fn hkdf(salt: &[u8], secret: &[u8]) -> SecretBytes {
    let mut key = mac(mac(salt, &[secret]).expose(), &[b"Caldera Derived Key\x01"]);
    key.expose_mut().truncate(16);
    key
}

/// HMAC(K, pool ‖ user ‖ block ‖ timestamp), where `block` is the decoded `SECRET_BLOCK`. It is sent as Base64.
pub fn signature(key: &[u8], pool: &str, user: &str, block: &[u8], timestamp: &str) -> Hash {
    mac(key, &[pool.as_bytes(), user.as_bytes(), block, timestamp.as_bytes()])
}

/// SHA-256 (FIPS 180-4) of the joined parts. Only the compression is sha2's: its buffers and hmac's take twice the bytes.
fn hash(parts: &[&[u8]]) -> Hash {
    Sha256::default().join(parts)
}

/// HMAC-SHA-256 (RFC 2104) of the joined parts, for a key of at most 64 bytes.
fn mac(key: &[u8], parts: &[&[u8]]) -> Hash {
    let inner = Sha256::keyed(key, 0x36).join(parts);
    Sha256::keyed(key, 0x5c).join(&[inner.expose()])
}

/// A hash under way. Wiped when dropped.
struct Sha256 {
    state: Secret<[u32; 8]>,
    block: Secret<[u8; 64]>,
    length: u64,
}

impl Default for Sha256 {
    fn default() -> Self {
        let state =
            [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
        Self { state: Secret::new(state), block: Secret::new([0; 64]), length: 0 }
    }
}

impl Sha256 {
    fn keyed(key: &[u8], pad: u8) -> Self {
        let mut this = Self::default();
        for at in 0..64 {
            this.push(key.get(at).copied().unwrap_or_default() ^ pad);
        }
        this
    }

    #[inline(never)]
    fn push(&mut self, byte: u8) {
        let at = usize::try_from(self.length % 64).unwrap_or_default();
        if let Some(place) = self.block.expose_mut().get_mut(at) {
            *place = byte;
        }
        self.length += 1;
        if at == 63 {
            compress256(self.state.expose_mut(), &[*self.block.expose()]);
        }
    }

    fn join(mut self, parts: &[&[u8]]) -> Hash {
        for part in parts {
            part.iter().for_each(|byte| self.push(*byte));
        }
        let bits = 8 * self.length;
        self.push(0x80);
        while self.length % 64 != 56 {
            self.push(0);
        }
        bits.to_be_bytes().into_iter().for_each(|byte| self.push(byte));
        let mut hash = Vec::with_capacity(32);
        for word in self.state.expose() {
            hash.extend_from_slice(&word.to_be_bytes());
        }
        hash.into()
    }
}
