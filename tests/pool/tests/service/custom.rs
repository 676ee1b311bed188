//! CUSTOM_AUTH: rounds of challenges, alone and after the password.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Proof, Tokens};

const WRONG: (&str, &str) = ("NotAuthorizedException", "Incorrect username or password.");

fn pool() -> Pool {
    let pool = Pool::new();
    pool.set(json!({ "explicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH"] }));
    pool
}

fn two_rounds(pool: &Pool) {
    let round = |question: &str, answer: &str, wrong: &str| json!({ "parameters": { "question": question }, "answer": answer, "wrong": wrong });
    pool.set(json!({ "custom": { "rounds": [round("2+2?", "4", "again"), round("3+3?", "6", "fail")] } }));
}

fn begin(pool: &Pool, username: &str) -> Answer {
    pool.initiate("CUSTOM_AUTH", json!({ "USERNAME": username }))
}

fn begin_with_srp(pool: &Pool, username: &str) -> Answer {
    let parameters = json!({ "USERNAME": username, "CHALLENGE_NAME": "SRP_A", "SRP_A": Proof::default().public() });
    pool.initiate("CUSTOM_AUTH", parameters)
}

fn say(pool: &Pool, asked: &Value, answer: &str) -> Answer {
    let username = asked["ChallengeParameters"]["USERNAME"].as_str().unwrap();
    pool.answer(asked, json!({ "USERNAME": username, "ANSWER": answer }))
}

#[test]
fn the_flow_must_be_allowed() {
    begin(&Pool::new(), "ada").refused_with("InvalidParameterException", "CUSTOM_AUTH is not enabled for the client.");
}

