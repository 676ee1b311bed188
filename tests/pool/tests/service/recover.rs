//! A forgotten password.

use cognito_pool::CLIENT_ID;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Pool, Tokens};

const NEW: &str = "Analytical-1843";
const EXPIRED: (&str, &str) = ("ExpiredCodeException", "Invalid code provided, please request a code again.");
const MISMATCH: &str = "CodeMismatchException";

fn forgot(pool: &Pool, username: &str) -> Answer {
    pool.call("ForgotPassword", json!({ "ClientId": CLIENT_ID, "Username": username }))
}

fn confirm(pool: &Pool, username: &str, code: &str, password: &str) -> Answer {
    pool.call(
        "ConfirmForgotPassword",
        json!({ "ClientId": CLIENT_ID, "Username": username, "ConfirmationCode": code, "Password": password }),
    )
}

#[test]
fn a_code_sets_a_new_password() {
    let pool = Pool::new();
    let sent = forgot(&pool, "ada").ok();
    assert_eq!(
        sent["CodeDeliveryDetails"],
        json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" })
    );
    assert_eq!(pool.control("GET", "codes", json!({})).ok()[0]["purpose"], "resetPassword");
    Tokens::of(&pool.srp("ada", PASSWORD).ok());
    let code = pool.code("ada");
    assert_eq!(confirm(&pool, "ada", &code, NEW).ok(), json!({}));
    Tokens::of(&pool.srp("ada", NEW).ok());
    pool.srp("ada", PASSWORD).refused("NotAuthorizedException");
    confirm(&pool, "ada", &code, NEW).refused_with(EXPIRED.0, EXPIRED.1);
}

#[test]
fn a_forced_reset_ends_with_it() {
    let pool = Pool::new();
    pool.add("rex", "RESET_REQUIRED");
    forgot(&pool, "rex").ok();
    confirm(&pool, "rex", &pool.code("rex"), NEW).ok();
    assert_eq!(pool.user("rex")["status"], "CONFIRMED");
    Tokens::of(&pool.srp("rex", NEW).ok());
}

#[test]
fn a_code_is_compared_ends_and_is_replaced() {
    let pool = Pool::new();
    confirm(&pool, "ada", "123456", NEW).refused_with(EXPIRED.0, EXPIRED.1);
    forgot(&pool, "ada").ok();
    let older = pool.code("ada");
    confirm(&pool, "ada", "no", NEW).refused(MISMATCH);
    forgot(&pool, "ada").ok();
    confirm(&pool, "ada", &older, NEW).refused(MISMATCH);
    pool.turn(3600);
    confirm(&pool, "ada", &pool.code("ada"), NEW).refused_with(EXPIRED.0, EXPIRED.1);
    forgot(&pool, "ada").ok();
    pool.turn(3599);
    confirm(&pool, "ada", &pool.code("ada"), NEW).ok();
}

#[test]
fn a_bad_password_does_not_spend_the_code() {
    let pool = Pool::new();
    forgot(&pool, "ada").ok();
    confirm(&pool, "ada", &pool.code("ada"), "short")
        .refused_with("InvalidPasswordException", "Password did not conform with policy: Password not long enough");
    confirm(&pool, "ada", &pool.code("ada"), NEW).ok();
}

#[test]
fn five_wrong_codes_are_too_many() {
    let pool = Pool::new();
    forgot(&pool, "ada").ok();
    for _ in 0..5 {
        confirm(&pool, "ada", "no", NEW).refused(MISMATCH);
    }
    confirm(&pool, "ada", &pool.code("ada"), NEW).refused("TooManyFailedAttemptsException");
}

#[test]
fn codes_are_sent_and_tried_only_so_often_an_hour() {
    let pool = Pool::new();
    let limit = "Attempt limit exceeded, please try after some time.";
    for username in ["ada", "nobody"] {
        for _ in 0..5 {
            forgot(&pool, username).ok();
        }
        forgot(&pool, username).refused_with("LimitExceededException", limit);
        for _ in 0..10 {
            assert_ne!(confirm(&pool, username, "no", NEW).refusal().0, "LimitExceededException");
        }
        confirm(&pool, username, "no", NEW).refused_with("LimitExceededException", limit);
    }
    pool.turn(3600);
    forgot(&pool, "ada").ok();
}

#[test]
fn unknown_users_look_like_known_ones() {
    let pool = Pool::new();
    confirm(&pool, "nobody", "123456", NEW).refused_with(EXPIRED.0, EXPIRED.1);
    assert_eq!(forgot(&pool, "nobody").ok(), forgot(&pool, "nobody").ok());
    let sent = forgot(&pool, "someone@example.org").ok();
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "s***@e***");
    confirm(&pool, "nobody", "123456", NEW).refused(MISMATCH);
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    forgot(&pool, "nobody").refused("UserNotFoundException");
    confirm(&pool, "nobody", "123456", NEW).refused("UserNotFoundException");
}

#[test]
fn only_a_proven_address_of_an_enabled_user_gets_a_code() {
    let pool = Pool::new();
    pool.add("una", "UNCONFIRMED");
    pool.add("dis", "CONFIRMED");
    pool.change("dis", json!({ "enabled": false }));
    for username in ["una", "dis"] {
        forgot(&pool, username).ok();
        confirm(&pool, username, "123456", NEW).refused(MISMATCH);
    }
    assert_eq!(pool.control("GET", "codes", json!({})).ok(), json!([]));
    forgot(&pool, "grace")
        .refused_with("NotAuthorizedException", "User password cannot be reset in the current state.");
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    forgot(&pool, "una").refused("InvalidParameterException");
    forgot(&pool, "dis").refused_with("NotAuthorizedException", "User is disabled.");
}

#[test]
fn a_user_disabled_meanwhile_is_refused() {
    let pool = Pool::new();
    forgot(&pool, "ada").ok();
    pool.change("ada", json!({ "enabled": false }));
    confirm(&pool, "ada", &pool.code("ada"), NEW).refused_with("NotAuthorizedException", "User is disabled.");
}

#[test]
fn the_alias_recovers_too_and_a_lock_ends() {
    let pool = Pool::new();
    pool.set(json!({ "aliasEmail": true }));
    for _ in 0..5 {
        pool.plain("ada", "wrong").refused("NotAuthorizedException");
    }
    forgot(&pool, "ada@example.com").ok();
    confirm(&pool, "ada@example.com", &pool.code("ada"), NEW).ok();
    pool.plain("ada", NEW).ok();
}
