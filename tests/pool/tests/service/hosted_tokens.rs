//! /oauth2/token, /oauth2/revoke and /oauth2/userInfo: codes and refresh tokens, right and wrong.

use axum::{body::Body, http::Request};
use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::{
    browser::{
        Browser, CALLBACK, OTHER, VERIFIER, add_other_client, asking, exchange, hashed, hosted_tokens, post, query,
        refresh, user_info,
    },
    support::{Answer, PASSWORD, Pool, START, URL, opened},
};

const SCOPE: &str = "openid email aws.cognito.signin.user.admin";

fn claims(tokens: &Value, name: &str) -> Value {
    opened(tokens[name].as_str().unwrap()).1
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

fn revoke(pool: &Pool, token: &str) -> Answer {
    post(pool, "/oauth2/revoke", &[("token", token), ("client_id", CLIENT_ID)])
}

#[track_caller]
fn code(pool: &Pool) -> String {
    Browser::new(pool).sign_in(&[]).get("code").to_owned()
}

#[test]
fn a_code_brings_tokens_with_what_was_asked_for() {
    let pool = Pool::new();
    let browser = Browser::new(&pool);
    let landing = browser.sign_in(&[("nonce", "n ü/+"), ("scope", SCOPE), ("resource", "https://api.example/v1")]);
    pool.turn(299);
    let answer = exchange(&pool, landing.get("code"), &[]);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let tokens = answer.ok();
    let names: Vec<&String> = tokens.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "id_token", "refresh_token", "token_type"]);
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&json!(3600), &json!("Bearer")));
    let (id, access) = (claims(&tokens, "id_token"), claims(&tokens, "access_token"));
    for claims in [&id, &access] {
        assert_eq!(claims["iss"], format!("{URL}/eu-west-1_DemoPool1"));
        assert_eq!((&claims["auth_time"], &claims["iat"]), (&json!(START), &json!(START + 299)));
        assert_eq!(claims["sub"], pool.user("ada")["sub"]);
        assert!(claims["origin_jti"].is_string());
    }
    assert_eq!((&id["aud"], &id["token_use"], &id["nonce"]), (&json!(CLIENT_ID), &json!("id"), &json!("n ü/+")));
    assert_eq!(id["at_hash"], hashed(text(&tokens, "access_token"), 16));
    assert_eq!((&id["email"], &id["email_verified"]), (&json!("ada@example.com"), &json!(true)));
    assert_eq!((&access["client_id"], &access["token_use"]), (&json!(CLIENT_ID), &json!("access")));
    assert_eq!((&access["scope"], &access["aud"]), (&json!(SCOPE), &json!("https://api.example/v1")));
    assert_eq!((access.get("nonce"), access.get("identities"), id.get("identities")), (None, None, None));
}

#[test]
fn without_scopes_a_client_gets_all_of_its_own() {
    let pool = Pool::new();
    let tokens = hosted_tokens(&pool, &[]);
    let access = claims(&tokens, "access_token");
    assert_eq!(access["scope"], "openid email phone profile aws.cognito.signin.user.admin");
    assert_eq!((access.get("aud"), claims(&tokens, "id_token").get("nonce")), (None, None));
    pool.set(json!({ "hosted": { "clients": { CLIENT_ID: { "scopes": ["openid"] } } } }));
    assert_eq!(claims(&hosted_tokens(&pool, &[]), "access_token")["scope"], "openid");
}

