//! Tokens: their claims and signatures, and what opens GetUser or not.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Pool, START, Tokens, URL, opened};

fn global_sign_out(pool: &Pool, access: &str) -> crate::support::Answer {
    pool.call("GlobalSignOut", json!({ "AccessToken": access }))
}

fn names(claims: &Value) -> Vec<&str> {
    claims.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_id_token_has_exactly_its_claims() {
    let pool = Pool::new();
    pool.change("ada", json!({ "attributes": { "custom:team": "7", "phone_number_verified": "false" } }));
    let (header, claims) = opened(&pool.tokens("ada").id);
    assert_eq!(names(&header), ["alg", "kid"]);
    let expected = json!({
        "sub": pool.user("ada")["sub"], "iss": format!("{URL}/eu-west-1_DemoPool1"), "aud": CLIENT_ID,
        "token_use": "id", "auth_time": START, "iat": START, "exp": START + 3600,
        "jti": claims["jti"], "origin_jti": claims["origin_jti"], "event_id": claims["event_id"],
        "cognito:username": "ada", "email": "ada@example.com", "email_verified": true,
        "custom:team": "7", "phone_number_verified": false,
    });
    assert_eq!(claims, expected);
}

#[test]
fn an_access_token_has_exactly_its_claims() {
    let pool = Pool::new();
    pool.set(json!({ "accessTokenSeconds": 300, "idTokenSeconds": 600 }));
    let answer = pool.plain("ada", PASSWORD).ok();
    assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 300);
    let tokens = Tokens::of(&answer);
    let ((_, id), (_, claims)) = (opened(&tokens.id), opened(&tokens.access));
    let expected = json!({
        "sub": id["sub"], "iss": id["iss"], "client_id": CLIENT_ID, "token_use": "access",
        "scope": "aws.cognito.signin.user.admin", "username": "ada", "version": 2,
        "auth_time": START, "iat": START, "exp": START + 300,
        "jti": claims["jti"], "origin_jti": id["origin_jti"], "event_id": id["event_id"],
    });
    assert_eq!(claims, expected);
    assert_ne!(claims["jti"], id["jti"]);
    assert_eq!(id["exp"], START + 600);
}

#[test]
fn the_published_keys_check_the_signatures_and_differ() {
    let pool = Pool::new();
    let path = "/eu-west-1_DemoPool1/.well-known/jwks.json";
    let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    let answer = pool.send(request);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let set = answer.ok();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    let tokens = pool.tokens("ada");
    let mut kids = Vec::new();
    for token in [&tokens.id, &tokens.access] {
        let kid = opened(token).0["kid"].as_str().unwrap().to_owned();
        assert!(kid.contains('+') && kid.contains('/') && kid.ends_with('='));
        let key = keys.iter().find(|key| key["kid"] == kid.as_str()).unwrap();
        assert_eq!((&key["alg"], &key["kty"], &key["use"]), (&json!("RS256"), &json!("RSA"), &json!("sig")));
        let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        RsaPublicKeyComponents { n: number("n"), e: number("e") }
            .verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature)
            .unwrap();
        kids.push(kid);
    }
    assert_ne!(kids[0], kids[1]);
}

#[test]
fn the_discovery_document_names_the_issuer() {
    let pool = Pool::new();
    let path = "/eu-west-1_DemoPool1/.well-known/openid-configuration";
    let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
    let document = pool.send(request).ok();
    assert_eq!(document["issuer"], format!("{URL}/eu-west-1_DemoPool1"));
    assert_eq!(document["jwks_uri"], format!("{URL}{}", "/eu-west-1_DemoPool1/.well-known/jwks.json"));
    for (name, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("userinfo_endpoint", "/oauth2/userInfo"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("end_session_endpoint", "/logout"),
    ] {
        assert_eq!(document[name], format!("{URL}{path}"));
    }
}

#[test]
fn get_user_gives_attributes_as_text() {
    let pool = Pool::new();
    let user = pool.get_user(&pool.tokens("ada").access).ok();
    assert_eq!(user["Username"], "ada");
    assert_eq!(
        user["UserAttributes"],
        json!([
            { "Name": "sub", "Value": pool.user("ada")["sub"] },
            { "Name": "email", "Value": "ada@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ])
    );
}

#[test]
fn only_a_good_access_token_opens() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    let invalid = |token: &str| pool.get_user(token).refused_with("NotAuthorizedException", "Invalid Access Token");
    invalid("x");
    invalid("a.b.c");
    invalid(&tokens.id);
    invalid(tokens.refresh());
    let (head, rest) = tokens.access.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let mut forged = opened(&tokens.access).1;
    forged["exp"] = (START + 999_999).into();
    let forged = URL_SAFE_NO_PAD.encode(forged.to_string());
    invalid(&format!("{head}.{forged}.{signature}"));
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": opened(&tokens.access).0["kid"] }).to_string());
    invalid(&format!("{none}.{claims}."));
    pool.get_user(&tokens.access).ok();
    // A token of the pool before its reset has the right key, but no family.
    pool.control("POST", "reset", json!({})).ok();
    invalid(&tokens.access);
}

#[test]
fn access_tokens_expire() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.turn(3599);
    pool.get_user(&tokens.access).ok();
    pool.turn(1);
    pool.get_user(&tokens.access).refused_with("NotAuthorizedException", "Access Token has expired");
    global_sign_out(&pool, &tokens.access).refused_with("NotAuthorizedException", "Access Token has expired");
}

#[test]
fn a_global_sign_out_ends_every_session_of_the_user() {
    let pool = Pool::new();
    pool.add("bob", "CONFIRMED");
    let (one, other, bob) = (pool.tokens("ada"), pool.tokens("ada"), pool.tokens("bob"));
    assert_eq!(global_sign_out(&pool, &one.access).ok(), json!({}));
    for tokens in [&one, &other] {
        pool.get_user(&tokens.access).refused_with("NotAuthorizedException", "Access Token has been revoked");
        pool.renew(tokens.refresh()).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
    }
    global_sign_out(&pool, &one.access).refused_with("NotAuthorizedException", "Access Token has been revoked");
    pool.get_user(&bob.access).ok();
    pool.get_user(&pool.tokens("ada").access).ok();
}

#[test]
fn a_live_session_follows_its_user() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.change("ada", json!({ "enabled": false }));
    pool.get_user(&tokens.access).refused_with("NotAuthorizedException", "User is disabled.");
    pool.renew(tokens.refresh()).refused_with("NotAuthorizedException", "User is disabled.");
    pool.change("ada", json!({ "enabled": true, "status": "RESET_REQUIRED" }));
    pool.get_user(&tokens.access).refused("PasswordResetRequiredException");
    global_sign_out(&pool, &tokens.access).refused("PasswordResetRequiredException");
    pool.renew(tokens.refresh()).refused("NotAuthorizedException");
    pool.change("ada", json!({ "status": "UNCONFIRMED" }));
    pool.get_user(&tokens.access).refused("UserNotConfirmedException");
    pool.control("DELETE", "users/ada", json!({})).ok();
    pool.get_user(&tokens.access).refused_with("UserNotFoundException", "User does not exist.");
    pool.renew(tokens.refresh()).refused_with("UserNotFoundException", "User does not exist.");
    global_sign_out(&pool, &tokens.access).refused("NotAuthorizedException");
    // A new user of the same name is another user.
    pool.add("ada", "CONFIRMED");
    pool.get_user(&tokens.access).refused("UserNotFoundException");
}
