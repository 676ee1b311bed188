//! The sign-in pages: passwords right and wrong, new accounts, forgotten passwords, and who may send their forms.

use serde_json::json;

use crate::{
    browser::{Browser, asking, authorize, exchange},
    support::{PASSWORD, Pool, opened},
};

#[test]
fn a_wrong_password_stays_on_the_page() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    for fields in [[("username", "ada"), ("password", "wrong")], [("username", "nobody"), ("password", PASSWORD)]] {
        let again = browser.submit(&page, "/login?", &fields);
        assert_eq!(again.status, 200);
        again.says("Incorrect username or password.");
        assert!(again.text().contains(&format!("value=\"{}\"", fields[0].1)) && !again.text().contains(PASSWORD));
    }
    assert_eq!(browser.cookie("cognito"), None);
    browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).landing().get("code");
    assert!(browser.cookie("cognito").is_some());
}

#[test]
fn wrong_passwords_lock_as_at_the_api() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    for _ in 0..5 {
        browser.submit(&page, "/login?", &[("username", "ada"), ("password", "wrong")]);
    }
    browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).says("Password attempts exceeded");
    pool.plain("ada", PASSWORD).refused_with("NotAuthorizedException", "Password attempts exceeded");
}

#[test]
fn a_form_is_taken_from_its_own_browser_only() {
    let pool = Pool::new();
    let page = Browser::new(&pool).go(&authorize(&[]));
    let fields = [("username", "ada"), ("password", PASSWORD)];
    let stranger = Browser::new(&pool);
    assert_eq!(stranger.submit(&page, "/login?", &fields).status, 403);
    stranger.go(&authorize(&[]));
    assert_eq!(stranger.submit(&page, "/login?", &fields).status, 403);
    for path in
        ["/login", "/newPassword", "/signup", "/confirm", "/resendcode", "/forgotPassword", "/confirmForgotPassword"]
    {
        assert_eq!(stranger.post(&asking(path, &[]), &fields).status, 403, "{path}");
        // An empty text is not one that was given.
        assert_eq!(Browser::new(&pool).post(&asking(path, &[]), &[("_csrf", "")]).status, 403, "{path}");
    }
    assert_eq!(stranger.cookie("cognito"), None);
}

#[test]
fn hint_and_language_show_on_the_page() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[("login_hint", "\"><b>ada"), ("lang", "de")])).text();
    assert!(
        page.contains("value=\"&quot;&gt;&lt;b&gt;ada\"") && page.contains("<h1 lang=\"de\">Anmelden</h1>"),
        "{page}"
    );
    assert_eq!(browser.cookie("lang").as_deref(), Some("de"));
    assert!(browser.go(&authorize(&[])).text().contains("Anmelden"));
    assert!(browser.go(&authorize(&[("lang", "pt-BR")])).text().contains("Entrar"));
    assert!(Browser::new(&pool).go(&authorize(&[])).text().contains("<h1 lang=\"en\">Sign in</h1>"));
}

#[test]
fn a_new_account_is_made_confirmed_and_signed_in() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&asking("/signup", &[]));
    let weak =
        browser.submit(&page, "/signup?", &[("username", "mary"), ("email", "m@example.com"), ("password", "weak")]);
    weak.says("Password did not conform with policy: Password not long enough");
    let taken =
        browser.submit(&page, "/signup?", &[("username", "ada"), ("email", "m@example.com"), ("password", PASSWORD)]);
    taken.says("User already exists");
    let page =
        browser.submit(&page, "/signup?", &[("username", "mary"), ("email", "m@example.com"), ("password", PASSWORD)]);
    let first = pool.code("mary");
    let wrong = if first == "000000" { "000001" } else { "000000" };
    browser
        .submit(&page, "/confirm?", &[("code", wrong)])
        .says("Invalid verification code provided, please try again.");
    let page = browser.submit(&page, "/resendcode?", &[]);
    let page = browser.submit(&page, "/confirm?", &[("code", &pool.code("mary"))]);
    let landing = browser.submit(&page, "/login?", &[("username", "mary"), ("password", PASSWORD)]).landing();
    assert_eq!(landing.get("state"), "St-4_te");
    assert_eq!(pool.user("mary")["attributes"]["email_verified"], "true");
}

#[test]
fn an_account_that_needs_no_code_goes_to_the_login_page() {
    let pool = Pool::new();
    pool.set(json!({ "autoConfirm": true }));
    let browser = Browser::new(&pool);
    let page = browser.go(&asking("/signup", &[]));
    let page =
        browser.submit(&page, "/signup?", &[("username", "mary"), ("email", "m@example.com"), ("password", PASSWORD)]);
    browser.submit(&page, "/login?", &[("username", "mary"), ("password", PASSWORD)]).landing().get("code");
}

