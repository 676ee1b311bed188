//! A sign-in: what is sent under which name, which Session goes along, and how it goes on after a detour.

use super::support::service::{
    CLIENT_ID, HOUR, NOW, Wire, challenge, new_password_required, ok, password_verifier, refused, reply, shared_pool,
    tokens, verifier_parameters, wrong_password,
};
use super::talk::{PASSWORD, Talk, asked, code, new_password, password, public, reset, said, sent};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Credentials, Flow, Group, KeyPair, Method, Moment, Step};
use cognito_vault::protocol::{Repeat, Request};
use cognito_vault::srp;
use serde_json::{Value, json};

/// The members of a response to a challenge.
fn responses(request: &Request) -> Value {
    assert_eq!(request.operation, "RespondToAuthChallenge");
    request.json()["ChallengeResponses"].clone()
}

#[test]
fn srp_begins_with_the_name_as_typed_and_a() {
    let talk = Talk::default();
    let (request, _) = talk.sign_in(Method::Srp);
    let expected = json!({
        "AuthFlow": "USER_SRP_AUTH",
        "ClientId": CLIENT_ID,
        "AuthParameters": {"USERNAME": "ada@example.com", "SRP_A": public(1)},
    });
    assert_eq!((request.json(), request.repeat), (expected, Repeat::Safe));
}

#[test]
fn a_password_sign_in_sends_the_password_and_draws_no_pair() {
    let talk = Talk::default();
    let (request, flow) = talk.sign_in_with(Method::Password, &[("tenant", "north")]);
    let expected = json!({
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": CLIENT_ID,
        "AuthParameters": {"USERNAME": "ada@example.com", "PASSWORD": PASSWORD},
        "ClientMetadata": {"tenant": "north"},
    });
    assert_eq!((request.json(), request.repeat, talk.drawn()), (expected, Repeat::Never, 0));
    assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
}

#[test]
fn the_verifier_is_answered_under_the_name_that_the_service_uses() {
    let cases = [
        (json!("ada-1815"), json!("ada-user"), "ada-1815"),
        (json!(null), json!("ada-user"), "ada-user"),
        (json!(7), json!("ada-user"), "ada-user"),
        (json!(null), json!(null), "ada@example.com"),
        (json!(""), json!("ada-user"), "ada-user"),
        (json!(""), json!(""), "ada@example.com"),
    ];
    for (id, name, echoed) in cases {
        let talk = Talk::default();
        let mut parameters = verifier_parameters();
        parameters["USER_ID_FOR_SRP"] = id;
        parameters["USERNAME"] = name;
        let step = talk.receive(talk.sign_in(Method::Srp).1, challenge("PASSWORD_VERIFIER", None, parameters));
        let (request, _) = sent(step.unwrap());
        assert_eq!(responses(&request)["USERNAME"], echoed);
    }
}

#[test]
fn the_verifier_is_answered_with_block_signature_and_time() {
    let talk = Talk::default();
    let (request, flow) = sent(talk.receive(talk.sign_in(Method::Srp).1, password_verifier()).unwrap());
    let responses = responses(&request);
    assert_eq!(responses.as_object().unwrap().len(), 4);
    assert_eq!(responses["PASSWORD_CLAIM_SECRET_BLOCK"], "c2VjcmV0c3NlY3Jlc3RzZWNyZXRz");
    assert!(responses["PASSWORD_CLAIM_SIGNATURE"].is_string());
    assert_eq!(responses["TIMESTAMP"], srp::timestamp(NOW.try_into().unwrap()));
    let body = request.json();
    assert_eq!(body["ChallengeName"], "PASSWORD_VERIFIER");
    assert_eq!((body.get("Session"), body.get("ClientMetadata")), (None, None));
    assert_eq!((request.repeat, talk.drawn()), (Repeat::Never, 1));
    assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
}