#[test]
fn scopes_open_what_they_are_for() {
    let pool = Pool::new();
    pool.change(
        "ada",
        json!({ "attributes": { "given_name": "Ada", "phone_number": "+4930", "phone_number_verified": "false" } }),
    );
    let shown = |scope: &str| {
        let tokens = hosted_tokens(&pool, &[("scope", scope)]);
        let info = user_info(&pool, text(&tokens, "access_token")).ok();
        let id = claims(&tokens, "id_token");
        ["email", "email_verified", "phone_number", "phone_number_verified", "given_name"]
            .into_iter()
            .filter(|name| {
                assert_eq!(id.get(*name).is_some(), info.get(*name).is_some(), "{scope} {name}");
                assert!(info.get(*name).is_none_or(Value::is_string));
                info.get(*name).is_some()
            })
            .count()
    };
    assert_eq!([shown("openid"), shown("openid email"), shown("openid phone"), shown("openid profile")], [5, 2, 2, 5]);
    // Without openid there is no ID token, and nothing at userInfo; without the pool's own scope no GetUser.
    let admin = hosted_tokens(&pool, &[("scope", "aws.cognito.signin.user.admin")]);
    assert_eq!(admin.get("id_token"), None);
    assert_eq!(user_info(&pool, text(&admin, "access_token")).status, 401);
    pool.get_user(text(&admin, "access_token")).ok();
    assert_eq!(pool.renew(text(&admin, "refresh_token")).ok()["AuthenticationResult"].get("IdToken"), None);
    let openid = hosted_tokens(&pool, &[("scope", "openid openid")]);
    assert_eq!(claims(&openid, "access_token")["scope"], "openid");
    pool.get_user(text(&openid, "access_token"))
        .refused_with("NotAuthorizedException", "Access Token does not have required scopes");
}

#[test]
fn a_code_is_bound_to_client_address_and_challenge() {
    let pool = Pool::new();
    add_other_client(&pool);
    pool.set(json!({ "hosted": { "clients": { CLIENT_ID: { "callbackUrls": [CALLBACK, "http://localhost:1/"] } } } }));
    let other = VERIFIER.replace('d', "e");
    let long = "x".repeat(129);
    let wrong: &[(&str, (&str, &str))] = &[
        ("invalid_grant", ("code_verifier", "")),
        ("invalid_grant", ("code_verifier", &other)),
        ("invalid_grant", ("code_verifier", crate::browser::CHALLENGE)),
        ("invalid_grant", ("code_verifier", &VERIFIER[1..])),
        ("invalid_grant", ("code_verifier", &long)),
        ("unauthorized_client", ("redirect_uri", "http://localhost:1/")),
    ];
    for (error, change) in wrong {
        let code = code(&pool);
        let answer = exchange(&pool, &code, &[*change]);
        if *error == "unauthorized_client" {
            assert_eq!(answer.json()["error_description"], "invalid_redirect");
        }
        answer.wrong(error);
        // Whatever was wrong, the code is spent.
        exchange(&pool, &code, &[]).wrong("invalid_grant");
    }
    // Another client can neither use it nor spend it; what is not a whole request neither.
    let code = code(&pool);
    exchange(&pool, &code, &[("client_id", OTHER)]).wrong("invalid_grant");
    exchange(&pool, &code, &[("client_id", "nobody")]).wrong("invalid_client");
    exchange(&pool, &code, &[("redirect_uri", "")]).wrong("invalid_request");
    exchange(&pool, &code, &[]).ok();
}

#[test]
fn a_verifier_has_43_to_128_letters_of_its_alphabet() {
    let pool = Pool::new();
    let attempt = |verifier: &str| {
        let landing = Browser::new(&pool).sign_in(&[("code_challenge", &hashed(verifier, 32))]);
        exchange(&pool, landing.get("code"), &[("code_verifier", verifier)])
    };
    for good in ["~".repeat(43), "a-._~Z09".repeat(16)] {
        attempt(&good).ok();
    }
    for wrong in ["x".repeat(42), "x".repeat(129), "x".repeat(42) + "+", "x".repeat(42) + "/", "x".repeat(43) + "="] {
        attempt(&wrong).wrong("invalid_grant");
    }
}

#[test]
fn a_code_that_comes_again_takes_back_what_it_gave() {
    let pool = Pool::new();
    let code = code(&pool);
    let tokens = exchange(&pool, &code, &[]).ok();
    let bystander = hosted_tokens(&pool, &[]);
    pool.get_user(text(&tokens, "access_token")).ok();
    exchange(&pool, &code, &[]).wrong("invalid_grant");
    pool.get_user(text(&tokens, "access_token"))
        .refused_with("NotAuthorizedException", "Access Token has been revoked");
    pool.renew(text(&tokens, "refresh_token")).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
    refresh(&pool, &tokens["refresh_token"], &[]).wrong("invalid_grant");
    assert_eq!(user_info(&pool, text(&tokens, "access_token")).status, 401);
    pool.renew(text(&bystander, "refresh_token")).ok();
}

