//! USER_AUTH: the choice of a first factor, and each of them.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Proof, Tokens, opened, other_than};

const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");
pub const EASLEY: &str = "Easley-1933";

pub fn pool() -> Pool {
    let pool = Pool::new();
    pool.set(json!({ "explicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"] }));
    pool
}

pub fn begin(pool: &Pool, parameters: Value) -> Answer {
    pool.initiate("USER_AUTH", parameters)
}

fn asked(pool: &Pool, username: &str) -> Value {
    begin(pool, json!({ "USERNAME": username })).ok()
}

pub fn choose(pool: &Pool, username: &str, answer: &str) -> Answer {
    pool.answer(&asked(pool, username), json!({ "USERNAME": username, "ANSWER": answer }))
}

#[test]
fn the_flow_must_be_allowed() {
    let pool = Pool::new();
    begin(&pool, json!({ "USERNAME": "annie" }))
        .refused_with("InvalidParameterException", "USER_AUTH is not enabled for the client.");
}

#[test]
fn every_factor_that_a_user_has_is_offered() {
    let pool = pool();
    let annie = asked(&pool, "annie");
    assert_eq!(annie["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(annie["AvailableChallenges"], json!(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]));
    assert_eq!(annie["ChallengeParameters"], json!({}));
    assert_eq!(asked(&pool, "lynn")["AvailableChallenges"], json!(["EMAIL_OTP", "SMS_OTP"]));
    assert_eq!(asked(&pool, "ada")["AvailableChallenges"], json!(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]));
    pool.set(json!({ "choice": { "factors": ["SMS_OTP", "PASSWORD"], "unnamed": true } }));
    let annie = asked(&pool, "annie");
    assert_eq!(annie.get("ChallengeName"), None);
    assert_eq!(annie["AvailableChallenges"], json!(["SMS_OTP", "PASSWORD", "PASSWORD_SRP"]));
    let answer = json!({ "USERNAME": "annie", "ANSWER": "PASSWORD", "PASSWORD": EASLEY });
    Tokens::of(&pool.answer(&annie, answer).ok());
}

#[test]
fn codes_are_not_for_who_has_or_needs_a_second_factor() {
    let pool = pool();
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    let password = json!(["PASSWORD", "PASSWORD_SRP"]);
    assert_eq!(asked(&pool, "frances")["AvailableChallenges"], password);
    assert_eq!(asked(&pool, "ada")["AvailableChallenges"], json!(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]));
    let instead = begin(&pool, json!({ "USERNAME": "frances", "PREFERRED_CHALLENGE": "EMAIL_OTP" })).ok();
    assert_eq!(instead["ChallengeName"], "SELECT_CHALLENGE");
    pool.set(json!({ "mfa": { "mode": "required" } }));
    assert_eq!(asked(&pool, "ada")["AvailableChallenges"], password);
    for name in ["nobody", "noone", "none", "nil"] {
        assert_eq!(asked(&pool, name)["AvailableChallenges"], password);
    }
}

#[test]
fn a_password_is_taken_at_every_place() {
    let pool = pool();
    let password = |name: &str, value: &str| json!({ "USERNAME": "annie", name: value, "PASSWORD": EASLEY });
    Tokens::of(&begin(&pool, password("PREFERRED_CHALLENGE", "PASSWORD")).ok());
    Tokens::of(&pool.answer(&asked(&pool, "annie"), password("ANSWER", "PASSWORD")).ok());
    let next = choose(&pool, "annie", "PASSWORD").ok();
    assert_eq!((&next["ChallengeName"], &next["ChallengeParameters"]), (&json!("PASSWORD"), &json!({})));
    let answer = json!({ "USERNAME": "annie", "PASSWORD": EASLEY });
    Tokens::of(&pool.answer(&next, answer.clone()).ok());
    pool.answer(&next, answer.clone())
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
    let next = begin(&pool, json!({ "USERNAME": "annie", "PREFERRED_CHALLENGE": "PASSWORD" })).ok();
    Tokens::of(&pool.answer(&next, answer).ok());
    let (_, claims) = opened(&Tokens::of(&begin(&pool, password("PREFERRED_CHALLENGE", "PASSWORD")).ok()).id);
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:cognito:loa:1"), &json!(["pwd"])));
}