#[test]
fn the_proof_is_made_for_the_name_and_the_password_that_count() {
    let signature = |id: &str, typed: &str| {
        let talk = Talk::default();
        let credentials = Credentials {
            username: "someone".into(),
            password: password(typed),
            method: Method::Srp,
            ..Credentials::default()
        };
        let mut key_pair = || KeyPair::new(vec![1; 32].into(), Group::default());
        let moment = Moment { now: NOW, key_pair: &mut key_pair };
        let (_, flow) = sent(Flow::sign_in(shared_pool(), credentials, moment).unwrap());
        let mut parameters = verifier_parameters();
        parameters["USER_ID_FOR_SRP"] = json!(id);
        let step = talk.receive(flow, challenge("PASSWORD_VERIFIER", None, parameters));
        responses(&sent(step.unwrap()).0)["PASSWORD_CLAIM_SIGNATURE"].as_str().unwrap().to_owned()
    };
    let expected = |id: &str, typed: &str| {
        let parameters = verifier_parameters();
        let given = |name: &str| parameters[name].as_str().unwrap();
        let identity = srp::Identity { pool_name: "AbCdEf123", user: id, password: typed.as_bytes() };
        let timestamp = srp::timestamp(NOW.try_into().unwrap());
        let (salt, b, secret_block) = (given("SALT"), given("SRP_B"), given("SECRET_BLOCK"));
        let challenge = srp::Challenge { salt, b, secret_block, timestamp: &timestamp };
        KeyPair::new(vec![1; 32].into(), Group::default()).unwrap().prove(&identity, &challenge).unwrap()
    };
    for (id, typed) in [("ada-1815", PASSWORD), ("ada-1815", " ä "), ("grace", PASSWORD)] {
        assert_eq!(signature(id, typed), &*expected(id, typed));
    }
}

#[test]
fn a_session_that_comes_with_the_verifier_goes_back_once() {
    let talk = Talk::default();
    let with_session = challenge("PASSWORD_VERIFIER", Some("session-1"), verifier_parameters());
    let (request, flow) = sent(talk.receive(talk.sign_in(Method::Srp).1, with_session).unwrap());
    assert_eq!(request.json()["Session"], "session-1");
    // The next challenge brings none: the spent one is not sent again.
    let (_, _, flow) = asked(talk.receive(flow, challenge("NEW_PASSWORD_REQUIRED", None, json!({}))).unwrap());
    let (request, flow) = sent(flow.answer(new_password("New-1816", &[])).unwrap());
    assert_eq!(request.json().get("Session"), None);
    let (_, _, flow) =
        asked(talk.receive(flow, challenge("NEW_PASSWORD_REQUIRED", Some("session-2"), json!({}))).unwrap());
    let (request, flow) = sent(flow.answer(new_password("New-1816", &[])).unwrap());
    assert_eq!(request.json()["Session"], "session-2");
    let (_, _, flow) = asked(talk.receive(flow, challenge("NEW_PASSWORD_REQUIRED", None, json!({}))).unwrap());
    assert_eq!(sent(flow.answer(new_password("New-1816", &[])).unwrap()).0.json().get("Session"), None);
}

#[test]
fn the_newest_session_is_the_one_that_counts() {
    let talk = Talk::default();
    let flow = talk.after(Method::Srp, vec![password_verifier(), new_password_required("session-1")]);
    let (request, flow) = sent(flow.answer(new_password("New-1816", &[("given_name", "Ada")])).unwrap());
    assert_eq!(request.json()["Session"], "session-1");
    let (_, _, flow) = asked(talk.receive(flow, new_password_required("session-2")).unwrap());
    let (request, _) = sent(flow.answer(new_password("New-1816", &[("given_name", "Ada")])).unwrap());
    assert_eq!(request.json()["Session"], "session-2");
    assert_eq!(responses(&request)["USERNAME"], "ada-1815");
}

#[test]
fn metadata_goes_along_with_every_call() {
    let metadata = [("tenant", "north"), ("trace", "7")];
    let goes_along = |request: &Request| {
        assert_eq!(request.json()["ClientMetadata"], json!({"tenant": "north", "trace": "7"}), "{}", request.operation);
    };
    let talk = Talk::default();
    let (request, flow) = talk.sign_in_with(Method::Srp, &metadata);
    goes_along(&request);
    let (request, flow) = sent(talk.receive(flow, password_verifier()).unwrap());
    goes_along(&request);
    let (_, _, flow) = asked(talk.receive(flow, new_password_required("session-1")).unwrap());
    goes_along(&sent(flow.answer(new_password("New-1816", &[("given_name", "Ada")])).unwrap()).0);

    for (refusal, answer) in [("UserNotConfirmed", code("1")), ("PasswordResetRequired", reset("1", "New-1816"))] {
        let (_, flow) = talk.sign_in_with(Method::Srp, &metadata);
        let (_, _, flow) = asked(talk.receive(flow, refused(refusal, "x")).unwrap());
        goes_along(&flow.resend().unwrap());
        let (request, flow) = sent(flow.answer(answer).unwrap());
        goes_along(&request);
        let (request, _) = sent(talk.receive(flow, ok(json!({}))).unwrap());
        goes_along(&request);
    }
}

