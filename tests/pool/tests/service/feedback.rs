//! Feedback about sign-ins that looked like somebody else's.

use cognito_pool::POOL_ID;
use serde_json::{Value, json};

use crate::support::{Answer, Pool};

fn answer(pool: &Pool, event: &Value, change: Value) -> Answer {
    let mut body = json!({ "UserPoolId": POOL_ID, "Username": "ada", "EventId": event["eventId"],
                           "FeedbackToken": event["feedbackToken"], "FeedbackValue": "Valid" });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    pool.call("UpdateAuthEventFeedback", body)
}

fn asked(pool: &Pool) -> Value {
    let asked = pool.control("POST", "feedback", json!({ "username": "ada" }));
    assert_eq!(asked.status, 201);
    asked.json()
}

#[test]
fn a_mailed_link_answers_once() {
    let pool = Pool::new();
    let event = asked(&pool);
    answer(&pool, &event, json!({})).refused("UserPoolAddOnNotEnabledException");
    pool.set(json!({ "threatProtection": true }));
    for (name, value, error) in [
        ("UserPoolId", "eu-west-1_Other", "ResourceNotFoundException"),
        ("Username", "nobody", "UserNotFoundException"),
        ("Username", "grace", "ResourceNotFoundException"),
        ("EventId", "other", "ResourceNotFoundException"),
        ("FeedbackToken", "other", "NotAuthorizedException"),
        ("FeedbackValue", "Perhaps", "InvalidParameterException"),
        ("UserPoolId", "not a pool", "InvalidParameterException"),
        ("EventId", "a/b", "InvalidParameterException"),
    ] {
        answer(&pool, &event, json!({ name: value })).refused(error);
    }
    assert_eq!(answer(&pool, &event, json!({ "FeedbackValue": "Invalid" })).ok(), json!({}));
    answer(&pool, &event, json!({})).refused("NotAuthorizedException");
    let told = pool.control("GET", "feedback?username=ada", json!({})).ok();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["value"]), (1, &json!("Invalid")));
}

#[test]
fn a_mailed_link_ends() {
    let pool = Pool::new();
    pool.set(json!({ "threatProtection": true }));
    let event = asked(&pool);
    pool.turn(86_400);
    answer(&pool, &event, json!({})).refused("NotAuthorizedException");
}
