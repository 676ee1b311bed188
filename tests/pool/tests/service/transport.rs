//! Transport: what a request must look like, what every answer carries, and which pages may call.

use axum::{body::Body, http::Request};
use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::Pool;

const TARGET: &str = "AWSCognitoIdentityProviderService.ForgotPassword";

fn forgot() -> Value {
    json!({ "ClientId": CLIENT_ID, "Username": "ada" })
}

fn request(method: &str, path: &str, content_type: Option<&str>, target: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    if let Some(target) = target {
        request = request.header("x-amz-target", target);
    }
    request.body(Body::from(forgot().to_string())).unwrap()
}

#[test]
fn only_a_post_of_the_right_type_with_a_target_is_served() {
    let pool = Pool::new();
    let json = Some("application/x-amz-json-1.1");
    pool.send(request("POST", "/", json, Some(TARGET))).ok();
    pool.send(request("GET", "/", json, Some(TARGET))).refused("MalformedHttpRequestException");
    assert_eq!(pool.send(request("POST", "/other", json, Some(TARGET))).status, 404);
    for (content_type, target) in [
        (Some("application/json"), Some(TARGET)),
        (Some("application/x-amz-json-1.0"), Some(TARGET)),
        (Some("application/x-amz-json-1.1; charset=utf-8"), Some(TARGET)),
        (None, Some(TARGET)),
        (json, None),
        (json, Some("ForgotPassword")),
        (json, Some("AWSCognitoIdentityService.ForgotPassword")),
        (json, Some("AWSCognitoIdentityProviderService.GetId")),
    ] {
        let answer = pool.send(request("POST", "/", content_type, target));
        assert_eq!(answer.status, 404);
        answer.refused("UnknownOperationException");
    }
}

#[test]
fn other_operations_are_unknown() {
    let pool = Pool::new();
    for operation in ["GetClientToken", "GetDerivedToken", "AdminGetUser", ""] {
        let answer = pool.call(operation, json!({}));
        assert_eq!(answer.status, 404);
        assert!(answer.header("x-amzn-errortype").unwrap().starts_with("UnknownOperationException:http://"));
        assert_eq!(answer.json()["__type"], "com.amazon.coral.service#UnknownOperationException");
    }
}

#[test]
fn bodies_must_have_the_operations_shape() {
    let pool = Pool::new();
    for body in [
        "",
        "{",
        "[]",
        "\"text\"",
        "null",
        r#"{"ClientId":null,"Username":"ada"}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":"ada","ClientMetadata":null}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":"ada","ClientMetadata":{"a":null}}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":"ada","ClientMetadata":{"a":1}}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":1}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":["ada"]}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":"ada","UserContextData":{"Other":"x"}}"#,
        r#"{"ClientId":"1vault2demo3client4app5id6","Username":"ada","Surprise":"x"}"#,
    ] {
        pool.call_raw("ForgotPassword", body).refused("SerializationException");
    }
    pool.call_raw("ForgotPassword", vec![b'"', 0xff, b'"']).refused("SerializationException");
    let attributes = |attributes: Value| {
        let body =
            json!({ "ClientId": CLIENT_ID, "Username": "u", "Password": "Abcdef1!", "UserAttributes": attributes });
        pool.call("SignUp", body)
    };
    attributes(json!({ "email": "a@b.c" })).refused("SerializationException");
    attributes(json!([{ "Name": "email", "Value": true }])).refused("SerializationException");
    attributes(json!([{ "name": "email" }])).refused("SerializationException");
}

#[test]
fn values_must_be_within_bounds() {
    let pool = Pool::new();
    let long = "x".repeat(129);
    for body in [
        json!({ "Username": "ada" }),
        json!({ "ClientId": CLIENT_ID }),
        json!({ "ClientId": CLIENT_ID, "Username": "" }),
        json!({ "ClientId": CLIENT_ID, "Username": "a da" }),
        json!({ "ClientId": CLIENT_ID, "Username": long }),
        json!({ "ClientId": "not-a-client", "Username": "ada" }),
    ] {
        pool.call("ForgotPassword", body).refused("InvalidParameterException");
    }
    let flow = json!({ "ClientId": CLIENT_ID, "AuthFlow": "MAGIC" });
    pool.call("InitiateAuth", flow).refused("InvalidParameterException");
    pool.get_user("with space").refused("InvalidParameterException");
}