#[test]
fn srp_carries_a_session_here() {
    let pool = pool();
    let proof = Proof::default();
    let preferred = json!({ "USERNAME": "annie", "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": proof.public() });
    let verifier = begin(&pool, preferred).ok();
    assert_eq!(verifier["ChallengeName"], "PASSWORD_VERIFIER");
    assert_eq!(verifier["AvailableChallenges"].as_array().unwrap().len(), 4);
    let responses = proof.responses(&verifier["ChallengeParameters"], EASLEY, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses).refused("NotAuthorizedException");
    Tokens::of(&pool.prove(&verifier, EASLEY).ok());

    let answer = json!({ "USERNAME": "annie", "ANSWER": "PASSWORD_SRP", "SRP_A": proof.public() });
    let verifier = pool.answer(&asked(&pool, "annie"), answer).ok();
    pool.prove(&verifier, "wrong").refused_with(WRONG.0, WRONG.1);
    pool.prove(&verifier, EASLEY).refused("NotAuthorizedException");
    let next = choose(&pool, "annie", "PASSWORD_SRP").ok();
    assert_eq!(next["ChallengeName"], "PASSWORD_SRP");
    let verifier = pool.answer(&next, json!({ "USERNAME": "annie", "SRP_A": proof.public() })).ok();
    Tokens::of(&pool.prove(&verifier, EASLEY).ok());
    // The Session of one exchange does not carry the block of another.
    let exchanges = [0, 1].map(|_| {
        let next = choose(&pool, "annie", "PASSWORD_SRP").ok();
        pool.answer(&next, json!({ "USERNAME": "annie", "SRP_A": proof.public() })).ok()
    });
    let responses = proof.responses(&exchanges[0]["ChallengeParameters"], EASLEY, &pool.timestamp(0));
    pool.answer(&exchanges[1], responses).refused_with("NotAuthorizedException", "Invalid session for the user.");
}

#[test]
fn a_code_is_the_whole_sign_in() {
    let pool = pool();
    for (name, medium, masked, address) in
        [("EMAIL_OTP", "EMAIL", "l***@e***", "lynn@example.com"), ("SMS_OTP", "SMS", "+*******0189", "+15555550189")]
    {
        let next = choose(&pool, "lynn", name).ok();
        assert_eq!(next["ChallengeName"], name);
        assert_eq!(
            next["ChallengeParameters"],
            json!({ "CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": masked })
        );
        let mail = pool.mail("lynn");
        assert_eq!((&mail["purpose"], &mail["destination"]), (&json!("signIn"), &json!(address)));
        let code = pool.code("lynn");
        assert_eq!(code.len(), 8);
        let answer = |code: &str| pool.answer(&next, json!({ "USERNAME": "lynn", format!("{name}_CODE"): code }));
        answer(&other_than(&code)).refused("CodeMismatchException");
        Tokens::of(&answer(&code).ok());
        answer(&code).refused("NotAuthorizedException");
        let direct = begin(&pool, json!({ "USERNAME": "lynn", "PREFERRED_CHALLENGE": name })).ok();
        assert_eq!(direct["ChallengeName"], name);
        pool.turn(180);
        let late = json!({ "USERNAME": "lynn", format!("{name}_CODE"): pool.code("lynn") });
        pool.answer(&direct, late).refused("NotAuthorizedException");
    }
}