#[test]
fn a_code_ends_by_the_pools_clock() {
    let pool = Pool::new();
    let first = code(&pool);
    pool.turn(300);
    exchange(&pool, &first, &[]).wrong("invalid_grant");
    pool.set(json!({ "hosted": { "codeSeconds": 10 } }));
    let (kept, late) = (code(&pool), code(&pool));
    pool.turn(9);
    exchange(&pool, &kept, &[]).ok();
    pool.turn(1);
    exchange(&pool, &late, &[]).wrong("invalid_grant");
}

#[test]
fn a_request_for_tokens_is_a_form_of_a_client_without_a_secret() {
    let pool = Pool::new();
    let code = code(&pool);
    exchange(&pool, &code, &[("grant_type", "")]).wrong("invalid_request");
    exchange(&pool, &code, &[("grant_type", "password")]).wrong("unsupported_grant_type");
    exchange(&pool, &code, &[("grant_type", "client_credentials")]).wrong("unauthorized_client");
    exchange(&pool, &code, &[("client_id", "")]).wrong("invalid_request");
    exchange(&pool, &code, &[("client_secret", "x")]).wrong("invalid_client");
    exchange(&pool, "", &[]).wrong("invalid_request");
    exchange(&pool, "unknown", &[]).wrong("invalid_grant");
    let good = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let twice: Vec<_> = good.iter().chain(&[("code", "other")]).copied().collect();
    post(&pool, "/oauth2/token", &twice).wrong("invalid_request");
    let form = "application/x-www-form-urlencoded";
    let send = |method: &str, path: &str, kind: &str, authorization: Option<&str>, body: String| {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        let request = match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        pool.send(request.body(Body::from(body)).unwrap())
    };
    send("POST", "/oauth2/token", "application/json", None, query(&good)).wrong("invalid_request");
    send("POST", &format!("/oauth2/token?{}", query(&good)), form, None, String::new()).wrong("invalid_request");
    send("POST", "/oauth2/token", form, Some("Basic eDp4"), query(&good)).wrong("invalid_client");
    assert_eq!(send("GET", &format!("/oauth2/token?{}", query(&good)), form, None, String::new()).status, 405);
    send("POST", "/oauth2/token", "application/x-www-form-urlencoded; charset=utf-8", None, query(&good)).ok();
}

#[test]
fn a_code_without_a_challenge_counts_only_where_none_is_required() {
    let pool = Pool::new();
    pool.set(json!({ "hosted": { "requirePkce": false } }));
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    let bare = || Browser::new(&pool).sign_in(&none).get("code").to_owned();
    exchange(&pool, &bare(), &[("code_verifier", "")]).ok();
    // A verifier for which there is no challenge shows that somebody took the challenge away (RFC 9700, 4.8.2).
    exchange(&pool, &bare(), &[]).wrong("invalid_grant");
    exchange(&pool, &code(&pool), &[("code_verifier", "")]).wrong("invalid_grant");
    let late = bare();
    pool.set(json!({ "hosted": { "requirePkce": true } }));
    exchange(&pool, &late, &[("code_verifier", "")]).wrong("invalid_grant");
    let browser = Browser::new(&pool);
    let page = browser.go(&asking("/login", &none));
    let landing = browser.submit(&page, "/login?", &[("username", "ada"), ("password", PASSWORD)]).landing();
    exchange(&pool, landing.get("code"), &[("code_verifier", "")]).wrong("invalid_grant");
}

#[test]
fn both_ways_of_refreshing_serve_a_session_of_the_pages() {
    let pool = Pool::new();
    let first = hosted_tokens(&pool, &[("nonce", "n-1"), ("scope", SCOPE)]);
    pool.turn(100);
    let by_form = refresh(&pool, &first["refresh_token"], &[]).ok();
    assert_eq!(by_form.get("refresh_token"), None);
    let by_api = pool.renew(text(&first, "refresh_token")).ok()["AuthenticationResult"].clone();
    assert_eq!(by_api.get("RefreshToken"), None);
    for (id, access) in [(&by_form["id_token"], &by_form["access_token"]), (&by_api["IdToken"], &by_api["AccessToken"])]
    {
        let [id, access] = [id, access].map(|token| opened(token.as_str().unwrap()).1);
        assert_eq!((&access["scope"], &access["auth_time"]), (&json!(SCOPE), &json!(START)));
        assert_eq!((&access["iat"], &id["aud"]), (&json!(START + 100), &json!(CLIENT_ID)));
        assert_eq!(access["origin_jti"], claims(&first, "access_token")["origin_jti"]);
        // The nonce was for the first ID token alone (OpenID Connect Core 12.2).
        assert_eq!(id.get("nonce"), None);
    }
    // The session of an API sign-in refreshes here too.
    let api = pool.tokens("ada");
    assert_eq!(
        claims(&refresh(&pool, &json!(api.refresh()), &[]).ok(), "access_token")["scope"],
        "aws.cognito.signin.user.admin"
    );
}

