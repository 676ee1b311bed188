//! Step-up: levels that a sign-in must reach, and what an access token credits.

use serde_json::{Value, json};

use crate::{
    choice::{EASLEY, begin, pool},
    support::{Answer, PASSWORD, Pool, Tokens, opened},
};

fn step_up(pool: &Pool, username: &str, more: Value) -> Answer {
    let mut parameters = json!({ "USERNAME": username });
    parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    begin(pool, parameters)
}

const TWO: &str = "urn:cognito:loa:2";

#[test]
fn a_higher_level_needs_another_factor() {
    let pool = pool();
    let preferred = json!({ "TARGET_ACR_VALUES": TWO, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": EASLEY });
    let next = step_up(&pool, "annie", preferred).ok();
    assert_eq!(next["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(next["AvailableChallenges"], json!(["EMAIL_OTP", "SMS_OTP"]));
    let next = pool.answer(&next, json!({ "USERNAME": "annie", "ANSWER": "EMAIL_OTP" })).ok();
    let answer = pool.answer(&next, json!({ "USERNAME": "annie", "EMAIL_OTP_CODE": pool.code("annie") })).ok();
    let tokens = Tokens::of(&answer);
    for token in [&tokens.id, &tokens.access] {
        let (_, claims) = opened(token);
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!(TWO), &json!(["pwd", "email_otp", "mfa"])));
    }
    // Only with a factor that the user does not have.
    step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": "urn:cognito:loa:4" })).refused("NotAuthorizedException");
    step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": "urn:cognito:loa:4 urn:cognito:loa:1" })).ok();
    step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": "urn:other:9" })).ok();
}

#[test]
fn an_access_token_credits_what_it_proved() {
    let pool = pool();
    let access = pool.tokens("ada").access;
    let next = step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": TWO, "ACCESS_TOKEN": access })).ok();
    assert_eq!(next["AvailableChallenges"], json!(["EMAIL_OTP"]));
    let one = json!({ "TARGET_ACR_VALUES": "urn:cognito:loa:1", "ACCESS_TOKEN": access, "MAX_AGE": "60" });
    Tokens::of(&step_up(&pool, "ada", one.clone()).ok());
    pool.turn(61);
    assert_eq!(step_up(&pool, "ada", one).ok()["ChallengeName"], "SELECT_CHALLENGE");
    step_up(&pool, "annie", json!({ "TARGET_ACR_VALUES": TWO, "ACCESS_TOKEN": access }))
        .refused("NotAuthorizedException");
    step_up(&pool, "ada", json!({ "ACCESS_TOKEN": access })).refused("InvalidParameterException");
    step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": TWO, "MAX_AGE": "soon" })).refused("InvalidParameterException");
    step_up(&pool, "ada", json!({ "MAX_AGE": "60" })).ok();
}

#[test]
fn a_credited_password_leads_to_the_second_factor_at_once() {
    let pool = pool();
    let access = Tokens::of(&pool.srp("hedy", "Lamarr-1914").ok()).access;
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    let next = step_up(&pool, "hedy", json!({ "TARGET_ACR_VALUES": "urn:cognito:loa:3", "ACCESS_TOKEN": access })).ok();
    assert_eq!(next["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let responses = json!({ "USERNAME": "hedy", "SOFTWARE_TOKEN_MFA_CODE": pool.totp("hedy", 0) });
    let (_, claims) = opened(&Tokens::of(&pool.answer(&next, responses).ok()).access);
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:cognito:loa:3"), &json!(["pwd", "otp", "mfa"])));
}

#[test]
fn a_plan_without_step_up_refuses_it() {
    let pool = pool();
    pool.set(json!({ "plan": "LITE" }));
    step_up(&pool, "ada", json!({ "TARGET_ACR_VALUES": TWO })).refused("FeatureUnavailableInTierException");
    step_up(&pool, "ada", json!({ "MAX_AGE": "1" })).refused("FeatureUnavailableInTierException");
    let answer = step_up(&pool, "ada", json!({ "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD })).ok();
    assert_eq!(opened(&Tokens::of(&answer).access).1.get("acr"), None);
}
