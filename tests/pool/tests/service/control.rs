//! The control API: settings, users, clock, faults, journal, reset.

use axum::{body::Body, http::Request};
use cognito_pool::{Beginning, CLIENT_ID, Clock, Keys, Settings};
use serde_json::{Value, json};

use crate::browser::{Browser, authorize, exchange};
use crate::support::{Answer, PASSWORD, Pool, START};

fn fault(pool: &Pool, operation: &str, kind: &str, times: u32) {
    let fault = json!({ "operation": operation, "kind": kind, "times": times });
    pool.control("POST", "faults", fault).ok();
}

fn forgot(pool: &Pool) -> Answer {
    pool.call("ForgotPassword", json!({ "ClientId": CLIENT_ID, "Username": "ada" }))
}

fn get(pool: &Pool, path: &str) -> Answer {
    pool.send(Request::get(path).body(Body::empty()).unwrap())
}

#[test]
fn settings_are_merged_and_told_whole() {
    let pool = Pool::new();
    let all = pool.control("POST", "settings", json!({ "rotation": { "graceSeconds": 5 }, "aliasEmail": true })).ok();
    assert_eq!(all["rotation"], json!({ "enabled": false, "graceSeconds": 5 }));
    assert_eq!((&all["aliasEmail"], &all["preventUserExistenceErrors"]), (&json!(true), &json!("ENABLED")));
    assert_eq!(all.as_object().unwrap().len(), 26);
    for wrong in [json!({ "colour": "red" }), json!({ "aliasEmail": "yes" }), json!({ "rotation": null }), json!([])] {
        assert_eq!(pool.control("POST", "settings", wrong).status, 400);
    }
    assert_eq!(pool.control("GET", "settings", json!({})).ok(), all);
}

#[test]
fn users_are_made_changed_and_removed() {
    let pool = Pool::new();
    let made = pool.control("POST", "users", json!({ "username": "a/b c", "password": PASSWORD, "enabled": false }));
    assert_eq!(made.status, 201);
    let sub = made.json()["sub"].clone();
    let user = pool.user("a%2Fb%20c");
    assert_eq!(
        user,
        json!({ "username": "a/b c", "sub": sub, "status": "CONFIRMED", "enabled": false, "attributes": {}, "failures": 0,
                "hasPassword": true, "devices": [],
                "mfa": { "methods": [], "preferred": null, "totpSecret": null, "totpName": null },
                "heldBack": {}, "passkeys": [] })
    );
    pool.change("a%2Fb%20c", json!({ "attributes": { "name": "A", "nickname": "B" } }));
    pool.change("a%2Fb%20c", json!({ "attributes": { "name": null } }));
    assert_eq!(pool.user("a%2Fb%20c")["attributes"], json!({ "nickname": "B" }));
    let again = json!({ "username": "a/b c", "password": PASSWORD });
    assert_eq!(pool.control("POST", "users", again).status, 409);
    pool.control("DELETE", "users/a%2Fb%20c", json!({})).ok();
    assert_eq!(pool.control("GET", "users/a%2Fb%20c", json!({})).status, 404);
    assert_eq!(pool.control("POST", "users", json!({ "password": PASSWORD })).status, 400);
    assert_eq!(pool.control("POST", "nonsense", json!({})).status, 404);
}

#[test]
fn the_clock_is_turned() {
    let pool = Pool::new();
    assert_eq!(pool.control("POST", "clock", json!({ "advanceSeconds": 60 })).ok(), json!({ "now": START + 60 }));
    assert_eq!(forgot(&pool).header("date"), Some("Thu, 01 Jan 2026 09:01:00 GMT"));
    assert_eq!(pool.control("POST", "clock", json!({ "advanceSeconds": -60 })).ok(), json!({ "now": START }));
}

#[test]
fn faults_come_in_order_and_only_as_often_as_said() {
    let pool = Pool::new();
    fault(&pool, "GetUser", "throttle", 1);
    fault(&pool, "ForgotPassword", "status500", 2);
    fault(&pool, "*", "throttle", 1);
    for _ in 0..2 {
        let answer = forgot(&pool);
        assert_eq!(answer.status, 500);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        answer.refused("InternalErrorException");
    }
    let answer = forgot(&pool);
    assert_eq!(answer.status, 400);
    answer.refused("TooManyRequestsException");
    forgot(&pool).ok();
    pool.get_user("x").refused("TooManyRequestsException");
    pool.get_user("x").refused("NotAuthorizedException");
    // Only one of the four was processed.
    assert_eq!(pool.control("GET", "codes", json!({})).ok().as_array().unwrap().len(), 1);
}

