//! Second factors: codes by SMS and mail, authenticator apps, and the choice among them.

use serde_json::{Value, json};

use crate::support::{Answer, Pool, Tokens, opened, other_than};

const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid code or auth state for the user.");

fn pool() -> Pool {
    let pool = Pool::new();
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    pool
}

fn radia(pool: &Pool) -> Value {
    pool.plain("radia", "Perlman-1951").ok()
}

fn hedy(pool: &Pool) -> Value {
    pool.srp("hedy", "Lamarr-1914").ok()
}

fn sms(pool: &Pool, asked: &Value, code: &str) -> Answer {
    pool.answer(asked, json!({ "USERNAME": "radia", "SMS_MFA_CODE": code }))
}

fn totp(pool: &Pool, asked: &Value, code: &str) -> Answer {
    pool.answer(asked, json!({ "USERNAME": "hedy", "SOFTWARE_TOKEN_MFA_CODE": code }))
}

#[test]
fn without_mfa_in_the_pool_nobody_is_asked() {
    let pool = Pool::new();
    for (username, password) in [("hedy", "Lamarr-1914"), ("radia", "Perlman-1951"), ("frances", "Spence-1922!")] {
        Tokens::of(&pool.srp(username, password).ok());
    }
    pool.set(json!({ "mfa": { "mode": "optional", "methods": ["EMAIL_OTP"] } }));
    Tokens::of(&pool.srp("hedy", "Lamarr-1914").ok());
    pool.tokens("ada");
}

#[test]
fn an_sms_brings_the_second_factor() {
    let pool = pool();
    let asked = radia(&pool);
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    assert_eq!(asked.get("AuthenticationResult"), None);
    assert_eq!(
        asked["ChallengeParameters"],
        json!({ "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0123",
                "USER_ID_FOR_SRP": "radia" })
    );
    let mail = pool.mail("radia");
    assert_eq!(
        (&mail["medium"], &mail["purpose"], &mail["destination"]),
        (&json!("SMS"), &json!("mfa"), &json!("+15555550123"))
    );
    let code = pool.code("radia");
    assert_eq!(code.len(), 6);
    let answer = sms(&pool, &asked, &code).ok();
    let (_, claims) = opened(&Tokens::of(&answer).access);
    assert_eq!((claims.get("amr"), claims.get("device_key")), (None, None));
    sms(&pool, &asked, &code)
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
}