#[test]
fn a_refresh_can_narrow_scopes_and_not_widen_them() {
    let pool = Pool::new();
    let tokens = hosted_tokens(&pool, &[("scope", "openid email")]);
    let narrow = refresh(&pool, &tokens["refresh_token"], &[("scope", "openid")]).ok();
    assert_eq!(claims(&narrow, "access_token")["scope"], "openid");
    refresh(&pool, &tokens["refresh_token"], &[("scope", "openid phone")]).wrong("invalid_grant");
    let whole = refresh(&pool, &tokens["refresh_token"], &[]).ok();
    assert_eq!(claims(&whole, "access_token")["scope"], "openid email");
}

#[test]
fn rotation_holds_at_both_ends() {
    let pool = Pool::new();
    pool.set(json!({ "rotation": { "enabled": true, "graceSeconds": 10 } }));
    let first = hosted_tokens(&pool, &[]);
    let second = refresh(&pool, &first["refresh_token"], &[]).ok();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let third = pool.renew(text(&second, "refresh_token")).ok()["AuthenticationResult"]["RefreshToken"].clone();
    refresh(&pool, &third, &[]).ok();
    pool.turn(10);
    refresh(&pool, &first["refresh_token"], &[]).wrong("invalid_grant");
    pool.renew(third.as_str().unwrap()).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
}

#[test]
fn a_refresh_token_is_its_own_clients_and_ends() {
    let pool = Pool::new();
    add_other_client(&pool);
    let tokens = hosted_tokens(&pool, &[]);
    let token = &tokens["refresh_token"];
    refresh(&pool, token, &[("client_id", OTHER)]).wrong("invalid_grant");
    let by_other = json!({ "ClientId": OTHER, "RefreshToken": token });
    pool.call("GetTokensFromRefreshToken", by_other).refused_with("NotAuthorizedException", "Invalid Refresh Token");
    pool.call("RevokeToken", json!({ "ClientId": OTHER, "Token": token })).refused("UnauthorizedException");
    post(&pool, "/oauth2/revoke", &[("client_id", OTHER), ("token", token.as_str().unwrap())]).wrong("invalid_request");
    post(&pool, "/oauth2/token", &[("client_id", CLIENT_ID), ("grant_type", "refresh_token")]).wrong("invalid_request");
    refresh(&pool, &tokens["access_token"], &[]).wrong("invalid_grant");
    // The other client's own are good at both ends.
    let landing = Browser::new(&pool).sign_in(&[("client_id", OTHER)]);
    let theirs = exchange(&pool, landing.get("code"), &[("client_id", OTHER)]).ok();
    assert_eq!(claims(&theirs, "access_token")["client_id"], OTHER);
    pool.get_user(text(&theirs, "access_token")).ok();
    let body = json!({ "ClientId": OTHER, "RefreshToken": theirs["refresh_token"] });
    pool.call("GetTokensFromRefreshToken", body).ok();
    let body = json!({ "ClientId": OTHER, "AuthFlow": "USER_PASSWORD_AUTH",
                       "AuthParameters": { "USERNAME": "ada", "PASSWORD": PASSWORD } });
    pool.call("InitiateAuth", body).refused("InvalidParameterException");
    // Nor can it finish what the client of the API began.
    let asked = pool.plain("grace", "Hopper-1906-tmp").ok();
    let body = json!({ "ClientId": OTHER, "ChallengeName": asked["ChallengeName"], "Session": asked["Session"],
                       "ChallengeResponses": { "USERNAME": "grace", "NEW_PASSWORD": "Another-Horse-2",
                                               "userAttributes.given_name": "Grace" } });
    pool.call("RespondToAuthChallenge", body).refused("NotAuthorizedException");
    pool.turn(30 * 86_400);
    refresh(&pool, token, &[]).wrong("invalid_grant");
}

