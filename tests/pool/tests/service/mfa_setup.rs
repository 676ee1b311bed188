//! Setting a second factor up, at sign-in and signed in, and what GetUser and GetUserAuthFactors say of it.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Tokens, other_than, session};

fn pool(mode: &str) -> Pool {
    let pool = Pool::new();
    pool.set(json!({ "mfa": { "mode": mode } }));
    pool
}

fn ada(pool: &Pool) -> Value {
    let asked = pool.srp("ada", PASSWORD).ok();
    assert_eq!(asked["ChallengeName"], "MFA_SETUP");
    asked
}

fn associate(pool: &Pool, session: &str) -> Answer {
    pool.call("AssociateSoftwareToken", json!({ "Session": session }))
}

fn verify(pool: &Pool, session: &str, code: &str) -> Answer {
    pool.call("VerifySoftwareToken", json!({ "Session": session, "UserCode": code, "FriendlyDeviceName": "Phone" }))
}

fn code_of(pool: &Pool, associated: &Value, step: i64) -> String {
    let secret = associated["SecretCode"].as_str().unwrap();
    assert!(secret.len() >= 16 && secret.bytes().all(|letter| letter.is_ascii_alphanumeric()));
    let path = format!("totp?secret={secret}&step={step}");
    pool.control("GET", &path, json!({})).ok()["code"].as_str().unwrap().to_owned()
}

fn finish(pool: &Pool, session: &str, responses: Value) -> Answer {
    pool.respond("MFA_SETUP", Some(session), responses)
}

