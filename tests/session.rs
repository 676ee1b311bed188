//! What a session takes for its own, how long it is worth something, and what it says about the user.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a fault of a test ends it")]

mod support;

use cognito_vault::error::{Code, Error};
use cognito_vault::protocol::Millis;
use cognito_vault::protocol::user_pool::{Tokens, UserPool};
use cognito_vault::secret::SecretText;
use cognito_vault::session::{Freshness, Session};
use serde_json::{Value, json};
use support::service::{CLIENT_ID, HOUR, MINUTE, NOW, access_claims, id_claims, jwt, jwt_of, pool};

fn given(id: String, access: String, refresh: Option<&str>) -> Tokens {
    Tokens { id: id.into(), access: access.into(), refresh: refresh.map(SecretText::from), new_device: None }
}

fn signed(id: &Value, access: &Value) -> Tokens {
    given(jwt(id), jwt(access), Some("refresh-1"))
}

fn until(expires: Millis) -> Session {
    Session::begin(signed(&id_claims("ada", expires), &access_claims("ada", expires)), &pool(), NOW).unwrap()
}

/// The claims of both tokens with `name` of one of them set to `value`, or taken out.
fn changed(token: &str, name: &str, value: Option<Value>) -> (Value, Value) {
    let (mut id, mut access) = (id_claims("ada", NOW + HOUR), access_claims("ada", NOW + HOUR));
    let claims = if token == "id" { &mut id } else { &mut access };
    match value {
        Some(value) => claims[name] = value,
        None => drop(claims.as_object_mut().unwrap().remove(name)),
    }
    (id, access)
}

#[track_caller]
fn refused(result: Result<Session, Error>, claim: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code, Code::InvalidToken, "{claim}");
    assert_eq!(*error.message, format!("A token was refused on arrival: {claim}."));
}

#[test]
fn a_claim_that_is_not_ours_is_refused_by_its_name() {
    let other = |pool: &str| Some(json!(format!("https://cognito-idp.eu-west-1.amazonaws.com/{pool}")));
    let cases = [
        ("iss", "id", other("eu-west-1_Other")),
        ("iss", "id", other("eu-west-1_AbCdEf1234")),
        ("iss", "access", other("")),
        ("iss", "id", Some(json!("http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"))),
        ("iss", "access", Some(json!("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123/"))),
        ("iss", "id", Some(json!(7))),
        ("iss", "access", None),
        ("aud", "id", Some(json!("other"))),
        ("aud", "id", Some(json!([CLIENT_ID]))),
        ("aud", "id", None),
        ("client_id", "access", Some(json!("other"))),
        ("client_id", "access", None),
        ("token_use", "id", Some(json!("access"))),
        ("token_use", "id", None),
        ("token_use", "access", Some(json!("id"))),
        ("exp", "id", None),
        ("exp", "access", None),
        ("exp", "id", Some(json!(((NOW + HOUR) / 1000).to_string()))),
        ("exp", "access", Some(json!(0))),
        ("exp", "access", Some(json!(-1))),
        ("exp", "id", Some(json!(9.3e18))),
        ("iat", "id", Some(json!((NOW + 6_000) / 1000))),
        ("iat", "access", Some(json!((NOW + 9 * HOUR) / 1000))),
        ("sub", "id", None),
        ("sub", "id", Some(json!(""))),
        ("sub", "access", None),
        ("sub", "access", Some(json!("grace"))),
    ];
    for (claim, token, value) in cases {
        let (id, access) = changed(token, claim, value);
        refused(Session::begin(signed(&id, &access), &pool(), NOW), claim);
    }
}

#[test]
fn a_token_in_the_place_of_the_other_is_refused() {
    let (id, access) = (id_claims("ada", NOW + HOUR), access_claims("ada", NOW + HOUR));
    refused(Session::begin(signed(&access, &id), &pool(), NOW), "aud");
    refused(Session::begin(signed(&id, &id), &pool(), NOW), "client_id");
}

#[test]
fn what_is_no_token_is_refused() {
    let good = jwt(&access_claims("ada", NOW + HOUR));
    let cut = |parts: usize| good.split('.').take(parts).collect::<Vec<_>>().join(".");
    let bad = [
        String::new(),
        "opaque".to_owned(),
        cut(1),
        cut(2),
        format!("{good}.more"),
        good.replace('.', " "),
        "a.!!!.c".to_owned(),
        "a.b=.c".to_owned(),
        jwt_of("[]"),
        jwt_of("\"text\""),
        jwt_of("{\"sub\":"),
        "a._w.c".to_owned(),
    ];
    for token in bad {
        let id = jwt(&id_claims("ada", NOW + HOUR));
        refused(Session::begin(given(id, token.clone(), Some("r")), &pool(), NOW), "its form");
        let error = Session::begin(given(token.clone(), good.clone(), Some("r")), &pool(), NOW).unwrap_err();
        assert_eq!(error.code, Code::InvalidToken, "{token}");
        assert!(token.is_empty() || !error.message.contains(&token), "{error}");
    }
}

