//! Runs the SRP vectors of one file through this crate: each either passes, or the run says what differs.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a file of vectors that cannot be read fails the test"
)]

use base64ct::{Base64, Encoding};
use cognito_vault::encoding;
use cognito_vault::error::Code;
use cognito_vault::srp::{Challenge, Group, Identity, KeyPair, formulas, group, timestamp};
use cognito_vault::text::Text;
use serde_json::Value;

/// What one file held.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Vectors that were compared.
    pub(crate) checked: usize,
    /// Vectors of a kind that is none of this module's business: the hash of a client's secret.
    pub(crate) skipped: usize,
}

/// What a vector expected and did not get; empty if all is well.
type Differences = Vec<String>;

/// Runs a file of either shape: `inputs`/`expected` (published) or `input`/`expect` (generated).
pub(crate) fn run(text: &str) -> Tally {
    let file: Value = serde_json::from_str(text).expect("JSON");
    let mut tally = Tally::default();
    let mut failures = Vec::new();
    let mut count = |id: &str, mismatch: bool, outcome: Option<Differences>| match outcome {
        None => tally.skipped += 1,
        Some(differences) => {
            tally.checked += 1;
            if differences.is_empty() == mismatch {
                failures.push(format!("{id}: {differences:?}"));
            }
        }
    };

    for vector in list(&file["vectors"]) {
        let id = vector["id"].as_str().unwrap_or("?");
        let outcome = if vector["inputs"].is_object() { published(vector) } else { generated(vector) };
        count(id, vector["expect_mismatch"] == true, outcome);
    }
    for row in list(&file["padHex"]) {
        count("padHex", false, Some(pad_hex(text_of(&row[0]), text_of(&row[1]))));
    }
    for row in list(&file["timestamps"]) {
        let got = timestamp(row[0].as_u64().expect("seconds") * 1000);
        count("timestamps", false, Some(same("timestamp", &row[1], &got)));
    }
    for _ in list(&file["secretHash"]) {
        count("secretHash", false, None);
    }
    for b in list(&file["mustReject"]["serverB"]) {
        count("mustReject", false, Some(refused(text_of(b))));
    }
    for constants in [&file["group"], &file["constants"]] {
        if constants.is_object() {
            count("group", false, Some(constants_of(constants)));
        }
    }
    assert!(failures.is_empty(), "{} of {} vectors fail:\n{}", failures.len(), tally.checked, failures.join("\n"));
    tally
}

fn constants_of(constants: &Value) -> Differences {
    let mut bad = same("k", &constants["k"], &encoding::hex(&group::K));
    if constants["N"].is_string() {
        bad.extend(same("N", &constants["N"], &encoding::hex(&group::N)));
    }
    let k = formulas::u(&group::N, &[2]);
    bad.extend(same("H(P(N) ‖ P(g))", &constants["k"], &encoding::hex(k.expose())));
    bad
}

/// One proof's inputs, by the names that both shapes share.
struct Proof<'a> {
    pool_name: &'a str,
    user: &'a str,
    password: &'a str,
    a: &'a str,
    b: &'a str,
    salt: &'a str,
    secret_block: Option<&'a str>,
    timestamp: Option<&'a str>,
}

fn generated(vector: &Value) -> Option<Differences> {
    let (input, expect) = (&vector["input"], &vector["expect"]);
    let device = vector["kind"] == "device";
    let time = timestamp(input["epochSeconds"].as_u64().expect("seconds") * 1000);
    let mut bad = same("TIMESTAMP", &expect["TIMESTAMP"], &time);
    let proof = Proof {
        pool_name: text_of(&input[if device { "deviceGroupKey" } else { "poolName" }]),
        user: text_of(&input[if device { "deviceKey" } else { "userIdForSrp" }]),
        password: text_of(&input["password"]),
        a: text_of(&input["a"]),
        b: text_of(&input["SRP_B"]),
        salt: text_of(&input["SALT"]),
        secret_block: input["SECRET_BLOCK"].as_str(),
        timestamp: Some(&time),
    };
    bad.extend(prove(&proof, expect, &["SRP_A", "u", "x", "S", "key", "PASSWORD_CLAIM_SIGNATURE"]));

    let (public, b) = (number(text_of(&expect["SRP_A"])), number(proof.b));
    let u = formulas::u(&public, &b);
    let i = formulas::identity(proof.pool_name, proof.user, proof.password.as_bytes());
    let shared = number(text_of(&expect["S"]));
    bad.extend(same("innerHash", &expect["innerHash"], &lower_hex(i.expose())));
    bad.extend(same("padU", &expect["padU"], &lower_hex(formulas::padded(u.expose()).expose())));
    bad.extend(same("padSalt", &expect["padSalt"], &lower_hex(formulas::padded(&number(proof.salt)).expose())));
    for (name, value) in [("padA_bytes", &public), ("padB_bytes", &b), ("padS_bytes", &shared)] {
        bad.extend(same(name, &expect[name], &formulas::padded(value).expose().len().to_string()));
    }
    let server = &vector["server"];
    if server["v"].is_string() {
        bad.extend(same("v", &server["v"], &verifier(&i, proof.salt)));
    }
    if device {
        let registration = &vector["registration"];
        bad.extend(same(
            "Salt",
            &registration["Salt"],
            &Base64::encode_string(formulas::padded(&number(proof.salt)).expose()),
        ));
        let password = from_hex(text_of(&registration["randomPasswordBytes"]));
        bad.extend(same("password", &input["password"], &Base64::encode_string(&password)));
        let v = formulas::padded(&number(&verifier(&i, proof.salt)));
        bad.extend(same("PasswordVerifier", &registration["PasswordVerifier"], &Base64::encode_string(v.expose())));
    }
    Some(bad)
}

