//! The first sign-in with a temporary password, and challenges in general.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Tokens};

const TEMPORARY: &str = "Hopper-1906-tmp";
const NEW: &str = "Hopper-1906-new";

fn session(pool: &Pool) -> String {
    pool.srp("grace", TEMPORARY).ok()["Session"].as_str().unwrap().to_owned()
}

fn good() -> Value {
    json!({ "USERNAME": "grace", "NEW_PASSWORD": NEW, "userAttributes.given_name": "Grace" })
}

fn with(name: &str, value: &str) -> Value {
    let mut responses = good();
    responses[name] = value.into();
    responses
}

fn answer(pool: &Pool, session: &str, responses: Value) -> Answer {
    pool.respond("NEW_PASSWORD_REQUIRED", Some(session), responses)
}

#[test]
fn both_flows_ask_for_a_new_password() {
    let pool = Pool::new();
    for asked in [pool.srp("grace", TEMPORARY).ok(), pool.plain("grace", TEMPORARY).ok()] {
        assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        assert!((20..=4096).contains(&asked["Session"].as_str().unwrap().len()));
        let parameters = &asked["ChallengeParameters"];
        assert_eq!(parameters["USER_ID_FOR_SRP"], "grace");
        let attributes: Value = serde_json::from_str(parameters["userAttributes"].as_str().unwrap()).unwrap();
        assert_eq!(attributes, json!({ "email": "grace@example.com", "email_verified": "true" }));
        assert_eq!(parameters["requiredAttributes"], r#"["userAttributes.given_name"]"#);
    }
}

#[test]
fn the_answer_brings_tokens_and_the_new_password_counts() {
    let pool = Pool::new();
    let tokens = Tokens::of(&answer(&pool, &session(&pool), good()).ok());
    let user = pool.get_user(&tokens.access).ok();
    assert!(user["UserAttributes"].as_array().unwrap().contains(&json!({ "Name": "given_name", "Value": "Grace" })));
    assert_eq!(pool.user("grace")["status"], "CONFIRMED");
    Tokens::of(&pool.srp("grace", NEW).ok());
    pool.plain("grace", TEMPORARY).refused("NotAuthorizedException");
}

#[test]
fn a_session_is_good_for_one_answer() {
    let pool = Pool::new();
    let session = session(&pool);
    answer(&pool, &session, good()).ok();
    answer(&pool, &session, good())
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
}

#[test]
fn a_refused_answer_spends_the_session_unless_only_the_password_was_bad() {
    let pool = Pool::new();
    let one = session(&pool);
    answer(&pool, &one, with("NEW_PASSWORD", "short"))
        .refused_with("InvalidPasswordException", "Password did not conform with policy: Password not long enough");
    answer(&pool, &one, with("NEW_PASSWORD", " padded-Password1")).refused("InvalidParameterException");
    answer(&pool, &one, good())
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
    let one = session(&pool);
    answer(&pool, &one, with("NEW_PASSWORD", "short")).refused("InvalidPasswordException");
    answer(&pool, &one, good()).ok();
}

#[test]
fn a_session_ends() {
    let pool = Pool::new();
    let (one, other) = (session(&pool), session(&pool));
    pool.turn(179);
    answer(&pool, &one, with("NEW_PASSWORD", "short")).refused("InvalidPasswordException");
    pool.turn(1);
    let over = "Invalid session for the user, session is expired.";
    answer(&pool, &one, good()).refused_with("NotAuthorizedException", over);
    answer(&pool, &other, good()).refused_with("NotAuthorizedException", over);
    pool.set(json!({ "sessionSeconds": 900 }));
    let longer = session(&pool);
    pool.turn(899);
    answer(&pool, &longer, good()).ok();
}

#[test]
fn a_session_belongs_to_a_user_and_a_challenge() {
    let pool = Pool::new();
    let invalid = |answer: Answer| answer.refused_with("NotAuthorizedException", "Invalid session for the user.");
    let session = session(&pool);
    invalid(answer(&pool, &"s".repeat(40), good()));
    invalid(answer(&pool, &session, with("USERNAME", "ada")));
    invalid(pool.respond("SMS_MFA", Some(&session), json!({ "USERNAME": "grace", "SMS_MFA_CODE": "123456" })));
    pool.respond("NEW_PASSWORD_REQUIRED", None, good())
        .refused_with("InvalidParameterException", "Missing required parameter Session");
    pool.respond("NEW_PASSWORD_REQUIRED", Some(""), good()).refused("InvalidParameterException");
    answer(&pool, &session, good()).ok();
}

#[test]
fn responses_must_be_complete_and_no_more() {
    let pool = Pool::new();
    for name in ["USERNAME", "NEW_PASSWORD"] {
        let mut responses = good();
        responses.as_object_mut().unwrap().remove(name);
        answer(&pool, &session(&pool), responses)
            .refused_with("InvalidParameterException", &format!("Missing required parameter {name}"));
    }
    answer(&pool, &session(&pool), with("ANSWER", "x")).refused("InvalidParameterException");
    answer(&pool, &session(&pool), with("SECRET_HASH", "x")).refused("NotAuthorizedException");
}

#[test]
fn attributes_are_checked() {
    let pool = Pool::new();
    answer(&pool, &session(&pool), with("userAttributes.email", "grace@example.org"))
        .refused_with("NotAuthorizedException", "Cannot modify an already provided email");
    answer(&pool, &session(&pool), with("userAttributes.phone_number_verified", "true"))
        .refused_with("NotAuthorizedException", "A client attempted to write unauthorized attribute");
    answer(&pool, &session(&pool), with("userAttributes.shoe_size", "40")).refused("InvalidParameterException");
    for responses in [
        json!({ "USERNAME": "grace", "NEW_PASSWORD": NEW }),
        json!({ "USERNAME": "grace", "NEW_PASSWORD": NEW, "userAttributes.given_name": "" }),
    ] {
        answer(&pool, &session(&pool), responses).refused_with(
            "InvalidParameterException",
            "Attributes did not conform to the schema: given_name: The attribute is required\n",
        );
    }
    answer(&pool, &session(&pool), with("userAttributes.nickname", "Amazing")).ok();
}

#[test]
fn a_temporary_password_lives_for_a_week() {
    let pool = Pool::new();
    pool.turn(7 * 86_400 - 1);
    session(&pool);
    pool.turn(1);
    pool.srp("grace", TEMPORARY).refused_with(
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    );
}

#[test]
fn a_user_disabled_or_deleted_meanwhile_is_refused() {
    let pool = Pool::new();
    let (one, other) = (session(&pool), session(&pool));
    pool.change("grace", json!({ "enabled": false }));
    answer(&pool, &one, good()).refused_with("NotAuthorizedException", "User is disabled.");
    pool.control("DELETE", "users/grace", json!({})).ok();
    answer(&pool, &other, good()).refused("UserNotFoundException");
}

#[test]
fn any_challenge_can_be_put_in_the_way() {
    let pool = Pool::new();
    let challenge = json!({ "username": "ada", "challengeName": "RIDDLE", "parameters": { "HINT": "four legs" } });
    for _ in 0..2 {
        pool.control("POST", "challenges", challenge.clone()).ok();
        let asked = pool.srp("ada", PASSWORD).ok();
        assert_eq!(asked["ChallengeName"], "RIDDLE");
        assert_eq!(asked["ChallengeParameters"], json!({ "HINT": "four legs" }));
        assert_eq!(asked.get("AuthenticationResult"), None);
        let session = asked["Session"].as_str().unwrap();
        Tokens::of(&pool.respond("RIDDLE", Some(session), json!({ "USERNAME": "ada", "ANSWER": "a table" })).ok());
        Tokens::of(&pool.srp("ada", PASSWORD).ok());
    }
}
