//! An authenticator of the tests: it makes passkeys and answers for them, and lies where it is told to.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        KeyPair as _, RSA_PKCS1_SHA256,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const ATTESTED: u8 = 1 << 6;

enum Key {
    Es256(EcdsaKeyPair),
    Es384(EcdsaKeyPair),
    Rs256(Box<rsa::KeyPair>),
}

/// One authenticator with one passkey, in a browser that shows one page.
pub struct Authenticator {
    key: Key,
    pub id: Vec<u8>,
    /// The page.
    pub origin: String,
    /// In place of the relying party's ID that the options name.
    pub rp_id: Option<String>,
    pub user_verified: bool,
    pub user_present: bool,
    pub counter: u32,
    /// The user that a passkey was made for.
    pub user_handle: Option<String>,
}

impl Authenticator {
    pub fn es256() -> Self {
        Self::with(Key::Es256(pair(&ECDSA_P256_SHA256_ASN1_SIGNING)))
    }

    /// Of an algorithm that the pool does not take.
    pub fn es384() -> Self {
        Self::with(Key::Es384(pair(&ECDSA_P384_SHA384_ASN1_SIGNING)))
    }

    pub fn rs256() -> Self {
        Self::with(Key::Rs256(Box::new(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap())))
    }

    fn with(key: Key) -> Self {
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Self {
            key,
            id,
            origin: "http://localhost:4173".to_owned(),
            rp_id: None,
            user_verified: true,
            user_present: true,
            counter: 0,
            user_handle: None,
        }
    }

    /// What `navigator.credentials.create` comes to: a RegistrationResponseJSON.
    pub fn create(&mut self, options: &Value) -> Value {
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), ATTESTED);
        data.extend([&[0; 16], length.as_slice(), &self.id, &self.cose()].concat());
        let head = match u8::try_from(data.len()) {
            Ok(length) => vec![0x58, length],
            Err(_) => [&[0x59], u16::try_from(data.len()).unwrap().to_be_bytes().as_slice()].concat(),
        };
        let attestation = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".as_slice(), &head, &data].concat();
        json!({
            "id": encoded(&self.id),
            "rawId": encoded(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&self.client_data("webauthn.create", options)),
                "attestationObject": encoded(&attestation),
                "transports": ["internal", "hybrid"],
                "authenticatorData": encoded(&data),
                "publicKeyAlgorithm": match &self.key {
                    Key::Es256(_) => -7,
                    Key::Es384(_) => -35,
                    Key::Rs256(_) => -257,
                },
            },
        })
    }

    /// What `navigator.credentials.get` comes to: an AuthenticationResponseJSON.
    pub fn get(&self, options: &Value) -> Value {
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signature = self.sign(&[data.as_slice(), &Sha256::digest(&client_data)].concat());
        json!({
            "id": encoded(&self.id),
            "rawId": encoded(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&client_data),
                "authenticatorData": encoded(&data),
                "signature": encoded(&signature),
                "userHandle": self.user_handle,
            },
        })
    }

    /// Authenticator data up to the counter.
    fn data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        let hash = Sha256::digest(self.rp_id.as_deref().unwrap_or(rp_id));
        let present = if self.user_present { PRESENT } else { 0 };
        let verified = if self.user_verified { VERIFIED } else { 0 };
        [hash.as_slice(), &[flags | present | verified], &self.counter.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let (challenge, origin) = (&options["challenge"], &self.origin);
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false }).to_string().into_bytes()
    }

    /// The public key as COSE (RFC 9053) writes it.
    fn cose(&self) -> Vec<u8> {
        let point = |pair: &EcdsaKeyPair, head: &[u8], length: u8| {
            let coordinates = &pair.public_key().as_ref()[1..];
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            [head, &[0x21, 0x58, length], x, &[0x22, 0x58, length], y].concat()
        };
        match &self.key {
            Key::Es256(pair) => point(pair, &[0xa5, 1, 2, 3, 0x26, 0x20, 1], 32),
            Key::Es384(pair) => point(pair, &[0xa5, 1, 2, 3, 0x38, 0x22, 0x20, 2], 48),
            Key::Rs256(pair) => {
                let n = pair.public_key().modulus().big_endian_without_leading_zero();
                [[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0].as_slice(), n, &[0x21, 0x43, 1, 0, 1]].concat()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Es256(pair) | Key::Es384(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

fn pair(algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::generate(algorithm).unwrap()
}

pub fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
