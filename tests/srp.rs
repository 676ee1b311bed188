//! SRP against vectors of other implementations, and against a service written with num-bigint.
//!
//! `SRP_VECTORS=<folder> cargo test --test srp` runs the vectors of another folder too; both shapes of file are understood.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/vectors.rs"]
mod vectors;

use base64ct::{Base64, Encoding};
use cognito_vault::encoding;
use cognito_vault::error::Code;
use cognito_vault::srp::{Challenge, Group, Identity, KeyPair, formulas, group, timestamp};
use cognito_vault::text::Text;
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sha2::{Digest, Sha256};
use vectors::Tally;

#[test]
fn generated_vectors() {
    let tally = vectors::run(include_str!("vectors/generated.json"));
    assert_eq!(tally, Tally { checked: 50 + 33 + 19 + 5 + 1, skipped: 2 });
}

#[test]
fn published_vectors() {
    let tally = vectors::run(include_str!("vectors/published.json"));
    assert_eq!(tally, Tally { checked: 539 - 3 + 1, skipped: 3 });
}

#[test]
fn vectors_of_another_folder() {
    let Ok(folder) = std::env::var("SRP_VECTORS") else { return };
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).expect("SRP_VECTORS names a folder") {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let tally = vectors::run(&std::fs::read_to_string(&path).unwrap());
            println!("{}: {tally:?}", path.display());
            checked += tally.checked;
        }
    }
    assert!(checked > 0, "no vectors in {folder}");
}

/// The service's side, with big integers of another make.
struct Service {
    verifier: BigUint,
    secret: BigUint,
}

impl Service {
    fn new(salt: &BigUint, identity: &Identity<'_>, secret: BigUint) -> Self {
        let inner = sha(&[identity.pool_name.as_bytes(), identity.user.as_bytes(), b":", identity.password]);
        let x = BigUint::from_bytes_be(&sha(&[&java(salt), &inner]));
        Self { verifier: g().modpow(&x, &n()), secret }
    }

    fn public(&self) -> BigUint {
        (k() * &self.verifier + g().modpow(&self.secret, &n())) % n()
    }

    fn signature(&self, a: &BigUint, identity: &Identity<'_>, block: &[u8], timestamp: &str) -> [u8; 32] {
        let u = BigUint::from_bytes_be(&sha(&[&java(a), &java(&self.public())]));
        let shared = (a * self.verifier.modpow(&u, &n())).modpow(&self.secret, &n());
        let block_key = mac(&mac(&java(&u), &[&java(&shared)]), &[b"Caldera Derived Key\x01"]);
        let parts = [identity.pool_name.as_bytes(), identity.user.as_bytes(), block, timestamp.as_bytes()];
        mac(&block_key[..16], &parts)
    }
}

fn n() -> BigUint {
    BigUint::from_bytes_be(&group::N)
}

fn g() -> BigUint {
    BigUint::from(2_u8)
}

fn k() -> BigUint {
    BigUint::from_bytes_be(&sha(&[&java(&n()), &[2]]))
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

/// Bytes that are short, long, full of ones, or begin with zeros or a high bit.
fn number(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![Just(0_u8), Just(1), Just(0x7f), Just(0x80), Just(0xff), any::<u8>()];
    let rest = prop_oneof![
        3 => proptest::collection::vec(any::<u8>(), 0..longest),
        1 => (0..longest).prop_map(|length| vec![0xff; length]),
        1 => (0..longest).prop_map(|length| vec![0; length]),
    ];
    (first, rest).prop_map(|(first, rest)| [vec![first], rest].concat())
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1815), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings(96))]

    #[test]
    fn the_service_accepts_the_proof(
        a in number(160),
        secret in number(160),
        salt in number(40),
        pool_name in "[0-9A-Za-z]{1,12}",
        user in "\\PC{1,40}",
        password in "\\PC{0,80}",
        block in proptest::collection::vec(any::<u8>(), 0..300),
        spelling in 0_u8..4,
    ) {
        let identity = Identity { pool_name: &pool_name, user: &user, password: password.as_bytes() };
        let salt = BigUint::from_bytes_be(&salt);
        let service = Service::new(&salt, &identity, BigUint::from_bytes_be(&secret));
        let time = timestamp(1_767_225_600_000);

        let spell = |number: &BigUint| match spelling {
            0 => number.to_str_radix(16),
            1 => number.to_str_radix(16).to_uppercase(),
            2 => format!("{:0>768}", number.to_str_radix(16)),
            _ => format!("000{}", number.to_str_radix(16)),
        };
        let base64 = match spelling {
            1 => Base64::encode_string(&block).trim_end_matches('=').to_owned(),
            2 => Base64::encode_string(&block).replace('+', "-").replace('/', "_"),
            3 => format!(" {}\n", Base64::encode_string(&block)),
            _ => Base64::encode_string(&block),
        };
        let pair = KeyPair::new(a.clone().into(), Group::default()).unwrap();
        let public = BigUint::parse_bytes(pair.public().as_bytes(), 16).unwrap();
        prop_assert_eq!(&public, &g().modpow(&BigUint::from_bytes_be(&a), &n()));
        prop_assert_eq!(&*pair.public(), public.to_str_radix(16));

        let challenge = Challenge { salt: &spell(&salt), b: &spell(&service.public()), secret_block: &base64, timestamp: &time };
        let signature = pair.prove(&identity, &challenge).unwrap();
        prop_assert_eq!(&*signature, Base64::encode_string(&service.signature(&public, &identity, &block, &time)));
    }
}