fn published(vector: &Value) -> Option<Differences> {
    let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
    let text = |name: &str| text_of(&inputs[name]);
    Some(match text_of(&vector["kind"]) {
        "secret_hash" => return None,
        kind @ ("user_srp" | "device_srp" | "abort") => {
            let device = kind == "device_srp";
            let proof = Proof {
                pool_name: text(if device { "device_group_key" } else { "pool_name" }),
                user: text(if device { "device_key" } else { "user_id_for_srp" }),
                password: text(if device { "device_password" } else { "password" }),
                a: text("a"),
                b: text("B"),
                salt: text("salt"),
                secret_block: inputs["secret_block"].as_str(),
                timestamp: inputs["timestamp"].as_str(),
            };
            if kind == "abort" {
                refusal(&proof)
            } else if inputs["A"].is_string() && vector["a_A_inconsistent"] == true {
                // A is given beside an a that is not its logarithm: the formulas hold all the same, the proof as a whole does not exist.
                formulas_of(&proof, &number(text("A")), expected, &["A", "u", "x", "S", "key", "signature"])
            } else {
                let mut bad = prove(&proof, expected, &["A", "u", "x", "S", "key", "signature"]);
                if inputs["A"].is_string() {
                    bad.extend(same("A given", &inputs["A"], &public(proof.a)));
                }
                bad
            }
        }
        "A" => same("A", &expected["A"], &public(text("a"))),
        "k" => same("k", &expected["k"], &encoding::hex(formulas::u(&group::N, &[2]).expose())),
        "u" => same("u", &expected["u"], &encoding::hex(formulas::u(&number(text("A")), &number(text("B"))).expose())),
        "x" => {
            let i = formulas::identity(text("pool_name"), text("user_id_for_srp"), text("password").as_bytes());
            same("x", &expected["x"], &encoding::hex(formulas::x(&number(text("salt")), &i).expose()))
        }
        "identity_hash" => {
            let i = formulas::identity(text("prefix"), text("user"), text("password").as_bytes());
            same("hash", &expected["hash"], &lower_hex(i.expose()))
        }
        "hkdf" => {
            let key = formulas::hkdf(&from_hex(text("salt_bytes")), &from_hex(text("ikm_bytes")));
            same("key", &expected["key"], &lower_hex(key.expose()))
        }
        "hmac_only" => {
            let block = encoding::from_base64(text("secret_block")).expect("Base64");
            let key = from_hex(text("key"));
            let signature = formulas::signature(
                &key,
                text("pool_name"),
                text("user_id_for_srp"),
                block.expose(),
                text("timestamp"),
            );
            same("signature", &expected["signature"], &Base64::encode_string(signature.expose()))
        }
        "device_verifier" => {
            let i =
                formulas::identity(text("device_group_key"), text("device_key"), text("random_password").as_bytes());
            let v = formulas::padded(&number(&verifier(&i, text("salt"))));
            let mut bad = same(
                "Salt",
                &expected["Salt"],
                &Base64::encode_string(formulas::padded(&number(text("salt"))).expose()),
            );
            bad.extend(same("PasswordVerifier", &expected["PasswordVerifier"], &Base64::encode_string(v.expose())));
            bad
        }
        "pad_hex" => pad_hex(text("n"), text_of(&expected["hex"])),
        "timestamp" => {
            let ms = inputs["epoch_ms"].as_u64().expect("milliseconds");
            same("timestamp", &expected["timestamp"], &timestamp(ms))
        }
        kind => vec![format!("unknown kind {kind}")],
    })
}

/// The whole proof as the flow makes it, and each formula on the way.
fn prove(proof: &Proof<'_>, expected: &Value, names: &[&str; 6]) -> Differences {
    let pair = KeyPair::new(from_hex(proof.a).into(), Group::default()).expect("a pair");
    let public = pair.public();
    let mut bad = formulas_of(proof, &number(&public), expected, names);
    if let (Some(secret_block), Some(timestamp)) = (proof.secret_block, proof.timestamp) {
        let identity = Identity { pool_name: proof.pool_name, user: proof.user, password: proof.password.as_bytes() };
        match pair.prove(&identity, &Challenge { salt: proof.salt, b: proof.b, secret_block, timestamp }) {
            Ok(signature) => bad.extend(same("signature as a whole", &expected[names[5]], &signature)),
            Err(error) => bad.push(format!("refused: {error}")),
        }
    }
    bad
}

