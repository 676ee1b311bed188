//! Replies that are no refusals: tokens, challenges, where codes go, Sessions, any object, and nothing at all.

use super::support::service::{challenge, ok, reply};
use cognito_vault::error::Code;
use cognito_vault::protocol::Reply;
use cognito_vault::protocol::user_pool::{
    NewDevice, Progress, SELECT_CHALLENGE, read_association, read_done, read_object, read_progress, read_session,
    read_sign_up, read_verification,
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
        assert_eq!(tokens.new_device, None);
        let printed = format!("{progress:?}");
        assert!(printed.contains("[redacted]") && !printed.contains("\"a\""), "{printed}");
    }
}

#[test]
fn a_new_device_is_read_by_both_its_names() {
    let both = NewDevice { key: "eu-west-1_d".into(), group: "-g".into() };
    let cases = [
        (json!({"DeviceKey": "eu-west-1_d", "DeviceGroupKey": "-g"}), Some(both)),
        (json!({"DeviceKey": "eu-west-1_d"}), None),
        (json!({"DeviceGroupKey": "-g"}), None),
        (json!({}), None),
        (json!(null), None),
    ];
    for (device, expected) in cases {
        let result = json!({"IdToken": "i", "AccessToken": "a", "NewDeviceMetadata": device});
        let progress = read_progress(&ok(json!({"AuthenticationResult": result})));
        let Ok(Progress::Tokens(tokens)) = progress else { panic!("{progress:?}") };
        assert_eq!(tokens.new_device, expected, "{device}");
    }
}

#[test]
fn challenges_are_read() {
    let reply = challenge("ANY_NAME", Some("session-1"), json!({"A": "1"}));
    let Ok(Progress::Challenge { name, session, parameters, offered }) = read_progress(&reply) else { panic!() };
    assert_eq!((&*name, &*parameters, &*offered), ("ANY_NAME", r#"{"A":"1"}"#, "null"));
    assert_eq!(session.unwrap().expose(), "session-1");
    for body in [json!({"ChallengeName": "X"}), json!({"ChallengeName": "X", "Session": ""})] {
        let Ok(Progress::Challenge { session: None, parameters, .. }) = read_progress(&ok(body)) else { panic!() };
        assert_eq!(parameters, "null");
    }
}

#[test]
fn what_may_be_chosen_is_read_with_a_name_and_without() {
    let offered = ["EMAIL_OTP", "WEB_AUTHN"];
    let named = json!({"ChallengeName": "ANY_NAME", "AvailableChallenges": offered});
    let alone = json!({"AvailableChallenges": offered, "Session": "session-1"});
    for (body, expected) in [(named, "ANY_NAME"), (alone, SELECT_CHALLENGE)] {
        let progress = read_progress(&ok(body));
        let Ok(Progress::Challenge { name, offered: read, .. }) = progress else { panic!("{progress:?}") };
        assert_eq!((&*name, &*read), (expected, r#"["EMAIL_OTP","WEB_AUTHN"]"#));
    }
    for nothing in [json!([]), json!(null), json!([1]), json!("EMAIL_OTP")] {
        let none = read_progress(&ok(json!({"AvailableChallenges": nothing})));
        assert_eq!(none.unwrap_err().code, Code::InvalidResponse);
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
    for body in ["", "{}", r#"{"SecretCode":7}"#, r#"{"Session":"session-1"}"#] {
        assert_eq!(read_association(&reply(200, body)).unwrap_err().code, Code::InvalidResponse, "{body}");
    }
    for body in ["[]", "null", "OK", "{} {}", "7", "\"text\""] {
        let reply = reply(200, body);
        for error in [read_done(&reply).err(), read_object(&reply).err(), read_session(&reply).err()] {
            assert_eq!(error.map(|error| error.code), Some(Code::InvalidResponse), "{body}");
        }
    }
}

#[test]
fn an_empty_body_stands_for_an_empty_object() {
    for body in ["", " ", "\r\n", "{}", " { } "] {
        assert_eq!(read_done(&reply(200, body)), Ok(()), "{body:?}");
        assert!(read_session(&reply(200, body)).unwrap().is_none(), "{body:?}");
        let object = read_object(&reply(200, body)).unwrap();
        assert_eq!(object.expose().replace(' ', ""), "{}", "{body:?}");
    }
}

#[test]
fn an_object_is_read_as_it_is_written() {
    let object = r#"{ "Devices": [{"DeviceCreateDate": 1.7637264E9}], "n": null }"#;
    assert_eq!(read_object(&reply(200, &format!("\r\n{object}\n"))).unwrap().expose(), object);
}

#[test]
fn where_a_code_went_is_read() {
    let delivery = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    for confirmed in [true, false] {
        let made = json!({"UserConfirmed": confirmed, "CodeDeliveryDetails": delivery, "UserSub": "s"});
        let signed_up = read_sign_up(&ok(made)).unwrap();
        assert_eq!((signed_up.confirmed, signed_up.session.is_some()), (confirmed, false));
        assert_eq!(signed_up.delivery, Some(delivery.to_string().into()));
    }
    let signed_up = read_sign_up(&ok(json!({"UserConfirmed": false, "Session": "session-1"}))).unwrap();
    assert!(!signed_up.confirmed && signed_up.delivery.is_none());
    assert_eq!(signed_up.session.unwrap().expose(), "session-1");
}

#[test]
fn a_session_that_signs_in_is_read() {
    let session = read_session(&ok(json!({"Session": "session-1"}))).unwrap();
    assert_eq!(session.unwrap().expose(), "session-1");
    for body in [json!({}), json!({"Session": ""}), json!({"Session": 7})] {
        assert!(read_session(&ok(body)).unwrap().is_none());
    }
}

#[test]
fn an_authenticator_app_is_set_up() {
    let (secret, session) = read_association(&ok(json!({"SecretCode": "JBSW", "Session": "session-2"}))).unwrap();
    assert_eq!((&*secret, session.unwrap().expose().as_str()), ("JBSW", "session-2"));
    assert!(read_association(&ok(json!({"SecretCode": "JBSW"}))).unwrap().1.is_none());

    for (body, expected) in [
        (json!({"Status": "SUCCESS", "Session": "session-3"}), (true, Some("session-3"))),
        (json!({"Status": "SUCCESS"}), (true, None)),
        (json!({"Status": "ERROR", "Session": "session-3"}), (false, Some("session-3"))),
        (json!({"Status": "success"}), (false, None)),
        (json!({}), (false, None)),
    ] {
        let (fits, session) = read_verification(&ok(body)).unwrap();
        assert_eq!((fits, session.as_ref().map(|session| session.expose().as_str())), expected);
    }
}

#[test]
fn every_status_but_200_is_a_refusal() {
    for status in [0, 201, 204, 301, 400, 500] {
        let error = read_done(&Reply { status, ..reply(200, "{}") }).unwrap_err();
        assert_eq!(error.status, Some(status));
        assert_ne!(error.code, Code::InvalidResponse);
    }
}
