//! The hosted page's token endpoint: every reply.

use super::support::service::{ok, reply};
use cognito_vault::error::Code;
use cognito_vault::protocol::Repeat;
use cognito_vault::protocol::hosted::{Grant, exchange, read_tokens};
use serde_json::json;

#[test]
fn a_code_is_sent_once() {
    let (url, form) = ("https://login.example.com/oauth2/token".into(), "code=c".into());
    let request = exchange(Grant { url, form, nonce: "n".into() });
    assert_eq!((&*request.url, request.operation), ("https://login.example.com/oauth2/token", ""));
    assert_eq!((request.body.expose().as_str(), request.repeat), ("code=c", Repeat::Never));
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