#[test]
fn the_right_answers_bring_tokens() {
    let pool = pool();
    two_rounds(&pool);
    let first = begin(&pool, "ada").ok();
    assert_eq!(first["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(first["ChallengeParameters"], json!({ "question": "2+2?", "USERNAME": "ada" }));
    let again = say(&pool, &first, "5").ok();
    assert_eq!(again["ChallengeParameters"], first["ChallengeParameters"]);
    assert_ne!(again["Session"], first["Session"]);
    say(&pool, &first, "4")
        .refused_with("NotAuthorizedException", "Invalid session for the user, session can only be used once.");
    let second = say(&pool, &again, "4").ok();
    assert_eq!(second["ChallengeParameters"]["question"], "3+3?");
    Tokens::of(&say(&pool, &second, "6").ok());
    let second = say(&pool, &begin(&pool, "ada").ok(), "4").ok();
    say(&pool, &second, "7").refused_with(WRONG.0, WRONG.1);
    say(&pool, &second, "6").refused("NotAuthorizedException");
}

#[test]
fn the_password_comes_first_where_it_is_offered() {
    let pool = pool();
    let verifier = begin_with_srp(&pool, "ada").ok();
    assert_eq!(verifier["ChallengeName"], "PASSWORD_VERIFIER");
    pool.prove(&verifier, "wrong").refused_with(WRONG.0, WRONG.1);
    let verifier = begin_with_srp(&pool, "ada").ok();
    let responses = Proof::default().responses(&verifier["ChallengeParameters"], PASSWORD, &pool.timestamp(0));
    pool.respond("PASSWORD_VERIFIER", None, responses).refused("NotAuthorizedException");
    let round = pool.prove(&verifier, PASSWORD).ok();
    assert_eq!(round["ChallengeName"], "CUSTOM_CHALLENGE");
    Tokens::of(&say(&pool, &round, "blue").ok());

    pool.set(json!({ "custom": { "password": "required" } }));
    begin(&pool, "ada").refused_with(WRONG.0, WRONG.1);
    assert_eq!(begin_with_srp(&pool, "ada").ok()["ChallengeName"], "PASSWORD_VERIFIER");
    pool.set(json!({ "custom": { "password": "never" } }));
    assert_eq!(begin_with_srp(&pool, "ada").ok()["ChallengeName"], "CUSTOM_CHALLENGE");
    pool.set(json!({ "custom": { "password": "ifOffered", "rounds": [] } }));
    Tokens::of(&pool.prove(&begin_with_srp(&pool, "ada").ok(), PASSWORD).ok());
    begin(&pool, "ada").refused_with(WRONG.0, WRONG.1);
}

#[test]
fn the_second_factor_follows_the_password_alone() {
    let pool = pool();
    pool.set(json!({ "mfa": { "mode": "optional" } }));
    Tokens::of(&say(&pool, &begin(&pool, "radia").ok(), "blue").ok());
    let asked = pool.prove(&begin_with_srp(&pool, "radia").ok(), "Perlman-1951").ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let round = pool.answer(&asked, json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") })).ok();
    Tokens::of(&say(&pool, &round, "blue").ok());
}

#[test]
fn a_failing_trigger_is_told_by_its_name() {
    let pool = pool();
    for name in ["UserLambdaValidationException", "UnexpectedLambdaException", "InvalidLambdaResponseException"] {
        let message = "CreateAuthChallenge failed with error no.";
        let asked = begin(&pool, "ada").ok();
        pool.set(json!({ "custom": { "failure": { "name": name, "message": message } } }));
        begin(&pool, "ada").refused_with(name, message);
        begin(&pool, "nobody").refused_with(name, message);
        say(&pool, &asked, "red").refused_with(name, message);
        pool.set(json!({ "custom": { "failure": null } }));
    }
}

#[test]
fn parameters_must_fit() {
    let pool = pool();
    for parameters in [
        json!({}),
        json!({ "USERNAME": "ada", "ChallengeName": "SRP_A", "SRP_A": "2" }),
        json!({ "USERNAME": "ada", "SRP_A": "2" }),
        json!({ "USERNAME": "ada", "CHALLENGE_NAME": "SRP_A" }),
        json!({ "USERNAME": "ada", "CHALLENGE_NAME": "SRP_B", "SRP_A": "2" }),
        json!({ "USERNAME": "ada", "PASSWORD": PASSWORD }),
    ] {
        pool.initiate("CUSTOM_AUTH", parameters).refused("InvalidParameterException");
    }
    let asked = begin(&pool, "ada").ok();
    pool.answer(&asked, json!({ "USERNAME": "ada" })).refused("InvalidParameterException");
    pool.answer(&asked, json!({ "ANSWER": "blue" })).refused("InvalidParameterException");
    pool.answer(&asked, json!({ "USERNAME": "grace", "ANSWER": "blue" })).refused("NotAuthorizedException");
    pool.turn(180);
    say(&pool, &asked, "blue").refused("NotAuthorizedException");
}

#[test]
fn unknown_and_disabled_users_look_like_known_ones() {
    let pool = pool();
    let asked = begin(&pool, "nobody").ok();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(asked["ChallengeParameters"]["question"], "The colour of the sky?");
    assert_eq!(asked["ChallengeParameters"]["USERNAME"].as_str().unwrap().len(), 36);
    assert_eq!(say(&pool, &asked, "blue").ok()["ChallengeName"], "CUSTOM_CHALLENGE");
    let asked = begin(&pool, "alan").ok();
    let asked = say(&pool, &asked, "red").ok();
    say(&pool, &asked, "blue").refused_with("NotAuthorizedException", "User is disabled.");
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    begin(&pool, "nobody").refused("UserNotFoundException");
}

#[test]
fn the_state_of_a_user_is_told_after_the_last_round() {
    let pool = pool();
    for (username, name) in [("ida", "PasswordResetRequiredException"), ("kay", "UserNotConfirmedException")] {
        say(&pool, &begin(&pool, username).ok(), "blue").refused(name);
    }
    let asked = say(&pool, &begin(&pool, "grace").ok(), "blue").ok();
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
}
