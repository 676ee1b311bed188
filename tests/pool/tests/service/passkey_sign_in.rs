//! Signing in by passkey.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, encoded};
use crate::passkeys::register;
use crate::support::{Answer, PASSWORD, Pool, Tokens, opened};

const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");

/// A pool where ada has a passkey.
fn pool() -> (Pool, Authenticator) {
    let pool = Pool::new();
    pool.set(
        json!({ "explicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }),
    );
    let mut authenticator = Authenticator::es256();
    register(&pool, &pool.tokens("ada").access, &mut authenticator);
    (pool, authenticator)
}

fn begin(pool: &Pool, username: &str, preferred: Option<&str>) -> Answer {
    let mut given = json!({ "USERNAME": username });
    if let Some(preferred) = preferred {
        given["PREFERRED_CHALLENGE"] = json!(preferred);
    }
    pool.call("InitiateAuth", json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_AUTH", "AuthParameters": given }))
}

/// WEB_AUTHN, and the options in it.
#[track_caller]
fn asked(pool: &Pool, username: &str) -> (Value, Value) {
    let asked = begin(pool, username, Some("WEB_AUTHN")).ok();
    assert_eq!(asked["ChallengeName"], "WEB_AUTHN");
    let options = asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
    let options = serde_json::from_str(options).unwrap();
    (asked, options)
}

fn answer(pool: &Pool, asked: &Value, username: &str, credential: &Value) -> Answer {
    let responses = json!({ "USERNAME": username, "CREDENTIAL": credential.to_string() });
    pool.respond("WEB_AUTHN", asked["Session"].as_str(), responses)
}

#[test]
fn a_passkey_signs_in() {
    for mut authenticator in [Authenticator::es256(), Authenticator::rs256()] {
        let (pool, first) = pool();
        register(&pool, &pool.tokens("ada").access, &mut authenticator);
        let (asked, options) = asked(&pool, "ada");
        let allowed: Vec<_> = options["allowCredentials"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(allowed, [&json!(encoded(&first.id)), &json!(encoded(&authenticator.id))]);
        assert_eq!((&options["rpId"], &options["timeout"]), (&json!("localhost"), &json!(180_000)));
        assert_eq!(options["userVerification"], "preferred");
        let tokens = Tokens::of(&answer(&pool, &asked, "ada", &authenticator.get(&options)).ok());
        let (_, claims) = opened(&tokens.access);
        assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["hwk"]), &json!("urn:cognito:loa:4")));
        pool.renew(tokens.refresh()).ok();
        // The user handle may be left out.
        let (asked, options) = self::asked(&pool, "ada");
        let mut credential = authenticator.get(&options);
        credential["response"].as_object_mut().unwrap().remove("userHandle");
        Tokens::of(&answer(&pool, &asked, "ada", &credential).ok());
    }
}

#[test]
fn a_passkey_can_be_chosen() {
    let (pool, authenticator) = pool();
    for preferred in [None, Some("SMS_OTP")] {
        let asked = begin(&pool, "ada", preferred).ok();
        assert_eq!(asked["ChallengeName"], "SELECT_CHALLENGE");
        assert!(asked["AvailableChallenges"].as_array().unwrap().contains(&json!("WEB_AUTHN")));
        let responses = json!({ "USERNAME": "ada", "ANSWER": "WEB_AUTHN" });
        let asked = pool.respond("SELECT_CHALLENGE", asked["Session"].as_str(), responses).ok();
        let options = asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
        let options = serde_json::from_str(options).unwrap();
        Tokens::of(&answer(&pool, &asked, "ada", &authenticator.get(&options)).ok());
    }
}

#[test]
fn a_wrong_answer_is_a_wrong_credential_and_counts() {
    let (pool, mut authenticator) = pool();
    let mut stranger = Authenticator::es256();
    pool.add("bob", "CONFIRMED");
    register(&pool, &pool.tokens("bob").access, &mut stranger);
    let old = asked(&pool, "ada").1;
    let mut tries = 0;
    let mut wrong = |credential: &dyn Fn(&mut Authenticator, &Value) -> Value| {
        let (asked, options) = asked(&pool, "ada");
        let credential = credential(&mut authenticator, &options);
        answer(&pool, &asked, "ada", &credential).refused_with(WRONG.0, WRONG.1);
        tries += 1;
        assert_eq!(pool.user("ada")["failures"], 1);
        // The right answer comes too late for this Session.
        let late = answer(&pool, &asked, "ada", &authenticator.get(&options));
        late.refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
        let (asked, options) = self::asked(&pool, "ada");
        authenticator.counter += 1;
        Tokens::of(&answer(&pool, &asked, "ada", &authenticator.get(&options)).ok());
        assert_eq!(pool.user("ada")["failures"], 0);
    };
    let spoilt = |pointer: &'static str, value: Value| {
        move |it: &mut Authenticator, options: &Value| {
            it.counter += 1;
            let mut credential = it.get(options);
            *credential.pointer_mut(pointer).unwrap() = value.clone();
            credential
        }
    };
    wrong(&|_, _| json!({}));
    wrong(&|_, _| json!("text"));
    wrong(&|_, options| stranger.get(options));
    wrong(&|it, _| it.get(&old));
    wrong(&spoilt("/type", json!("password")));
    wrong(&spoilt("/rawId", json!(encoded(&[3; 32]))));
    wrong(&spoilt("/response/signature", json!(encoded(&[3; 64]))));
    wrong(&spoilt("/response/userHandle", json!(encoded(&[3; 16]))));
    wrong(&spoilt("/response/authenticatorData", json!(encoded(&[3; 37]))));
    // A counter that does not move is a copy of the authenticator.
    wrong(&|it, options| it.get(options));
    wrong(&|it, options| {
        it.counter += 1;
        it.origin = "https://localhost.evil.example".to_owned();
        let credential = it.get(options);
        it.origin = "http://localhost:4173".to_owned();
        credential
    });
    wrong(&|it, options| {
        it.counter += 1;
        it.rp_id = Some("example.com".to_owned());
        let credential = it.get(options);
        it.rp_id = None;
        credential
    });
    wrong(&|it, options| {
        it.counter += 1;
        it.user_present = false;
        let credential = it.get(options);
        it.user_present = true;
        credential
    });
    assert_eq!(tries, 13);
}

