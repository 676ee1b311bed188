//! What began before a sign-out, or before another sign-in, is not committed after it.

use super::support::service::{
    HOUR, NOW, access_token, new_password_required, ok, password_verifier, refused, reply, tokens,
};
use super::support::tasks::{Task, end};
use super::vault::{
    answers, call, code, empty, get_user, new_password, patient, sign_in, signed_in, signed_in_as, text, token,
};
use cognito_vault::client::Next;
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason};
use serde_json::json;

#[test]
fn a_sign_in_does_not_outlive_a_sign_out() {
    for exchange in 0..2 {
        let (host, vault) = empty();
        host.holds().holds();
        let mut signing_in = Task::new(sign_in(&vault));
        signing_in.run();
        if exchange == 1 {
            host.release(Ok(password_verifier()));
            signing_in.run();
        }
        end(vault.sign_out()).unwrap();
        host.release(Ok(if exchange == 0 {
            password_verifier()
        } else {
            tokens("ada", NOW + HOUR, Some("refresh-1"))
        }));
        assert_eq!(code(signing_in.end()), Code::Aborted);
        assert_eq!(host.operations().len(), exchange + 1);
        assert!(host.told().is_empty());
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
}

#[test]
fn an_answer_does_not_outlive_a_sign_out() {
    let (host, vault) = empty();
    host.answers(password_verifier()).answers(new_password_required("session-1"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    host.holds();
    let mut answering = Task::new(vault.answer(question, new_password(), &patient));
    answering.run();
    end(vault.sign_out()).unwrap();
    host.release(Ok(tokens("ada", NOW + HOUR, Some("refresh-1"))));
    assert_eq!(code(answering.end()), Code::Aborted);
    assert_eq!(code(end(vault.answer(question, new_password(), &patient))), Code::InvalidState);
    assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    assert!(host.told().is_empty());
}

#[test]
fn a_refresh_does_not_outlive_a_sign_out() {
    for late in [tokens("ada", NOW + 2 * HOUR, Some("refresh-2")), refused("NotAuthorized", "x"), reply(503, "")] {
        let (host, vault) = signed_in();
        host.turn(2 * HOUR);
        host.holds().answers(reply(200, ""));
        if late.status == 503 {
            host.answers(reply(503, "")).answers(reply(503, ""));
        }
        let mut waiting = Task::new(token(&vault));
        waiting.run();
        end(vault.sign_out()).unwrap();
        assert_eq!(host.events(), [Event::SignedOut(Reason::User)]);
        host.sent();
        let renewed = late.status == 200;
        host.answers(reply(200, ""));
        host.release(Ok(late));
        assert_eq!(code(waiting.end()), Code::NotSignedIn);
        assert!(host.told().is_empty());
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
        // Tokens that nobody holds are revoked.
        let sent = host.sent();
        let revoked: Vec<_> = sent.iter().filter_map(|sent| sent.body.get("Token").cloned()).collect();
        assert_eq!(revoked, if renewed { vec![json!("refresh-2")] } else { vec![] });
    }
}

#[test]
fn a_refresh_never_replaces_another_users_session() {
    for late in [tokens("ada", NOW + 4 * HOUR, Some("refresh-2")), refused("NotAuthorized", "x")] {
        let (host, vault) = signed_in();
        host.holds();
        let mut refreshing = Task::new(vault.refresh());
        refreshing.run();
        signed_in_as(&host, &vault, "grace");
        if late.status == 200 {
            host.answers(reply(200, ""));
        }
        host.release(Ok(late));
        assert_eq!(code(refreshing.end()), Code::NotSignedIn);
        assert!(host.told().is_empty());
        assert_eq!(end(token(&vault)).unwrap(), access_token("grace", NOW + HOUR));
    }
}

#[test]
fn a_refresh_gives_way_to_a_new_sign_in_of_the_same_user() {
    let (host, vault) = signed_in();
    host.holds();
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    host.answers(password_verifier()).answers(tokens("ada", NOW + 3 * HOUR, Some("refresh-9")));
    end(sign_in(&vault)).unwrap();
    host.told();
    host.release(Ok(refused("NotAuthorized", "Refresh Token has been revoked")));
    assert_eq!(refreshing.end(), Ok(()));
    assert!(host.told().is_empty());
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 3 * HOUR));
}

#[test]
fn a_call_is_not_repeated_with_another_users_token() {
    let (host, vault) = signed_in();
    let used = std::cell::RefCell::new(Vec::new());
    let answer = end(vault.with_tokens(
        "https://api.example.com",
        Box::new(|session| {
            used.borrow_mut().push(session.access_token().expose().clone());
            signed_in_as(&host, &vault, "grace");
            answers(Ok(401))
        }),
    ));
    assert_eq!(answer.unwrap().status, 401);
    assert_eq!(used.take(), [access_token("ada", NOW + HOUR)]);
    assert!(host.operations().is_empty());
}

#[test]
fn a_refused_refresh_does_not_end_a_sign_in_under_way() {
    let (host, vault) = signed_in();
    host.holds().holds().holds();
    let mut signing_in = Task::new(sign_in(&vault));
    let mut refreshing = Task::new(vault.refresh());
    signing_in.run();
    host.release(Ok(password_verifier()));
    refreshing.run();
    signing_in.run();
    host.release(Ok(refused("NotAuthorized", "Refresh Token has expired")));
    assert_eq!(code(refreshing.end()), Code::NotAuthorized);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
    host.release(Ok(tokens("ada", NOW + HOUR, Some("refresh-2"))));
    assert!(matches!(signing_in.end(), Ok(Next::SignedIn)));
    assert_eq!(host.events(), [Event::SignedIn]);
}

#[test]
fn a_refused_refresh_leaves_questions_open() {
    let (host, vault) = signed_in();
    host.answers(refused("UserNotConfirmed", "x"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    host.answers(refused("NotAuthorized", "Refresh Token has expired"));
    assert_eq!(code(end(vault.refresh())), Code::NotAuthorized);
    host.answers(refused("CodeMismatch", "x"));
    assert_eq!(code(end(vault.answer(question, text("1"), &patient))), Code::CodeMismatch);
}

#[test]
fn a_sign_out_forgets_before_it_revokes_and_whatever_comes_of_it() {
    let outcomes = [
        (Ok(reply(200, "")), None),
        (Ok(refused("Unauthorized", "x")), None),
        (Ok(refused("UnsupportedOperation", "x")), None),
        (Ok(refused("UnsupportedTokenType", "x")), Some(Code::UnsupportedTokenType)),
        (Err(Code::Network), Some(Code::Network)),
    ];
    for (outcome, expected) in outcomes {
        let (host, vault) = signed_in();
        host.holds().fails(Code::Network).fails(Code::Network);
        let mut signing_out = Task::new(vault.sign_out());
        signing_out.run();
        assert_eq!(host.events(), [Event::SignedOut(Reason::User)]);
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
        let sent = host.sent();
        assert_eq!((sent[0].operation, &sent[0].body["Token"]), ("RevokeToken", &json!("refresh-1")));
        host.release(outcome);
        assert_eq!(signing_out.end().err().map(|error| error.code), expected);
        assert_eq!(end(vault.sign_out()), Ok(()));
        assert!(host.told().is_empty());
    }
}

#[test]
fn nobody_signed_in_is_told_so() {
    let (host, vault) = empty();
    assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    assert_eq!(code(end(vault.refresh())), Code::NotSignedIn);
    assert_eq!(code(end(get_user(&vault))), Code::NotSignedIn);
    assert_eq!(end(call(&vault, &[])).0, Err(Code::NotSignedIn));
    assert_eq!(end(vault.sign_out()), Ok(()));
    assert!(host.operations().is_empty() && host.told().is_empty());
    let (host, vault) = signed_in();
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    host.answers(ok(json!({})));
    assert_eq!(code(end(get_user(&vault))), Code::NotSignedIn);
    assert_eq!(host.left(), 1);
}
