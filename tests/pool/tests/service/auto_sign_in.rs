//! The sign-in that follows a sign-up by itself, and the sign-up without a password.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::{
    choice::{choose, pool},
    support::{Answer, PASSWORD, Pool, Tokens, opened, other_than, session},
};

fn sign_up(pool: &Pool, body: Value) -> Answer {
    let mut whole = json!({ "ClientId": CLIENT_ID, "Username": "bob" });
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    pool.call("SignUp", whole)
}

fn confirm(pool: &Pool, session: Option<&str>) -> Answer {
    let mut body = json!({ "ClientId": CLIENT_ID, "Username": "bob", "ConfirmationCode": pool.code("bob") });
    if let Some(session) = session {
        body["Session"] = session.into();
    }
    pool.call("ConfirmSignUp", body)
}

fn follow(pool: &Pool, session: &str) -> Answer {
    let body = json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_AUTH", "Session": session,
                       "AuthParameters": { "USERNAME": "bob" } });
    pool.call("InitiateAuth", body)
}

fn email() -> Value {
    json!({ "Password": PASSWORD, "UserAttributes": [{ "Name": "email", "Value": "bob@example.org" }] })
}

#[test]
fn a_sign_up_signs_in_by_itself_once() {
    let pool = pool();
    let first = session(&sign_up(&pool, email()).ok());
    follow(&pool, &first).refused_with("NotAuthorizedException", "Invalid session for the user.");
    let second = session(&confirm(&pool, Some(&first)).ok());
    assert_ne!(first, second);
    let answer = follow(&pool, &second).ok();
    assert!(Tokens::of(&answer).refresh.is_some());
    assert_eq!(opened(&Tokens::of(&answer).id).1["amr"], json!(["email_otp"]));
    follow(&pool, &second)
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
}

#[test]
fn a_session_of_a_sign_up_is_of_one_user_and_ends() {
    let pool = pool();
    let first = session(&sign_up(&pool, email()).ok());
    let other = json!({ "ClientId": CLIENT_ID, "Username": "kay", "ConfirmationCode": "123456", "Session": first });
    pool.call("ConfirmSignUp", other).refused_with("NotAuthorizedException", "Invalid session for the user.");
    pool.turn(180);
    confirm(&pool, Some(&first))
        .refused_with("NotAuthorizedException", "Invalid session for the user, session is expired.");
    assert_eq!(pool.user("bob")["status"], "UNCONFIRMED");
    assert_eq!(confirm(&pool, None).ok(), json!({}));

    let pool = crate::choice::pool();
    let second = session(&confirm(&pool, Some(&session(&sign_up(&pool, email()).ok()))).ok());
    let other = json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_AUTH", "Session": second,
                        "AuthParameters": { "USERNAME": "ada" } });
    pool.call("InitiateAuth", other).refused("NotAuthorizedException");
    pool.turn(180);
    follow(&pool, &second).refused("NotAuthorizedException");
}

#[test]
fn a_wrong_code_leaves_the_session_of_a_sign_up() {
    let pool = pool();
    let first = session(&sign_up(&pool, email()).ok());
    let wrong = json!({ "ClientId": CLIENT_ID, "Username": "bob", "Session": first,
                        "ConfirmationCode": other_than(&pool.code("bob")) });
    pool.call("ConfirmSignUp", wrong).refused("CodeMismatchException");
    follow(&pool, &session(&confirm(&pool, Some(&first)).ok())).ok();
}

#[test]
fn a_pool_that_requires_a_second_factor_has_it_set_up_first() {
    let pool = pool();
    pool.set(json!({ "mfa": { "mode": "required" } }));
    let second = session(&confirm(&pool, Some(&session(&sign_up(&pool, email()).ok()))).ok());
    let next = follow(&pool, &second).ok();
    assert_eq!(next["ChallengeName"], "MFA_SETUP");
    let associated = pool.call("AssociateSoftwareToken", json!({ "Session": session(&next) })).ok();
    let path = format!("totp?secret={}", associated["SecretCode"].as_str().unwrap());
    let code = pool.control("GET", &path, json!({})).ok()["code"].clone();
    let verified = pool.call("VerifySoftwareToken", json!({ "Session": session(&associated), "UserCode": code })).ok();
    Tokens::of(&pool.respond("MFA_SETUP", verified["Session"].as_str(), json!({ "USERNAME": "bob" })).ok());
}

#[test]
fn a_sign_up_without_a_password_needs_another_way_in() {
    let pool = pool();
    pool.set(json!({ "requiredAttributes": [] }));
    let number = json!({ "UserAttributes": [{ "Name": "phone_number", "Value": "+15550002222" }] });
    let made = sign_up(&pool, number.clone()).ok();
    assert_eq!(
        made["CodeDeliveryDetails"],
        json!({ "Destination": "+*******2222", "DeliveryMedium": "SMS", "AttributeName": "phone_number" })
    );
    let second = session(&confirm(&pool, Some(&session(&made))).ok());
    assert_eq!(pool.user("bob")["attributes"]["phone_number_verified"], "true");
    assert_eq!(pool.user("bob")["hasPassword"], false);
    Tokens::of(&follow(&pool, &second).ok());
    let next = choose(&pool, "bob", "SMS_OTP").ok();
    Tokens::of(&pool.answer(&next, json!({ "USERNAME": "bob", "SMS_OTP_CODE": pool.code("bob") })).ok());
    pool.control("DELETE", "users/bob", json!({})).ok();
    pool.set(json!({ "choice": { "factors": ["PASSWORD"] } }));
    sign_up(&pool, number).refused("InvalidParameterException");
}
