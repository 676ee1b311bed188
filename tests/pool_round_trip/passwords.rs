//! Passwords proven by SRP: odd ones, wrong ones, too many wrong ones, and the wrong clock.

use super::town::{attributes, founded, refuses, sign_in, sign_in_by, succeeds, token};
use cognito_vault::error::Code;
use cognito_vault::flow::Method;
use serde_json::json;

const WRONG: &str = "Incorrect username or password.";

/// Two texts that look alike are two passwords: the first in composed letters, the second in decomposed ones.
const COMPOSED: &str = "Schl\u{fc}ssel-1";
const DECOMPOSED: &str = "Schlu\u{308}ssel-1";

fn odd_passwords() -> Vec<String> {
    let short =
        ["x", "\"\\/\n\t", "a b  c", "0", "\u{0}", "Pa$$w0rd:with:colons", "ключ-Ω-キー-🔑", COMPOSED, DECOMPOSED];
    let long = ["y".repeat(256), "🔑".repeat(64), "é".repeat(127)];
    short.into_iter().map(str::to_owned).chain(long).collect()
}

#[test]
fn odd_passwords_are_proven() {
    let (town, vault) = founded();
    for (at, password) in odd_passwords().iter().enumerate() {
        let username = format!("user-{at}");
        town.user(&username, password, json!({}));
        succeeds(sign_in(&vault, &username, password));
        let mut wrong = password.clone();
        wrong.push('x');
        refuses(sign_in(&vault, &username, &wrong), WRONG);
    }
}

#[test]
fn many_sign_ins_with_many_salts_succeed() {
    // Numbers that begin with a zero or a high bit come up among these.
    let (town, vault) = founded();
    for at in 0..40 {
        let (username, password) = (format!("user-{at}"), format!("Password-{at}"));
        town.user(&username, &password, json!({}));
        succeeds(sign_in(&vault, &username, &password));
    }
}

#[test]
fn nothing_is_trimmed_folded_or_normalised() {
    let (town, vault) = founded();
    town.user("ursula", COMPOSED, json!({}));
    for wrong in [DECOMPOSED, "schl\u{fc}ssel-1", " Schl\u{fc}ssel-1", "Schl\u{fc}ssel-1 ", "Schluessel-1"] {
        town.turn(1000);
        refuses(sign_in(&vault, "ursula", wrong), WRONG);
    }
    town.turn(1000);
    succeeds(sign_in(&vault, "ursula", COMPOSED));
    // And the other method proves the same.
    succeeds(sign_in_by(&vault, "ursula", COMPOSED, Method::Password));
}

#[test]
fn an_unknown_user_looks_like_a_wrong_password() {
    for existence in ["ENABLED", "LEGACY"] {
        for method in [Method::Srp, Method::Password] {
            let (town, vault) = founded();
            town.settings(json!({"preventUserExistenceErrors": existence}));
            refuses(sign_in_by(&vault, "nobody", "Lovelace-1815", method), WRONG);
            refuses(sign_in_by(&vault, "ada", "Lovelace-1816", method), WRONG);
            assert!(town.events().is_empty());
        }
    }
}

#[test]
fn five_wrong_passwords_lock() {
    let (town, vault) = founded();
    for _ in 0..5 {
        refuses(sign_in(&vault, "ada", "wrong"), WRONG);
    }
    refuses(sign_in(&vault, "ada", "Lovelace-1815"), "Password attempts exceeded");
    town.turn(2);
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
}

#[test]
fn an_alias_signs_in_under_the_name_that_the_pool_knows() {
    let (town, vault) = founded();
    town.settings(json!({"aliasEmail": true}));
    town.user("mary", "Somerville-1780", json!({"attributes": {"email": "mary@example.com"}}));
    succeeds(sign_in(&vault, "mary@example.com", "Somerville-1780"));
    let attributes = attributes(&vault).unwrap();
    assert!(attributes.contains(&("email".to_owned(), "mary@example.com".to_owned())));
}

#[test]
fn a_wrong_clock_is_corrected() {
    for away in [86_400, -86_400, 3_000_000, -3_000_000] {
        let (town, vault) = founded();
        town.turn_mine(away);
        succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
        // The tokens end when the pool says so, on whatever clock.
        let first = token(&vault).unwrap();
        town.turn(59 * 60 - 2);
        assert_eq!(token(&vault).unwrap(), first, "{away}");
        town.turn(3);
        assert_ne!(token(&vault).unwrap(), first, "{away}");
    }
}

#[test]
fn a_disabled_user_is_told_so_after_the_proof() {
    let (town, vault) = founded();
    town.control("POST", "users/ada", json!({"enabled": false}));
    let error = sign_in(&vault, "ada", "Lovelace-1815").unwrap_err();
    assert_eq!(error.code, Code::NotAuthorized);
}

#[test]
fn a_flow_that_the_client_may_not_use_is_refused() {
    let (town, vault) = founded();
    town.settings(json!({"explicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}));
    let error = sign_in_by(&vault, "ada", "Lovelace-1815", Method::Password).unwrap_err();
    assert_eq!(error.code, Code::InvalidParameter);
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
}
