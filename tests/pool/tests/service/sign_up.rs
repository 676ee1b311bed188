//! Registration and its codes.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Tokens};

const EXPIRED: (&str, &str) = ("ExpiredCodeException", "Invalid code provided, please request a code again.");
const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid verification code provided, please try again.");

fn sign_up_with(pool: &Pool, username: &str, password: &str, attributes: Value) -> Answer {
    let body =
        json!({ "ClientId": CLIENT_ID, "Username": username, "Password": password, "UserAttributes": attributes });
    pool.call("SignUp", body)
}

fn sign_up(pool: &Pool, username: &str, email: &str) -> Answer {
    sign_up_with(pool, username, PASSWORD, json!([{ "Name": "email", "Value": email }]))
}

fn confirm(pool: &Pool, username: &str, code: &str) -> Answer {
    pool.call("ConfirmSignUp", json!({ "ClientId": CLIENT_ID, "Username": username, "ConfirmationCode": code }))
}

fn resend(pool: &Pool, username: &str) -> Answer {
    pool.call("ResendConfirmationCode", json!({ "ClientId": CLIENT_ID, "Username": username }))
}

/// A code that is not `code`.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

#[test]
fn a_user_signs_up_confirms_and_signs_in() {
    let pool = Pool::new();
    let made = sign_up(&pool, "bob", "bob@example.org").ok();
    assert_eq!(made["UserConfirmed"], false);
    assert_eq!(made["UserSub"], pool.user("bob")["sub"]);
    assert_eq!(
        made["CodeDeliveryDetails"],
        json!({ "Destination": "b***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" })
    );
    assert_eq!(made.get("Session"), None);
    assert_eq!(pool.user("bob")["status"], "UNCONFIRMED");
    let mails = pool.control("GET", "codes?username=bob", json!({})).ok();
    assert_eq!(mails[0]["destination"], "bob@example.org");
    assert_eq!((mails[0]["purpose"].as_str(), mails[0]["medium"].as_str()), (Some("signUp"), Some("EMAIL")));
    let code = pool.code("bob");
    assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()));
    assert_eq!(confirm(&pool, "bob", &code).ok(), json!({}));
    assert_eq!(pool.user("bob")["attributes"]["email_verified"], "true");
    Tokens::of(&pool.srp("bob", PASSWORD).ok());
}

