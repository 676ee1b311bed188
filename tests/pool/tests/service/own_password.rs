//! ChangePassword and DeleteUser, and the history of passwords.

use cognito_pool::CLIENT_ID;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Pool, Tokens};

const NEW: &str = "Analytical-1843";
const REUSED: &str = "PasswordHistoryPolicyViolationException";

fn change(pool: &Pool, access: &str, previous: Option<&str>, proposed: &str) -> Answer {
    let mut body = json!({ "AccessToken": access, "ProposedPassword": proposed });
    if let Some(previous) = previous {
        body["PreviousPassword"] = json!(previous);
    }
    pool.call("ChangePassword", body)
}

#[test]
fn the_old_password_opens_the_way_to_a_new_one() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    change(&pool, &access, None, NEW).refused("InvalidParameterException");
    change(&pool, &access, Some("wrong"), NEW)
        .refused_with("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(pool.user("ada")["failures"], 1);
    change(&pool, &access, Some(PASSWORD), "short").refused("InvalidPasswordException");
    assert_eq!(change(&pool, &access, Some(PASSWORD), NEW).ok(), json!({}));
    assert_eq!(pool.user("ada")["failures"], 0);
    pool.srp("ada", PASSWORD).refused("NotAuthorizedException");
    Tokens::of(&pool.srp("ada", NEW).ok());
    // Tokens outlive the password.
    pool.get_user(&access).ok();
}

#[test]
fn five_changes_an_hour_are_all() {
    let pool = Pool::new();
    pool.set(json!({ "accessTokenSeconds": 86_400 }));
    let access = pool.tokens("ada").access;
    for _ in 0..5 {
        change(&pool, &access, Some("wrong"), NEW).refused("NotAuthorizedException");
    }
    change(&pool, &access, Some(PASSWORD), NEW)
        .refused_with("LimitExceededException", "Attempt limit exceeded, please try after some time.");
    pool.plain("ada", PASSWORD).refused_with("NotAuthorizedException", "Password attempts exceeded");
    pool.turn(3600);
    change(&pool, &access, Some(PASSWORD), NEW).ok();
}

#[test]
fn passwords_of_the_past_are_refused() {
    let pool = Pool::new();
    pool.set(json!({ "passwordPolicy": { "history": 1 } }));
    let access = pool.tokens("ada").access;
    change(&pool, &access, Some(PASSWORD), PASSWORD).refused(REUSED);
    change(&pool, &access, Some(PASSWORD), NEW).ok();
    change(&pool, &access, Some(NEW), PASSWORD).refused(REUSED);
    change(&pool, &access, Some(NEW), "Difference-1822").ok();
    // One step further back it is forgotten.
    change(&pool, &access, Some("Difference-1822"), PASSWORD).ok();

    let confirm = |password: &str| {
        let body = json!({ "ClientId": CLIENT_ID, "Username": "ada", "ConfirmationCode": pool.code("ada"), "Password": password });
        pool.call("ConfirmForgotPassword", body)
    };
    pool.call("ForgotPassword", json!({ "ClientId": CLIENT_ID, "Username": "ada" })).ok();
    confirm("Difference-1822").refused(REUSED);
    confirm(NEW).ok();

    let asked = pool.plain("grace", "Hopper-1906-tmp").ok();
    let responses =
        json!({ "USERNAME": "grace", "NEW_PASSWORD": "Hopper-1906-tmp", "userAttributes.given_name": "Grace" });
    pool.respond("NEW_PASSWORD_REQUIRED", asked["Session"].as_str(), responses).refused(REUSED);
}

#[test]
fn without_a_history_the_same_password_is_taken_again() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    change(&pool, &access, Some(PASSWORD), PASSWORD).ok();
}

#[test]
fn a_reset_goes_to_the_contact_that_the_pool_prefers_and_the_user_has_proven() {
    let pool = Pool::new();
    let forgot = || pool.call("ForgotPassword", json!({ "ClientId": CLIENT_ID, "Username": "ada" })).ok();
    pool.change("ada", json!({ "attributes": { "phone_number": "+353871234567" } }));
    assert_eq!(forgot()["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    pool.set(json!({ "account": { "recovery": ["phone_number", "email"] } }));
    assert_eq!(forgot()["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    pool.change("ada", json!({ "attributes": { "phone_number_verified": "true" } }));
    assert_eq!(
        forgot()["CodeDeliveryDetails"],
        json!({ "Destination": "+********4567", "DeliveryMedium": "SMS", "AttributeName": "phone_number" })
    );
    let body =
        json!({ "ClientId": CLIENT_ID, "Username": "ada", "ConfirmationCode": pool.code("ada"), "Password": NEW });
    pool.call("ConfirmForgotPassword", body).ok();
    pool.plain("ada", NEW).ok();
}

#[test]
fn who_is_not_confirmed_cannot_reset() {
    let pool = Pool::new();
    pool.call("ForgotPassword", json!({ "ClientId": CLIENT_ID, "Username": "ada" })).ok();
    pool.change("ada", json!({ "status": "UNCONFIRMED" }));
    let body =
        json!({ "ClientId": CLIENT_ID, "Username": "ada", "ConfirmationCode": pool.code("ada"), "Password": NEW });
    pool.call("ConfirmForgotPassword", body).refused("UserNotConfirmedException");
}

#[test]
fn a_deleted_user_is_gone() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    let gone = pool.call("DeleteUser", json!({ "AccessToken": tokens.access }));
    assert_eq!((gone.status, gone.bytes.len()), (200, 0));
    pool.get_user(&tokens.access).refused("UserNotFoundException");
    pool.renew(tokens.refresh()).refused("UserNotFoundException");
    pool.plain("ada", PASSWORD).refused_with("NotAuthorizedException", "Incorrect username or password.");
    assert_eq!(pool.control("GET", "users/ada", json!({})).status, 404);
}
