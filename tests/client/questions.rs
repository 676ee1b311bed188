//! Questions by their numbers: answered once, closed by the ninth, forgotten on request and by a sign-out.

use super::support::service::{HOUR, NOW, new_password_required, ok, password_verifier, refused, reply, tokens};
use super::support::tasks::{Task, end};
use super::vault::{Vault, code, empty, new_password, patient, registration, sign_in};
use cognito_vault::client::Next;
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::Answer;
use serde_json::{Value, json};

async fn ask(vault: &Vault) -> u32 {
    match vault.sign_up(registration(), &patient).await {
        Ok(Next::Ask(question, _)) => question,
        other => panic!("{other:?}"),
    }
}

async fn answer(vault: &Vault, question: u32, text: &str) -> Result<Next, Error> {
    vault.answer(question, super::vault::text(text), &patient).await
}

fn asked(count: usize) -> (super::support::host::Memory, Vault, Vec<u32>) {
    let (host, vault) = empty();
    let questions = (0..count)
        .map(|_| {
            host.answers(ok(json!({"UserConfirmed": false})));
            end(ask(&vault))
        })
        .collect();
    host.sent();
    (host, vault, questions)
}

#[test]
fn a_question_is_answered_once() {
    let (host, vault, questions) = asked(2);
    host.answers(reply(200, ""));
    assert!(matches!(end(answer(&vault, questions[0], "1")), Ok(Next::SignedUp)));
    assert_eq!(code(end(answer(&vault, questions[0], "1"))), Code::InvalidState);
    assert_eq!(code(end(vault.resend(questions[0]))), Code::InvalidState);
    assert_eq!(code(end(answer(&vault, questions[1] + 1, "1"))), Code::InvalidState);
    assert_eq!(host.operations(), ["ConfirmSignUp"]);
    host.answers(reply(200, ""));
    assert!(matches!(end(answer(&vault, questions[1], "1")), Ok(Next::SignedUp)));
}

#[test]
fn a_question_that_is_being_answered_is_not_open() {
    let (host, vault, questions) = asked(1);
    host.holds();
    let mut first = Task::new(answer(&vault, questions[0], "1"));
    first.run();
    assert_eq!(code(end(answer(&vault, questions[0], "2"))), Code::InvalidState);
    assert_eq!(code(end(vault.resend(questions[0]))), Code::InvalidState);
    host.release(Ok(refused("CodeMismatch", "x")));
    assert_eq!(code(first.end()), Code::CodeMismatch);
    host.answers(reply(200, ""));
    assert!(matches!(end(answer(&vault, questions[0], "2")), Ok(Next::SignedUp)));
}

#[test]
fn an_answer_that_does_not_fit_sends_nothing_and_closes_nothing() {
    let (host, vault, questions) = asked(1);
    let unfit = Answer { password: b"x".to_vec().into(), ..Answer::default() };
    assert_eq!(code(end(vault.answer(questions[0], unfit, &patient))), Code::InvalidParameter);
    assert!(host.operations().is_empty());
    host.answers(reply(200, ""));
    assert!(end(answer(&vault, questions[0], "1")).is_ok());
}

#[test]
fn the_thirty_third_question_closes_the_first() {
    let (host, vault, questions) = asked(33);
    assert_eq!(code(end(answer(&vault, questions[0], "1"))), Code::InvalidState);
    for question in &questions[1..] {
        host.answers(reply(200, ""));
        assert!(end(answer(&vault, *question, "1")).is_ok());
    }
}

#[test]
fn a_question_given_up_is_forgotten() {
    let (host, vault, questions) = asked(2);
    vault.give_up(questions[0]);
    vault.give_up(questions[0]);
    vault.give_up(77);
    assert_eq!(code(end(answer(&vault, questions[0], "1"))), Code::InvalidState);
    host.answers(reply(200, ""));
    assert!(end(answer(&vault, questions[1], "1")).is_ok());
}

#[test]
fn a_question_given_up_while_it_is_answered_stays_forgotten() {
    let (host, vault, questions) = asked(1);
    host.holds();
    let mut answering = Task::new(answer(&vault, questions[0], "1"));
    answering.run();
    vault.give_up(questions[0]);
    host.release(Ok(refused("CodeMismatch", "x")));
    assert_eq!(code(answering.end()), Code::CodeMismatch);
    assert_eq!(code(end(answer(&vault, questions[0], "2"))), Code::InvalidState);
}

#[test]
fn a_sign_out_closes_every_question() {
    let (host, vault, questions) = asked(2);
    host.holds();
    let mut answering = Task::new(answer(&vault, questions[0], "1"));
    answering.run();
    end(vault.sign_out()).unwrap();
    host.release(Ok(refused("CodeMismatch", "x")));
    assert_eq!(code(answering.end()), Code::Aborted);
    for question in questions {
        assert_eq!(code(end(answer(&vault, question, "1"))), Code::InvalidState);
    }
}

#[test]
fn a_code_is_sent_again() {
    let (host, vault, questions) = asked(1);
    let details = json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    host.answers(ok(json!({"CodeDeliveryDetails": details})))
        .answers(refused("LimitExceeded", "x"))
        .answers(reply(200, ""));
    let delivery = end(vault.resend(questions[0])).unwrap();
    let delivery: Value = serde_json::from_str(delivery.expose()).unwrap();
    assert_eq!(delivery, json!({"CodeDeliveryDetails": details}));
    assert_eq!(code(end(vault.resend(questions[0]))), Code::LimitExceeded);
    assert!(end(answer(&vault, questions[0], "1")).is_ok());
    assert_eq!(host.operations(), ["ResendConfirmationCode", "ResendConfirmationCode", "ConfirmSignUp"]);

    host.answers(password_verifier()).answers(new_password_required("session-1"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    assert_eq!(code(end(vault.resend(question))), Code::InvalidState);
}

#[test]
fn one_question_may_lead_to_another() {
    let (host, vault) = empty();
    host.answers(refused("UserNotConfirmed", "x"));
    let Ok(Next::Ask(first, _)) = end(sign_in(&vault)) else { panic!() };
    host.answers(reply(200, "")).answers(password_verifier()).answers(new_password_required("session-1"));
    let Ok(Next::Ask(second, _)) = end(answer(&vault, first, "1")) else { panic!() };
    assert_ne!(first, second);
    assert_eq!(code(end(answer(&vault, first, "1"))), Code::InvalidState);
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    assert!(matches!(end(vault.answer(second, new_password(), &patient)), Ok(Next::SignedIn)));
}

#[test]
fn after_a_refusal_that_ends_it_a_question_is_closed() {
    let (host, vault) = empty();
    host.answers(password_verifier()).answers(new_password_required("session-1"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    host.answers(refused("NotAuthorized", "Invalid session for the user, session is expired."));
    assert_eq!(code(end(vault.answer(question, new_password(), &patient))), Code::NotAuthorized);
    assert_eq!(code(end(vault.answer(question, new_password(), &patient))), Code::InvalidState);
}