fn formulas_of(proof: &Proof<'_>, public: &[u8], expected: &Value, names: &[&str; 6]) -> Differences {
    let b = number(proof.b);
    let u = formulas::u(public, &b);
    let i = formulas::identity(proof.pool_name, proof.user, proof.password.as_bytes());
    let x = formulas::x(&number(proof.salt), &i);
    let shared = formulas::shared(&Group::default(), &from_hex(proof.a), &b, &u, &x);
    let key = formulas::key(shared.expose(), &u);
    let values = [public, u.expose(), x.expose(), shared.expose()].map(encoding::hex);

    let mut bad: Differences =
        values.iter().zip(names).flat_map(|(got, name)| same_number(name, &expected[*name], got)).collect();
    bad.extend(same(names[4], &expected[names[4]], &lower_hex(key.expose())));
    if let (Some(block), Some(timestamp)) = (proof.secret_block, proof.timestamp) {
        let block = encoding::from_base64(block).expect("Base64");
        let signature = formulas::signature(key.expose(), proof.pool_name, proof.user, block.expose(), timestamp);
        bad.extend(same(names[5], &expected[names[5]], &Base64::encode_string(signature.expose())));
    }
    bad
}

fn refused(b: &str) -> Differences {
    let proof = Proof {
        pool_name: "pool",
        user: "user",
        password: "password",
        a: "1234567890",
        b,
        salt: "abcd",
        secret_block: Some("AAAA"),
        timestamp: Some("Thu Jan 1 00:00:00 UTC 1970"),
    };
    refusal(&proof)
}

fn refusal(proof: &Proof<'_>) -> Differences {
    let pair = KeyPair::new(from_hex(proof.a).into(), Group::default()).expect("a pair");
    let identity = Identity { pool_name: proof.pool_name, user: proof.user, password: proof.password.as_bytes() };
    let challenge = Challenge {
        salt: proof.salt,
        b: proof.b,
        secret_block: proof.secret_block.unwrap_or("AAAA"),
        timestamp: proof.timestamp.unwrap_or("Thu Jan 1 00:00:00 UTC 1970"),
    };
    match pair.prove(&identity, &challenge) {
        Err(error) if error.code == Code::InvalidResponse => vec![],
        other => vec![format!("not refused: {other:?}")],
    }
}

/// P(n) of a decimal n. A negative one has no place in the protocol: its hexadecimal must not be taken for a number.
fn pad_hex(n: &str, expected: &str) -> Differences {
    if n.starts_with('-') {
        return encoding::number(n).map(|number| format!("{n} was read as {number:?}")).into_iter().collect();
    }
    let padded = formulas::padded(&from_decimal(n));
    same("padHex", &Value::from(expected), &lower_hex(padded.expose()))
}

fn public(a: &str) -> Text {
    KeyPair::new(from_hex(a).into(), Group::default()).expect("a pair").public()
}

fn verifier(identity: &formulas::Hash, salt: &str) -> Text {
    encoding::hex(Group::default().power_of_g(formulas::x(&number(salt), identity).expose()).expose())
}

fn same(name: &str, expected: &Value, got: &str) -> Differences {
    let expected = match expected {
        Value::Null => return vec![],
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if expected == got { vec![] } else { vec![format!("{name}: {expected} expected, {got} made")] }
}

fn same_number(name: &str, expected: &Value, got: &str) -> Differences {
    match expected.as_str() {
        None => vec![],
        Some(text) => same(name, &Value::from(&*encoding::hex(&number(text))), got),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("text expected, not {value}"))
}

fn number(hex: &str) -> Vec<u8> {
    encoding::number(hex).unwrap_or_else(|| panic!("not a number: {hex}")).expose().clone()
}

/// Any length and zeros in front, unlike [`encoding::number`].
fn from_hex(hex: &str) -> Vec<u8> {
    let even = format!("{}{hex}", if hex.len().is_multiple_of(2) { "" } else { "0" });
    (0..even.len()).step_by(2).map(|at| u8::from_str_radix(&even[at..at + 2], 16).expect("hexadecimal")).collect()
}

fn from_decimal(decimal: &str) -> Vec<u8> {
    let mut bytes = vec![0_u8];
    for digit in decimal.bytes() {
        let mut carry = u32::from(digit - b'0');
        for byte in bytes.iter_mut().rev() {
            let [_, _, rest, low] = (u32::from(*byte) * 10 + carry).to_be_bytes();
            (*byte, carry) = (low, u32::from(rest));
        }
        if carry > 0 {
            bytes.insert(0, u8::try_from(carry).expect("a digit"));
        }
    }
    bytes
}

fn lower_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