#[test]
fn a_gateways_page_is_not_json() {
    let pool = Pool::new();
    fault(&pool, "*", "nonJson", 1);
    let answer = forgot(&pool);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html")));
    assert!(serde_json::from_slice::<Value>(&answer.bytes).is_err());
}

#[test]
fn the_api_and_the_keys_have_faults_of_their_own() {
    let pool = Pool::new();
    let token = pool.tokens("ada").access;
    let jwks = "/eu-west-1_DemoPool1/.well-known/jwks.json";
    fault(&pool, "api", "status500", 1);
    fault(&pool, "api", "throttle", 1);
    fault(&pool, "jwks", "status500", 1);
    fault(&pool, "*", "status500", 1);
    let me = || {
        let request = Request::get("/api/me").header("authorization", &token);
        pool.send(request.body(Body::empty()).unwrap())
    };
    assert_eq!(me().status, 500);
    assert_eq!(me().status, 429);
    assert_eq!(me().status, 200);
    assert_eq!(get(&pool, jwks).status, 500);
    assert_eq!(get(&pool, jwks).status, 200);
    assert_eq!(forgot(&pool).status, 500);
}

#[test]
fn the_hosted_side_has_faults_of_its_own() {
    let pool = Pool::new();
    let code = |state: &str| Browser::new(&pool).sign_in(&[("state", state)]).get("code").to_owned();
    fault(&pool, "*", "status500", 1);
    fault(&pool, "/oauth2/token", "status500", 1);
    fault(&pool, "/oauth2/token", "throttle", 1);
    fault(&pool, "/oauth2/token", "nonJson", 1);
    let kept = code("a");
    for status in [500, 429, 200] {
        let answer = exchange(&pool, &kept, &[]);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, Some("*")));
        assert!(serde_json::from_slice::<Value>(&answer.bytes).is_err());
    }
    // None of the three was processed; an answer that is lost is.
    exchange(&pool, &kept, &[]).ok();
    let lost = code("b");
    fault(&pool, "/oauth2/token", "dropAfter", 1);
    exchange(&pool, &lost, &[]);
    exchange(&pool, &lost, &[]).wrong("invalid_grant");
    fault(&pool, "/login", "status500", 1);
    assert_eq!(Browser::new(&pool).go(&authorize(&[])).status, 500);
    assert_eq!(forgot(&pool).status, 500);
}

#[test]
fn the_journal_shows_the_hosted_side_by_its_paths() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let landing = browser.sign_in(&[]);
    exchange(&pool, landing.get("code"), &[]).ok();
    exchange(&pool, landing.get("code"), &[]).wrong("invalid_grant");
    browser.go(&authorize(&[("client_id", "x")])).is_fault("invalid_client");
    let seen = |path: &str| pool.control("GET", &format!("requests?operation={path}"), json!({})).ok();
    let tokens = seen("/oauth2/token");
    assert_eq!((tokens.as_array().unwrap().len(), &tokens[0]["status"]), (2, &json!(200)));
    assert_eq!(tokens[0]["body"]["grant_type"], "authorization_code");
    assert_eq!((&tokens[1]["status"], &tokens[1]["error"]), (&json!(400), &json!("invalid_grant")));
    let authorizes = seen("/oauth2/authorize");
    assert_eq!((&authorizes[0]["status"], &authorizes[0]["body"]["state"]), (&json!(302), &json!("St-4_te")));
    assert_eq!((&authorizes[1]["status"], &authorizes[1]["error"]), (&json!(400), &json!("invalid_client")));
    assert_eq!(seen("/login").as_array().unwrap().len(), 2);
    // They are no operations of the wire.
    assert_eq!(pool.control("GET", "requests", json!({})).ok(), json!([]));
}

#[test]
fn settings_at_the_start_outlive_a_reset() {
    let change = json!({ "hosted": { "codeSeconds": 7 } });
    let settings = Settings::default().merged(&change).unwrap();
    let pool = Pool::with(settings);
    pool.set(json!({ "hosted": { "codeSeconds": 8 } }));
    let browser = Browser::new(&pool);
    let code = browser.sign_in(&[]).get("code").to_owned();
    pool.control("POST", "reset", json!({})).ok();
    assert_eq!(pool.control("GET", "settings", json!({})).ok()["hosted"]["codeSeconds"], 7);
    // Codes and cookies are gone with everything else.
    exchange(&pool, &code, &[]).wrong("invalid_grant");
    browser.go(&authorize(&[("prompt", "none")])).landing().refused("login_required");
}

