//! NEW_PASSWORD_REQUIRED: what is refused before it is sent, and what is sent.

use super::support::service::{CLIENT_ID, HOUR, NOW, Wire, new_password_required, password_verifier, refused, tokens};
use super::talk::{Talk, new_password, said, sent};
use cognito_vault::flow::{Answer, Flow, Method};
use serde_json::json;

fn asking(talk: &Talk) -> Flow {
    talk.after(Method::Srp, vec![password_verifier(), new_password_required("session-1")])
}

#[test]
fn the_answer_carries_the_password_and_the_attributes() {
    let talk = Talk::default();
    let answer =
        new_password("New \"1816\"", &[("userAttributes.given_name", "Ada"), ("userAttributes.custom:team", "north")]);
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
fn a_password_that_is_no_text_is_refused_before_it_is_sent() {
    let talk = Talk::default();
    let answer = Answer { password: vec![0xff].into(), ..new_password("", &[("userAttributes.given_name", "Ada")]) };
    assert_eq!(said(asking(&talk).answer(answer)), "again InvalidParameter");
}

#[test]
fn another_password_may_be_tried_with_the_same_session() {
    let talk = Talk::default();
    let mut flow = asking(&talk);
    for refusal in ["InvalidPassword", "PasswordHistoryPolicyViolation", "LimitExceeded"] {
        let (request, next) = sent(flow.answer(new_password("weak", &[("userAttributes.given_name", "Ada")])).unwrap());
        assert_eq!(request.json()["Session"], "session-1");
        let stopped = talk.receive(next, refused(refusal, "x")).unwrap_err();
        assert_eq!(stopped.error.code.as_str(), refusal);
        flow = stopped.again.unwrap();
    }
    let (_, flow) = sent(flow.answer(new_password("New-1816", &[("userAttributes.given_name", "Ada")])).unwrap());
    let over = refused("NotAuthorized", "Invalid session for the user, session is expired.");
    let stopped = talk.receive(flow, over).unwrap_err();
    assert!(stopped.again.is_none());
    assert_eq!(stopped.error.message, "Invalid session for the user, session is expired.");
}
