//! u, x, S, K and the signature: one function per formula, padded as Cognito pads.
//!
//! H is SHA-256 and ‖ joins bytes. P(v) is the minimal big-endian two's complement of v, as Java's `BigInteger.toByteArray`
//! writes it: RFC 2945 and RFC 5054 pad otherwise. Numbers are big-endian bytes; zeros in front do not count.
//!
//! a, the password, i, x, S, PRK and K are secret; u, B, the salt and the block are not. Time depends on the lengths of secrets
//! only. That of P(S) shows whether S begins with zeros: the protocol hashes no more, and eight of them are a chance of 1/256.

use super::digits::BYTES;
use super::modpow::Group;
use alloc::vec;
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A hash that may give a secret away. Wiped when dropped.
pub type Hash = Zeroizing<[u8; 32]>;

/// P(v): the minimal two's complement, so a byte of zero stands before a first byte of `80` or more, and zero is one byte.
pub fn padded(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    let number = number.get(zeros..).unwrap_or_default();
    let mut padded = Zeroizing::new(Vec::with_capacity(number.len() + 1));
    if number.first().is_none_or(|&first| first >= 0x80) {
        padded.push(0);
    }
    padded.extend_from_slice(number);
    padded
}

/// u = H(P(A) ‖ P(B)). RFC 5054, 2.6, pads both to the length of N instead.
pub fn u(public: &[u8], b: &[u8]) -> Hash {
    hash(&[&padded(public), &padded(b)])
}

/// i = H(pool ‖ user ‖ ":" ‖ password), in UTF-8, neither trimmed nor normalised. `pool` is what follows the `_` of the pool's ID.
pub fn identity(pool: &str, user: &str, password: &[u8]) -> Hash {
    hash(&[pool.as_bytes(), user.as_bytes(), b":", password])
}

/// x = H(P(s) ‖ i). RFC 5054, 2.4, where the salt is a string of bytes instead of a number.
pub fn x(salt: &[u8], identity: &Hash) -> Hash {
    hash(&[&padded(salt), &identity[..]])
}

/// S = (B - k·g^x)^(a + u·x) mod N. RFC 5054, 2.6; the exponent is not reduced.
pub fn shared(group: &mut Group, a: &[u8], b: &[u8], u: &Hash, x: &Hash) -> Zeroizing<[u8; BYTES]> {
    group.shared(b, &x[..], &exponent(a, u, x))
}

/// a + u·x, one byte longer than the longer of `a` and u·x.
///
/// Each step adds a product and two bytes: 255² + 2 · 255 < 2¹⁶.
pub fn exponent(a: &[u8], u: &Hash, x: &Hash) -> Zeroizing<Vec<u8>> {
    let mut sum = Zeroizing::new(vec![0; a.len().max(64) + 1]);
    sum.iter_mut().rev().zip(a.iter().rev()).for_each(|(to, from)| *to = *from);
    for (place, &factor) in u.iter().rev().enumerate() {
        let mut carry = 0;
        let row = x.iter().rev().chain(core::iter::repeat(&0));
        for (to, &byte) in sum.iter_mut().rev().skip(place).zip(row) {
            [carry, *to] = (u16::from(factor) * u16::from(byte) + u16::from(*to) + u16::from(carry)).to_be_bytes();
        }
    }
    sum
}

/// K = HKDF(salt = P(u), key = P(S)).
pub fn key(shared: &[u8], u: &Hash) -> Zeroizing<[u8; 16]> {
    hkdf(&padded(&u[..]), &padded(shared))
}

/// The first 16 bytes of HKDF-SHA-256's first block with the information `Caldera Derived Key`. RFC 5869, 2.2 and 2.3.
pub fn hkdf(salt: &[u8], secret: &[u8]) -> Zeroizing<[u8; 16]> {
    let block = mac(&mac(salt, &[secret])[..], &[b"Caldera Derived Key\x01"]);
    let mut key = Zeroizing::new([0; 16]);
    key.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
    key
}

/// HMAC(K, pool ‖ user ‖ block ‖ timestamp), where `block` is the decoded `SECRET_BLOCK`. It is sent as Base64.
pub fn signature(key: &[u8], pool: &str, user: &str, block: &[u8], timestamp: &str) -> Hash {
    mac(key, &[pool.as_bytes(), user.as_bytes(), block, timestamp.as_bytes()])
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    Zeroizing::new(hash.finalize().into())
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Hash {
    // HMAC takes a key of any length: the second arm is never reached.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Hash::default() };
    for part in parts {
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}