#[test]
fn passwords_must_conform_to_the_policy() {
    let pool = Pool::new();
    let email = json!([{ "Name": "email", "Value": "bob@example.org" }]);
    for (password, broken) in [
        ("Ab1!", "Password not long enough"),
        ("lower-case-1", "Password must have uppercase characters"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("No-Numbers", "Password must have numeric characters"),
        ("NoSymbols1", "Password must have symbol characters"),
    ] {
        sign_up_with(&pool, "bob", password, email.clone())
            .refused_with("InvalidPasswordException", &format!("Password did not conform with policy: {broken}"));
    }
    sign_up_with(&pool, "bob", " Leading-Space1", email.clone()).refused("InvalidParameterException");
    sign_up_with(&pool, "bob", &"aA1!".repeat(65), email.clone()).refused("InvalidParameterException");
    pool.call("SignUp", json!({ "ClientId": CLIENT_ID, "Username": "bob", "UserAttributes": email.clone() }))
        .refused("InvalidParameterException");
    pool.set(json!({ "passwordPolicy": { "minimumLength": 12, "requireSymbols": false } }));
    sign_up_with(&pool, "bob", "NoSymbols12", email.clone()).refused("InvalidPasswordException");
    sign_up_with(&pool, "bob", "NoSymbols123", email).ok();
}

#[test]
fn attributes_must_exist_be_well_formed_and_be_complete() {
    let pool = Pool::new();
    let refused = |attributes: Value, name: &str, message: &str| {
        sign_up_with(&pool, "bob", PASSWORD, attributes).refused_with(name, message);
    };
    let missing = "Attributes did not conform to the schema: email: The attribute is required\n";
    let email = json!({ "Name": "email", "Value": "bob@example.org" });
    refused(json!([]), "InvalidParameterException", missing);
    refused(json!([{ "Name": "email", "Value": "" }]), "InvalidParameterException", "Invalid email address format.");
    refused(json!([{ "Name": "email", "Value": "bob" }]), "InvalidParameterException", "Invalid email address format.");
    refused(
        json!([email, { "Name": "phone_number", "Value": "555" }]),
        "InvalidParameterException",
        "Invalid phone number format.",
    );
    refused(
        json!([email, { "Name": "email_verified", "Value": "true" }]),
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute",
    );
    for attribute in [
        json!({ "Name": "shoe_size", "Value": "40" }),
        json!({ "Name": "email", "Value": "other@example.org" }),
        json!({ "Name": "birthdate", "Value": "1.1.1990" }),
        json!({ "Name": "", "Value": "x" }),
        json!({ "Name": "x".repeat(33), "Value": "x" }),
        json!({ "Name": "custom:this_name_is_too_long", "Value": "x" }),
        json!({ "Name": "name", "Value": "x".repeat(2049) }),
    ] {
        sign_up_with(&pool, "bob", PASSWORD, json!([email, attribute])).refused("InvalidParameterException");
    }
    let fine =
        json!([email, { "Name": "phone_number", "Value": "+4912345" }, { "Name": "custom:team", "Value": "a b" }]);
    sign_up_with(&pool, "bob", PASSWORD, fine).ok();
    assert_eq!(pool.user("bob")["attributes"]["custom:team"], "a b");
}

#[test]
fn a_name_is_taken_once() {
    let pool = Pool::new();
    sign_up(&pool, "ada", "other@example.org").refused_with("UsernameExistsException", "User already exists");
    sign_up(&pool, "bob", "bob@example.org").ok();
    sign_up(&pool, "bob", "bob@example.org").refused("UsernameExistsException");
    for name in ["b ob", "b\u{a0}ob", "b\nob"] {
        sign_up(&pool, name, "bob@example.org").refused("InvalidParameterException");
    }
}

#[test]
fn a_code_is_compared_ends_and_is_spent() {
    let pool = Pool::new();
    sign_up(&pool, "bob", "bob@example.org").ok();
    let code = pool.code("bob");
    confirm(&pool, "bob", other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
    confirm(&pool, "bob", "12").refused_with(MISMATCH.0, MISMATCH.1);
    confirm(&pool, "bob", "").refused("InvalidParameterException");
    pool.turn(86_400);
    confirm(&pool, "bob", &code).refused_with(EXPIRED.0, EXPIRED.1);
    resend(&pool, "bob").ok();
    pool.turn(86_399);
    confirm(&pool, "bob", &pool.code("bob")).ok();
    confirm(&pool, "bob", &pool.code("bob"))
        .refused_with("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED");
}

#[test]
fn five_wrong_codes_are_too_many() {
    let pool = Pool::new();
    sign_up(&pool, "bob", "bob@example.org").ok();
    let code = pool.code("bob");
    for _ in 0..5 {
        confirm(&pool, "bob", other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
    }
    confirm(&pool, "bob", &code).refused("TooManyFailedAttemptsException");
    resend(&pool, "bob").ok();
    confirm(&pool, "bob", &pool.code("bob")).ok();
}

#[test]
fn a_newer_code_replaces_the_older() {
    let pool = Pool::new();
    sign_up(&pool, "bob", "bob@example.org").ok();
    let older = pool.code("bob");
    let sent = resend(&pool, "bob").ok();
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "b***@e***");
    assert_ne!(older, pool.code("bob"));
    confirm(&pool, "bob", &older).refused_with(MISMATCH.0, MISMATCH.1);
    confirm(&pool, "bob", &pool.code("bob")).ok();
    resend(&pool, "bob").refused_with("InvalidParameterException", "User is already confirmed.");
}

#[test]
fn codes_are_sent_and_tried_only_so_often_an_hour() {
    let pool = Pool::new();
    let limit = "Attempt limit exceeded, please try after some time.";
    for username in ["bob", "nobody"] {
        if username == "bob" {
            sign_up(&pool, "bob", "bob@example.org").ok();
        }
        for _ in 0..5 {
            resend(&pool, username).ok();
        }
        resend(&pool, username).refused_with("LimitExceededException", limit);
        for tried in 0..15 {
            let refused = if tried < 5 { MISMATCH.0 } else { "TooManyFailedAttemptsException" };
            confirm(&pool, username, "no").refused(refused);
        }
        confirm(&pool, username, "no").refused_with("LimitExceededException", limit);
    }
    pool.turn(3599);
    resend(&pool, "bob").refused("LimitExceededException");
    pool.turn(1);
    resend(&pool, "bob").ok();
    confirm(&pool, "bob", &pool.code("bob")).ok();
}

#[test]
fn unknown_users_look_like_known_ones() {
    let pool = Pool::new();
    confirm(&pool, "nobody", "123456").refused_with(EXPIRED.0, EXPIRED.1);
    let (one, again) = (resend(&pool, "nobody").ok(), resend(&pool, "nobody").ok());
    assert_eq!(one, again);
    assert_eq!(one["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let destination = one["CodeDeliveryDetails"]["Destination"].as_str().unwrap();
    assert_eq!((destination.len(), destination.contains("***@"), destination.ends_with("***")), (9, true, true));
    confirm(&pool, "nobody", "123456").refused_with(MISMATCH.0, MISMATCH.1);
    assert_eq!(pool.control("GET", "codes", json!({})).ok(), json!([]));

    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    resend(&pool, "nobody").refused("UserNotFoundException");
    confirm(&pool, "nobody", "123456")
        .refused_with("UserNotFoundException", "Username/client id combination not found.");
}

#[test]
fn a_disabled_user_gets_no_code() {
    let pool = Pool::new();
    sign_up(&pool, "bob", "bob@example.org").ok();
    pool.change("bob", json!({ "enabled": false }));
    let before = pool.code("bob");
    resend(&pool, "bob").ok();
    assert_eq!(pool.code("bob"), before);
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    resend(&pool, "bob").refused_with("NotAuthorizedException", "User is disabled.");
}

#[test]
fn a_pool_can_confirm_by_itself() {
    let pool = Pool::new();
    pool.set(json!({ "autoConfirm": true }));
    let made = sign_up(&pool, "bob", "bob@example.org").ok();
    assert_eq!(made["UserConfirmed"], true);
    assert_eq!(made.get("CodeDeliveryDetails"), None);
    Tokens::of(&pool.srp("bob", PASSWORD).ok());
}

#[test]
fn an_address_is_the_alias_of_one_user() {
    let pool = Pool::new();
    pool.set(json!({ "aliasEmail": true }));
    sign_up(&pool, "bob@example.org", "bob@example.org").refused("InvalidParameterException");
    sign_up(&pool, "second", "ada@example.com").ok();
    let code = pool.code("second");
    confirm(&pool, "second", &code).refused_with("AliasExistsException", "An account with the email already exists.");
    assert_eq!(pool.user("second")["status"], "UNCONFIRMED");
    pool.call(
        "ConfirmSignUp",
        json!({ "ClientId": CLIENT_ID, "Username": "second", "ConfirmationCode": code, "ForceAliasCreation": true }),
    )
    .ok();
    assert_eq!(pool.user("ada")["attributes"]["email_verified"], "false");
    let tokens = Tokens::of(&pool.plain("ada@example.com", PASSWORD).ok());
    assert_eq!(pool.get_user(&tokens.access).ok()["Username"], "second");
}

#[test]
fn confirming_takes_no_session_here() {
    let pool = Pool::new();
    sign_up(&pool, "bob", "bob@example.org").ok();
    let body = json!({ "ClientId": CLIENT_ID, "Username": "bob", "ConfirmationCode": pool.code("bob"), "Session": "s".repeat(40) });
    pool.call("ConfirmSignUp", body).refused("NotAuthorizedException");
}

#[test]
fn validation_data_and_metadata_are_taken_and_not_kept() {
    let pool = Pool::new();
    let body = json!({ "ClientId": CLIENT_ID, "Username": "bob", "Password": PASSWORD,
        "UserAttributes": [{ "Name": "email", "Value": "bob@example.org" }],
        "ValidationData": [{ "Name": "captcha", "Value": "x" }], "ClientMetadata": { "from": "test" },
        "AnalyticsMetadata": { "AnalyticsEndpointId": "x" }, "UserContextData": { "EncodedData": "x" } });
    pool.call("SignUp", body).ok();
    assert_eq!(pool.user("bob")["attributes"], json!({ "email": "bob@example.org" }));
}