#[test]
fn the_message_of_a_bad_value_does_not_hold_the_value() {
    let pool = Pool::new();
    let (_, message) = pool.get_user("secret token").refusal();
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn a_large_body_is_refused() {
    let pool = Pool::new();
    let answer = pool.call_raw("GetUser", vec![b' '; (1 << 20) + 1]);
    assert_eq!(answer.status, 413);
    answer.refused("RequestEntityTooLargeException");
}

#[test]
fn unknown_clients_and_secrets_are_refused() {
    let pool = Pool::new();
    let other = json!({ "ClientId": "another", "Username": "ada" });
    pool.call("ForgotPassword", other)
        .refused_with("ResourceNotFoundException", "User pool client another does not exist.");
    let message = format!("Unable to verify secret hash for client {CLIENT_ID}");
    let hashed = json!({ "ClientId": CLIENT_ID, "Username": "ada", "SecretHash": "aGFzaA==" });
    pool.call("ForgotPassword", hashed).refused_with("NotAuthorizedException", &message);
    let hashed = json!({ "ClientId": CLIENT_ID, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters":
        { "USERNAME": "ada", "PASSWORD": "x", "SECRET_HASH": "aGFzaA==" } });
    pool.call("InitiateAuth", hashed).refused_with("NotAuthorizedException", &message);
    let answered = json!({ "USERNAME": "ada", "SECRET_HASH": "aGFzaA==" });
    pool.respond("PASSWORD_VERIFIER", None, answered).refused_with("NotAuthorizedException", &message);
    let secret = "s".repeat(24);
    let body = json!({ "ClientId": CLIENT_ID, "RefreshToken": "x", "ClientSecret": secret });
    pool.call("GetTokensFromRefreshToken", body).refused_with("NotAuthorizedException", &message);
    let body = json!({ "ClientId": CLIENT_ID, "Token": "x", "ClientSecret": secret });
    pool.call("RevokeToken", body).refused("UnauthorizedException");
}

#[test]
fn every_answer_carries_the_services_headers() {
    let pool = Pool::new();
    let good = pool.call("ForgotPassword", forgot());
    let bad = pool.plain("ada", "wrong");
    for answer in [&good, &bad] {
        assert_eq!(answer.header("content-type"), Some("application/x-amz-json-1.1"));
        assert_eq!(answer.header("x-amzn-requestid").unwrap().len(), 36);
        assert_eq!(answer.header("date"), Some("Thu, 01 Jan 2026 09:00:00 GMT"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            answer.header("access-control-expose-headers"),
            Some("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
        );
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    assert_ne!(good.header("x-amzn-requestid"), bad.header("x-amzn-requestid"));
    assert_eq!(good.header("x-amzn-errortype"), None);
    assert_eq!(bad.status, 400);
    assert_eq!(bad.header("x-amzn-errortype"), Some("NotAuthorizedException:"));
    assert_eq!(bad.header("x-amzn-errormessage"), Some("Incorrect username or password."));
    assert_eq!(bad.json(), json!({ "__type": "NotAuthorizedException", "message": "Incorrect username or password." }));
}

#[test]
fn the_date_can_be_hidden_from_pages() {
    let pool = Pool::new();
    pool.set(json!({ "exposeDate": false }));
    let answer = pool.call("ForgotPassword", forgot());
    assert_eq!(
        answer.header("access-control-expose-headers"),
        Some("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage")
    );
    assert!(answer.header("date").is_some());
}

#[test]
fn a_bearer_header_means_nothing_on_the_wire() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    let request = |body: Value| {
        Request::post("/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.GetUser")
            .header("authorization", format!("Bearer {}", tokens.access))
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    pool.send(request(json!({}))).refused("InvalidParameterException");
    pool.send(request(json!({ "AccessToken": tokens.access }))).ok();
}

fn preflight(pool: &Pool, path: &str, method: &str, headers: &str) -> crate::support::Answer {
    let mut request = Request::builder()
        .method("OPTIONS")
        .uri(path)
        .header("origin", "https://app.example")
        .header("access-control-request-method", method);
    if !headers.is_empty() {
        request = request.header("access-control-request-headers", headers);
    }
    pool.send(request.body(Body::empty()).unwrap())
}

#[test]
fn a_preflight_allows_the_headers_known_to_pass() {
    let pool = Pool::new();
    let known = "amz-sdk-invocation-id,amz-sdk-request,cache-control,content-type,x-amz-target,x-amz-user-agent";
    let answer = preflight(&pool, "/", "POST", known);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    let allowed = answer.header("access-control-allow-headers").unwrap();
    assert!(known.split(',').all(|name| allowed.split(',').any(|allowed| allowed == name)), "{allowed}");
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[test]
fn a_preflight_fails_for_anything_else() {
    let pool = Pool::new();
    for (method, headers) in [
        ("POST", "content-type,authorization"),
        ("POST", "content-type,x-trace"),
        ("POST", "x-amz-target,aws-waf-token"),
        ("PUT", "content-type"),
        ("GET", ""),
    ] {
        let answer = preflight(&pool, "/", method, headers);
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("access-control-allow-headers"), None);
    }
}

#[test]
fn preflights_of_the_other_parts_have_their_own_rules() {
    let pool = Pool::new();
    assert_eq!(preflight(&pool, "/api/me", "GET", "authorization,content-type").status, 200);
    assert_eq!(preflight(&pool, "/api/echo", "DELETE", "authorization").status, 200);
    assert_eq!(preflight(&pool, "/api/me", "GET", "x-other").status, 403);
    assert_eq!(preflight(&pool, "/_pool/reset", "POST", "content-type").status, 200);
    assert_eq!(preflight(&pool, "/eu-west-1_DemoPool1/.well-known/jwks.json", "GET", "").status, 200);
}
