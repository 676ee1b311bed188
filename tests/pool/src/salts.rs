//! Salts of every shape that padding faults show on.

use num_bigint::BigUint;

/// A salt from 16 random bytes whose shape depends on the name alone (and on the pool's seed), so that a user's shape can be relied on.
///
/// Shapes: any 16 bytes; first bit set; first byte zero; first byte zero and the next bit set; odd number of hex digits; few bytes.
pub fn salt(random: &[u8; 16], username: &str, seed: u64) -> BigUint {
    let mut bytes = *random;
    let [first, second, ..] = &mut bytes;
    let sum: u64 = username.bytes().map(u64::from).sum();
    let mut length = 16;
    match sum.wrapping_add(seed) % 6 {
        0 => {}
        1 => *first |= 0x80,
        2 => {
            *first = 0;
            *second = *second & 0x7f | 0x10;
        }
        3 => {
            *first = 0;
            *second |= 0x80;
        }
        4 => *first = *first & 0x0f | 0x01,
        _ => length = 1 + usize::from(*second % 4),
    }
    // A zero salt would be written as "0"; the least is 1.
    BigUint::from_bytes_be(bytes.get(..length).unwrap_or(&bytes)).max(BigUint::from(1_u8))
}
