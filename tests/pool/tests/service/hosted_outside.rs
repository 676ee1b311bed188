//! The outside identity providers: the one that agrees, the one that refuses, and what must not get through between them.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, CALLBACK, Landing, authorize, exchange, user_info},
    support::{Pool, START, opened},
};

const AGREEING: &str = "/idp/Agreeing/authorize?";
const REFUSING: &str = "/idp/Refusing/authorize?";

#[track_caller]
fn mary(browser: &Browser<'_>, changes: &[(&str, &str)]) -> Landing {
    let page = browser.go(&authorize(&[&[("identity_provider", "Agreeing")], changes].concat()));
    browser.submit(&page, AGREEING, &[("username", "mary"), ("answer", "agree")]).landing()
}

#[test]
fn a_provider_vouches_for_a_user_of_its_own() {
    let pool = Pool::new();
    let landing = mary(&Browser::new(&pool), &[("nonce", "n-1")]);
    assert_eq!(landing.get("state"), "St-4_te");
    let tokens = exchange(&pool, landing.get("code"), &[]).ok();
    let claims = opened(tokens["id_token"].as_str().unwrap()).1;
    let identity = json!([{ "userId": "mary", "providerName": "Agreeing", "providerType": "OIDC", "primary": "true",
                            "dateCreated": (START * 1000).to_string() }]);
    assert_eq!(claims["identities"], identity);
    assert_eq!(claims["cognito:username"], "Agreeing_mary");
    assert_eq!(claims["cognito:groups"], json!(["eu-west-1_DemoPool1_Agreeing"]));
    assert_eq!((&claims["email"], &claims["nonce"]), (&json!("mary@agreeing.example"), &json!("n-1")));
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(opened(access).1["username"], "Agreeing_mary");
    let info = user_info(&pool, access).ok();
    assert_eq!(serde_json::from_str::<Value>(info["identities"].as_str().unwrap()).unwrap(), identity);
    assert_eq!(pool.get_user(access).ok()["Username"], "Agreeing_mary");
    // The same user the next time.
    let again = mary(&Browser::new(&pool), &[]);
    let again = exchange(&pool, again.get("code"), &[]).ok();
    assert_eq!(opened(again["id_token"].as_str().unwrap()).1["sub"], claims["sub"]);
    assert_eq!(pool.user("Agreeing_mary")["status"], "EXTERNAL_PROVIDER");
}

#[test]
fn a_provider_is_found_by_name_identifier_or_on_the_page() {
    let pool = Pool::new();
    for changes in [("identity_provider", "Agreeing"), ("idp_identifier", "agreeing.example")] {
        assert!(Browser::new(&pool).go(&authorize(&[changes])).text().contains("<h1>Agreeing</h1>"));
    }
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[])).text();
    let links: Vec<&str> = page.split("<a href=\"").skip(1).filter_map(|link| link.split('"').next()).collect();
    let link = links.iter().find(|link| link.ends_with("identity_provider=Refusing")).unwrap();
    let page = browser.go(&link.replace("&amp;", "&"));
    assert!(page.text().contains("<h1>Refusing</h1>"));
    // Who asks for the pool's own users is shown no other.
    let own = Browser::new(&pool).go(&authorize(&[("identity_provider", "COGNITO")])).text();
    assert!(own.contains("name=\"password\"") && !own.contains("identity_provider=Agreeing"));
    // The hint travels on.
    let hinted =
        Browser::new(&pool).go(&authorize(&[("identity_provider", "Agreeing"), ("login_hint", "mary")])).text();
    assert!(hinted.contains("value=\"mary\""));
}

#[test]
fn a_client_has_the_providers_that_are_set() {
    let pool = Pool::new();
    let provide = |providers: Value| {
        pool.set(json!({ "hosted": { "clients": { CLIENT_ID: { "providers": providers } } } }));
        Browser::new(&pool).go(&authorize(&[]))
    };
    let own = provide(json!(["COGNITO"]));
    assert!(own.text().contains("name=\"password\"") && !own.text().contains("Agreeing"));
    Browser::new(&pool).go(&authorize(&[("identity_provider", "Agreeing")])).landing().refused("invalid_request");
    assert!(provide(json!(["Agreeing"])).text().contains("<h1>Agreeing</h1>"));
    let both = provide(json!(["Agreeing", "Refusing"])).text();
    assert!(both.contains("identity_provider=Agreeing") && !both.contains("name=\"password\""));
    // Without the page there is no way around it either.
    let browser = Browser::new(&pool);
    browser.go(&authorize(&[]));
    let csrf = browser.cookie("XSRF-TOKEN").unwrap();
    let fields = [("_csrf", csrf.as_str()), ("username", "ada"), ("password", "Lovelace-1815")];
    browser.post(&crate::browser::asking("/login", &[]), &fields).says("Incorrect username or password.");
}

