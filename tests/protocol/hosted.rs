//! The hosted page's token endpoint: the form that is sent, and every reply.

use super::support::service::{ok, pool, reply};
use cognito_vault::error::Code;
use cognito_vault::protocol::Repeat;
use cognito_vault::protocol::hosted::{Grant, exchange, read_tokens};
use serde_json::json;

fn grant(code: &str) -> Grant {
    Grant {
        domain: "https://login.example.com".to_owned(),
        code: code.into(),
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
        redirect_uri: "https://app.example.com/callback?a=b&c=é".to_owned(),
        nonce: "n".to_owned(),
    }
}

#[test]
fn an_exchange_is_a_form_that_is_sent_once() {
    let request = exchange(&pool(), &grant("a+b/c= &%ü"));
    assert_eq!((request.url.as_str(), request.operation), ("https://login.example.com/oauth2/token", ""));
    assert_eq!(request.repeat, Repeat::Never, "a code is good once");
    assert_eq!(
        request.body.expose(),
        "grant_type=authorization_code&client_id=1h57kf5cpq17m0eml12example&code=a%2Bb%2Fc%3D%20%26%25%C3%BC\
         &redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%3Fa%3Db%26c%3D%C3%A9\
         &code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
}

#[test]
fn tokens_are_read_by_their_names() {
    let body =
        json!({"id_token": "i", "access_token": "a", "refresh_token": "r", "token_type": "Bearer", "expires_in": 3600});
    let tokens = read_tokens(&ok(body)).unwrap();
    assert_eq!((tokens.id.expose().as_str(), tokens.access.expose().as_str()), ("i", "a"));
    assert_eq!(tokens.refresh.unwrap().expose(), "r");
    let tokens = read_tokens(&ok(json!({"id_token": "i", "access_token": "a", "refresh_token": ""}))).unwrap();
    assert!(tokens.refresh.is_none());
}

#[test]
fn every_refusal_has_its_code() {
    let cases = [
        (400, r#"{"error":"invalid_grant"}"#, Code::NotAuthorized),
        (400, r#"{"error":"invalid_request","error_description":"<b>x</b>"}"#, Code::InvalidParameter),
        (400, r#"{"error":"invalid_client"}"#, Code::InvalidParameter),
        (401, r#"{"error":"invalid_client"}"#, Code::InvalidParameter),
        (400, r#"{"error":"unauthorized_client","error_description":"invalid_redirect"}"#, Code::InvalidParameter),
        (400, r#"{"error":"unsupported_grant_type"}"#, Code::InvalidParameter),
        (400, "<html>", Code::InvalidParameter),
        (429, "", Code::TooManyRequests),
        (500, "", Code::InternalError),
        (503, "<html>", Code::InternalError),
        (200, "", Code::InvalidResponse),
        (200, "{}", Code::InvalidResponse),
        (200, r#"{"access_token":"a"}"#, Code::InvalidResponse),
        (200, r#"{"id_token":"","access_token":"a"}"#, Code::InvalidResponse),
    ];
    for (status, body, code) in cases {
        let error = read_tokens(&reply(status, body)).unwrap_err();
        assert_eq!((error.code, error.status), (code, Some(status)), "{body}");
        assert!(!error.message.contains("<b>"), "a description is not repeated");
    }
    let error = read_tokens(&reply(400, r#"{"error":"invalid_grant"}"#)).unwrap_err();
    assert_eq!(error.message, "The hosted page refused the code: invalid_grant.");
}
