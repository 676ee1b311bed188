//! /oauth2/authorize: what is let through, what is told to the client, and what is told to nobody but the user.

use cognito_pool::CLIENT_ID;
use serde_json::json;

use crate::{
    browser::{Browser, CALLBACK, CHALLENGE, add_other_client, asking, authorize, exchange, query},
    support::{Pool, opened},
};

#[test]
fn a_password_brings_a_code_and_the_state_exactly_as_sent() {
    let pool = Pool::new();
    for state in ["St-4_te", "a b+c&d=e%20/ü#'\"<", "%", "x".repeat(2000).as_str()] {
        let browser = Browser::new(&pool);
        let page = browser.go(&authorize(&[("state", state)]));
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let landing = browser.submit(&page, "/login?", &[("username", "ada"), ("password", "Lovelace-1815")]).landing();
        assert!(landing.address.starts_with(&format!("{CALLBACK}?code=")));
        assert_eq!(landing.get("state"), state);
        assert_eq!(landing.query.len(), 2);
    }
    let without = Browser::new(&pool).sign_in(&[("state", "")]);
    assert_eq!(without.query.len(), 1);
}

#[test]
fn an_unknown_client_or_address_is_never_redirected() {
    let pool = Pool::new();
    let wrong = [
        ("client_id", "nobody", "invalid_client"),
        ("client_id", "", "invalid_client"),
        ("redirect_uri", "", "redirect_mismatch"),
        ("redirect_uri", "http://127.0.0.1:4173/callback/", "redirect_mismatch"),
        ("redirect_uri", "http://127.0.0.1:4173/callback?x=1", "redirect_mismatch"),
        ("redirect_uri", "http://127.0.0.1:4173/Callback", "redirect_mismatch"),
        ("redirect_uri", "http://127.0.0.1:4173/callback#x", "redirect_mismatch"),
        ("redirect_uri", "https://evil.example/callback", "redirect_mismatch"),
        ("redirect_uri", "http://127.0.0.1:4173/", "redirect_mismatch"),
    ];
    for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"] {
        for (name, value, error) in wrong {
            Browser::new(&pool).go(&asking(path, &[(name, value)])).is_fault(error);
        }
    }
    // Also where something else is wrong besides.
    Browser::new(&pool)
        .go(&authorize(&[("redirect_uri", "x:"), ("response_type", "token")]))
        .is_fault("redirect_mismatch");
    let twice = format!("{}&{}", authorize(&[]), query(&[("redirect_uri", "https://evil.example")]));
    Browser::new(&pool).go(&twice).is_fault("redirect_mismatch");
    let twice = format!("{}&client_id=x", authorize(&[]));
    Browser::new(&pool).go(&twice).is_fault("invalid_client");
}

#[test]
fn a_wrong_request_is_told_to_the_client() {
    let pool = Pool::new();
    let short = &CHALLENGE[1..];
    let wrong: &[(&str, &[(&str, &str)])] = &[
        ("invalid_request", &[("response_type", "")]),
        ("invalid_request", &[("response_type", "code token")]),
        ("invalid_request", &[("response_type", "id_token")]),
        ("invalid_request", &[("code_challenge", ""), ("code_challenge_method", "")]),
        ("invalid_request", &[("code_challenge", "")]),
        ("invalid_request", &[("code_challenge_method", "")]),
        ("invalid_request", &[("code_challenge_method", "plain")]),
        ("invalid_request", &[("code_challenge_method", "s256")]),
        ("invalid_request", &[("code_challenge", short)]),
        ("invalid_request", &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]),
        ("invalid_scope", &[("scope", "openid admin")]),
        ("invalid_scope", &[("scope", "email")]),
        ("invalid_scope", &[("scope", "openid offline_access")]),
        ("invalid_scope", &[("scope", "openid  email")]),
        ("invalid_request", &[("resource", "example.com")]),
        ("invalid_request", &[("resource", "http://example.com")]),
        ("invalid_request", &[("identity_provider", "Google")]),
        ("invalid_request", &[("idp_identifier", "other.example")]),
        ("invalid_request", &[("identity_provider", "Agreeing"), ("idp_identifier", "agreeing.example")]),
        ("invalid_request", &[("prompt", "none login")]),
        ("invalid_request", &[("prompt", "sometimes")]),
        ("invalid_request", &[("lang", "xx")]),
        ("login_required", &[("prompt", "none")]),
    ];
    for (error, changes) in wrong {
        let landing = Browser::new(&pool).go(&authorize(changes)).landing();
        landing.refused(error);
        assert_eq!(landing.get("state"), "St-4_te", "{changes:?}");
    }
    let twice = format!("{}&scope=openid&scope=openid", authorize(&[]));
    Browser::new(&pool).go(&twice).landing().refused("invalid_request");
    // Which of two states was meant is not known, so none is sent.
    let twice = format!("{}&state=other", authorize(&[]));
    let landing = Browser::new(&pool).go(&twice).landing();
    landing.refused("invalid_request");
    assert!(!landing.query.contains_key("state"));
}

