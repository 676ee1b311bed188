//! Signing in and up through the client: texts, metadata, and giving up at every point.

use super::support::host::Memory;
use super::support::service::{
    HOUR, NOW, config, new_password_required, ok, password_verifier, refused, reply, texts, tokens,
};
use super::support::tasks::{Task, end};
use super::vault::{
    account, code, credentials, empty, get_user, new_password, patient, registration, sign_in, signed_in, text, token,
};
use cognito_vault::client::{Client, Config, Next};
use cognito_vault::error::Code;
use cognito_vault::flow::{Credentials, Group, KeyPair, Method};
use serde_json::json;
use std::cell::Cell;

/// The A of the `number`-th pair that the host's entropy makes.
fn public(number: u8) -> String {
    let bytes: Vec<u8> = (0..32).map(|at| number - 1 + at).collect();
    KeyPair::new(bytes.into(), Group::default()).unwrap().public().to_string()
}

#[test]
fn a_prepared_pair_is_used_once() {
    let (host, vault) = empty();
    vault.prepare().unwrap();
    vault.prepare().unwrap();
    for _ in 0..3 {
        host.answers(refused("NotAuthorized", "Incorrect username or password."));
        assert_eq!(code(end(sign_in(&vault))), Code::NotAuthorized);
    }
    vault.prepare().unwrap();
    host.answers(refused("UserNotConfirmed", "x")).answers(reply(200, "")).answers(refused("NotAuthorized", "x"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    assert!(end(vault.answer(question, text("1"), &patient)).is_err());
    let sent = host.sent();
    let texts: Vec<_> = sent
        .iter()
        .filter(|sent| sent.operation == "InitiateAuth")
        .map(|sent| sent.body["AuthParameters"]["SRP_A"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(texts, [1, 2, 3, 4, 5].map(public));
}

#[test]
fn without_entropy_nothing_is_sent() {
    let (host, vault) = empty();
    host.runs_dry();
    assert_eq!(vault.prepare().unwrap_err().code, Code::EngineFailed);
    assert_eq!(code(end(sign_in(&vault))), Code::EngineFailed);
    assert!(host.operations().is_empty());
}

#[test]
fn metadata_goes_along_with_every_call_of_a_flow_and_the_configured_with_a_refresh() {
    let host = Memory::new();
    let vault = Client::new(Config { metadata: texts(&[("tenant", "north"), ("app", "x")]), ..config() }, host.clone());
    let own = || texts(&[("tenant", "south")]);
    host.answers(password_verifier()).answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    let given = Credentials { metadata: own(), ..credentials(Method::Srp) };
    end(vault.sign_in(given, &patient)).unwrap();
    host.answers(ok(json!({"UserConfirmed": true})));
    end(vault.sign_up(cognito_vault::flow::Registration { metadata: own(), ..registration() }, &patient)).unwrap();
    host.answers(refused("UserNotConfirmed", "x")).answers(reply(200, "")).answers(refused("CodeMismatch", "x"));
    let given = Credentials { metadata: own(), ..credentials(Method::Srp) };
    let Ok(Next::Ask(question, _)) = end(vault.sign_in(given, &patient)) else { panic!() };
    end(vault.resend(question)).unwrap();
    assert_eq!(code(end(vault.answer(question, text("1"), &patient))), Code::CodeMismatch);
    for sent in host.sent() {
        assert_eq!(sent.body["ClientMetadata"], json!({"tenant": "south"}), "{}", sent.operation);
    }
    host.answers(tokens("ada", NOW + HOUR, None)).answers(ok(json!({"UserAttributes": []}))).answers(reply(200, ""));
    end(vault.refresh()).unwrap();
    end(get_user(&vault)).unwrap();
    end(vault.sign_out()).unwrap();
    let sent = host.sent();
    assert_eq!(sent[0].body["ClientMetadata"], json!({"tenant": "north", "app": "x"}));
    assert!(sent[1..].iter().all(|sent| sent.body.get("ClientMetadata").is_none()), "these take none");
}

#[test]
fn a_sign_up_goes_through() {
    let (host, vault) = empty();
    host.answers(ok(json!({"UserConfirmed": false}))).answers(refused("CodeMismatch", "x")).answers(reply(200, ""));
    let Ok(Next::Ask(question, ask)) = end(vault.sign_up(registration(), &patient)) else { panic!() };
    assert_eq!(ask.0.end(), r#"{"name":"confirm","username":"ada"}"#);
    let answer = |code: &str| end(vault.answer(question, super::vault::text(code), &patient));
    assert_eq!(code(answer("000000")), Code::CodeMismatch);
    assert!(matches!(answer("123456"), Ok(Next::SignedUp)));
    assert_eq!(code(answer("123456")), Code::InvalidState);
    assert_eq!(host.operations(), ["SignUp", "ConfirmSignUp", "ConfirmSignUp"]);
    assert!(host.told().is_empty());
}

#[test]
fn a_visit_later_confirms_or_asks_for_another_code() {
    let (host, vault) = empty();
    let details = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    host.answers(ok(json!({"CodeDeliveryDetails": details})))
        .answers(refused("ExpiredCode", "x"))
        .answers(reply(200, ""));
    let delivery = end(account(&vault, "ResendConfirmationCode", &json!({"Username": "ada"}))).unwrap();
    assert_eq!(delivery, json!({"CodeDeliveryDetails": details}));
    let confirm =
        |code: &str| end(account(&vault, "ConfirmSignUp", &json!({"Username": "ada", "ConfirmationCode": code})));
    assert_eq!(code(confirm("1")), Code::ExpiredCode);
    assert_eq!(confirm("2").unwrap(), json!({}));
    host.answers(refused("NotAuthorized", "User cannot be confirmed. Current status is CONFIRMED"));
    assert_eq!(confirm("2").unwrap(), json!({}));
    for (name, message) in [
        ("NotAuthorized", "User cannot be confirmed. Current status is UNCONFIRMED"),
        ("NotAuthorized", "User is disabled."),
        ("CodeMismatch", "Current status is CONFIRMED"),
    ] {
        host.answers(refused(name, message));
        assert_eq!(code(confirm("2")).as_str(), name);
    }
}

#[test]
fn giving_up_before_or_during_any_exchange_leaves_nobody_signed_in() {
    for point in 0..=2 {
        let (host, vault) = empty();
        let given_up = Cell::new(point == 0);
        let asked = || given_up.get();
        host.holds().holds();
        let mut signing_in = Task::new(vault.sign_in(credentials(Method::Srp), &asked));
        signing_in.run();
        for (at, reply) in [password_verifier(), tokens("ada", NOW + HOUR, Some("refresh-1"))].into_iter().enumerate() {
            if !signing_in.waits() {
                break;
            }
            given_up.set(at + 1 == point);
            host.release(Ok(reply));
            signing_in.run();
        }
        assert_eq!(code(signing_in.end()), Code::Aborted, "{point}");
        assert_eq!(host.operations().len(), point, "{point}");
        assert!(host.told().is_empty());
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
}

#[test]
fn giving_up_an_answer_leaves_the_question_open_and_nobody_signed_in() {
    for point in 0..=1 {
        let (host, vault) = empty();
        host.answers(password_verifier()).answers(new_password_required("session-1"));
        let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
        host.sent();
        let given_up = Cell::new(point == 0);
        let asked = || given_up.get();
        host.holds();
        let mut answering = Task::new(vault.answer(question, new_password(), &asked));
        answering.run();
        if point == 1 {
            given_up.set(true);
            host.release(Ok(tokens("ada", NOW + HOUR, Some("refresh-1"))));
        }
        assert_eq!(code(answering.end()), Code::Aborted);
        assert_eq!(host.operations().len(), point);
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
        assert!(host.told().is_empty());
        if point == 1 {
            host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
            assert!(matches!(end(vault.answer(question, new_password(), &patient)), Ok(Next::SignedIn)));
        }
    }
}

#[test]
fn giving_up_a_sign_up_sends_nothing_more() {
    let (host, vault) = empty();
    assert_eq!(code(end(vault.sign_up(registration(), &|| true))), Code::Aborted);
    assert!(host.operations().is_empty());
}

#[test]
fn giving_up_ends_the_attempts() {
    let (host, vault) = empty();
    let given_up = Cell::new(false);
    let asked = || given_up.get();
    host.holds().fails(Code::Network);
    let mut signing_in = Task::new(vault.sign_in(credentials(Method::Srp), &asked));
    signing_in.run();
    given_up.set(true);
    host.release(Err(Code::Network));
    assert_eq!(code(signing_in.end()), Code::Aborted);
    assert_eq!(host.operations(), ["InitiateAuth"]);
}

#[test]
fn a_failed_sign_in_leaves_the_session_that_there_was() {
    let (host, vault) = signed_in();
    let before = end(token(&vault)).unwrap();
    host.answers(refused("NotAuthorized", "Incorrect username or password."));
    assert_eq!(code(end(sign_in(&vault))), Code::NotAuthorized);
    assert_eq!(end(token(&vault)).unwrap(), before);
    assert!(host.told().is_empty());
}
