//! The service's half of a device's proof, with big integers of another make: it knows what ConfirmDevice has registered.

use super::support::service::challenge;
use base64ct::{Base64, Encoding};
use cognito_vault::protocol::Reply;
use cognito_vault::srp::group::N;
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::{BigInt, BigUint, Sign};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BLOCK: &[u8] = b"a secret block";

/// What the service keeps of a device.
pub(super) struct Registry {
    key: String,
    group: String,
    salt: BigUint,
    verifier: BigUint,
}

impl Registry {
    /// Takes what ConfirmDevice has sent; `group` is not sent.
    pub(super) fn new(confirmed: &Value, group: &str) -> Self {
        let number = |name: &str| {
            let text = confirmed["DeviceSecretVerifierConfig"][name].as_str().unwrap();
            let bytes = Base64::decode_vec(text).unwrap();
            let number = BigUint::from_bytes_be(&bytes);
            assert_eq!(bytes, java(&number), "{name} is written as Java does");
            number
        };
        let (salt, verifier) = (number("Salt"), number("PasswordVerifier"));
        let key = confirmed["DeviceKey"].as_str().unwrap().to_owned();
        Self { key, group: group.to_owned(), salt, verifier }
    }

    pub(super) fn salt(&self) -> Vec<u8> {
        java(&self.salt)
    }

    /// Whether the verifier is that of `password`: g^x with x = H(P(salt), H(group, key, ":", password)).
    pub(super) fn fits(&self, password: &str) -> bool {
        let inner = sha(&[self.group.as_bytes(), self.key.as_bytes(), b":", password.as_bytes()]);
        let x = BigUint::from_bytes_be(&sha(&[&self.salt(), &inner]));
        self.verifier == BigUint::from(2_u8).modpow(&x, &n())
    }

    /// DEVICE_PASSWORD_VERIFIER.
    pub(super) fn asks(&self, session: &str) -> Reply {
        let parameters = json!({
            "SALT": self.salt.to_str_radix(16), "SRP_B": self.public().to_str_radix(16),
            "SECRET_BLOCK": Base64::encode_string(BLOCK), "USERNAME": "ada-1815", "DEVICE_KEY": self.key,
        });
        challenge("DEVICE_PASSWORD_VERIFIER", Some(session), parameters)
    }

    /// Whether these answers to DEVICE_SRP_AUTH and to DEVICE_PASSWORD_VERIFIER prove the device's secret.
    pub(super) fn admits(&self, begun: &Value, answer: &Value) -> bool {
        let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
        let a = BigUint::parse_bytes(text(begun, "SRP_A").as_bytes(), 16).unwrap();
        let u = BigUint::from_bytes_be(&sha(&[&java(&a), &java(&self.public())]));
        let shared = (a * self.verifier.modpow(&u, &n())).modpow(&secret(), &n());
        let key = mac(&mac(&java(&u), &[&java(&shared)]), &[b"Caldera Derived Key\x01"]);
        let time = text(answer, "TIMESTAMP");
        let signature = mac(&key[..16], &[self.group.as_bytes(), self.key.as_bytes(), BLOCK, time.as_bytes()]);
        text(answer, "PASSWORD_CLAIM_SIGNATURE") == Base64::encode_string(&signature)
            && text(answer, "PASSWORD_CLAIM_SECRET_BLOCK") == Base64::encode_string(BLOCK)
    }

    fn public(&self) -> BigUint {
        let k = BigUint::from_bytes_be(&sha(&[&java(&n()), &[2]]));
        (k * &self.verifier + BigUint::from(2_u8).modpow(&secret(), &n())) % n()
    }
}

fn secret() -> BigUint {
    BigUint::from_bytes_be(&[7; 32])
}

fn n() -> BigUint {
    BigUint::from_bytes_be(&N)
}

/// What Java's `BigInteger.toByteArray` writes.
fn java(number: &BigUint) -> Vec<u8> {
    BigInt::from_biguint(Sign::Plus, number.clone()).to_signed_bytes_be()
}

fn sha(parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize().into()
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().fold(mac, |mac, part| mac.chain_update(part)).finalize().into_bytes().into()
}