#[test]
fn every_issuer_that_was_configured_is_taken() {
    let other = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
    let (id, _) = changed("id", "iss", Some(json!(other)));
    let (_, access) = changed("access", "iss", Some(json!(other)));
    assert!(Session::begin(signed(&id, &access), &pool(), NOW).is_ok());
    let only = UserPool { issuers: r#"["https://only.example"]"#.into(), ..pool() };
    refused(Session::begin(signed(&id, &access), &only, NOW), "iss");
}

#[test]
fn a_token_is_taken_until_five_seconds_after_its_end() {
    let end = NOW + HOUR;
    let at = |now| Session::begin(signed(&id_claims("ada", end), &access_claims("ada", end)), &pool(), now);
    assert!(at(end - 1).is_ok());
    assert!(at(end + 4_999).is_ok());
    refused(at(end + 5_000), "exp");
    assert_eq!(at(end + 4_999).unwrap().freshness(end + 4_999), Freshness::Dead);
    for token in ["id", "access"] {
        let (id, access) = changed(token, "exp", Some(json!((NOW - HOUR) / 1000)));
        refused(Session::begin(signed(&id, &access), &pool(), NOW), "exp");
    }
}

#[test]
fn a_token_of_the_near_future_is_taken_and_a_kept_one_at_any_time() {
    let (id, access) = changed("id", "iat", Some(json!(NOW / 1000 + 5)));
    assert!(Session::begin(signed(&id, &access), &pool(), NOW).is_ok());
    for clock in [NOW - 9 * HOUR, NOW + 9 * HOUR] {
        let tokens = signed(&id_claims("ada", NOW + HOUR), &access_claims("ada", NOW + HOUR));
        assert!(Session::resume(tokens, &pool(), clock).is_ok());
    }
}

#[test]
fn a_session_is_due_ahead_of_its_margin_by_luck() {
    let session = until(NOW + HOUR);
    assert_eq!(session.due(0), NOW + HOUR - MINUTE);
    assert_eq!(session.due(128), NOW + HOUR - MINUTE - MINUTE / 4);
    assert!(session.due(255) > NOW + HOUR - 2 * MINUTE);
}

#[test]
fn a_session_begins_when_the_user_has_proven_who_they_are() {
    assert_eq!(until(NOW + HOUR).began(), 1_763_720_000_000);
    let (id, access) = changed("id", "auth_time", None);
    let session = Session::begin(signed(&id, &access), &pool(), NOW).unwrap();
    assert_eq!(session.began(), NOW);
    let (id, access) = changed("id", "auth_time", None);
    assert_eq!(session.renew(signed(&id, &access), &pool(), NOW + HOUR).unwrap().began(), NOW);
}

#[test]
fn seconds_may_have_fractions() {
    for exp in ["1763730000", "1763730000.9"] {
        let claims = |claims: Value| {
            let text =
                claims.to_string().replace(&format!("\"exp\":{}", (NOW + HOUR) / 1000), &format!("\"exp\":{exp}"));
            assert!(text.contains(exp));
            jwt_of(&text)
        };
        let tokens = given(claims(id_claims("ada", NOW + HOUR)), claims(access_claims("ada", NOW + HOUR)), Some("r"));
        let session = Session::begin(tokens, &pool(), NOW).unwrap();
        assert_eq!(session.freshness(NOW + HOUR - 1), Freshness::Due, "{exp}");
        assert_eq!(session.freshness(NOW + HOUR), Freshness::Dead, "{exp}");
    }
}

#[test]
fn freshness_has_three_parts() {
    // Renewed a minute before the end, or after three quarters of a short life.
    for (life, margin) in [(HOUR, MINUTE), (5 * MINUTE, MINUTE), (4 * MINUTE, MINUTE), (MINUTE, 15_000), (4_000, 1_000)]
    {
        let session = until(NOW + life);
        for (now, freshness) in [
            (NOW - HOUR, Freshness::Fresh),
            (NOW, Freshness::Fresh),
            (NOW + life - margin - 1, Freshness::Fresh),
            (NOW + life - margin, Freshness::Due),
            (NOW + life - 1, Freshness::Due),
            (NOW + life, Freshness::Dead),
            (NOW + 9 * HOUR, Freshness::Dead),
        ] {
            assert_eq!(session.freshness(now), freshness, "life {life}, at {}", now - NOW);
        }
    }
}

#[test]
fn the_token_that_ends_first_counts() {
    for (id, access) in [(HOUR, 10 * MINUTE), (10 * MINUTE, HOUR)] {
        let tokens = signed(&id_claims("ada", NOW + id), &access_claims("ada", NOW + access));
        let session = Session::begin(tokens, &pool(), NOW).unwrap();
        assert_eq!(session.freshness(NOW + 9 * MINUTE - 1), Freshness::Fresh);
        assert_eq!(session.freshness(NOW + 9 * MINUTE), Freshness::Due);
        assert_eq!(session.freshness(NOW + 10 * MINUTE), Freshness::Dead);
    }
}

#[test]
fn a_session_needs_a_refresh_token() {
    let (id, access) = (id_claims("ada", NOW + HOUR), access_claims("ada", NOW + HOUR));
    refused(Session::begin(given(jwt(&id), jwt(&access), None), &pool(), NOW), "no refresh token came with it");
}

#[test]
fn a_refresh_keeps_the_refresh_token_or_takes_the_new_one() {
    let first = until(NOW + HOUR);
    assert_eq!(first.refresh_token().expose(), "refresh-1");
    assert!(!first.rotates());
    let next = |from: &Session, end, refresh| {
        let tokens = given(jwt(&id_claims("ada", end)), jwt(&access_claims("ada", end)), refresh);
        from.renew(tokens, &pool(), NOW).unwrap()
    };
    let kept = next(&first, NOW + 2 * HOUR, None);
    assert_eq!((kept.refresh_token().expose().as_str(), kept.rotates()), ("refresh-1", false));
    assert_eq!(kept.freshness(NOW + HOUR), Freshness::Fresh);
    assert_eq!(kept.access_token().expose(), &jwt(&access_claims("ada", NOW + 2 * HOUR)));
    assert_eq!(kept.id_token().expose(), &jwt(&id_claims("ada", NOW + 2 * HOUR)));
    let rotated = next(&kept, NOW + 3 * HOUR, Some("refresh-2"));
    assert_eq!((rotated.refresh_token().expose().as_str(), rotated.rotates()), ("refresh-2", true));
    assert!(rotated.is_of_same_user(&first));
}

#[test]
fn a_refresh_that_brings_another_user_is_refused() {
    let first = until(NOW + HOUR);
    for (id, access) in [("grace", "grace"), ("ada", "grace"), ("grace", "ada")] {
        let tokens = signed(&id_claims(id, NOW + HOUR), &access_claims(access, NOW + HOUR));
        refused(first.renew(tokens, &pool(), NOW), "sub");
    }
    let (id, access) = changed("id", "aud", Some(json!("other")));
    refused(first.renew(signed(&id, &access), &pool(), NOW), "aud");
    let grace = signed(&id_claims("grace", NOW + HOUR), &access_claims("grace", NOW + HOUR));
    assert!(!Session::begin(grace, &pool(), NOW).unwrap().is_of_same_user(&first));
}

#[test]
fn the_user_is_what_stays_when_tokens_change() {
    let session = until(NOW + HOUR);
    let user: Value = serde_json::from_str(session.user()).unwrap();
    for name in ["exp", "iat", "jti", "nbf", "at_hash", "event_id"] {
        assert!(user.get(name).is_none(), "{name}");
    }
    let expected = json!({
        "sub": "ada", "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123", "aud": CLIENT_ID,
        "token_use": "id", "auth_time": 1_763_720_000, "origin_jti": "o", "cognito:username": "ada",
        "email": "ada@example.com", "email_verified": true,
    });
    assert_eq!(user, expected);

    let mut id = id_claims("ada", NOW + 2 * HOUR);
    for (name, value) in [("event_id", json!("f")), ("nbf", json!(5)), ("at_hash", json!("h"))] {
        id[name] = value;
    }
    let next = session.renew(signed(&id, &access_claims("ada", NOW + 2 * HOUR)), &pool(), NOW).unwrap();
    assert_eq!(next.user(), session.user());
    id["email"] = json!("new@example.com");
    let next = session.renew(signed(&id, &access_claims("ada", NOW + 2 * HOUR)), &pool(), NOW).unwrap();
    assert_ne!(next.user(), session.user());
}

#[test]
fn the_user_is_what_the_service_wrote() {
    let odd = r#""cognito:groups":["b","a"],"custom:x":"\u00fc\n😀","custom:\u00fc\"":"1","address":{"exp":1},"n":1.50,"\u0065xp":1,"#;
    let id = id_claims("ada", NOW + HOUR).to_string().replacen('{', &format!("{{{odd}"), 1);
    let tokens = given(jwt_of(&id), jwt(&access_claims("ada", NOW + HOUR)), Some("r"));
    let session = Session::begin(tokens, &pool(), NOW).unwrap();
    let user: Value = serde_json::from_str(session.user()).unwrap();
    let expected =
        json!({"cognito:groups": ["b", "a"], "custom:x": "ü\n😀", "custom:ü\"": "1", "address": {"exp": 1}, "n": 1.5});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&user[name], value, "{name}");
    }
    assert_eq!((user.get("exp"), user.as_object().unwrap().len()), (None, 14));
}

#[test]
fn a_session_prints_no_token() {
    let session = until(NOW + HOUR);
    let printed = format!("{session:?}");
    for token in [session.id_token(), session.access_token(), session.refresh_token()] {
        assert!(!printed.contains(token.expose().as_str()), "{printed}");
    }
    assert!(printed.contains("[redacted]"));
}
