//! The sample API.

use axum::{body::Body, http::Request};
use serde_json::json;

use crate::support::{Answer, Pool, opened};

fn me(pool: &Pool, authorization: Option<&str>) -> Answer {
    let mut request = Request::get("/api/me");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    pool.send(request.body(Body::empty()).unwrap())
}

fn is_unauthorized(answer: &Answer) {
    assert_eq!((answer.status, answer.json()), (401, json!({ "message": "Unauthorized" })));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn access_and_id_tokens_open_with_and_without_the_word() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    for token in [&tokens.access, &tokens.id] {
        for authorization in [format!("Bearer {token}"), token.clone()] {
            let answer = me(&pool, Some(&authorization));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert_eq!(answer.ok(), json!({ "claims": opened(token).1 }));
        }
    }
}

#[test]
fn everything_else_is_unauthorized() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    is_unauthorized(&me(&pool, None));
    for authorization in
        ["", "Bearer", "Bearer x", "Basic YTpi", &format!("bearer {}", tokens.access), tokens.refresh()]
    {
        is_unauthorized(&me(&pool, Some(authorization)));
    }
    // The claims of one token under the signature of another.
    let (text, _) = tokens.access.rsplit_once('.').unwrap();
    let other = pool.tokens("ada").access;
    let (_, signature) = other.rsplit_once('.').unwrap();
    is_unauthorized(&me(&pool, Some(&format!("{text}.{signature}"))));
}

#[test]
fn tokens_expire_here_too() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.turn(3599);
    me(&pool, Some(&tokens.access)).ok();
    pool.turn(1);
    is_unauthorized(&me(&pool, Some(&tokens.access)));
    is_unauthorized(&me(&pool, Some(&tokens.id)));
}

#[test]
fn a_token_from_the_future_is_refused() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.turn(-1);
    is_unauthorized(&me(&pool, Some(&tokens.access)));
}

#[test]
fn revocation_is_not_seen_but_a_rotated_key_is() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.call("GlobalSignOut", json!({ "AccessToken": tokens.access })).ok();
    me(&pool, Some(&tokens.access)).ok();
    pool.control("POST", "keys/rotate", json!({})).ok();
    is_unauthorized(&me(&pool, Some(&tokens.access)));
    is_unauthorized(&me(&pool, Some(&tokens.id)));
    me(&pool, Some(&pool.tokens("ada").access)).ok();
}

#[test]
fn the_echo_describes_the_body() {
    let pool = Pool::new();
    let token = pool.tokens("ada").access;
    let send = |method: &str, authorized: bool| {
        let mut request = Request::builder().method(method).uri("/api/echo").header("content-type", "text/plain");
        if authorized {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        pool.send(request.body(Body::from("abc")).unwrap())
    };
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        assert_eq!(
            send(method, true).ok(),
            json!({ "method": method, "contentType": "text/plain", "bodyLength": 3,
                    "bodySha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" })
        );
        is_unauthorized(&send(method, false));
    }
    assert_eq!(send("GET", true).status, 404);
}