proptest! {
    #![proptest_config(settings(2000))]

    #[test]
    fn padding_is_javas(bytes in number(400)) {
        prop_assert_eq!(formulas::padded(&bytes).expose().clone(), java(&BigUint::from_bytes_be(&bytes)));
    }

    #[test]
    fn hexadecimal_goes_there_and_back(bytes in number(383), zeros in 0_usize..5) {
        let number = BigUint::from_bytes_be(&bytes);
        let written = "0".repeat(zeros) + &number.to_str_radix(16);
        let read = encoding::number(&written).unwrap();
        let read = read.expose();
        prop_assert_ne!(read.first(), Some(&0));
        prop_assert_eq!(BigUint::from_bytes_be(read), number.clone());
        if !read.is_empty() {
            prop_assert_eq!(&*encoding::hex(read), number.to_str_radix(16));
        }
    }

    #[test]
    fn the_exponent_is_a_plus_u_times_x(a in number(200), u in any::<[u8; 32]>(), x in any::<[u8; 32]>()) {
        let sum = BigUint::from_bytes_be(&a) + BigUint::from_bytes_be(&u) * BigUint::from_bytes_be(&x);
        let made = formulas::exponent(&a, &u.to_vec().into(), &x.to_vec().into());
        let made = made.expose();
        prop_assert_eq!(BigUint::from_bytes_be(made), sum);
        prop_assert_eq!(made.len(), a.len().max(64) + usize::from(a.len() > 32));
    }

    #[test]
    fn base64_goes_there_and_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let text = Base64::encode_string(&bytes);
        prop_assert_eq!(&*encoding::base64(&bytes), &text);
        prop_assert_eq!(encoding::from_base64(&text).map(|read| read.expose().clone()), Some(bytes));
    }

    #[test]
    fn utf8_is_read_as_the_standard_library_reads_it(
        parts in proptest::collection::vec(prop_oneof![
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
            // What is cut off, too long, half of a pair, or above the last character.
            proptest::collection::vec(any::<u8>(), 1..4),
            Just(vec![0xc0, 0x80]),
            Just(vec![0xe0, 0x9f, 0xbf]),
            Just(vec![0xf0, 0x8f, 0xbf, 0xbf]),
            Just(vec![0xed, 0xa0, 0x80]),
            Just(vec![0xf4, 0x90, 0x80, 0x80]),
        ], 0..4)
    ) {
        let bytes = parts.concat();
        prop_assert_eq!(encoding::utf8(&bytes), str::from_utf8(&bytes).ok().map(Text::from));
    }

    #[test]
    fn weekdays_and_months_follow_the_calendar(day in 0_u64..60_000, second in 0_u64..86_400, ms in 0_u64..1000) {
        let text = timestamp((day * 86_400 + second) * 1000 + ms);
        let (mut left, mut year) = (day, 1970);
        let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        while left >= 365 + u64::from(leap(year)) {
            left -= 365 + u64::from(leap(year));
            year += 1;
        }
        let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = lengths.iter().position(|&length| { let inside = left < length; if !inside { left -= length; } inside }).unwrap();
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(day % 7).unwrap()];
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        prop_assert_eq!(text, format!("{weekday} {} {} {hour:02}:{minute:02}:{second:02} UTC {year}", names[month], left + 1));
    }
}

fn refusal(salt: &str, b: &str, secret_block: &str) -> String {
    let identity = Identity { pool_name: "pool", user: "user", password: b"password" };
    let challenge = Challenge { salt, b, secret_block, timestamp: "Thu Jan 1 00:00:00 UTC 1970" };
    let error = KeyPair::new(vec![1; 32].into(), Group::default()).unwrap().prove(&identity, &challenge).unwrap_err();
    assert_eq!(error.code, Code::InvalidResponse);
    error.message.to_string()
}

#[test]
fn the_greatest_exponents_fit() {
    let most = [255; 32];
    for length in [0, 1, 31, 32, 33, 63, 64, 65, 128] {
        let a = vec![255; length];
        let sum = BigUint::from_bytes_be(&a) + BigUint::from_bytes_be(&most).pow(2);
        assert_eq!(
            BigUint::from_bytes_be(formulas::exponent(&a, &most.to_vec().into(), &most.to_vec().into()).expose()),
            sum,
            "{length}"
        );
    }
}

#[test]
fn replies_that_are_none_are_refused() {
    let twice = (n() * 2_u8).to_str_radix(16);
    let above = (BigUint::from(1_u8) << 3072_u32).to_str_radix(16);
    for b in ["", "0", "000", "-1", "+1", "0x12", "12 34", "g", "é", &encoding::hex(&group::N), &twice, &above] {
        assert!(refusal("ab", b, "AAAA").starts_with("SRP_B"), "{b}");
    }
    for salt in ["", "-1", "-c8", "0x12", "xyz", &above] {
        assert!(refusal(salt, "ab", "AAAA").starts_with("SALT"), "{salt}");
    }
    for block in ["A", "AAAAA", "A*AA", "AA=A", "é", "AAAA\0"] {
        assert!(refusal("ab", "ab", block).starts_with("SECRET_BLOCK"), "{block}");
    }
    assert_eq!(KeyPair::new(vec![].into(), Group::default()).err().map(|error| error.code), Some(Code::InvalidState));
}

#[test]
fn the_largest_numbers_are_taken() {
    let all = "f".repeat(768);
    let identity = Identity { pool_name: "pool", user: "user", password: b"password" };
    let challenge = Challenge { salt: &all, b: &all, secret_block: "", timestamp: "" };
    assert_eq!(
        KeyPair::new(vec![255; 1024].into(), Group::default()).unwrap().prove(&identity, &challenge).unwrap().len(),
        44
    );
}
