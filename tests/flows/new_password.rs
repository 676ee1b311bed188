//! NEW_PASSWORD_REQUIRED: what is asked, what is refused before it is sent, and what is sent.

use super::support::service::{
    CLIENT_ID, HOUR, NOW, Wire, challenge, new_password_required, password_verifier, refused, tokens,
};
use super::talk::{Talk, asked, new_password, said, sent};
use cognito_vault::error::Code;
use cognito_vault::flow::{Answer, Flow, Method};
use serde_json::{Value, json};

fn asking(talk: &Talk) -> Flow {
    talk.after(Method::Srp, vec![password_verifier(), new_password_required("session-1")])
}

/// Both parameters as they come, and what is asked for and known then.
type Case = (Value, Value, &'static [&'static str], &'static [(&'static str, &'static str)]);

#[test]
fn the_attributes_are_read_whatever_their_form() {
    let all = json!(r#"{"email":"a@b","email_verified":"true","phone_number_verified":"x","nickname":"","n":7}"#);
    let cases: [Case; 8] = [
        (json!(r#"["userAttributes.given_name","custom:x"]"#), all, &["given_name", "custom:x"], &[("email", "a@b")]),
        (json!(r#"["userAttributes.a",7,null]"#), json!("{}"), &["a"], &[]),
        (json!("[]"), json!(r#"{"a":null}"#), &[], &[]),
        (json!(""), json!(""), &[], &[]),
        (json!(null), json!(null), &[], &[]),
        (json!("nonsense"), json!("[1]"), &[], &[]),
        (json!("{}"), json!("{"), &[], &[]),
        (json!(["userAttributes.a"]), json!({"a": "b"}), &[], &[]),
    ];
    for (required, known, expected, expected_known) in cases {
        let talk = Talk::default();
        let parameters = json!({"requiredAttributes": required, "userAttributes": known});
        let reply = challenge("NEW_PASSWORD_REQUIRED", Some("session-1"), parameters);
        let (name, details, _) =
            asked(talk.receive(talk.after(Method::Srp, vec![password_verifier()]), reply).unwrap());
        let known: Value = expected_known.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        assert_eq!((name, details), ("newPassword", json!({"requiredAttributes": expected, "attributes": known})));
    }
}

#[test]
fn the_answer_carries_the_password_and_the_attributes() {
    let talk = Talk::default();
    let answer = new_password("New \"1816\"", &[("given_name", "Ada"), ("custom:team", "north")]);
    let (request, flow) = sent(asking(&talk).answer(answer).unwrap());
    let expected = json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "ClientId": CLIENT_ID,
        "Session": "session-1",
        "ChallengeResponses": {
            "USERNAME": "ada-1815",
            "NEW_PASSWORD": "New \"1816\"",
            "userAttributes.given_name": "Ada",
            "userAttributes.custom:team": "north",
        },
    });
    assert_eq!((request.operation, request.json()), ("RespondToAuthChallenge", expected));
    assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
}

#[test]
fn an_attribute_too_few_or_too_many_is_refused_before_it_is_sent() {
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[], "The pool requires the attribute given_name."),
        (&[("given_name", "")], "The pool requires the attribute given_name."),
        (&[("Given_name", "Ada")], "The pool requires the attribute given_name."),
        (&[("given_name", "Ada"), ("email", "new@example.com")], "The account already has the attribute email."),
    ];
    let talk = Talk::default();
    let mut flow = asking(&talk);
    for (attributes, message) in cases {
        let stopped = flow.answer(new_password("New-1816", attributes)).unwrap_err();
        assert_eq!((stopped.error.code, stopped.error.message.as_ref()), (Code::InvalidParameter, message));
        flow = stopped.again.unwrap();
    }
    assert_eq!(said(flow.answer(new_password("New-1816", &[("given_name", "Ada")]))), "sends RespondToAuthChallenge");
}

#[test]
fn an_attribute_that_is_required_and_known_is_sent() {
    let talk = Talk::default();
    let parameters = json!({
        "requiredAttributes": r#"["userAttributes.email"]"#,
        "userAttributes": r#"{"email":"old@example.com"}"#,
    });
    let reply = challenge("NEW_PASSWORD_REQUIRED", Some("session-1"), parameters);
    let (_, _, flow) = asked(talk.receive(talk.after(Method::Srp, vec![password_verifier()]), reply).unwrap());
    let (request, _) = sent(flow.answer(new_password("New-1816", &[("email", "new@example.com")])).unwrap());
    assert_eq!(request.json()["ChallengeResponses"]["userAttributes.email"], "new@example.com");
}

#[test]
fn a_password_that_is_no_text_is_refused_before_it_is_sent() {
    let talk = Talk::default();
    let answer = Answer { password: vec![0xff].into(), ..new_password("", &[("given_name", "Ada")]) };
    assert_eq!(said(asking(&talk).answer(answer)), "again InvalidParameter");
}

#[test]
fn another_password_may_be_tried_with_the_same_session() {
    let talk = Talk::default();
    let mut flow = asking(&talk);
    for refusal in ["InvalidPassword", "PasswordHistoryPolicyViolation", "LimitExceeded"] {
        let (request, next) = sent(flow.answer(new_password("weak", &[("given_name", "Ada")])).unwrap());
        assert_eq!(request.json()["Session"], "session-1");
        let stopped = talk.receive(next, refused(refusal, "x")).unwrap_err();
        assert_eq!(stopped.error.code.as_str(), refusal);
        flow = stopped.again.unwrap();
    }
    let (_, flow) = sent(flow.answer(new_password("New-1816", &[("given_name", "Ada")])).unwrap());
    let over = refused("NotAuthorized", "Invalid session for the user, session is expired.");
    let stopped = talk.receive(flow, over).unwrap_err();
    assert!(stopped.again.is_none());
    assert_eq!(stopped.error.message, "Invalid session for the user, session is expired.");
}
