//! Sign-in by SRP: what is answered, and everything that is refused.

use base64::{Engine, engine::general_purpose::STANDARD};
use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Pool, Proof, Tokens, modulus};

const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");

fn begin_with(pool: &Pool, a: &str) -> crate::support::Answer {
    pool.call(
        "InitiateAuth",
        json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": { "USERNAME": "ada", "SRP_A": a } }),
    )
}

fn parameters(pool: &Pool, username: &str) -> Value {
    pool.begin(username, &Proof::default()).ok()["ChallengeParameters"].clone()
}

/// The right responses for ada, changed by `change`.
fn changed(pool: &Pool, change: impl Fn(&mut Value)) -> crate::support::Answer {
    let mut responses = Proof::default().responses(&parameters(pool, "ada"), PASSWORD, &pool.timestamp(0));
    change(&mut responses);
    pool.respond("PASSWORD_VERIFIER", None, responses)
}

#[test]
fn the_right_password_brings_tokens() {
    let pool = Pool::new();
    let begun = pool.begin("ada", &Proof::default()).ok();
    assert_eq!(begun["ChallengeName"], "PASSWORD_VERIFIER");
    assert_eq!(begun.get("Session"), None);
    let parameters = &begun["ChallengeParameters"];
    assert_eq!(parameters["USERNAME"], "ada");
    assert_eq!(parameters["USER_ID_FOR_SRP"], "ada");
    assert_eq!(parameters.as_object().unwrap().len(), 5);
    for name in ["SALT", "SRP_B"] {
        let hex = parameters[name].as_str().unwrap();
        assert!(!hex.starts_with('0') && hex.bytes().all(|digit| b"0123456789abcdef".contains(&digit)), "{hex}");
    }
    let block = parameters["SECRET_BLOCK"].as_str().unwrap();
    assert!(block.ends_with("==") && STANDARD.decode(block).is_ok());
    let answer = pool.srp("ada", PASSWORD).ok();
    assert!(Tokens::of(&answer).refresh.is_some());
    assert_eq!(answer["ChallengeParameters"], json!({}));
    assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 3600);
    pool.srp("ada", "Lovelace-1816").refused_with(WRONG.0, WRONG.1);
}

/// Names of one letter each give every shape of salt; whatever the shape, the same client gets in.
#[test]
fn salts_have_every_shape_and_all_work() {
    let pool = Pool::new();
    let mut lengths = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        pool.add(name, "CONFIRMED");
        let salt = parameters(&pool, name)["SALT"].as_str().unwrap().to_owned();
        assert_eq!(parameters(&pool, name)["SALT"], salt.as_str());
        let high = salt.len().is_multiple_of(2) && salt.as_bytes()[0] >= b'8';
        lengths.push((salt.len(), high));
        Tokens::of(&pool.srp(name, PASSWORD).ok());
    }
    assert!(lengths.contains(&(32, true)));
    assert!(lengths.contains(&(30, true)));
    assert!(lengths.contains(&(30, false)));
    assert!(lengths.contains(&(31, false)));
    assert!(lengths.iter().any(|(length, _)| *length <= 8));
}

#[test]
fn every_exchange_has_its_own_b_and_block() {
    let pool = Pool::new();
    let (one, other) = (parameters(&pool, "ada"), parameters(&pool, "ada"));
    assert_ne!(one["SRP_B"], other["SRP_B"]);
    assert_ne!(one["SECRET_BLOCK"], other["SECRET_BLOCK"]);
    assert_eq!(one["SALT"], other["SALT"]);
}

#[test]
fn a_must_be_a_minimal_hex_number_below_n_and_not_zero() {
    let pool = Pool::new();
    let n = modulus();
    let hex = |number: num_bigint::BigUint| number.to_str_radix(16);
    for a in ["0", "00", "1g", "-2", "0x2", "02", "2 ", "AB", &hex(n.clone()), &hex(&n * 2_u8), &hex(&n + 1_u8)] {
        begin_with(&pool, a).refused_with("InvalidParameterException", "Invalid SRP_A value.");
    }
    begin_with(&pool, "").refused("InvalidParameterException");
    begin_with(&pool, "2").ok();
}