#[test]
fn a_refusal_is_told_with_its_words_unchanged() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let page = browser.go(&authorize(&[("identity_provider", "Refusing")]));
    let landing = browser.submit(&page, REFUSING, &[("answer", "agree")]).landing();
    landing.refused("invalid_request");
    assert_eq!(landing.get("state"), "St-4_te");
    let words = "Refused: <img src=x onerror=alert(1)> is not \"one of us\" & 100% will not be";
    assert_eq!(landing.get("error_description"), words);
    assert!(landing.address.starts_with(&format!("{CALLBACK}?error_description=")));
    assert_eq!(browser.cookie("cognito"), None);
}

#[test]
fn a_cancelled_sign_in_is_told_as_the_provider_says_it() {
    let pool = Pool::new();
    for (provider, form) in [("Agreeing", AGREEING), ("Refusing", REFUSING)] {
        let browser = Browser::new(&pool);
        let page = browser.go(&authorize(&[("identity_provider", provider)]));
        let landing = browser.submit(&page, form, &[("answer", "cancel")]).landing();
        landing.refused("access_denied");
        assert_eq!(landing.get("state"), "St-4_te");
    }
}

#[test]
fn what_one_browser_began_no_other_finishes_and_nobody_twice() {
    let pool = Pool::new();
    let (browser, stranger) = (Browser::new(&pool), Browser::new(&pool));
    let page = browser.go(&authorize(&[("identity_provider", "Agreeing")]));
    stranger.go(&authorize(&[]));
    stranger.submit(&page, AGREEING, &[("username", "mary"), ("answer", "agree")]).is_fault("invalid_request");
    // It is spent by that.
    browser.submit(&page, AGREEING, &[("username", "mary"), ("answer", "agree")]).is_fault("invalid_request");
    browser.go("/oauth2/idpresponse?code=x&state=y").is_fault("invalid_request");
    let page = browser.go(&authorize(&[("identity_provider", "Agreeing")]));
    pool.turn(300);
    browser.submit(&page, AGREEING, &[("username", "mary"), ("answer", "agree")]).is_fault("invalid_request");
}

#[test]
fn a_code_of_one_provider_is_worth_nothing_at_another_or_twice() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let state = |provider: &str| {
        let login = browser.get(&crate::browser::asking("/login", &[("identity_provider", provider)]));
        login.header("location").unwrap().split_once("state=").unwrap().1.to_owned()
    };
    let code = || {
        let body = "username=mary&answer=agree".to_owned();
        let request = axum::http::Request::post("/idp/Agreeing/authorize?state=s")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = pool.send(request.body(body.into()).unwrap());
        let location = answer.header("location").unwrap().to_owned();
        location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
    };
    let back = |code: &str, state: &str| browser.go(&format!("/oauth2/idpresponse?code={code}&state={state}"));
    back(&code(), &state("Refusing")).landing().refused("invalid_request");
    let good = code();
    back(&good, &state("Agreeing")).landing().get("code");
    back(&good, &state("Agreeing")).landing().refused("invalid_request");
}

#[test]
fn two_tabs_may_be_with_a_provider_at_once() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let tabs =
        ["one", "two"].map(|state| browser.go(&authorize(&[("identity_provider", "Agreeing"), ("state", state)])));
    for (page, state) in tabs.iter().zip(["one", "two"]) {
        let landing = browser.submit(page, AGREEING, &[("username", "mary"), ("answer", "agree")]).landing();
        assert_eq!(landing.get("state"), state);
    }
}

#[test]
fn who_comes_from_outside_has_no_password_here() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    mary(&browser, &[]);
    // The cookie is good for that provider, and for whoever does not mind.
    browser.go(&authorize(&[("prompt", "none"), ("identity_provider", "Agreeing")])).landing().get("code");
    browser.go(&authorize(&[("prompt", "none")])).landing().get("code");
    browser.go(&authorize(&[("prompt", "none"), ("identity_provider", "COGNITO")])).landing().refused("login_required");
    pool.plain("Agreeing_mary", "x").refused_with("NotAuthorizedException", "Incorrect username or password.");
    pool.set(json!({ "preventUserExistenceErrors": "LEGACY" }));
    pool.plain("Agreeing_mary", "x").refused("UserNotFoundException");
    let forgot = json!({ "ClientId": CLIENT_ID, "Username": "Agreeing_mary" });
    pool.call("ForgotPassword", forgot).refused("NotAuthorizedException");
    pool.change("Agreeing_mary", json!({ "enabled": false }));
    mary(&Browser::new(&pool), &[]).refused("invalid_request");
    // A name that was taken here first is not given to somebody from outside.
    pool.add("Agreeing_bob", "CONFIRMED");
    let other = Browser::new(&pool);
    let page = other.go(&authorize(&[("identity_provider", "Agreeing")]));
    let landing = other.submit(&page, AGREEING, &[("username", "bob"), ("answer", "agree")]).landing();
    landing.refused("invalid_request");
}