#[test]
fn a_delay_is_as_long_as_said() {
    let pool = Pool::new();
    let fault = json!({ "operation": "ForgotPassword", "kind": "delay", "delayMs": 3_600_000 });
    pool.control("POST", "faults", fault).ok();
    // The runtime's timer stands still and jumps to the next event when there is nothing else to do.
    let before = pool.elapsed();
    forgot(&pool).ok();
    assert_eq!((pool.elapsed() - before).as_secs(), 3600);
    forgot(&pool).ok();
    assert_eq!((pool.elapsed() - before).as_secs(), 3600);
}

#[test]
fn cleared_faults_are_gone() {
    let pool = Pool::new();
    fault(&pool, "*", "status500", 5);
    pool.control("DELETE", "faults", json!({})).ok();
    forgot(&pool).ok();
    assert_eq!(pool.control("POST", "faults", json!({ "operation": "*", "kind": "flood" })).status, 400);
}

#[test]
fn the_tokens_given_out_are_listed() {
    let pool = Pool::new();
    let given = pool.tokens("ada");
    let listed = pool.control("GET", "tokens", json!({})).ok();
    let expected = json!([
        { "kind": "access", "token": given.access },
        { "kind": "id", "token": given.id },
        { "kind": "refresh", "token": given.refresh },
    ]);
    assert_eq!(listed, expected);
    pool.control("POST", "reset", json!({})).ok();
    assert_eq!(pool.control("GET", "tokens", json!({})).ok(), json!([]));
}

#[test]
fn the_journal_shows_the_wire_as_received() {
    let pool = Pool::new();
    forgot(&pool).ok();
    pool.turn(5);
    pool.plain("ada", "wrong").refused("NotAuthorizedException");
    pool.call_raw("GetUser", "not json").refused("SerializationException");
    get(&pool, "/api/me");
    let requests = pool.control("GET", "requests", json!({})).ok();
    let requests = requests.as_array().unwrap();
    assert_eq!(requests.len(), 3);
    assert_eq!(
        (&requests[0]["operation"], &requests[0]["status"], requests[0].get("error")),
        (&json!("ForgotPassword"), &json!(200), None)
    );
    assert_eq!(requests[0]["body"], json!({ "ClientId": CLIENT_ID, "Username": "ada" }));
    assert_eq!(requests[0]["headers"]["content-type"], "application/x-amz-json-1.1");
    assert_eq!(requests[1]["error"], "NotAuthorizedException");
    assert_eq!(requests[1]["at"], (START + 5) * 1000);
    assert_eq!(requests[2]["body"], "not json");
    let api = pool.control("GET", "requests?operation=api", json!({})).ok();
    assert_eq!((api.as_array().unwrap().len(), &api[0]["status"]), (1, &json!(401)));
}

#[test]
fn the_journal_keeps_the_newest_thousand() {
    let pool = Pool::new();
    for number in 0..1001 {
        pool.call(&format!("Operation{number}"), json!({}));
    }
    let requests = pool.control("GET", "requests", json!({})).ok();
    assert_eq!(requests.as_array().unwrap().len(), 1000);
    assert_eq!(requests[0]["operation"], "Operation1");
}

#[test]
fn a_reset_goes_back_to_the_beginning() {
    let pool = Pool::new();
    let sub = pool.user("ada")["sub"].clone();
    pool.add("bob", "CONFIRMED");
    pool.set(json!({ "aliasEmail": true }));
    forgot(&pool).ok();
    fault(&pool, "*", "status500", 9);
    pool.control("POST", "challenges", json!({ "username": "ada", "challengeName": "RIDDLE" })).ok();
    pool.control("POST", "clock", json!({ "advanceSeconds": 60 })).ok();
    pool.control("POST", "reset", json!({})).ok();
    assert_eq!(pool.control("GET", "users/bob", json!({})).status, 404);
    assert_eq!(pool.control("GET", "settings", json!({})).ok()["aliasEmail"], false);
    assert_eq!(pool.control("GET", "codes", json!({})).ok(), json!([]));
    assert_eq!(pool.control("GET", "requests", json!({})).ok(), json!([]));
    // The seed makes the same user again.
    assert_eq!(pool.user("ada")["sub"], sub);
    let answer = pool.plain("ada", PASSWORD);
    assert_eq!(answer.header("date"), Some("Thu, 01 Jan 2026 09:00:00 GMT"));
    assert!(answer.ok().get("AuthenticationResult").is_some());
}

