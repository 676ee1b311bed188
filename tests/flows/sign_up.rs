//! A sign-up: the account, the code, another code, and an account that is confirmed already.

use super::support::service::{CLIENT_ID, Wire, ok, refused, reply, shared_pool};
use super::talk::{PASSWORD, Talk, asked, code, registration, said, sent, sign_up};
use cognito_vault::error::Code;
use cognito_vault::flow::{Flow, Registration};
use serde_json::json;

#[test]
fn an_account_is_made_with_all_that_was_given() {
    let given = registration(&[("email", "ada@example.com")], &[("tenant", "north")]);
    let (request, flow) = sent(Flow::sign_up(shared_pool(), given).unwrap());
    let expected = json!({
        "ClientId": CLIENT_ID,
        "Username": "ada",
        "Password": PASSWORD,
        "UserAttributes": [{"Name": "email", "Value": "ada@example.com"}],
        "ValidationData": [{"Name": "beta", "Value": "1"}],
        "ClientMetadata": {"tenant": "north"},
    });
    assert_eq!((request.operation, request.json()), ("SignUp", expected));

    let delivery = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    let made = ok(json!({"UserConfirmed": false, "CodeDeliveryDetails": delivery, "UserSub": "s", "Session": "x"}));
    let (name, asked_for, flow) = asked(Talk::default().receive(flow, made).unwrap());
    assert_eq!((name, asked_for), ("confirm", json!({"username": "ada", "delivery": delivery})));

    let with_metadata = json!({"ClientId": CLIENT_ID, "Username": "ada", "ClientMetadata": {"tenant": "north"}});
    let resent = flow.resend().unwrap();
    assert_eq!((resent.operation, resent.json()), ("ResendConfirmationCode", with_metadata));

    let (request, flow) = sent(flow.answer(code(" 123456 ")).unwrap());
    let expected = json!({
        "ClientId": CLIENT_ID, "Username": "ada", "ConfirmationCode": "123456", "Session": "x",
        "ClientMetadata": {"tenant": "north"},
    });
    assert_eq!((request.operation, request.json()), ("ConfirmSignUp", expected));
    assert_eq!(said(Talk::default().receive(flow, reply(200, ""))), "signedUp");
}

#[test]
fn a_wrong_code_leaves_the_question_open() {
    let talk = Talk::default();
    let (_, _, mut flow) = asked(talk.receive(sign_up().1, ok(json!({"UserConfirmed": false}))).unwrap());
    for refusal in ["CodeMismatch", "ExpiredCode", "TooManyFailedAttempts", "AliasExists"] {
        let (_, next) = sent(flow.answer(code("1")).unwrap());
        let stopped = talk.receive(next, refused(refusal, "x")).unwrap_err();
        assert_eq!(stopped.error.code.as_str(), refusal);
        flow = stopped.again.unwrap();
    }
    let (_, flow) = sent(flow.answer(code("2")).unwrap());
    // The reply was lost, the code has worked: the second attempt is told that the account is confirmed.
    let flow = talk.lose(flow, Code::Network).unwrap_err().again.unwrap();
    let (_, flow) = sent(flow.answer(code("2")).unwrap());
    let confirmed = refused("NotAuthorized", "User cannot be confirmed. Current status is CONFIRMED");
    assert_eq!(said(talk.receive(flow, confirmed)), "signedUp");
}

#[test]
fn what_cannot_be_sent_is_refused_before_it_is() {
    for (username, password) in [("", &b"x"[..]), ("ada", b"\xff")] {
        let given =
            Registration { username: username.into(), password: password.to_vec().into(), ..registration(&[], &[]) };
        assert_eq!(Flow::sign_up(shared_pool(), given).unwrap_err().code, Code::InvalidParameter);
    }
}
