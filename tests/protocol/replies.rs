//! Replies that are no refusals: tokens, challenges, deliveries, attributes, and nothing at all.

use super::support::service::{challenge, ok, pairs, reply};
use cognito_vault::error::Code;
use cognito_vault::protocol::Reply;
use cognito_vault::protocol::user_pool::{
    Delivery, Progress, read_delivery, read_done, read_progress, read_sign_up, read_user,
};
use serde_json::json;

#[test]
fn tokens_are_read() {
    for (refresh, expected) in [(json!("r"), Some("r")), (json!(null), None), (json!(""), None)] {
        let result = json!({"IdToken": "i", "AccessToken": "a", "RefreshToken": refresh, "ExpiresIn": 3600, "New": 1});
        let progress = read_progress(&ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}})));
        let Ok(Progress::Tokens(tokens)) = &progress else { panic!("{progress:?}") };
        assert_eq!((tokens.id.expose().as_str(), tokens.access.expose().as_str()), ("i", "a"));
        assert_eq!(tokens.refresh.as_ref().map(|token| token.expose().as_str()), expected);
        let printed = format!("{progress:?}");
        assert!(printed.contains("[redacted]") && !printed.contains("\"a\""), "{printed}");
    }
}

#[test]
fn challenges_are_read() {
    let reply = challenge("ANY_NAME", Some("session-1"), json!({"A": "1"}));
    let Ok(Progress::Challenge { name, session, parameters }) = read_progress(&reply) else { panic!() };
    assert_eq!((name.as_str(), parameters.as_str()), ("ANY_NAME", r#"{"A":"1"}"#));
    assert_eq!(session.unwrap().expose(), "session-1");
    for body in [json!({"ChallengeName": "X"}), json!({"ChallengeName": "X", "Session": ""})] {
        let Ok(Progress::Challenge { session: None, parameters, .. }) = read_progress(&ok(body)) else { panic!() };
        assert_eq!(parameters, "null");
    }
}

#[test]
fn a_reply_that_breaks_the_protocol_is_named_so() {
    let neither = ["", "{}", "null", "[]", "7", "<html>", "{\"AuthenticationResult\":", r#"{"ChallengeName":7}"#];
    for body in neither {
        let error = read_progress(&reply(200, body)).unwrap_err();
        assert_eq!((error.code, error.status), (Code::InvalidResponse, Some(200)), "{body}");
        assert_eq!(error.request_id.as_deref(), Some("request-1"));
    }
    for result in [json!({}), json!({"IdToken": "i"}), json!({"AccessToken": "a"}), json!("text"), json!(null)] {
        let error = read_progress(&ok(json!({"AuthenticationResult": result}))).unwrap_err();
        assert_eq!(error.code, Code::InvalidResponse, "{result}");
    }
    let empty = json!({"AuthenticationResult": {"IdToken": "", "AccessToken": "a"}});
    assert_eq!(read_progress(&ok(empty)).unwrap_err().code, Code::InvalidResponse);
    for body in ["", "{}", r#"{"UserConfirmed":"true"}"#, "nonsense"] {
        assert_eq!(read_sign_up(&reply(200, body)).unwrap_err().code, Code::InvalidResponse, "{body}");
    }
    for body in ["", r#"{"Username":"ada"}"#, r#"{"UserAttributes":[{"Value":"x"}]}"#, r#"{"UserAttributes":[7]}"#] {
        assert_eq!(read_user(&reply(200, body)).unwrap_err().code, Code::InvalidResponse, "{body}");
    }
    for body in ["[]", "null", "OK", "{} {}"] {
        assert_eq!(read_done(&reply(200, body)).unwrap_err().code, Code::InvalidResponse, "{body}");
    }
}

#[test]
fn an_empty_body_stands_for_an_empty_object() {
    for body in ["", " ", "\r\n", "{}", " { } "] {
        assert_eq!(read_done(&reply(200, body)), Ok(()), "{body:?}");
        assert_eq!(read_delivery(&reply(200, body)), Ok(None), "{body:?}");
    }
}

#[test]
fn deliveries_are_read() {
    let details = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    let sent = |text: &str| Some(text.to_owned());
    let delivery = Delivery { destination: sent("a***@e***"), medium: sent("EMAIL"), attribute: sent("email") };
    assert_eq!(read_delivery(&ok(json!({"CodeDeliveryDetails": details}))), Ok(Some(delivery.clone())));
    let made =
        |confirmed: bool| ok(json!({"UserConfirmed": confirmed, "CodeDeliveryDetails": details, "UserSub": "s"}));
    assert_eq!(read_sign_up(&made(false)), Ok((false, Some(delivery.clone()))));
    assert_eq!(read_sign_up(&made(true)), Ok((true, Some(delivery))));
    assert_eq!(read_sign_up(&ok(json!({"UserConfirmed": false}))), Ok((false, None)));
    assert_eq!(read_delivery(&ok(json!({"CodeDeliveryDetails": {}}))), Ok(Some(Delivery::default())));
}

#[test]
fn attributes_are_read() {
    let user = |list: serde_json::Value| read_user(&ok(json!({"Username": "ada", "UserAttributes": list})));
    assert_eq!(user(json!([])), Ok(Vec::new()));
    let list = json!([{"Name": "email", "Value": "a@b"}, {"Name": "custom:x", "Value": ""}]);
    assert_eq!(user(list), Ok(pairs(&[("email", "a@b"), ("custom:x", "")])));
    // In the service's model a Value may be absent.
    assert_eq!(
        user(json!([{"Name": "nickname"}, {"Name": "email", "Value": "a@b"}])),
        Ok(pairs(&[("nickname", ""), ("email", "a@b")]))
    );
}

#[test]
fn every_status_but_200_is_a_refusal() {
    for status in [0, 201, 204, 301, 400, 500] {
        let error = read_done(&Reply { status, ..reply(200, "{}") }).unwrap_err();
        assert_eq!(error.status, Some(status));
        assert_ne!(error.code, Code::InvalidResponse);
    }
}