#[test]
fn a_password_may_be_followed_by_a_second_factor() {
    let pool = pool();
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    let preferred = json!({ "USERNAME": "radia", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Perlman-1951" });
    let next = begin(&pool, preferred).ok();
    assert_eq!(next["ChallengeName"], "SMS_MFA");
    assert_eq!(next.get("AvailableChallenges"), None);
    let answer = pool.answer(&next, json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") })).ok();
    let (_, claims) = opened(&Tokens::of(&answer).access);
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:cognito:loa:2"), &json!(["pwd", "sms", "mfa"])));
}

#[test]
fn parameters_must_fit() {
    let pool = pool();
    for parameters in [
        json!({}),
        json!({ "USERNAME": "annie", "PREFERRED_CHALLENGE": "MAGIC" }),
        json!({ "USERNAME": "annie", "PASSWORD": EASLEY }),
        json!({ "USERNAME": "annie", "PREFERRED_CHALLENGE": "PASSWORD", "SRP_A": "2" }),
        json!({ "USERNAME": "annie", "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": "02" }),
        json!({ "USERNAME": "annie", "DEVICE_KEY": "eu-west-1_1" }),
        json!({ "USERNAME": "an nie" }),
    ] {
        begin(&pool, parameters).refused("InvalidParameterException");
    }
    begin(&pool, json!({ "USERNAME": "annie", "SECRET_HASH": "x" })).refused("NotAuthorizedException");
    choose(&pool, "annie", "WEB_AUTHN").refused("InvalidParameterException");
    choose(&pool, "annie", "MAGIC").refused("InvalidParameterException");
    choose(&pool, "ada", "SMS_OTP").refused("InvalidParameterException");
    let next = asked(&pool, "annie");
    pool.answer(&next, json!({ "USERNAME": "annie" })).refused("InvalidParameterException");
    pool.answer(&next, json!({ "USERNAME": "annie", "ANSWER": "PASSWORD", "PASSWORD": EASLEY, "DEVICE_KEY": "x" }))
        .refused("InvalidParameterException");
    // Neither spent the Session.
    pool.answer(&next, json!({ "USERNAME": "annie", "ANSWER": "PASSWORD", "PASSWORD": EASLEY })).ok();
}

#[test]
fn the_typed_name_is_echoed_until_another_is_told() {
    let pool = pool();
    pool.set(json!({ "aliasEmail": true }));
    let typed = "annie@example.com";
    let next = asked(&pool, typed);
    pool.answer(&next, json!({ "USERNAME": "annie", "ANSWER": "PASSWORD" })).refused("NotAuthorizedException");
    let srp = json!({ "USERNAME": typed, "ANSWER": "PASSWORD_SRP", "SRP_A": Proof::default().public() });
    let verifier = pool.answer(&next, srp).ok();
    assert_eq!(verifier["ChallengeParameters"]["USER_ID_FOR_SRP"], "annie");
    Tokens::of(&pool.prove(&verifier, EASLEY).ok());
}

#[test]
fn wrong_passwords_count_and_spend() {
    let pool = pool();
    let wrong = json!({ "USERNAME": "annie", "ANSWER": "PASSWORD", "PASSWORD": "wrong" });
    let next = asked(&pool, "annie");
    pool.answer(&next, wrong.clone()).refused_with(WRONG.0, WRONG.1);
    pool.answer(&next, wrong.clone()).refused("NotAuthorizedException");
    for _ in 0..4 {
        pool.answer(&asked(&pool, "annie"), wrong.clone()).refused_with(WRONG.0, WRONG.1);
    }
    begin(&pool, json!({ "USERNAME": "annie" })).refused_with("NotAuthorizedException", "Password attempts exceeded");
    pool.turn(1);
    begin(&pool, json!({ "USERNAME": "annie" })).ok();
}

#[test]
fn the_state_of_a_user_is_told_after_the_proof() {
    let pool = pool();
    let password = |username: &str, password: &str| json!({ "USERNAME": username, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": password });
    for (username, right, name) in [
        ("alan", "Turing-1912!", "NotAuthorizedException"),
        ("ida", "Rhodes-1900!", "PasswordResetRequiredException"),
        ("kay", "McNulty-1921", "UserNotConfirmedException"),
    ] {
        assert_eq!(asked(&pool, username)["ChallengeName"], "SELECT_CHALLENGE");
        begin(&pool, password(username, "wrong")).refused_with(WRONG.0, WRONG.1);
        begin(&pool, password(username, right)).refused(name);
    }
    assert_eq!(asked(&pool, "kay")["AvailableChallenges"], json!(["PASSWORD", "PASSWORD_SRP"]));
    let next = begin(&pool, password("grace", "Hopper-1906-tmp")).ok();
    assert_eq!(next["ChallengeName"], "NEW_PASSWORD_REQUIRED");

    // A disabled user is asked like any other, and gets no code.
    let next = begin(&pool, json!({ "USERNAME": "alan", "PREFERRED_CHALLENGE": "EMAIL_OTP" })).ok();
    assert_eq!(pool.control("GET", "codes?username=alan", json!({})).ok(), json!([]));
    pool.answer(&next, json!({ "USERNAME": "alan", "EMAIL_OTP_CODE": "12345678" })).refused("CodeMismatchException");
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    begin(&pool, json!({ "USERNAME": "alan" })).refused_with("NotAuthorizedException", "User is disabled.");
}

#[test]
fn unknown_users_look_like_known_ones() {
    let pool = pool();
    let mut lists = Vec::new();
    for name in ["nobody", "noone", "none", "nil", "null", "naught", "nix", "nada"] {
        let offered = asked(&pool, name);
        assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE");
        assert_eq!(offered["AvailableChallenges"], asked(&pool, name)["AvailableChallenges"]);
        lists.push((name, offered["AvailableChallenges"].clone()));
    }
    assert!(lists.iter().any(|(_, list)| *list != lists[0].1));
    let password = json!({ "USERNAME": "nobody", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    pool.answer(&asked(&pool, "nobody"), password).refused_with(WRONG.0, WRONG.1);
    let (mailed, _) = lists.iter().find(|(_, list)| list.as_array().unwrap().contains(&json!("EMAIL_OTP"))).unwrap();
    let preferred = json!({ "USERNAME": mailed, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    let (one, other) = (begin(&pool, preferred.clone()).ok(), begin(&pool, preferred).ok());
    assert_eq!(one["ChallengeName"], "EMAIL_OTP");
    assert_eq!(one["ChallengeParameters"], other["ChallengeParameters"]);
    assert_eq!(pool.control("GET", "codes", json!({})).ok(), json!([]));
    for _ in 0..5 {
        pool.answer(&one, json!({ "USERNAME": mailed, "EMAIL_OTP_CODE": "00000000" })).refused("CodeMismatchException");
    }
    pool.answer(&one, json!({ "USERNAME": mailed, "EMAIL_OTP_CODE": "00000000" }))
        .refused_with("NotAuthorizedException", "Password attempts exceeded");
    let srp =
        json!({ "USERNAME": "nobody", "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": Proof::default().public() });
    let verifier = begin(&pool, srp).ok();
    assert_eq!(verifier["ChallengeParameters"]["USERNAME"].as_str().unwrap().len(), 36);
    pool.prove(&verifier, PASSWORD).refused_with(WRONG.0, WRONG.1);
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    begin(&pool, json!({ "USERNAME": "nobody" })).refused("UserNotFoundException");
}

#[test]
fn a_user_without_a_password_has_none_in_any_flow() {
    let pool = pool();
    pool.plain("lynn", PASSWORD).refused_with(WRONG.0, WRONG.1);
    pool.srp("lynn", PASSWORD).refused_with(WRONG.0, WRONG.1);
    choose(&pool, "lynn", "PASSWORD").refused("InvalidParameterException");
    pool.change("lynn", json!({ "password": PASSWORD }));
    Tokens::of(&pool.srp("lynn", PASSWORD).ok());
}