#[test]
fn the_implicit_grant_is_refused_in_the_fragment() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    browser.sign_in(&[]);
    let answer = browser.go(&authorize(&[("response_type", "token")]));
    assert_eq!(answer.header("location"), Some(format!("{CALLBACK}#error=unauthorized_client&state=St-4_te").as_str()));
}

#[test]
fn an_address_may_have_a_query_or_a_scheme_of_its_own() {
    let pool = Pool::new();
    let urls = ["http://localhost:3000/cb?to=1", "com.example.app:/cb", "http://[::1]:99/x", "https://app.example/cb"];
    pool.set(json!({ "hosted": { "clients": { CLIENT_ID: { "callbackUrls": urls } } } }));
    for url in urls {
        let joint = if url.contains('?') { '&' } else { '?' };
        let landing = Browser::new(&pool).sign_in(&[("redirect_uri", url)]);
        assert!(landing.address.starts_with(&format!("{url}{joint}code=")), "{}", landing.address);
    }
    for url in [
        "http://example.com/",
        "/callback",
        "https://app.example/#x",
        "javascript:alert(1)",
        "https://",
        "",
        "http://localhost.evil.example/",
    ] {
        let change = json!({ "hosted": { "clients": { CLIENT_ID: { "callbackUrls": [url] } } } });
        assert_eq!(pool.control("POST", "settings", change).status, 400, "{url}");
        let change = json!({ "hosted": { "clients": { CLIENT_ID: { "logoutUrls": [url] } } } });
        assert_eq!(pool.control("POST", "settings", change).status, 400, "{url}");
    }
    for change in [json!({ "scopes": ["admin"] }), json!({ "providers": ["Google"] }), json!({ "colour": 1 })] {
        let change = json!({ "hosted": { "clients": { CLIENT_ID: change } } });
        assert_eq!(pool.control("POST", "settings", change).status, 400);
    }
}

#[test]
fn a_browser_that_is_signed_in_is_not_asked_again() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let first = browser.sign_in(&[]);
    pool.turn(3599);
    let again = browser.go(&authorize(&[("prompt", "none"), ("state", "other")])).landing();
    assert_ne!(again.get("code"), first.get("code"));
    assert_eq!(again.get("state"), "other");
    browser.go(&authorize(&[("identity_provider", "COGNITO")])).landing().get("code");
    // Asked for, the page comes all the same; another browser is another matter.
    for prompt in ["login", "select_account", "login consent"] {
        assert_eq!(browser.go(&authorize(&[("prompt", prompt)])).status, 200);
    }
    Browser::new(&pool).go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
    // Using the cookie has not made it live longer.
    pool.turn(1);
    browser.go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
}

#[test]
fn a_disabled_user_is_not_signed_in_any_more() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let code = browser.sign_in(&[]);
    pool.change("ada", json!({ "enabled": false }));
    browser.go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
    exchange(&pool, code.get("code"), &[]).wrong("invalid_grant");
    let page = browser.go(&authorize(&[]));
    let fields = [("username", "ada"), ("password", "Lovelace-1815")];
    browser.submit(&page, "/login?", &fields).says("User is disabled.");
}

#[test]
fn one_sign_in_serves_every_client_of_the_pool() {
    let pool = Pool::new();
    add_other_client(&pool);
    let browser = Browser::new(&pool);
    browser.sign_in(&[]);
    pool.turn(60);
    let landing = browser.go(&authorize(&[("client_id", crate::browser::OTHER)])).landing();
    let tokens = exchange(&pool, landing.get("code"), &[("client_id", crate::browser::OTHER)]).ok();
    let claims = opened(tokens["id_token"].as_str().unwrap()).1;
    assert_eq!((&claims["aud"], &claims["auth_time"]), (&json!(crate::browser::OTHER), &json!(crate::support::START)));
}

#[test]
fn a_silent_request_works_at_login_too() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    browser.go(&asking("/login", &[("prompt", "none")])).landing().refused("login_required");
    browser.sign_in(&[]);
    browser.go(&asking("/login", &[("prompt", "none")])).landing().get("code");
}

#[test]
fn no_page_may_be_framed_scripted_or_called_from_another() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let fault = browser.go(&authorize(&[("client_id", "x")]));
    for answer in [browser.go(&authorize(&[])), fault] {
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert!(!answer.text().contains("<script"));
    }
    for path in ["/oauth2/authorize", "/login", "/logout"] {
        let request = axum::http::Request::options(path)
            .header("origin", "http://127.0.0.1:4173")
            .header("access-control-request-method", "GET");
        let answer = pool.send(request.body(axum::body::Body::empty()).unwrap());
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, None));
    }
}