#[test]
fn five_wrong_answers_lock() {
    let (pool, authenticator) = pool();
    for _ in 0..5 {
        let (asked, _) = asked(&pool, "ada");
        answer(&pool, &asked, "ada", &json!({})).refused_with(WRONG.0, WRONG.1);
    }
    let locked = ("NotAuthorizedException", "Password attempts exceeded");
    begin(&pool, "ada", Some("WEB_AUTHN")).refused_with(locked.0, locked.1);
    pool.plain("ada", PASSWORD).refused_with(locked.0, locked.1);
    pool.turn(1);
    let (asked, options) = asked(&pool, "ada");
    Tokens::of(&answer(&pool, &asked, "ada", &authenticator.get(&options)).ok());
}

#[test]
fn an_answer_is_for_one_session_and_its_time() {
    let (pool, authenticator) = pool();
    let (first, options) = asked(&pool, "ada");
    let (second, other) = asked(&pool, "ada");
    // Sessions do not lend each other their challenges.
    answer(&pool, &second, "ada", &authenticator.get(&options)).refused_with(WRONG.0, WRONG.1);
    answer(&pool, &first, "bob", &authenticator.get(&options)).refused("NotAuthorizedException");
    pool.respond("WEB_AUTHN", first["Session"].as_str(), json!({ "USERNAME": "ada" }))
        .refused("InvalidParameterException");
    Tokens::of(&answer(&pool, &first, "ada", &authenticator.get(&options)).ok());
    answer(&pool, &second, "ada", &authenticator.get(&other)).refused("NotAuthorizedException");
    let (third, options) = asked(&pool, "ada");
    pool.turn(180);
    answer(&pool, &third, "ada", &authenticator.get(&options))
        .refused_with("NotAuthorizedException", "Invalid session for the user, session is expired.");
}

#[test]
fn without_a_passkey_of_the_relying_party_it_is_not_offered() {
    let (pool, authenticator) = pool();
    let offered = |username: &str| {
        let asked = begin(&pool, username, Some("WEB_AUTHN")).ok();
        assert_eq!(asked["ChallengeName"], "SELECT_CHALLENGE");
        assert!(!asked["AvailableChallenges"].as_array().unwrap().contains(&json!("WEB_AUTHN")), "{asked}");
        let responses = json!({ "USERNAME": username, "ANSWER": "WEB_AUTHN" });
        pool.respond("SELECT_CHALLENGE", asked["Session"].as_str(), responses).refused("InvalidParameterException");
    };
    pool.add("bob", "CONFIRMED");
    offered("bob");
    for setting in [
        json!({ "passkeys": { "relyingPartyId": "example.com" } }),
        json!({ "passkeys": { "relyingPartyId": null } }),
        json!({ "passkeys": { "relyingPartyId": "localhost", "enabled": false } }),
        json!({ "passkeys": { "enabled": true }, "choice": { "factors": ["PASSWORD"] } }),
    ] {
        pool.set(setting);
        offered("ada");
    }
    pool.set(json!({ "choice": { "factors": ["PASSWORD", "WEB_AUTHN"] } }));
    let (asked, options) = asked(&pool, "ada");
    let access = pool.tokens("ada").access;
    let body = json!({ "AccessToken": access, "CredentialId": encoded(&authenticator.id) });
    pool.call("DeleteWebAuthnCredential", body).ok();
    answer(&pool, &asked, "ada", &authenticator.get(&options)).refused_with(WRONG.0, WRONG.1);
    offered("ada");
}

