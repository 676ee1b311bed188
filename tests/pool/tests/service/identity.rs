//! The identity pool: guests, users, and what becomes of a guest who signs in.

use axum::{body::Body, http::Request};
use cognito_pool::IDENTITY_POOL_ID;
use serde_json::{Value, json};

use crate::support::{Answer, Pool, START, epoch, opened};

/// The user pool's name in Logins: its issuer without the scheme.
const PROVIDER: &str = "127.0.0.1:9229/eu-west-1_DemoPool1";
const EXTRA: &str = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_DemoPool1";

fn call(pool: &Pool, operation: &str, body: Value) -> Answer {
    pool.send(
        Request::post("/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AWSCognitoIdentityService.{operation}"))
            .body(Body::from(body.to_string()))
            .unwrap(),
    )
}

fn login(token: &str) -> Value {
    json!({ PROVIDER: token })
}

fn ask(pool: &Pool, logins: Option<Value>) -> Answer {
    let mut body = json!({ "IdentityPoolId": IDENTITY_POOL_ID });
    if let Some(logins) = logins {
        body["Logins"] = logins;
    }
    call(pool, "GetId", body)
}

#[track_caller]
fn id(pool: &Pool, logins: Option<Value>) -> String {
    ask(pool, logins).ok()["IdentityId"].as_str().unwrap().to_owned()
}

fn credentials(pool: &Pool, id: &str, logins: Option<Value>) -> Answer {
    let mut body = json!({ "IdentityId": id });
    if let Some(logins) = logins {
        body["Logins"] = logins;
    }
    call(pool, "GetCredentialsForIdentity", body)
}

#[test]
fn guests_get_identities_and_credentials() {
    let pool = Pool::new();
    let guest = id(&pool, None);
    assert!(guest.starts_with("eu-west-1:") && guest.len() == 46);
    assert_ne!(id(&pool, Some(json!({}))), guest);
    pool.set(json!({ "identityPool": { "credentialSeconds": 900 } }));
    let given = credentials(&pool, &guest, None).ok();
    assert_eq!(given["IdentityId"], guest);
    let given = &given["Credentials"];
    assert_eq!(given["Expiration"], epoch(START + 900));
    assert!(given["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
    assert!(given["SecretKey"].as_str().unwrap().len() == 40 && given["SessionToken"].is_string());
    pool.set(json!({ "identityPool": { "guests": false } }));
    ask(&pool, None).refused("NotAuthorizedException");
    credentials(&pool, &guest, None).refused("NotAuthorizedException");
}

#[test]
fn a_user_has_one_identity() {
    let pool = Pool::new();
    let token = pool.tokens("ada").id;
    let ada = id(&pool, Some(login(&token)));
    assert_eq!(id(&pool, Some(login(&pool.tokens("ada").id))), ada);
    credentials(&pool, &ada, Some(login(&token))).ok();
    credentials(&pool, &ada, None).refused("NotAuthorizedException");
    pool.add("bob", "CONFIRMED");
    let bob = pool.tokens("bob").id;
    credentials(&pool, &ada, Some(login(&bob))).refused("NotAuthorizedException");
    assert_ne!(id(&pool, Some(login(&bob))), ada);
    credentials(&pool, &ada, Some(login(&bob))).refused("ResourceConflictException");
    let listed = pool.control("GET", "identities", json!({})).ok();
    assert_eq!(listed[&ada], json!([pool.user("ada")["sub"]]));
}

#[test]
fn a_guest_becomes_a_user_or_is_merged_into_one() {
    let pool = Pool::new();
    let guest = id(&pool, None);
    let token = pool.tokens("ada").id;
    assert_eq!(credentials(&pool, &guest, Some(login(&token))).ok()["IdentityId"], guest);
    credentials(&pool, &guest, None).refused("NotAuthorizedException");
    let other = id(&pool, None);
    assert_eq!(credentials(&pool, &other, Some(login(&token))).ok()["IdentityId"], guest);
    credentials(&pool, &other, None).refused("ResourceNotFoundException");
}

#[test]
fn only_an_id_token_of_the_pool_for_the_client_is_a_login() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    let refused = |logins: Value| ask(&pool, Some(logins)).refused("NotAuthorizedException");
    refused(login(&tokens.access));
    refused(login("x.y.z"));
    refused(login(tokens.refresh()));
    refused(json!({ "accounts.google.com": tokens.id }));
    refused(json!({ EXTRA: tokens.id }));
    pool.set(json!({ "identityPool": { "logins": [EXTRA] } }));
    id(&pool, Some(json!({ EXTRA: tokens.id })));
    pool.turn(3600);
    refused(login(&tokens.id));
}

#[test]
fn revoked_tokens_count_only_where_the_server_checks() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    let login = login(&tokens.id);
    let ada = id(&pool, Some(login.clone()));
    pool.call("GlobalSignOut", json!({ "AccessToken": tokens.access })).ok();
    credentials(&pool, &ada, Some(login.clone())).ok();
    pool.set(json!({ "identityPool": { "serverSideTokenCheck": true } }));
    credentials(&pool, &ada, Some(login)).refused("NotAuthorizedException");
    let fresh = self::login(&pool.tokens("ada").id);
    credentials(&pool, &ada, Some(fresh.clone())).ok();
    pool.change("ada", json!({ "enabled": false }));
    credentials(&pool, &ada, Some(fresh)).refused("NotAuthorizedException");
}

