//! /logout: who may be sent where, and what ends.

use cognito_pool::CLIENT_ID;

use crate::{
    browser::{Browser, CALLBACK, authorize, exchange, query},
    support::{PASSWORD, Pool},
};

const HOME: &str = "http://127.0.0.1:4173/";

fn logout(pairs: &[(&str, &str)]) -> String {
    format!("/logout?{}", query(pairs))
}

#[test]
fn it_ends_the_cookie_and_not_the_tokens() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let landing = browser.sign_in(&[]);
    let tokens = exchange(&pool, landing.get("code"), &[]).ok();
    let stolen = browser.cookie("cognito").unwrap();
    // What stands beside logout_uri is ignored.
    let pairs =
        [("client_id", CLIENT_ID), ("logout_uri", HOME), ("redirect_uri", "https://evil.example"), ("state", "x")];
    let answer = browser.go(&logout(&pairs));
    assert_eq!((answer.status, answer.header("location")), (302, Some(HOME)));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(browser.cookie("cognito"), None);
    browser.go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
    // Not only the browser has forgotten it.
    browser.set_cookie("cognito", &stolen);
    browser.go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
    pool.get_user(tokens["access_token"].as_str().unwrap()).ok();
    pool.renew(tokens["refresh_token"].as_str().unwrap()).ok();
    // Without a cookie it works too.
    assert_eq!(Browser::new(&pool).go(&logout(&pairs)).header("location"), Some(HOME));
}

#[test]
fn an_address_that_is_not_registered_ends_nothing() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    browser.sign_in(&[]);
    for (pairs, error) in [
        ([("client_id", CLIENT_ID), ("logout_uri", "https://evil.example/")], "redirect_mismatch"),
        ([("client_id", CLIENT_ID), ("logout_uri", "http://127.0.0.1:4173")], "redirect_mismatch"),
        ([("client_id", CLIENT_ID), ("logout_uri", CALLBACK)], "redirect_mismatch"),
        ([("client_id", CLIENT_ID), ("x", "y")], "redirect_mismatch"),
        ([("client_id", CLIENT_ID), ("redirect_uri", HOME)], "redirect_mismatch"),
        ([("client_id", "nobody"), ("logout_uri", HOME)], "invalid_client"),
    ] {
        browser.go(&logout(&pairs)).is_fault(error);
    }
    browser.go(&format!("/logout?logout_uri={HOME}")).is_fault("invalid_client");
    let twice = format!("{}&logout_uri=x", logout(&[("client_id", CLIENT_ID), ("logout_uri", HOME)]));
    browser.go(&twice).is_fault("redirect_mismatch");
    browser.go(&authorize(&[("prompt", "none")])).landing().get("code");
}

#[test]
fn the_other_form_leads_to_the_login_page_and_takes_no_pkce() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    browser.sign_in(&[]);
    let base = [("client_id", CLIENT_ID), ("redirect_uri", CALLBACK), ("response_type", "code"), ("state", "a b")];
    browser.go(&logout(&base[..2])).landing().refused("invalid_request");
    for wrong in
        [("code_challenge_method", "S256"), ("identity_provider", "COGNITO"), ("idp_identifier", "agreeing.example")]
    {
        browser.go(&logout(&[&base[..], &[wrong]].concat())).landing().refused("invalid_request");
    }
    assert!(browser.cookie("cognito").is_some());
    let page = browser.go(&logout(&base));
    assert_eq!(browser.cookie("cognito"), None);
    let landing = browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).landing();
    assert_eq!(landing.get("state"), "a b");
    // Such a code has no challenge, and is worth nothing to a client that must have one.
    exchange(&pool, landing.get("code"), &[]).wrong("invalid_grant");
}
