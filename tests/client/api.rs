//! The app's own API: which origins get a token, which token, and what a 401 leads to.

use super::support::host::Memory;
use super::support::service::{API, HOUR, NOW, access_token, config, id_claims, jwt, refused, tokens};
use super::support::tasks::{Task, end};
use super::vault::{answers, call, code, signed_in, signed_in_as, token};
use cognito_vault::client::{Client, Config};
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason};
use serde_json::json;
use std::cell::{Cell, RefCell};

#[test]
fn only_a_listed_origin_gets_a_token() {
    let lookalikes = [
        "",
        "null",
        "https://api.example.com/",
        "https://api.example.com:443",
        "https://api.example.com:8443",
        "http://api.example.com",
        "https://API.example.com",
        "https://api.example.com.evil.example",
        "https://evil.example/https://api.example.com",
        "https://xapi.example.com",
        "https://example.com",
        "https://api.example.co",
        "https://api.example.com@evil.example",
        "//api.example.com",
        " https://api.example.com",
        "https://api.example.com\0",
        "*",
    ];
    let (host, vault) = signed_in();
    host.turn(2 * HOUR);
    for origin in lookalikes {
        let called = Cell::new(false);
        let refused = end(vault.with_tokens(
            origin,
            Box::new(|_| {
                called.set(true);
                answers(Ok(200))
            }),
        ));
        assert_eq!((code(refused), called.get()), (Code::OriginNotAllowed, false), "{origin}");
    }
    assert!(host.operations().is_empty(), "not even a refresh");
}

#[test]
fn every_listed_origin_gets_the_token_that_it_wants() {
    let host = Memory::new();
    let origins = [API, "http://127.0.0.1:9229"];
    let vault = Client::new(Config { api_origins: json!(origins).to_string().into(), ..config() }, host.clone());
    signed_in_as(&host, &vault, "ada");
    for origin in origins {
        let used = RefCell::new(Vec::new());
        let answer = end(vault.with_tokens(
            origin,
            Box::new(|session| {
                used.borrow_mut()
                    .extend([session.id_token(), session.access_token()].map(|token| token.expose().clone()));
                answers(Ok(200))
            }),
        ));
        let both = vec![jwt(&id_claims("ada", NOW + HOUR)), access_token("ada", NOW + HOUR)];
        assert_eq!((answer.unwrap().status, used.take()), (200, both));
    }
    let nobody = Client::new(Config { api_origins: "[]".into(), ..config() }, Memory::new());
    assert_eq!(code(end(token(&nobody))), Code::OriginNotAllowed);
}

#[test]
fn a_401_leads_to_one_refresh_and_one_more_call() {
    let (old, new) = (access_token("ada", NOW + HOUR), access_token("ada", NOW + 4 * HOUR));
    for second in [200, 401, 500] {
        let (host, vault) = signed_in();
        host.answers(tokens("ada", NOW + 4 * HOUR, None));
        let (answer, used) = end(call(&vault, &[Ok(401), Ok(second), Ok(418)]));
        assert_eq!((answer, used), (Ok(second), vec![old.clone(), new.clone()]));
        assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
    }
}

#[test]
fn any_other_answer_is_the_apps() {
    for status in [200, 204, 301, 400, 403, 404, 500, 503] {
        let (host, vault) = signed_in();
        let (answer, used) = end(call(&vault, &[Ok(status), Ok(418)]));
        assert_eq!((answer, used.len()), (Ok(status), 1));
        assert!(host.operations().is_empty());
    }
    let (host, vault) = signed_in();
    assert_eq!(end(call(&vault, &[Err(Code::Network), Ok(418)])).0, Err(Code::Network));
    host.answers(tokens("ada", NOW + 4 * HOUR, None));
    assert_eq!(end(call(&vault, &[Ok(401), Err(Code::Timeout)])).0, Err(Code::Timeout));
}

#[test]
fn a_401_that_no_refresh_can_mend_is_the_apps() {
    let (host, vault) = signed_in();
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    let (answer, used) = end(call(&vault, &[Ok(401), Ok(418)]));
    assert_eq!((answer, used.len()), (Ok(401), 1));
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);

    let (host, vault) = signed_in();
    for _ in 0..3 {
        host.fails(Code::Network);
    }
    assert_eq!(end(call(&vault, &[Ok(401), Ok(418)])).0, Ok(401));
    assert_eq!(host.events(), [Event::RefreshFailed(Code::Network)]);
}

#[test]
fn many_401s_lead_to_one_refresh() {
    let (host, vault) = signed_in();
    host.holds();
    let mut calls: Vec<_> = (0..3).map(|_| Task::new(call(&vault, &[Ok(401), Ok(200), Ok(418)]))).collect();
    calls.iter_mut().for_each(|call| call.run());
    host.release(Ok(tokens("ada", NOW + 4 * HOUR, None)));
    for call in calls {
        let (answer, used) = call.end();
        assert_eq!((answer, used.len()), (Ok(200), 2));
        assert_eq!(used[1], access_token("ada", NOW + 4 * HOUR));
    }
    assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
}

#[test]
fn a_call_after_a_needed_refresh_that_failed_is_not_made() {
    let (host, vault) = signed_in();
    host.turn(2 * HOUR);
    for _ in 0..3 {
        host.fails(Code::Timeout);
    }
    let made = Cell::new(false);
    let result = end(vault.with_tokens(
        API,
        Box::new(|_| {
            made.set(true);
            answers(Ok(200))
        }),
    ));
    assert_eq!((code(result), made.get()), (Code::Timeout, false));
}
