//! One reply, shown to every reader: none panics, and what is handed on as JSON is JSON.
#![no_main]

use cognito_vault::protocol::hosted::read_tokens;
use cognito_vault::protocol::json::Json;
use cognito_vault::protocol::refusal::refusal;
use cognito_vault::protocol::user_pool::{
    Progress, read_association, read_done, read_object, read_progress, read_session, read_sign_up, read_verification,
};
use cognito_vault_fuzz::{is_json, reply, text, value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let reply = reply(&text(input));
    let body = reply.body.expose();
    let is_object = read_done(&reply).is_ok();
    assert!(!is_object || body.trim_ascii().is_empty() || is_json(body), "taken for JSON");

    if let Ok(Progress::Challenge { parameters, .. }) = read_progress(&reply) {
        assert!(is_json(&parameters), "parameters");
    }
    if let Ok(signed_up) = read_sign_up(&reply) {
        assert!(signed_up.delivery.is_none_or(|delivery| is_json(&delivery)), "delivery");
    }
    if let Ok(object) = read_object(&reply) {
        assert!(is_json(object.expose()), "object");
    }
    // A text that both read is the same to both.
    if let (Ok(session), Some(value)) = (read_session(&reply), value(body)) {
        let theirs = value["Session"].as_str().filter(|session| !session.is_empty());
        assert_eq!(session.as_ref().map(|session| session.expose().as_str()), theirs);
    }
    let _ = (read_association(&reply), read_verification(&reply), read_tokens(&reply));
    assert!(refusal(&reply).status == Some(reply.status), "the refusal names its status");

    let whole = Json::parse(body).unwrap_or(Json::NULL);
    let _ = (whole.lists(), whole.integer("exp"));
});