#[test]
fn an_app_is_set_up_at_sign_in() {
    let pool = pool("required");
    let asked = ada(&pool);
    assert_eq!(
        asked["ChallengeParameters"],
        json!({ "MFAS_CAN_SETUP": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]"# })
    );
    let associated = associate(&pool, &session(&asked)).ok();
    associate(&pool, &session(&asked)).refused("NotAuthorizedException");
    let verified = verify(&pool, &session(&associated), &code_of(&pool, &associated, 0)).ok();
    assert_eq!(verified["Status"], "SUCCESS");
    verify(&pool, &session(&associated), &code_of(&pool, &associated, 1)).refused("NotAuthorizedException");
    let tokens = Tokens::of(&finish(&pool, &session(&verified), json!({ "USERNAME": "ada" })).ok());
    finish(&pool, &session(&verified), json!({ "USERNAME": "ada" })).refused("NotAuthorizedException");

    let user = pool.get_user(&tokens.access).ok();
    assert_eq!(user["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(user["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");
    let asked = pool.srp("ada", PASSWORD).ok();
    assert_eq!(asked["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"], "Phone");
    let answer = |code: &str| pool.answer(&asked, json!({ "USERNAME": "ada", "SOFTWARE_TOKEN_MFA_CODE": code }));
    // The code of the setup was taken.
    answer(&pool.totp("ada", 0)).refused("CodeMismatchException");
    Tokens::of(&answer(&pool.totp("ada", 1)).ok());
}

#[test]
fn a_wrong_code_of_the_new_app_can_be_tried_again() {
    let pool = pool("required");
    let associated = associate(&pool, &session(&ada(&pool))).ok();
    let code = code_of(&pool, &associated, 0);
    verify(&pool, &session(&associated), &other_than(&code)).refused("EnableSoftwareTokenMFAException");
    pool.set(json!({ "mfa": { "wrongSetupCode": "status" } }));
    let failed = verify(&pool, &session(&associated), &other_than(&code)).ok();
    assert_eq!(failed["Status"], "ERROR");
    verify(&pool, &session(&associated), &code).refused("NotAuthorizedException");
    for wrong in ["12345", "1234567", "12345a"] {
        verify(&pool, &session(&failed), wrong).refused("InvalidParameterException");
    }
    assert_eq!(verify(&pool, &session(&failed), &code).ok()["Status"], "SUCCESS");
}

#[test]
fn five_wrong_codes_of_the_new_app_lock() {
    let pool = pool("required");
    let associated = associate(&pool, &session(&ada(&pool))).ok();
    let code = code_of(&pool, &associated, 0);
    for _ in 0..5 {
        verify(&pool, &session(&associated), &other_than(&code)).refused("EnableSoftwareTokenMFAException");
    }
    verify(&pool, &session(&associated), &code).refused_with("NotAuthorizedException", "Password attempts exceeded");
    pool.turn(1);
    verify(&pool, &session(&associated), &code).ok();
}

#[test]
fn each_secret_is_new_and_only_the_last_counts() {
    let pool = pool("required");
    let first = associate(&pool, &session(&ada(&pool))).ok();
    let second = associate(&pool, &session(&first)).ok();
    assert_ne!(first["SecretCode"], second["SecretCode"]);
    verify(&pool, &session(&second), &code_of(&pool, &first, 0)).refused("EnableSoftwareTokenMFAException");
    verify(&pool, &session(&second), &code_of(&pool, &second, 0)).ok();
}

#[test]
fn the_steps_cannot_be_left_out_and_end() {
    let pool = pool("required");
    let asked = ada(&pool);
    verify(&pool, &session(&asked), "123456").refused("SoftwareTokenMFANotFoundException");
    finish(&pool, &session(&asked), json!({ "USERNAME": "ada" })).refused("InvalidParameterException");
    let associated = associate(&pool, &session(&ada(&pool))).ok();
    finish(&pool, &session(&associated), json!({ "USERNAME": "ada" })).refused("InvalidParameterException");
    let associated = associate(&pool, &session(&ada(&pool))).ok();
    pool.turn(180);
    verify(&pool, &session(&associated), &code_of(&pool, &associated, 0))
        .refused_with("NotAuthorizedException", "Invalid session for the user, session is expired.");
    associate(&pool, &"s".repeat(40)).refused_with("NotAuthorizedException", "Invalid session for the user.");
    pool.call("AssociateSoftwareToken", json!({})).refused("InvalidParameterException");
    // The Session of another challenge is no way in.
    let other = pool.plain("radia", "Perlman-1951").ok();
    associate(&pool, &session(&other)).refused_with("NotAuthorizedException", "Invalid session for the user.");
}

#[test]
fn an_address_is_set_up_at_sign_in() {
    for name in ["EMAIL", "email"] {
        let pool = pool("required");
        let responses = json!({ "USERNAME": "ada", name: "new@example.org" });
        let asked = finish(&pool, &session(&ada(&pool)), responses).ok();
        assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
        assert_eq!(asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], "n***@e***");
        assert_eq!(pool.user("ada")["attributes"]["email"], "ada@example.com");
        let code = pool.code("ada");
        let answer = |code: &str| pool.answer(&asked, json!({ "USERNAME": "ada", "EMAIL_OTP_CODE": code }));
        answer(&other_than(&code)).refused("CodeMismatchException");
        Tokens::of(&answer(&code).ok());
        assert_eq!(pool.user("ada")["attributes"]["email"], "new@example.org");
        assert_eq!(pool.srp("ada", PASSWORD).ok()["ChallengeName"], "EMAIL_OTP");
    }
    let pool = pool("required");
    finish(&pool, &session(&ada(&pool)), json!({ "USERNAME": "ada", "EMAIL": "nonsense" }))
        .refused("InvalidParameterException");
    pool.set(json!({ "mfa": { "methods": ["SOFTWARE_TOKEN_MFA"] } }));
    finish(&pool, &session(&ada(&pool)), json!({ "USERNAME": "ada", "EMAIL": "a@b.c" }))
        .refused("InvalidParameterException");
}

#[test]
fn an_app_is_set_up_while_signed_in() {
    let pool = pool("optional");
    let access = pool.tokens("ada").access;
    let prefer = |settings: Value| pool.with_token("SetUserMFAPreference", &access, settings);
    let app = json!({ "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    prefer(app.clone()).refused("InvalidParameterException");
    let verify = |code: &str| pool.with_token("VerifySoftwareToken", &access, json!({ "UserCode": code }));
    verify("123456").refused("SoftwareTokenMFANotFoundException");
    let associated = pool.with_token("AssociateSoftwareToken", &access, json!({})).ok();
    assert_eq!(associated.get("Session"), None);
    pool.with_token("AssociateSoftwareToken", &access, json!({ "Session": "s".repeat(40) }))
        .refused("InvalidParameterException");
    let code = code_of(&pool, &associated, 0);
    verify(&other_than(&code)).refused("EnableSoftwareTokenMFAException");
    assert_eq!(verify(&code).ok(), json!({ "Status": "SUCCESS" }));
    // Registered is not switched on.
    assert_eq!(pool.get_user(&access).ok().get("UserMFASettingList"), None);
    pool.tokens("ada");
    prefer(app).ok();
    assert_eq!(pool.get_user(&access).ok()["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(pool.plain("ada", PASSWORD).ok()["ChallengeName"], "SOFTWARE_TOKEN_MFA");

    pool.set(json!({ "mfa": { "methods": ["SMS_MFA"] } }));
    pool.with_token("AssociateSoftwareToken", &access, json!({})).refused("SoftwareTokenMFANotFoundException");
}

#[test]
fn preferences_are_checked_and_what_is_left_out_stays() {
    let pool = pool("optional");
    pool.change("annie", json!({ "password": PASSWORD }));
    let access = pool.tokens("annie").access;
    let prefer = |settings: Value| pool.with_token("SetUserMFAPreference", &access, settings);
    let on = |preferred: bool| json!({ "Enabled": true, "PreferredMfa": preferred });
    let told = || {
        let user = pool.get_user(&access).ok();
        (user["UserMFASettingList"].clone(), user["PreferredMfaSetting"].clone())
    };
    prefer(json!({ "SMSMfaSettings": on(true), "EmailMfaSettings": on(true) })).refused("InvalidParameterException");
    assert_eq!(told(), (Value::Null, Value::Null));
    prefer(json!({ "SMSMfaSettings": on(true) })).ok();
    prefer(json!({ "EmailMfaSettings": on(false) })).ok();
    assert_eq!(told(), (json!(["SMS_MFA", "EMAIL_OTP"]), json!("SMS_MFA")));
    prefer(json!({ "EmailMfaSettings": on(true) })).ok();
    assert_eq!(told().1, "EMAIL_OTP");
    prefer(json!({ "EmailMfaSettings": null, "SMSMfaSettings": null, "SoftwareTokenMfaSettings": null })).ok();
    assert_eq!(told().1, "EMAIL_OTP");
    prefer(json!({ "EmailMfaSettings": on(false) })).ok();
    assert_eq!(told().1, Value::Null);
    assert_eq!(pool.plain("annie", PASSWORD).ok()["ChallengeName"], "SELECT_MFA_TYPE");
    prefer(json!({ "EmailMfaSettings": { "Enabled": false, "PreferredMfa": true } }))
        .refused("InvalidParameterException");
    prefer(json!({ "EmailMfaSettings": { "Enabled": false }, "SMSMfaSettings": { "Enabled": false } })).ok();
    assert_eq!(told(), (Value::Null, Value::Null));
    pool.tokens("annie");
    prefer(json!({ "SMSMfaSettings": { "Enabled": "yes" } })).refused("SerializationException");
    prefer(json!({ "SMSMfaSettings": { "On": true } })).refused("SerializationException");
    prefer(json!({ "WebAuthnMfaSettings": { "Enabled": true } })).refused("InvalidParameterException");

    let ada = pool.tokens("ada").access;
    pool.with_token("SetUserMFAPreference", &ada, json!({ "SMSMfaSettings": on(true) }))
        .refused("InvalidParameterException");
    pool.set(json!({ "mfa": { "mode": "off" } }));
    prefer(json!({ "SMSMfaSettings": on(true) })).refused("InvalidParameterException");
}

#[test]
fn a_pool_that_requires_a_second_factor_keeps_the_last_one() {
    let pool = pool("required");
    let asked = pool.plain("radia", "Perlman-1951").ok();
    let answer = pool.answer(&asked, json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") })).ok();
    let access = Tokens::of(&answer).access;
    pool.with_token("SetUserMFAPreference", &access, json!({ "SMSMfaSettings": { "Enabled": false } }))
        .refused("InvalidParameterException");
    pool.with_token("SetUserMFAPreference", "nonsense", json!({})).refused("NotAuthorizedException");
}

#[test]
fn the_older_switch_knows_sms_alone() {
    let pool = pool("optional");
    pool.change("annie", json!({ "password": PASSWORD }));
    let access = pool.tokens("annie").access;
    let set = |options: Value| pool.with_token("SetUserSettings", &access, json!({ "MFAOptions": options }));
    let sms = json!({ "DeliveryMedium": "SMS", "AttributeName": "phone_number" });
    set(json!([{ "DeliveryMedium": "EMAIL", "AttributeName": "email" }])).refused("InvalidParameterException");
    set(json!([sms])).ok();
    assert_eq!(pool.get_user(&access).ok()["MFAOptions"], json!([sms]));
    assert_eq!(pool.plain("annie", PASSWORD).ok()["ChallengeName"], "SMS_MFA");
    set(json!([])).ok();
    assert_eq!(pool.get_user(&access).ok().get("MFAOptions"), None);
    pool.tokens("annie");
}

#[test]
fn the_factors_of_a_user_are_told() {
    let pool = pool("optional");
    pool.change("annie", json!({ "password": PASSWORD }));
    let factors = |access: &str| pool.with_token("GetUserAuthFactors", access, json!({})).ok();
    let annie = pool.tokens("annie").access;
    assert_eq!(
        factors(&annie),
        json!({ "Username": "annie", "ConfiguredUserAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"] })
    );
    let asked = pool.srp("hedy", "Lamarr-1914").ok();
    let responses = json!({ "USERNAME": "hedy", "SOFTWARE_TOKEN_MFA_CODE": pool.totp("hedy", 0) });
    let hedy = Tokens::of(&pool.answer(&asked, responses).ok()).access;
    assert_eq!(
        factors(&hedy),
        json!({ "Username": "hedy", "ConfiguredUserAuthFactors": ["PASSWORD", "SOFTWARE_TOKEN"],
                "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"], "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA" })
    );
}
