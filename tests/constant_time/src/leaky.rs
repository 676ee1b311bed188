//! An exponentiation that leaks: it multiplies where a bit of the exponent is one.

use cognito_vault::secret::SecretBytes;
use cognito_vault::srp::digits::Digits;
use cognito_vault::srp::montgomery::Montgomery;

/// g^e mod N, for a big-endian e.
pub fn power_of_g(e: &[u8]) -> SecretBytes {
    let group = Montgomery::new();
    let mut base = Digits::from_bytes(&[2]);
    group.enter(&mut base);
    let mut power = group.one().clone();
    for byte in e {
        for bit in (0..8).rev() {
            group.square(&mut power);
            if byte >> bit & 1 == 1 {
                group.multiply(&mut power, &base);
            }
        }
    }
    group.leave(&mut power);
    power.to_bytes(group.modulus())
}
