//! The server's side of SRP-6a as Cognito has it: the 3072-bit group of RFC 3526 with g = 2, SHA-256, integers written as
//! minimal two's complement.

use hmac::{Hmac, KeyInit, Mac};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const N_HEX: &str = concat!(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD",
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED",
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F",
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B",
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510",
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7",
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C",
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);

static N: LazyLock<BigUint> = LazyLock::new(|| BigUint::parse_bytes(N_HEX.as_bytes(), 16).unwrap_or_default());

/// k = H(00 ‖ N ‖ 02).
static K_MULTIPLIER: LazyLock<BigUint> = LazyLock::new(|| hash_number(&[&padded(&N), &padded(&BigUint::from(2_u8))]));

/// What the pool keeps instead of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// The salt s.
    pub salt: BigUint,
    /// v = g^x mod N.
    pub v: BigUint,
}

/// The secret half of one exchange: b, and the B that was sent for it.
#[derive(Clone, Debug)]
pub struct Ephemeral {
    b: BigUint,
    /// B = (k·v + g^b) mod N.
    pub public: BigUint,
}

impl Verifier {
    /// v = g^x mod N with x = H(P(s) ‖ H(identity ‖ ":" ‖ password)); the identity is the pool's name and the user's, joined.
    pub fn new(salt: BigUint, identity: &str, password: &str) -> Self {
        let inner = hash(&[identity.as_bytes(), b":", password.as_bytes()]);
        let x = hash_number(&[&padded(&salt), &inner]);
        let v = BigUint::from(2_u8).modpow(&x, &N);
        Self { salt, v }
    }

    /// Whether `password` is the one that this verifier was made from.
    pub fn fits(&self, identity: &str, password: &str) -> bool {
        Self::new(self.salt.clone(), identity, password).v == self.v
    }
}

impl Ephemeral {
    /// B for a secret b given as big-endian bytes.
    pub fn new(b: &[u8], v: &BigUint) -> Self {
        let b = BigUint::from_bytes_be(b);
        let public = (&*K_MULTIPLIER * v + BigUint::from(2_u8).modpow(&b, &N)) % &*N;
        Self { b, public }
    }

    /// S = (A·v^u)^b mod N with u = H(P(A) ‖ P(B)); none if u = 0.
    pub fn premaster(&self, a_public: &BigUint, v: &BigUint) -> Option<(BigUint, BigUint)> {
        let u = hash_number(&[&padded(a_public), &padded(&self.public)]);
        if u == BigUint::ZERO {
            return None;
        }
        let s = (a_public * v.modpow(&u, &N)).modpow(&self.b, &N);
        Some((u, s))
    }

    /// The 16-byte key of this exchange.
    pub fn key(&self, a_public: &BigUint, v: &BigUint) -> Option<Vec<u8>> {
        self.premaster(a_public, v).map(|(u, s)| session_key(&u, &s))
    }
}

/// A, if it is written as clients must write it, in minimal lower-case hex, and 0 < A < N.
pub fn parse_a(hex: &str) -> Option<BigUint> {
    let written_well = !hex.starts_with('0') && hex.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if !written_well {
        return None;
    }
    BigUint::parse_bytes(hex.as_bytes(), 16).filter(|a| *a != BigUint::ZERO && *a < *N)
}

/// Whether a verifier can be one: 0 < v < N.
pub fn is_in_the_group(v: &BigUint) -> bool {
    *v != BigUint::ZERO && *v < *N
}

/// An integer in minimal lower-case hex.
pub fn hex(number: &BigUint) -> String {
    number.to_str_radix(16)
}

/// P(v): minimal big-endian two's complement, so a leading zero byte where the first bit would be set.
pub fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

/// K: the first 16 bytes of HKDF-SHA-256 of P(S) with salt P(u) and info "Caldera Derived Key".
fn session_key(u: &BigUint, s: &BigUint) -> Vec<u8> {
    let prk = hmac(&padded(u), &[&padded(s)]);
    let mut key = hmac(&prk, &[b"Caldera Derived Key", &[1]]);
    key.truncate(16);
    key
}

/// The signature: HMAC-SHA-256 under K of the identity, the decoded secret block and the timestamp.
pub fn signature(key: &[u8], identity: &str, block: &[u8], timestamp: &str) -> Vec<u8> {
    hmac(key, &[identity.as_bytes(), block, timestamp.as_bytes()])
}

/// HMAC-SHA-256 of the joined parts.
pub fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length, so the error never happens.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mut mac| {
            parts.iter().for_each(|part| mac.update(part));
            mac.finalize().into_bytes().to_vec()
        })
        .unwrap_or_default()
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().to_vec()
}

fn hash_number(parts: &[&[u8]]) -> BigUint {
    BigUint::from_bytes_be(&hash(parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde_json::Value;

    fn vectors() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/generated.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    fn number(value: &Value) -> BigUint {
        BigUint::parse_bytes(value.as_str().unwrap().as_bytes(), 16).unwrap()
    }

    #[test]
    fn the_group_is_the_vectors_group() {
        let group = &vectors()["group"];
        assert_eq!(*N, number(&group["N"]));
        assert_eq!(*K_MULTIPLIER, number(&group["k"]));
    }

    #[test]
    fn numbers_are_padded_as_in_the_vectors() {
        let pairs = vectors()["padHex"].clone();
        let mut checked = 0;
        for pair in pairs.as_array().unwrap() {
            // Negative numbers never leave this server.
            let Some(value) = BigUint::parse_bytes(pair[0].as_str().unwrap().as_bytes(), 10) else { continue };
            let written: String = padded(&value).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(written, pair[1]);
            checked += 1;
        }
        assert_eq!(checked, 22);
    }

    #[test]
    fn every_vector_is_reproduced_from_the_servers_side() {
        let vectors = vectors();
        let vectors = vectors["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 50);
        for vector in vectors {
            let (input, server, expect) = (&vector["input"], &vector["server"], &vector["expect"]);
            let text = |name: &str| input[name].as_str().unwrap();
            let identity = match vector["kind"].as_str() {
                Some("user") => format!("{}{}", text("poolName"), text("userIdForSrp")),
                _ => format!("{}{}", text("deviceGroupKey"), text("deviceKey")),
            };
            let id = &vector["id"];
            let verifier = Verifier::new(number(&input["SALT"]), &identity, text("password"));
            assert_eq!(verifier.v, number(&server["v"]), "{id}");
            assert!(verifier.fits(&identity, text("password")) && !verifier.fits(&identity, "another"));

            let ephemeral = Ephemeral::new(&number(&server["b"]).to_bytes_be(), &verifier.v);
            assert_eq!(ephemeral.public, number(&input["SRP_B"]), "{id}");
            let a = parse_a(expect["SRP_A"].as_str().unwrap()).unwrap();
            let (u, s) = ephemeral.premaster(&a, &verifier.v).unwrap();
            assert_eq!((u, s), (number(&expect["u"]), number(&expect["S"])), "{id}");

            let key = ephemeral.key(&a, &verifier.v).unwrap();
            let block = STANDARD.decode(text("SECRET_BLOCK")).unwrap();
            let signature = signature(&key, &identity, &block, expect["TIMESTAMP"].as_str().unwrap());
            assert_eq!(STANDARD.encode(signature), expect["PASSWORD_CLAIM_SIGNATURE"], "{id}");
        }
    }
}