#[test]
fn a_reset_brings_the_first_keys_back() {
    let pool = Pool::new();
    let jwks = "/eu-west-1_DemoPool1/.well-known/jwks.json";
    let first = get(&pool, jwks).ok();
    pool.control("POST", "keys/rotate", json!({})).ok();
    assert_ne!(get(&pool, jwks).ok(), first);
    pool.control("POST", "reset", json!({})).ok();
    assert_eq!(get(&pool, jwks).ok(), first);
}

#[test]
fn a_pool_can_begin_without_users_or_seed() {
    let beginning = Beginning {
        demo: false,
        seed: None,
        settings: Settings::default(),
        clock: Clock::system(),
        keys: Keys::generate().unwrap(),
        url: "http://127.0.0.1:1".to_owned(),
    };
    assert!(!format!("{beginning:?}").contains("PRIVATE"));
    drop(cognito_pool::router(beginning));
}

#[test]
fn second_factors_are_given_and_the_codes_of_apps_told() {
    let pool = Pool::new();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let mfa = json!({ "methods": ["SOFTWARE_TOKEN_MFA"], "preferred": "SOFTWARE_TOKEN_MFA", "totpSecret": secret, "totpName": "Phone" });
    pool.change("ada", json!({ "mfa": mfa }));
    assert_eq!(pool.user("ada")["mfa"], mfa);
    // What is left out of the app stays.
    pool.change("ada", json!({ "mfa": { "methods": ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"] } }));
    let kept = pool.user("ada")["mfa"].clone();
    assert_eq!(
        (&kept["totpSecret"], &kept["totpName"], &kept["preferred"]),
        (&mfa["totpSecret"], &mfa["totpName"], &Value::Null)
    );
    let path = |query: &str| pool.control("GET", &format!("totp?{query}"), json!({}));
    assert_eq!(path("username=ada").ok(), path(&format!("secret={secret}&step=0")).ok());
    assert_ne!(path("username=ada").ok()["code"], path("username=ada&step=1").ok()["code"]);
    for wrong in ["", "username=grace", "username=nobody", "secret=1", "username=ada&step=x"] {
        assert_eq!(path(wrong).status, 404);
    }
    let wrong = json!({ "mfa": { "methods": [], "totpSecret": "1" } });
    assert_eq!(pool.control("POST", "users/ada", wrong).status, 400);
    assert_eq!(pool.control("POST", "users/ada", json!({ "mfa": { "methods": ["MAGIC"] } })).status, 400);
    let made = json!({ "username": "bob", "mfa": { "methods": ["SOFTWARE_TOKEN_MFA"] } });
    assert_eq!(pool.control("POST", "users", made).status, 201);
    assert_eq!(path("username=bob").ok()["secret"].as_str().unwrap().len(), 32);
    assert_eq!(pool.user("bob")["hasPassword"], false);
}

#[test]
fn the_demos_users_are_in_every_situation() {
    let pool = Pool::new();
    for (username, status, enabled, methods) in [
        ("ada", "CONFIRMED", true, json!([])),
        ("grace", "FORCE_CHANGE_PASSWORD", true, json!([])),
        ("hedy", "CONFIRMED", true, json!(["SOFTWARE_TOKEN_MFA"])),
        ("radia", "CONFIRMED", true, json!(["SMS_MFA"])),
        ("edith", "CONFIRMED", true, json!(["EMAIL_OTP"])),
        ("frances", "CONFIRMED", true, json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])),
        ("annie", "CONFIRMED", true, json!([])),
        ("lynn", "CONFIRMED", true, json!([])),
        ("alan", "CONFIRMED", false, json!([])),
        ("ida", "RESET_REQUIRED", true, json!([])),
        ("kay", "UNCONFIRMED", true, json!([])),
    ] {
        let user = pool.user(username);
        assert_eq!(
            (&user["status"], &user["enabled"], &user["mfa"]["methods"]),
            (&json!(status), &json!(enabled), &methods)
        );
        assert_eq!(user["hasPassword"], username != "lynn");
    }
}
