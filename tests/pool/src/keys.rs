//! The pool's signing keys: one for ID tokens, one for access tokens, and the tokens (JWT, RS256) that they sign.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::{fmt, sync::Arc};

use crate::random::Random;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Says who the user is.
    Id,
    /// Opens the service's own operations.
    Access,
}

/// Both signing keys.
///
/// They come from the system's randomness even when the pool is seeded: which primes a key has changes no outcome.
#[derive(Clone, Debug)]
pub struct Keys {
    id: Arc<Key>,
    access: Arc<Key>,
}

struct Key {
    kid: String,
    pair: KeyPair,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Key").field(&self.kid).finish()
    }
}

impl Keys {
    /// Makes two keys of 2048 bits, at the same time.
    ///
    /// # Errors
    /// A sentence, if the cryptographic library fails.
    pub fn generate() -> Result<Self, String> {
        let other = std::thread::spawn(Key::generate);
        let id = Arc::new(Key::generate()?);
        let access = other.join().map_err(|_| "a thread that made a key ended early".to_owned())??;
        Ok(Self { id, access: Arc::new(access) })
    }

    /// The key set as published.
    pub fn published(&self) -> Value {
        json!({ "keys": [self.id.published(), self.access.published()] })
    }

    /// A token with these claims.
    ///
    /// # Errors
    /// A sentence, if the cryptographic library fails.
    pub fn sign(&self, usage: Use, claims: &Value) -> Result<String, String> {
        let key = match usage {
            Use::Id => &self.id,
            Use::Access => &self.access,
        };
        let header = json!({ "kid": key.kid, "alg": "RS256" });
        let text = format!("{}.{}", segment(&header), segment(claims));
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| "a token could not be signed".to_owned())?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The use and the claims of a token that one of these keys signed; nothing else about it is checked.
    pub fn verify(&self, token: &str) -> Option<(Use, Value)> {
        let (text, signature) = token.rsplit_once('.')?;
        let (header, claims) = text.split_once('.')?;
        let header = parse(header)?;
        if header.get("alg") != Some(&json!("RS256")) {
            return None;
        }
        let kid = header.get("kid")?.as_str()?;
        let (usage, key) =
            [(Use::Id, &self.id), (Use::Access, &self.access)].into_iter().find(|(_, key)| key.kid == kid)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.pair.public_key())
            .verify(text.as_bytes(), &signature)
            .ok()?;
        parse(claims).map(|claims| (usage, claims))
    }
}

impl Key {
    fn generate() -> Result<Self, String> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| "a signing key could not be made".to_owned())?;
        Ok(Self { kid: awkward_kid(), pair })
    }

    fn published(&self) -> Value {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let public = self.pair.public_key();
        json!({
            "alg": "RS256",
            "e": number(public.exponent().big_endian_without_leading_zero()),
            "kid": self.kid,
            "kty": "RSA",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "use": "sig",
        })
    }
}

/// A key ID with all of `+`, `/` and `=`, as real ones have: text that must not be taken for base64url or put into an address raw.
fn awkward_kid() -> String {
    let mut random = Random::new(None);
    loop {
        let kid = random.base64(32);
        if kid.contains('+') && kid.contains('/') {
            return kid;
        }
    }
}

fn segment(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn parse(segment: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).ok()?).ok()
}