#[test]
fn an_unconfirmed_account_is_confirmed_on_the_way() {
    for stage in [vec![], vec![password_verifier()]] {
        let talk = Talk::default();
        let flow = talk.after(Method::Srp, stage);
        let (name, details, flow) = asked(talk.receive(flow, refused("UserNotConfirmed", "x")).unwrap());
        assert_eq!((name, details), ("confirmSignUp", json!({"username": "ada@example.com"})));
        let resent = flow.resend().unwrap();
        assert_eq!(
            (resent.operation, &resent.json()["Username"]),
            ("ResendConfirmationCode", &json!("ada@example.com"))
        );

        let (request, flow) = sent(flow.answer(code(" 000000 ")).unwrap());
        assert_eq!(request.operation, "ConfirmSignUp");
        assert_eq!(request.json()["ConfirmationCode"], "000000");
        let again = talk.receive(flow, refused("CodeMismatch", "x")).unwrap_err().again.unwrap();
        let (request, flow) = sent(again.answer(code("123456")).unwrap());
        assert_eq!(request.json()["ConfirmationCode"], "123456");

        let (request, flow) = sent(talk.receive(flow, reply(200, "")).unwrap());
        let expected = json!({"USERNAME": "ada@example.com", "SRP_A": public(2)});
        assert_eq!((&request.json()["AuthParameters"], talk.drawn()), (&expected, 2));
        let (request, flow) = sent(talk.receive(flow, password_verifier()).unwrap());
        assert_eq!(responses(&request)["USERNAME"], "ada-1815");
        assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
    }
}

#[test]
fn a_password_that_has_to_be_reset_is_reset_on_the_way() {
    for stage in [vec![], vec![password_verifier()]] {
        let talk = Talk::default();
        let flow = talk.after(Method::Srp, stage);
        let (name, details, flow) = asked(talk.receive(flow, refused("PasswordResetRequired", "x")).unwrap());
        assert_eq!((name, details), ("resetPassword", json!({"username": "ada@example.com"})));
        let resent = flow.resend().unwrap();
        assert_eq!((resent.operation, &resent.json()["Username"]), ("ForgotPassword", &json!("ada@example.com")));

        let (request, flow) = sent(flow.answer(reset("123456", "weak")).unwrap());
        assert_eq!(request.json()["Password"], "weak");
        let again = talk.receive(flow, refused("InvalidPassword", "x")).unwrap_err().again.unwrap();
        let (request, flow) = sent(again.answer(reset("123456", "New-1816")).unwrap());
        let expected = json!({
            "ClientId": CLIENT_ID, "Username": "ada@example.com", "ConfirmationCode": "123456", "Password": "New-1816",
        });
        assert_eq!((request.operation, request.json()), ("ConfirmForgotPassword", expected));

        let (request, _) = sent(talk.receive(flow, reply(200, "")).unwrap());
        assert_eq!(request.json()["AuthParameters"]["SRP_A"], public(2));
    }
}

#[test]
fn after_a_reset_the_new_password_signs_in() {
    let talk = Talk::default();
    let (_, _, flow) =
        asked(talk.receive(talk.sign_in(Method::Password).1, refused("PasswordResetRequired", "x")).unwrap());
    let (_, flow) = sent(flow.answer(reset("123456", "New-1816")).unwrap());
    let (request, flow) = sent(talk.receive(flow, reply(200, "")).unwrap());
    assert_eq!(request.json()["AuthParameters"], json!({"USERNAME": "ada@example.com", "PASSWORD": "New-1816"}));
    // And an account may need both.
    let (name, details, flow) = asked(talk.receive(flow, refused("UserNotConfirmed", "x")).unwrap());
    assert_eq!((name, details), ("confirmSignUp", json!({"username": "ada@example.com"})));
    let (_, flow) = sent(flow.answer(code("1")).unwrap());
    let (request, _) = sent(talk.receive(flow, ok(json!({}))).unwrap());
    assert_eq!(request.json()["AuthParameters"]["PASSWORD"], "New-1816");
}

#[test]
fn nothing_of_the_first_attempt_is_left_in_the_second() {
    let talk = Talk::default();
    let with_session = challenge("PASSWORD_VERIFIER", Some("session-1"), verifier_parameters());
    let flow = talk.after(Method::Srp, vec![with_session]);
    let (_, _, flow) = asked(talk.receive(flow, refused("UserNotConfirmed", "x")).unwrap());
    let (_, flow) = sent(flow.answer(code("1")).unwrap());
    let (request, flow) = sent(talk.receive(flow, ok(json!({}))).unwrap());
    assert_eq!(request.json()["AuthParameters"]["USERNAME"], "ada@example.com");
    let mut parameters = verifier_parameters();
    parameters["USER_ID_FOR_SRP"] = json!(null);
    parameters["USERNAME"] = json!(null);
    let (request, _) = sent(talk.receive(flow, challenge("PASSWORD_VERIFIER", None, parameters)).unwrap());
    assert_eq!(responses(&request)["USERNAME"], "ada@example.com");
    assert_eq!(request.json().get("Session"), None);
}