#[test]
fn parameters_must_be_complete_and_no_more() {
    let pool = Pool::new();
    let initiate = |parameters: Value| {
        pool.call(
            "InitiateAuth",
            json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters }),
        )
    };
    initiate(json!({ "USERNAME": "ada" }))
        .refused_with("InvalidParameterException", "Missing required parameter SRP_A");
    initiate(json!({ "SRP_A": "2" })).refused_with("InvalidParameterException", "Missing required parameter USERNAME");
    initiate(json!({ "USERNAME": "ada", "SRP_A": "2", "PASSWORD": "x" })).refused("InvalidParameterException");
    initiate(json!({ "USERNAME": "a b", "SRP_A": "2" })).refused("InvalidParameterException");
    initiate(json!({ "USERNAME": "ada", "SRP_A": "2", "DEVICE_KEY": "eu-west-1_1" }))
        .refused("ResourceNotFoundException");
    for name in ["USERNAME", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"] {
        changed(&pool, |responses| {
            responses.as_object_mut().unwrap().remove(name);
        })
        .refused_with("InvalidParameterException", &format!("Missing required parameter {name}"));
    }
    changed(&pool, |responses| responses["ANSWER"] = "x".into()).refused("InvalidParameterException");
}

#[test]
fn plain_srp_carries_no_session() {
    let pool = Pool::new();
    let session = "s".repeat(40);
    for (session, name) in [("", "InvalidParameterException"), (&session, "NotAuthorizedException")] {
        let responses = Proof::default().responses(&parameters(&pool, "ada"), PASSWORD, &pool.timestamp(0));
        pool.respond("PASSWORD_VERIFIER", Some(session), responses).refused(name);
    }
    let body = json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_SRP_AUTH", "Session": session,
                       "AuthParameters": { "USERNAME": "ada", "SRP_A": "2" } });
    pool.call("InitiateAuth", body).refused("InvalidParameterException");
}

#[test]
fn a_block_is_good_for_one_try() {
    let pool = Pool::new();
    let responses = Proof::default().responses(&parameters(&pool, "ada"), PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses.clone()).ok();
    pool.respond("PASSWORD_VERIFIER", None, responses).refused_with(WRONG.0, WRONG.1);

    let given = parameters(&pool, "ada");
    let wrong = Proof::default().responses(&given, "wrong", &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, wrong).refused_with(WRONG.0, WRONG.1);
    let right = Proof::default().responses(&given, PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, right).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn a_block_lives_for_a_minute() {
    let pool = Pool::new();
    for (seconds, in_time) in [(59, true), (60, false)] {
        let given = parameters(&pool, "ada");
        pool.turn(seconds);
        let responses = Proof::default().responses(&given, PASSWORD, &pool.timestamp(0));
        let answer = pool.respond("PASSWORD_VERIFIER", None, responses);
        assert_eq!(answer.status == 200, in_time, "{seconds}");
    }
}

#[test]
fn the_block_must_come_back_verbatim() {
    let pool = Pool::new();
    changed(&pool, |responses| {
        let block = responses["PASSWORD_CLAIM_SECRET_BLOCK"].as_str().unwrap();
        responses["PASSWORD_CLAIM_SECRET_BLOCK"] = block.trim_end_matches('=').into();
    })
    .refused_with(WRONG.0, WRONG.1);
    changed(&pool, |responses| responses["PASSWORD_CLAIM_SECRET_BLOCK"] = "AAAA".into()).refused_with(WRONG.0, WRONG.1);
    changed(&pool, |responses| {
        let signature = responses["PASSWORD_CLAIM_SIGNATURE"].as_str().unwrap();
        responses["PASSWORD_CLAIM_SIGNATURE"] = signature.trim_end_matches('=').into();
    })
    .refused_with(WRONG.0, WRONG.1);
}

#[test]
fn the_timestamp_must_have_exactly_the_services_format() {
    let pool = Pool::new();
    for written in [
        "Thu Jan 01 09:00:00 UTC 2026",
        "Fri Jan 1 09:00:00 UTC 2026",
        "Thu Jan 1 9:00:00 UTC 2026",
        "Thu Jan 1 09:00:00 GMT 2026",
        "Thu, 01 Jan 2026 09:00:00 GMT",
        "Thu Jan 1 09:00:00 2026",
        "thu jan 1 09:00:00 UTC 2026",
        "Thu Jan  1 09:00:00 UTC 2026",
        "2026-01-01T09:00:00Z",
        "1767258000",
    ] {
        let responses = Proof::default().responses(&parameters(&pool, "ada"), PASSWORD, written);
        pool.respond("PASSWORD_VERIFIER", None, responses).refused_with(WRONG.0, WRONG.1);
        // Forgets the failure, so that no lock comes in between.
        pool.plain("ada", PASSWORD).ok();
    }
}

#[test]
fn the_timestamp_must_be_within_five_minutes() {
    for (away, near) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
        let pool = Pool::new();
        let responses = Proof::default().responses(&parameters(&pool, "ada"), PASSWORD, &pool.timestamp(away));
        let answer = pool.respond("PASSWORD_VERIFIER", None, responses);
        assert_eq!(answer.status == 200, near, "{away}");
    }
}