#[test]
fn a_passkey_is_two_factors_only_where_the_pool_says_so() {
    let (pool, mut authenticator) = pool();
    pool.change("ada", json!({ "attributes": { "phone_number": "+15555550123", "phone_number_verified": "true" } }));
    pool.change("ada", json!({ "mfa": { "methods": ["SMS_MFA"], "preferred": null } }));
    for mode in ["optional", "required"] {
        pool.set(json!({ "mfa": { "mode": mode }, "passkeys": { "factor": "SINGLE_FACTOR" } }));
        assert_eq!(begin(&pool, "ada", Some("WEB_AUTHN")).ok()["ChallengeName"], "SELECT_CHALLENGE");
        pool.set(json!({ "passkeys": { "factor": "MULTI_FACTOR_WITH_USER_VERIFICATION" } }));
        let (asked, options) = asked(&pool, "ada");
        assert_eq!(options["userVerification"], "required");
        authenticator.user_verified = false;
        answer(&pool, &asked, "ada", &authenticator.get(&options)).refused_with(WRONG.0, WRONG.1);
        authenticator.user_verified = true;
        let (asked, options) = self::asked(&pool, "ada");
        Tokens::of(&answer(&pool, &asked, "ada", &authenticator.get(&options)).ok());
    }
}

#[test]
fn a_passkey_is_switched_on_as_a_factor_beside_another_one_only() {
    let (pool, _) = pool();
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    let access = pool.tokens("ada").access;
    let switch = |more: Value| {
        let mut body = json!({ "AccessToken": access, "WebAuthnMfaSettings": { "Enabled": true } });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        pool.call("SetUserMFAPreference", body)
    };
    let mail = json!({ "EmailMfaSettings": { "Enabled": true } });
    switch(mail.clone()).refused("InvalidParameterException");
    pool.set(json!({ "passkeys": { "factor": "MULTI_FACTOR_WITH_USER_VERIFICATION" } }));
    switch(json!({})).refused("InvalidParameterException");
    switch(mail).ok();
    switch(json!({})).ok();
}

#[test]
fn names_without_a_user_may_seem_to_have_a_passkey() {
    let (pool, authenticator) = pool();
    let seems = |name: &String| begin(&pool, name, Some("WEB_AUTHN")).ok()["ChallengeName"] == "WEB_AUTHN";
    let names: Vec<String> = (0..20).map(|number| format!("nobody{number}")).collect();
    let (with, without): (Vec<_>, Vec<_>) = names.iter().partition(|name| seems(name));
    assert!(!with.is_empty() && !without.is_empty());
    assert!(with.iter().all(|name| seems(name)));
    let (asked, options) = asked(&pool, with[0]);
    let (_, again) = self::asked(&pool, with[0]);
    assert_eq!(options["allowCredentials"], again["allowCredentials"]);
    assert_ne!(options["challenge"], again["challenge"]);
    answer(&pool, &asked, with[0], &authenticator.get(&options)).refused_with(WRONG.0, WRONG.1);
}

#[test]
fn who_is_disabled_is_told_so_after_the_right_answer_only() {
    let (pool, authenticator) = pool();
    pool.change("ada", json!({ "enabled": false }));
    let (asked, _) = asked(&pool, "ada");
    answer(&pool, &asked, "ada", &json!({})).refused_with(WRONG.0, WRONG.1);
    let (asked, options) = self::asked(&pool, "ada");
    answer(&pool, &asked, "ada", &authenticator.get(&options))
        .refused_with("NotAuthorizedException", "User is disabled.");
}

#[test]
fn a_user_without_a_password_chooses_the_first_one() {
    let (pool, _) = pool();
    let asked = begin(&pool, "lynn", Some("EMAIL_OTP")).ok();
    let responses = json!({ "USERNAME": "lynn", "EMAIL_OTP_CODE": pool.code("lynn") });
    let access = Tokens::of(&pool.respond("EMAIL_OTP", asked["Session"].as_str(), responses).ok()).access;
    let change = |previous: Option<&str>, proposed: &str| {
        let mut body = json!({ "AccessToken": access, "ProposedPassword": proposed });
        if let Some(previous) = previous {
            body["PreviousPassword"] = json!(previous);
        }
        pool.call("ChangePassword", body)
    };
    change(Some("anything"), "Conway-1938").refused_with(WRONG.0, WRONG.1);
    change(None, "Conway-1938").ok();
    change(None, "Mead-Conway-1980").refused("InvalidParameterException");
    change(Some("Conway-1938"), "Mead-Conway-1980").ok();
    pool.plain("lynn", "Mead-Conway-1980").ok();
    let mut authenticator = Authenticator::es256();
    register(&pool, &access, &mut authenticator);
    let (asked, options) = self::asked(&pool, "lynn");
    Tokens::of(&answer(&pool, &asked, "lynn", &authenticator.get(&options)).ok());
}