#[test]
fn a_challenge_that_nobody_knows_is_named() {
    for name in ["ADMIN_NO_SRP_AUTH", "SOMETHING_NEW", "", "DEVICE_SRP_AUTH"] {
        for stage in [vec![], vec![password_verifier()]] {
            let talk = Talk::default();
            let stopped =
                talk.receive(talk.after(Method::Srp, stage), challenge(name, Some("s"), json!({}))).unwrap_err();
            assert_eq!(stopped.error.code, Code::UnsupportedChallenge);
            assert_eq!(*stopped.error.message, format!("The service asks {name}, which this version cannot answer."));
            assert!(stopped.again.is_none());
        }
    }
}

#[test]
fn a_verifier_that_lacks_a_part_is_named_so() {
    for name in ["SALT", "SRP_B", "SECRET_BLOCK"] {
        for value in [json!(null), json!(7), json!({})] {
            let talk = Talk::default();
            let mut parameters = verifier_parameters();
            parameters[name] = value;
            let challenge = challenge("PASSWORD_VERIFIER", None, parameters);
            let stopped = talk.receive(talk.sign_in(Method::Srp).1, challenge).unwrap_err();
            assert_eq!(stopped.error.code, Code::InvalidResponse);
            assert_eq!(*stopped.error.message, format!("The challenge lacks {name}."));
        }
    }
    let bare = ok(json!({"ChallengeName": "PASSWORD_VERIFIER"}));
    let talk = Talk::default();
    assert_eq!(said(talk.receive(talk.sign_in(Method::Srp).1, bare)), "over InvalidResponse");
}

#[test]
fn what_cannot_be_sent_is_refused_before_it_is() {
    let start = |username: &str, password: &[u8], method| {
        let (username, password) = (username.into(), password.to_vec().into());
        let mut key_pair = || KeyPair::new(vec![1; 32].into(), Group::default());
        let moment = Moment { now: NOW, key_pair: &mut key_pair };
        Flow::sign_in(shared_pool(), Credentials { username, password, method, ..Credentials::default() }, moment)
    };
    assert_eq!(start("", b"x", Method::Srp).unwrap_err().code, Code::InvalidParameter);
    assert_eq!(start("", b"x", Method::Password).unwrap_err().code, Code::InvalidParameter);
    assert_eq!(start("ada", b"\xff", Method::Password).unwrap_err().code, Code::InvalidParameter);
    // SRP hashes bytes, whatever they are.
    assert!(matches!(start("ada", b"\xff", Method::Srp), Ok(Step::Send(..))));
}

#[test]
fn a_pair_that_cannot_be_drawn_stops_the_sign_in() {
    let dry = || Err(Error::new(Code::EngineFailed, "no entropy"));
    let credentials = || Credentials { username: "ada".into(), password: password("x"), ..Credentials::default() };
    let error = Flow::sign_in(shared_pool(), credentials(), Moment { now: NOW, key_pair: &mut { dry } }).unwrap_err();
    assert_eq!(error.code, Code::EngineFailed);
    let talk = Talk::default();
    let (_, _, flow) = asked(talk.receive(talk.sign_in(Method::Srp).1, refused("UserNotConfirmed", "x")).unwrap());
    let (_, flow) = sent(flow.answer(code("1")).unwrap());
    let result = flow.receive(Ok(Box::new(reply(200, ""))), Moment { now: NOW, key_pair: &mut { dry } });
    assert_eq!(said(result), "over EngineFailed");
}

#[test]
fn a_token_that_is_not_ours_signs_nobody_in() {
    for expires in [NOW - HOUR, NOW - 5_000] {
        let talk = Talk::default();
        let step = talk.receive(talk.after(Method::Srp, vec![password_verifier()]), tokens("ada", expires, Some("r")));
        assert_eq!(said(step), "over InvalidToken");
    }
    let talk = Talk::default();
    assert_eq!(
        said(talk.receive(talk.sign_in(Method::Password).1, tokens("ada", NOW + HOUR, None))),
        "over InvalidToken"
    );
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_told_alike() {
    let told = |stage: Vec<_>, reply| {
        let talk = Talk::default();
        talk.receive(talk.after(Method::Srp, stage), reply).unwrap_err().error
    };
    let unknown = || refused("UserNotFound", "User does not exist.");
    let wrong = told(vec![password_verifier()], wrong_password());
    assert_eq!(told(vec![], unknown()), wrong);
    assert_eq!(told(vec![password_verifier()], unknown()), wrong);
}
