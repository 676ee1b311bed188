//! A sign-in by the hosted page's code: exchanged once, and only for tokens that answer this very request.

use super::support::host::Memory;
use super::support::service::{HOUR, NOW, access_claims, access_token, id_claims, jwt, ok, reply};
use super::support::tasks::{Task, end};
use super::vault::{Vault, code, empty, token};
use cognito_vault::error::Code;
use cognito_vault::host::Event;
use cognito_vault::protocol::Reply;
use cognito_vault::protocol::hosted::Grant;
use serde_json::json;

fn grant() -> Grant {
    Grant {
        url: "https://login.example.com/oauth2/token".into(),
        form: "grant_type=authorization_code&code=code-1".into(),
        nonce: "nonce-1".into(),
    }
}

fn granted(nonce: Option<&str>) -> Reply {
    let mut id = id_claims("ada", NOW + HOUR);
    if let Some(nonce) = nonce {
        id["nonce"] = json!(nonce);
    }
    let access = jwt(&access_claims("ada", NOW + HOUR));
    ok(json!({"id_token": jwt(&id), "access_token": access, "refresh_token": "refresh-1"}))
}

fn begun(answer: Reply) -> (Memory, Vault) {
    let (host, vault) = empty();
    host.keeps().answers(answer);
    (host, vault)
}

#[test]
fn a_code_signs_in() {
    let (host, vault) = begun(granted(Some("nonce-1")));
    end(vault.exchange(grant())).unwrap();
    let told = host.told();
    assert_eq!(told[0].event, Event::SignedIn);
    assert!(!told[0].user.as_ref().unwrap().contains("nonce"), "it says nothing about the user");
    assert_eq!(host.verified().len(), 2);
    assert!(host.record().unwrap().1.contains("refresh-1"));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
}

#[test]
fn tokens_of_another_request_are_refused() {
    for nonce in [None, Some(""), Some("nonce-2"), Some("nonce-1 ")] {
        let (host, vault) = begun(granted(nonce));
        let error = end(vault.exchange(grant())).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_ref()),
            (Code::InvalidToken, "A token was refused on arrival: nonce.")
        );
        assert!(host.told().is_empty() && host.record().is_none());
    }
}

#[test]
fn a_code_is_never_sent_twice() {
    for code_of_it in [Code::Network, Code::Timeout] {
        let (host, vault) = empty();
        host.fails(code_of_it);
        assert_eq!(code(end(vault.exchange(grant()))), code_of_it);
        assert_eq!(host.left(), 0);
    }
    let (host, vault) = begun(reply(500, ""));
    assert_eq!(code(end(vault.exchange(grant()))), Code::InternalError);
    assert_eq!(host.operations().len(), 1);
}

#[test]
fn an_exchange_does_not_outlive_a_sign_out() {
    let (host, vault) = empty();
    host.keeps().holds().answers(reply(200, ""));
    let mut exchange = Task::new(vault.exchange(grant()));
    exchange.run();
    end(vault.sign_out()).unwrap();
    host.release(Ok(granted(Some("nonce-1"))));
    assert_eq!(code(exchange.end()), Code::Aborted);
    assert_eq!((host.told().len(), host.record()), (0, None));
    let sent = host.sent();
    assert_eq!((sent[1].operation, &sent[1].body["Token"]), ("RevokeToken", &json!("refresh-1")));
}