#[test]
fn a_role_must_be_one_of_the_users() {
    let pool = Pool::new();
    let role = "arn:aws:iam::123456789012:role/Reader";
    let token = pool.tokens("ada").id;
    let ada = id(&pool, Some(login(&token)));
    let with = || {
        let body = json!({ "IdentityId": ada, "Logins": login(&token), "CustomRoleArn": role });
        call(&pool, "GetCredentialsForIdentity", body)
    };
    with().refused("NotAuthorizedException");
    pool.set(json!({ "identityPool": { "roles": [role] } }));
    with().ok();
}

#[test]
fn the_basic_flow_gives_a_token_of_ten_minutes() {
    let pool = Pool::new();
    let guest = id(&pool, None);
    let given = call(&pool, "GetOpenIdToken", json!({ "IdentityId": guest })).ok();
    let (_, claims) = opened(given["Token"].as_str().unwrap());
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!(guest), &json!(IDENTITY_POOL_ID)));
    assert_eq!((&claims["amr"], &claims["exp"]), (&json!(["unauthenticated"]), &json!(START + 600)));
    // It opens nothing of the user pool.
    ask(&pool, Some(login(given["Token"].as_str().unwrap()))).refused("NotAuthorizedException");
    pool.set(json!({ "identityPool": { "classicFlow": false } }));
    call(&pool, "GetOpenIdToken", json!({ "IdentityId": guest })).refused("InvalidParameterException");
}

#[test]
fn a_login_can_be_taken_from_an_identity() {
    let pool = Pool::new();
    let token = pool.tokens("ada").id;
    let ada = id(&pool, Some(login(&token)));
    let unlink = |logins: Value| {
        call(&pool, "UnlinkIdentity", json!({ "IdentityId": ada, "Logins": logins, "LoginsToRemove": [PROVIDER] }))
    };
    unlink(json!({})).refused("NotAuthorizedException");
    let done = unlink(login(&token));
    assert_eq!((done.status, done.bytes.len()), (200, 0));
    credentials(&pool, &ada, None).refused("NotAuthorizedException");
    assert_ne!(id(&pool, Some(login(&token))), ada);
}

#[test]
fn the_shapes_of_requests_are_strict() {
    let pool = Pool::new();
    for (operation, body) in [
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "Logins": null })),
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "Logins": { PROVIDER: 1 } })),
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "Surprise": "x" })),
        ("UnlinkIdentity", json!({ "IdentityId": "x", "Logins": {}, "LoginsToRemove": {} })),
    ] {
        call(&pool, operation, body).refused("SerializationException");
    }
    let eleven: serde_json::Map<String, Value> = (0..11).map(|number| (number.to_string(), json!("x"))).collect();
    for (operation, body) in [
        ("GetId", json!({})),
        ("GetId", json!({ "IdentityPoolId": "a b" })),
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "AccountId": "x" })),
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "Logins": { PROVIDER: "" } })),
        ("GetId", json!({ "IdentityPoolId": IDENTITY_POOL_ID, "Logins": eleven })),
        ("GetCredentialsForIdentity", json!({ "IdentityId": "x", "CustomRoleArn": "short" })),
    ] {
        call(&pool, operation, body).refused("InvalidParameterException");
    }
    call(&pool, "GetId", json!({ "IdentityPoolId": "eu-west-1:0" })).refused("ResourceNotFoundException");
    credentials(&pool, "eu-west-1:0", None).refused("ResourceNotFoundException");
    call(&pool, "GetUser", json!({})).refused("UnknownOperationException");
}

#[test]
fn a_fault_refuses_by_any_name() {
    let pool = Pool::new();
    let fault = |change: Value| {
        let mut fault = json!({ "operation": "GetId", "kind": "refuse" });
        fault.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        pool.control("POST", "faults", fault)
    };
    fault(json!({ "error": "ResourceConflictException" })).ok();
    ask(&pool, None).refused("ResourceConflictException");
    ask(&pool, None).ok();
    for wrong in [
        json!({}),
        json!({ "error": "Nonsense" }),
        json!({ "error": "ForbiddenException", "operation": "api" }),
        json!({ "error": "ForbiddenException", "kind": "throttle" }),
    ] {
        assert_eq!(fault(wrong).status, 400);
    }
    let noted = pool.control("GET", "requests?operation=GetId", json!({})).ok();
    assert_eq!(noted[0]["error"], "ResourceConflictException");
}