#[test]
fn an_unconfirmed_user_is_asked_for_the_code() {
    let pool = Pool::new();
    pool.add("mary", "UNCONFIRMED");
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let page = browser.submit(&page, "/login?", &[("username", "mary"), ("password", PASSWORD)]);
    page.says("User is not confirmed.");
    let page = browser.submit(&page, "/resendcode?", &[]);
    let page = browser.submit(&page, "/confirm?", &[("code", &pool.code("mary"))]);
    browser.submit(&page, "/login?", &[("username", "mary"), ("password", PASSWORD)]).landing().get("code");
}

#[test]
fn a_forgotten_password_is_chosen_anew() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&asking("/forgotPassword", &[]));
    // A name that nobody has looks like one that somebody has.
    browser.submit(
        &browser.submit(&page, "/forgotPassword?", &[("username", "nobody")]),
        "/confirmForgotPassword?",
        &[("code", "1")],
    );
    let page = browser.submit(&page, "/forgotPassword?", &[("username", "ada")]);
    let code = pool.code("ada");
    let weak = browser.submit(&page, "/confirmForgotPassword?", &[("code", &code), ("password", "weak")]);
    weak.says("Password did not conform with policy: Password not long enough");
    let page = browser.submit(&page, "/confirmForgotPassword?", &[("code", &code), ("password", "Another-Horse-2")]);
    browser
        .submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)])
        .says("Incorrect username or password.");
    browser.submit(&page, "/login?", &[("username", "ada"), ("password", "Another-Horse-2")]).landing().get("code");
}

#[test]
fn a_required_reset_leads_to_the_page_for_it() {
    let pool = Pool::new();
    pool.change("ada", json!({ "status": "RESET_REQUIRED" }));
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let page = browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]);
    page.says("Password reset required for the user");
    let page = browser.submit(&page, "/forgotPassword?", &[("username", "ada")]);
    let fields = [("code", pool.code("ada")), ("password", "Another-Horse-2".to_owned())];
    let page = browser.submit(
        &page,
        "/confirmForgotPassword?",
        &fields.each_ref().map(|(name, value)| (*name, value.as_str())),
    );
    browser.submit(&page, "/login?", &[("username", "ada"), ("password", "Another-Horse-2")]).landing().get("code");
}

#[test]
fn a_temporary_password_is_replaced() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let page = browser.submit(&page, "/login?", &[("username", "grace"), ("password", "Hopper-1906-tmp")]);
    assert_eq!(browser.cookie("cognito"), None);
    // One that is too weak can be tried again.
    let weak = [("password", "weak"), ("userAttributes.given_name", "Grace")];
    let page = browser.submit(&page, "/newPassword?", &weak);
    page.says("Password did not conform with policy: Password not long enough");
    let fields = [("password", "Another-Horse-2"), ("userAttributes.given_name", "Grace")];
    let landing = browser.submit(&page, "/newPassword?", &fields).landing();
    let tokens = exchange(&pool, landing.get("code"), &[]).ok();
    assert_eq!(opened(tokens["id_token"].as_str().unwrap()).1["given_name"], "Grace");
    // The challenge was spent with it.
    browser
        .submit(&page, "/newPassword?", &fields)
        .says("Invalid session for the user, session can only be used once.");
}

#[test]
fn an_address_signs_in_like_the_name_where_it_is_an_alias() {
    let pool = Pool::new();
    pool.set(json!({ "aliasEmail": true }));
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let page = browser.submit(&page, "/login?", &[("username", "grace@example.com"), ("password", "Hopper-1906-tmp")]);
    let fields = [("password", "Another-Horse-2"), ("userAttributes.given_name", "Grace")];
    let landing = browser.submit(&page, "/newPassword?", &fields).landing();
    let tokens = exchange(&pool, landing.get("code"), &[]).ok();
    assert_eq!(opened(tokens["access_token"].as_str().unwrap()).1["username"], "grace");
}

#[test]
fn a_forced_challenge_cannot_be_answered_here() {
    let pool = Pool::new();
    pool.control("POST", "challenges", json!({ "username": "ada", "challengeName": "RIDDLE" })).ok();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let fields = [("username", "ada"), ("password", PASSWORD)];
    browser.submit(&page, "/login?", &fields).says("The challenge cannot be answered on these pages.");
    assert_eq!(browser.cookie("cognito"), None);
}

#[test]
fn a_second_factor_is_not_passed_by_on_the_pages() {
    let pool = Pool::new();
    pool.set(json!({ "mfa": { "mode": "optional" }, "devices": { "tracking": "always" } }));
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[]));
    let fields = [("username", "radia"), ("password", "Perlman-1951")];
    browser.submit(&page, "/login?", &fields).says("The challenge cannot be answered on these pages.");
    assert_eq!(browser.cookie("cognito"), None);
    // Devices belong to the API: tokens of the pages name none, and are refreshed without one.
    let landing = browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).landing();
    let answer = exchange(&pool, landing.get("code"), &[]).json();
    assert_eq!(opened(answer["access_token"].as_str().unwrap()).1.get("device_key"), None);
    pool.renew(answer["refresh_token"].as_str().unwrap()).ok();
}