#[test]
fn revocation_ends_a_session_of_the_pages() {
    let pool = Pool::new();
    for by_api in [false, true] {
        let tokens = hosted_tokens(&pool, &[]);
        let token = text(&tokens, "refresh_token");
        if by_api {
            pool.call("RevokeToken", json!({ "ClientId": CLIENT_ID, "Token": token })).ok();
        } else {
            let answer = revoke(&pool, token);
            assert_eq!((answer.status, answer.bytes.len()), (200, 0));
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        }
        refresh(&pool, &tokens["refresh_token"], &[]).wrong("invalid_grant");
        pool.renew(token).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
        pool.get_user(text(&tokens, "access_token")).refused("NotAuthorizedException");
        assert_eq!(user_info(&pool, text(&tokens, "access_token")).status, 401);
        assert_eq!(revoke(&pool, token).status, 200);
    }
    // GlobalSignOut ends it as well.
    let tokens = hosted_tokens(&pool, &[]);
    pool.call("GlobalSignOut", json!({ "AccessToken": tokens["access_token"] })).ok();
    refresh(&pool, &tokens["refresh_token"], &[]).wrong("invalid_grant");
}

#[test]
fn revocation_takes_refresh_tokens_of_known_clients() {
    let pool = Pool::new();
    let tokens = hosted_tokens(&pool, &[]);
    assert_eq!(revoke(&pool, "unknown").status, 200);
    revoke(&pool, text(&tokens, "access_token")).wrong("unsupported_token_type");
    revoke(&pool, text(&tokens, "id_token")).wrong("unsupported_token_type");
    revoke(&pool, "").wrong("invalid_request");
    post(&pool, "/oauth2/revoke", &[("token", "x")]).wrong("invalid_request");
    let nobody = post(&pool, "/oauth2/revoke", &[("token", text(&tokens, "refresh_token")), ("client_id", "nobody")]);
    assert_eq!((nobody.status, &nobody.json()["error"]), (401, &json!("invalid_client")));
    pool.set(json!({ "tokenRevocation": false }));
    revoke(&pool, text(&tokens, "refresh_token")).wrong("invalid_request");
    refresh(&pool, &tokens["refresh_token"], &[]).ok();
}

#[test]
fn user_info_says_why_not() {
    let pool = Pool::new();
    let tokens = hosted_tokens(&pool, &[]);
    let good = user_info(&pool, text(&tokens, "access_token"));
    assert_eq!(good.header("access-control-allow-origin"), Some("*"));
    let sub = pool.user("ada")["sub"].clone();
    let claims = json!({ "sub": sub, "username": "ada", "email": "ada@example.com", "email_verified": "true" });
    assert_eq!(good.ok(), claims);
    let bare = pool.send(Request::get("/oauth2/userInfo").body(Body::empty()).unwrap());
    assert_eq!((bare.status, &bare.json()["error"]), (400, &json!("invalid_request")));
    for token in ["x", text(&tokens, "id_token"), text(&tokens, "refresh_token"), &pool.tokens("ada").access] {
        let answer = user_info(&pool, token);
        assert_eq!(answer.status, 401);
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer error=\"invalid_token\""));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
    pool.turn(3600);
    assert_eq!(user_info(&pool, text(&tokens, "access_token")).status, 401);
}

#[test]
fn pages_may_call_the_endpoints_with_what_they_need_alone() {
    let pool = Pool::new();
    let preflight = |path: &str, method: &str, headers: &str| {
        let request = Request::options(path)
            .header("origin", "http://127.0.0.1:4173")
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        pool.send(request.body(Body::empty()).unwrap()).status
    };
    for path in ["/oauth2/token", "/oauth2/revoke"] {
        assert_eq!(preflight(path, "POST", "content-type"), 200);
        assert_eq!(preflight(path, "POST", "authorization"), 403);
        assert_eq!(preflight(path, "GET", ""), 403);
    }
    assert_eq!(preflight("/oauth2/userInfo", "GET", "authorization"), 200);
    assert_eq!(preflight("/oauth2/userInfo", "GET", "x-other"), 403);
}