#[test]
fn the_timestamp_that_was_signed_is_the_one_to_send() {
    let pool = Pool::new();
    let other = pool.timestamp(1);
    changed(&pool, |responses| responses["TIMESTAMP"] = other.as_str().into()).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn an_alias_is_typed_once_and_the_name_is_echoed() {
    let pool = Pool::new();
    assert_ne!(parameters(&pool, "ada@example.com")["USER_ID_FOR_SRP"], "ada");
    pool.set(json!({ "aliasEmail": true }));
    let given = parameters(&pool, "ada@example.com");
    assert_eq!(given["USER_ID_FOR_SRP"], "ada");
    let mut responses = Proof::default().responses(&given, PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses.clone()).ok();

    responses = Proof::default().responses(&parameters(&pool, "ada@example.com"), PASSWORD, &pool.timestamp(0));
    responses["USERNAME"] = "ada@example.com".into();
    pool.respond("PASSWORD_VERIFIER", None, responses).refused_with(WRONG.0, WRONG.1);
    pool.plain("ada@example.com", PASSWORD).ok();
}

#[test]
fn an_unproven_address_is_no_alias() {
    let pool = Pool::new();
    pool.set(json!({ "aliasEmail": true }));
    pool.change("ada", json!({ "attributes": { "email_verified": "false" } }));
    pool.plain("ada@example.com", PASSWORD).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn the_sub_does_not_sign_in() {
    let pool = Pool::new();
    let sub = pool.user("ada")["sub"].as_str().unwrap().to_owned();
    pool.plain(&sub, PASSWORD).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn unknown_users_look_like_known_ones() {
    let pool = Pool::new();
    let (one, again, other) = (parameters(&pool, "nobody"), parameters(&pool, "nobody"), parameters(&pool, "noone"));
    assert_eq!(one["SALT"], again["SALT"]);
    assert_eq!(one["USER_ID_FOR_SRP"], again["USER_ID_FOR_SRP"]);
    assert_eq!(one["USERNAME"], one["USER_ID_FOR_SRP"]);
    assert_eq!(one["USER_ID_FOR_SRP"].as_str().unwrap().len(), 36);
    assert_ne!(one["SRP_B"], again["SRP_B"]);
    assert_ne!(one["SALT"], other["SALT"]);
    assert_ne!(one["USER_ID_FOR_SRP"], other["USER_ID_FOR_SRP"]);
    pool.srp("nobody", PASSWORD).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn a_legacy_client_is_told_at_once() {
    let pool = Pool::new();
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    pool.begin("nobody", &Proof::default()).refused_with("UserNotFoundException", "User does not exist.");
    pool.plain("nobody", PASSWORD).refused_with("UserNotFoundException", "User does not exist.");
}

#[test]
fn a_user_changed_between_the_steps_is_not_let_in() {
    let pool = Pool::new();
    let given = parameters(&pool, "ada");
    pool.change("ada", json!({ "password": PASSWORD }));
    let responses = Proof::default().responses(&given, PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses).refused_with(WRONG.0, WRONG.1);

    let given = parameters(&pool, "ada");
    pool.control("DELETE", "users/ada", json!({})).ok();
    let responses = Proof::default().responses(&given, PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn a_wrong_proof_counts_as_a_failure() {
    let pool = Pool::new();
    changed(&pool, |responses| responses["USERNAME"] = "grace".into()).refused_with(WRONG.0, WRONG.1);
    pool.srp("ada", "wrong").refused_with(WRONG.0, WRONG.1);
    assert_eq!(pool.user("ada")["failures"], 2);
    pool.srp("ada", PASSWORD).ok();
    assert_eq!(pool.user("ada")["failures"], 0);
}
