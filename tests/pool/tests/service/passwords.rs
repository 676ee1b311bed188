//! Sign-in by a password on the wire, the states of a user, the lock, and the flows a client may use.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Tokens};

const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");

fn initiate(pool: &Pool, flow: &str, parameters: Value) -> Answer {
    let body = json!({ "ClientId": CLIENT_ID, "AuthFlow": flow, "AuthParameters": parameters });
    pool.call("InitiateAuth", body)
}

#[test]
fn a_password_brings_tokens() {
    let pool = Pool::new();
    Tokens::of(&pool.plain("ada", PASSWORD).ok());
    pool.plain("ada", "wrong").refused_with(WRONG.0, WRONG.1);
    pool.plain("nobody", PASSWORD).refused_with(WRONG.0, WRONG.1);
    initiate(&pool, "USER_PASSWORD_AUTH", json!({ "USERNAME": "ada" }))
        .refused_with("InvalidParameterException", "Missing required parameter PASSWORD");
}

#[test]
fn a_password_is_not_trimmed_or_normalised() {
    let pool = Pool::new();
    // The same letter, composed and decomposed.
    pool.change("ada", json!({ "password": "caf\u{e9}-1A x" }));
    pool.srp("ada", "caf\u{e9}-1A x").ok();
    pool.plain("ada", "caf\u{e9}-1A x").ok();
    pool.plain("ada", "cafe\u{301}-1A x").refused_with(WRONG.0, WRONG.1);
    pool.plain("ada", "caf\u{e9}-1A x ").refused_with(WRONG.0, WRONG.1);
    pool.srp("ada", "cafe\u{301}-1A x").refused_with(WRONG.0, WRONG.1);
}

#[test]
fn a_flow_that_the_client_has_not_is_refused() {
    let pool = Pool::new();
    for flow in ["CUSTOM_AUTH", "USER_AUTH", "ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH"] {
        initiate(&pool, flow, json!({ "USERNAME": "ada" }))
            .refused_with("InvalidParameterException", &format!("{flow} is not enabled for the client."));
    }
    pool.set(json!({ "explicitAuthFlows": [] }));
    for flow in ["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        initiate(&pool, flow, json!({}))
            .refused_with("InvalidParameterException", &format!("{flow} is not enabled for the client."));
    }
}

/// Both flows, with the right and with a wrong password.
fn states(pool: &Pool, username: &str, name: &str, message: &str) {
    pool.plain(username, PASSWORD).refused_with(name, message);
    pool.srp(username, PASSWORD).refused_with(name, message);
    pool.plain(username, "wrong").refused_with(WRONG.0, WRONG.1);
    pool.srp(username, "wrong").refused_with(WRONG.0, WRONG.1);
}

#[test]
fn a_users_state_is_told_only_to_who_knows_the_password() {
    let pool = Pool::new();
    pool.add("una", "UNCONFIRMED");
    pool.add("rex", "RESET_REQUIRED");
    pool.add("dis", "CONFIRMED");
    pool.change("dis", json!({ "enabled": false }));
    states(&pool, "una", "UserNotConfirmedException", "User is not confirmed.");
    states(&pool, "rex", "PasswordResetRequiredException", "Password reset required for the user");
    states(&pool, "dis", "NotAuthorizedException", "User is disabled.");
}

#[test]
fn failures_lock_for_longer_and_longer() {
    for username in ["ada", "nobody"] {
        let pool = Pool::new();
        let locked = |answer: Answer| answer.refused_with("NotAuthorizedException", "Password attempts exceeded");
        let wrong = |answer: Answer| answer.refused_with(WRONG.0, WRONG.1);
        for _ in 0..5 {
            wrong(pool.plain(username, "wrong"));
        }
        locked(pool.plain(username, PASSWORD));
        locked(pool.srp(username, PASSWORD));
        pool.turn(1);
        wrong(pool.srp(username, "wrong"));
        // Failure 6 locks for 2 s, and what is tried meanwhile does not make it longer.
        locked(pool.plain(username, "wrong"));
        pool.turn(1);
        locked(pool.plain(username, "wrong"));
        pool.turn(1);
        wrong(pool.plain(username, "wrong"));
        pool.turn(3);
        locked(pool.plain(username, PASSWORD));
        pool.turn(1);
        if username == "ada" {
            assert_eq!(pool.user("ada")["failures"], 7);
            pool.plain(username, PASSWORD).ok();
            assert_eq!(pool.user("ada")["failures"], 0);
        } else {
            wrong(pool.plain(username, PASSWORD));
        }
    }
}

#[test]
fn no_lock_is_longer_than_a_quarter_of_an_hour() {
    let pool = Pool::new();
    for _ in 0..20 {
        pool.plain("ada", "wrong").refused_with(WRONG.0, WRONG.1);
        // A lock just over, and not yet a quarter of an hour without attempts.
        let failures = pool.user("ada")["failures"].as_u64().unwrap();
        let lock = failures.checked_sub(5).map_or(0, |power| 1_i64 << power.min(20));
        if lock >= 900 {
            pool.turn(899);
            pool.plain("ada", PASSWORD).refused_with("NotAuthorizedException", "Password attempts exceeded");
            pool.turn(1);
            pool.plain("ada", PASSWORD).ok();
            return;
        }
        pool.turn(lock);
    }
    panic!("the longest lock was never reached");
}

#[test]
fn failures_are_forgotten_after_a_quarter_of_an_hour() {
    let pool = Pool::new();
    for _ in 0..4 {
        pool.plain("ada", "wrong").refused_with(WRONG.0, WRONG.1);
    }
    pool.turn(900);
    for _ in 0..4 {
        pool.plain("ada", "wrong").refused_with(WRONG.0, WRONG.1);
    }
    assert_eq!(pool.user("ada")["failures"], 4);
    pool.plain("ada", PASSWORD).ok();
}