#[test]
fn a_wrong_code_leaves_the_session_and_its_end() {
    let pool = pool();
    let asked = radia(&pool);
    let code = pool.code("radia");
    sms(&pool, &asked, &other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
    pool.turn(179);
    sms(&pool, &asked, &other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
    pool.turn(1);
    sms(&pool, &asked, &code)
        .refused_with("NotAuthorizedException", "Invalid session for the user, session is expired.");
}

#[test]
fn an_answer_needs_the_name_and_the_code_of_its_own_challenge() {
    let pool = pool();
    let asked = radia(&pool);
    let code = pool.code("radia");
    for (responses, name, message) in [
        (json!({ "SMS_MFA_CODE": code }), "InvalidParameterException", "Missing required parameter USERNAME"),
        (json!({ "USERNAME": "radia" }), "InvalidParameterException", "Missing required parameter SMS_MFA_CODE"),
        (
            json!({ "USERNAME": "radia", "SMS_MFA_CODE": "" }),
            "InvalidParameterException",
            "Missing required parameter SMS_MFA_CODE",
        ),
        (
            json!({ "USERNAME": "radia", "SOFTWARE_TOKEN_MFA_CODE": code }),
            "InvalidParameterException",
            "Missing required parameter SMS_MFA_CODE",
        ),
        (json!({ "USERNAME": "ada", "SMS_MFA_CODE": code }), "NotAuthorizedException", "Invalid session for the user."),
    ] {
        pool.answer(&asked, responses).refused_with(name, message);
    }
    let body = json!({ "USERNAME": "radia", "SMS_MFA_CODE": code });
    pool.respond("SMS_MFA", None, body.clone()).refused("InvalidParameterException");
    pool.respond("EMAIL_OTP", asked["Session"].as_str(), json!({ "USERNAME": "radia", "EMAIL_OTP_CODE": code }))
        .refused("NotAuthorizedException");
    Tokens::of(&sms(&pool, &asked, &code).ok());
    let asked = radia(&pool);
    let more = json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia"), "COLOUR": "red" });
    pool.answer(&asked, more).refused("InvalidParameterException");
}

#[test]
fn an_older_code_is_not_the_newer_one() {
    let pool = pool();
    let older = radia(&pool);
    let code = pool.code("radia");
    let newer = radia(&pool);
    sms(&pool, &newer, &code).refused_with(MISMATCH.0, MISMATCH.1);
    Tokens::of(&sms(&pool, &older, &code).ok());
}

#[test]
fn wrong_codes_lock_apart_from_passwords() {
    let pool = pool();
    let asked = radia(&pool);
    let code = pool.code("radia");
    for _ in 0..5 {
        sms(&pool, &asked, &other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
    }
    sms(&pool, &asked, &code).refused_with("NotAuthorizedException", "Password attempts exceeded");
    // A right password does not unlock codes.
    let fresh = radia(&pool);
    assert_eq!(fresh["ChallengeName"], "SMS_MFA");
    sms(&pool, &fresh, &pool.code("radia")).refused_with("NotAuthorizedException", "Password attempts exceeded");
    pool.turn(1);
    Tokens::of(&sms(&pool, &asked, &code).ok());
    assert_eq!(pool.user("radia")["failures"], 0);
}

#[test]
fn a_mail_brings_the_second_factor() {
    let pool = pool();
    for digits in [6, 8] {
        pool.set(json!({ "mfa": { "emailDigits": digits } }));
        let asked = pool.srp("edith", "Clarke-1883!").ok();
        assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
        assert_eq!(
            asked["ChallengeParameters"],
            json!({ "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "e***@e***" })
        );
        let code = pool.code("edith");
        assert_eq!(code.len(), digits);
        let answer = |code: &str| pool.answer(&asked, json!({ "USERNAME": "edith", "EMAIL_OTP_CODE": code }));
        answer(&other_than(&code)).refused_with(MISMATCH.0, MISMATCH.1);
        Tokens::of(&answer(&code).ok());
    }
}

#[test]
fn mails_have_an_hourly_budget() {
    let pool = pool();
    for _ in 0..20 {
        pool.plain("edith", "Clarke-1883!").ok();
    }
    pool.plain("edith", "Clarke-1883!")
        .refused_with("LimitExceededException", "Attempt limit exceeded, please try after some time.");
    pool.turn(3600);
    pool.plain("edith", "Clarke-1883!").ok();
}

#[test]
fn an_app_brings_the_second_factor() {
    let pool = pool();
    let asked = hedy(&pool);
    assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    assert_eq!(
        asked["ChallengeParameters"],
        json!({ "FRIENDLY_DEVICE_NAME": "Hedy's phone", "USER_ID_FOR_SRP": "hedy" })
    );
    let code = pool.totp("hedy", 0);
    for wrong in [other_than(&code), pool.totp("hedy", 2), pool.totp("hedy", -2), "12".to_owned()] {
        totp(&pool, &asked, &wrong).refused_with(MISMATCH.0, MISMATCH.1);
    }
    let twice = json!({ "USERNAME": "hedy", "SMS_MFA_CODE": code, "SOFTWARE_TOKEN_MFA_CODE": code });
    Tokens::of(&pool.answer(&asked, twice).ok());
}

#[test]
fn a_code_of_an_app_is_taken_once() {
    let pool = pool();
    let code = pool.totp("hedy", 0);
    Tokens::of(&totp(&pool, &hedy(&pool), &code).ok());
    let asked = hedy(&pool);
    totp(&pool, &asked, &code).refused_with(MISMATCH.0, MISMATCH.1);
    totp(&pool, &asked, &pool.totp("hedy", -1)).refused_with(MISMATCH.0, MISMATCH.1);
    Tokens::of(&totp(&pool, &asked, &pool.totp("hedy", 1)).ok());
    pool.turn(60);
    Tokens::of(&totp(&pool, &hedy(&pool), &pool.totp("hedy", 0)).ok());
}

#[test]
fn several_factors_without_a_preferred_one_are_a_choice() {
    let pool = pool();
    let begin = || pool.srp("frances", "Spence-1922!").ok();
    let asked = begin();
    assert_eq!(asked["ChallengeName"], "SELECT_MFA_TYPE");
    assert_eq!(
        asked["ChallengeParameters"],
        json!({ "MFAS_CAN_CHOOSE": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"#,
                "CODE_DELIVERY_DESTINATION": "+*******0145" })
    );
    let choose = |answer: &str| pool.answer(&begin(), json!({ "USERNAME": "frances", "ANSWER": answer }));
    for (name, code) in [("SMS_MFA", "SMS_MFA_CODE"), ("EMAIL_OTP", "EMAIL_OTP_CODE")] {
        let asked = choose(name).ok();
        assert_eq!(asked["ChallengeName"], name);
        Tokens::of(&pool.answer(&asked, json!({ "USERNAME": "frances", code: pool.code("frances") })).ok());
    }
    let asked = choose("SOFTWARE_TOKEN_MFA").ok();
    let responses = json!({ "USERNAME": "frances", "SOFTWARE_TOKEN_MFA_CODE": pool.totp("frances", 0) });
    Tokens::of(&pool.answer(&asked, responses).ok());
    choose("EMAIL_MFA").refused("InvalidParameterException");
    let asked = begin();
    pool.answer(&asked, json!({ "USERNAME": "frances", "ANSWER": "SMS_MFA" })).ok();
    pool.answer(&asked, json!({ "USERNAME": "frances", "ANSWER": "SMS_MFA" })).refused("NotAuthorizedException");

    pool.change("frances", json!({ "mfa": { "methods": ["SMS_MFA", "EMAIL_OTP"], "preferred": "EMAIL_OTP" } }));
    assert_eq!(begin()["ChallengeName"], "EMAIL_OTP");
}

#[test]
fn a_new_password_comes_before_the_second_factor() {
    let pool = pool();
    pool.change(
        "grace",
        json!({ "attributes": { "phone_number": "+15550001111" }, "mfa": { "methods": ["SMS_MFA"] } }),
    );
    let asked = pool.plain("grace", "Hopper-1906-tmp").ok();
    let responses =
        json!({ "USERNAME": "grace", "NEW_PASSWORD": "Hopper-1906-new", "userAttributes.given_name": "Grace" });
    let asked = pool.answer(&asked, responses).ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    Tokens::of(&pool.answer(&asked, json!({ "USERNAME": "grace", "SMS_MFA_CODE": pool.code("grace") })).ok());
}

#[test]
fn who_is_disabled_or_deleted_meanwhile_is_refused() {
    let pool = pool();
    let (one, other) = (radia(&pool), radia(&pool));
    let code = pool.code("radia");
    pool.change("radia", json!({ "enabled": false }));
    sms(&pool, &one, &code).refused_with("NotAuthorizedException", "User is disabled.");
    pool.control("DELETE", "users/radia", json!({})).ok();
    sms(&pool, &other, &code).refused("UserNotFoundException");
}

#[test]
fn context_and_metadata_of_every_step_are_in_the_journal() {
    let pool = pool();
    let context = json!({ "EncodedData": "abc", "IpAddress": "192.0.2.1" });
    let whole = |mut body: Value| {
        body["ClientId"] = cognito_pool::CLIENT_ID.into();
        body["UserContextData"] = context.clone();
        body["ClientMetadata"] = json!({ "from": "test" });
        body["AnalyticsMetadata"] = json!({ "AnalyticsEndpointId": "x" });
        body
    };
    let begin = json!({ "AuthFlow": "USER_PASSWORD_AUTH",
                        "AuthParameters": { "USERNAME": "radia", "PASSWORD": "Perlman-1951" } });
    let asked = pool.call("InitiateAuth", whole(begin)).ok();
    let answer = json!({ "ChallengeName": "SMS_MFA", "Session": asked["Session"],
                         "ChallengeResponses": { "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") } });
    Tokens::of(&pool.call("RespondToAuthChallenge", whole(answer)).ok());
    for operation in ["InitiateAuth", "RespondToAuthChallenge"] {
        let entries = pool.control("GET", &format!("requests?operation={operation}"), json!({})).ok();
        assert_eq!(entries[0]["body"]["UserContextData"], context);
        assert_eq!(entries[0]["body"]["ClientMetadata"], json!({ "from": "test" }));
    }
}
