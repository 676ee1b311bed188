//! Whose signature the tokens bear: the pool's, by the key that they name, or nobody is signed in.

use super::support::host::Memory;
use super::support::service::{
    HOUR, NOW, access_claims, access_token, id_claims, jwt, jwt_with, key_set, ok, refused, reply, tokens,
};
use super::support::tasks::end;
use super::vault::{code, credentials, empty, patient, signed_in, token};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::Method;
use cognito_vault::host::{Event, Status};
use serde_json::json;

fn sign_in(host: &Memory, vault: &super::vault::Vault, reply: cognito_vault::protocol::Reply) -> Result<(), Error> {
    host.answers(reply);
    end(vault.sign_in(credentials(Method::Password), &patient)).map(drop)
}

fn good() -> cognito_vault::protocol::Reply {
    tokens("ada", NOW + HOUR, Some("refresh-1"))
}

/// Tokens with these headers.
fn headed(id: &str, access: &str) -> cognito_vault::protocol::Reply {
    ok(json!({"AuthenticationResult": {
        "IdToken": jwt_with(id, &id_claims("ada", NOW + HOUR)),
        "AccessToken": jwt_with(access, &access_claims("ada", NOW + HOUR)),
        "RefreshToken": "refresh-1",
    }}))
}

#[test]
fn both_tokens_are_verified_with_the_key_that_they_name() {
    let (host, vault) = empty();
    host.publishes(Ok(key_set(&["a", "b/+="])));
    sign_in(&host, &vault, headed(r#"{"alg":"RS256","kid":"a"}"#, r#"{"kid":"b/+=","alg":"RS256"}"#)).unwrap();
    let verified = host.verified();
    assert_eq!(verified.len(), 2);
    for ([key, text, signature], (kid, claims)) in
        verified.iter().zip([("a", id_claims("ada", NOW + HOUR)), ("b/+=", access_claims("ada", NOW + HOUR))])
    {
        let key: serde_json::Value = serde_json::from_str(key).unwrap();
        assert_eq!((key["kid"].as_str(), key["n"].as_str()), (Some(kid), Some("AQAB")));
        assert_eq!(text.split('.').nth(1), jwt(&claims).split('.').nth(1));
        assert_eq!((text.matches('.').count(), signature.as_str()), (1, "bm9ib2R5"));
    }
}

#[test]
fn the_key_set_is_got_once_and_once_more_for_an_unknown_key() {
    let (host, vault) = empty();
    sign_in(&host, &vault, good()).unwrap();
    assert_eq!(host.keys_sent(), 1);
    sign_in(&host, &vault, good()).unwrap();
    assert_eq!(host.keys_sent(), 0);
    let other = || headed(r#"{"alg":"RS256","kid":"new"}"#, r#"{"alg":"RS256","kid":"test"}"#);
    host.publishes(Ok(key_set(&["new", "test"])));
    sign_in(&host, &vault, other()).unwrap();
    assert_eq!(host.keys_sent(), 1);
    let (host, vault) = empty();
    let error = sign_in(&host, &vault, other()).unwrap_err();
    assert_eq!((error.code, error.message.as_ref()), (Code::InvalidToken, "A token was refused on arrival: kid."));
    assert_eq!(host.keys_sent(), 1);
}

#[test]
fn what_is_not_signed_by_the_pool_signs_nobody_in() {
    let rs256 = r#"{"alg":"RS256","kid":"test"}"#;
    for header in [
        r#"{"alg":"none","kid":"test"}"#,
        r#"{"alg":"None","kid":"test"}"#,
        r#"{"alg":"HS256","kid":"test"}"#,
        r#"{"alg":"PS256","kid":"test"}"#,
        r#"{"alg":"rs256","kid":"test"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"RS256","kid":7}"#,
        r#"{"alg":"RS256","kid":"other","jwk":{"kid":"other","kty":"RSA"},"jku":"https://evil.test"}"#,
        r#"{"kid":"test"}"#,
        r#"[]"#,
        r#"{"#,
    ] {
        for (id, access) in [(header, rs256), (rs256, header)] {
            let (host, vault) = empty();
            assert_eq!(code(sign_in(&host, &vault, headed(id, access))), Code::InvalidToken, "{header}");
            assert!(host.told().is_empty() && host.record().is_none());
            assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
        }
    }
    let (host, vault) = empty();
    host.distrusts(true);
    let error = sign_in(&host, &vault, good()).unwrap_err();
    assert_eq!(error.message, "A token was refused on arrival: its signature.");
    assert!(host.told().is_empty());
}

#[test]
fn only_an_rsa_key_of_the_set_counts() {
    for set in [
        json!({"keys": [{"kid": "test", "kty": "oct", "k": "c2VjcmV0"}]}),
        json!({"keys": [{"kid": "test", "kty": "EC"}]}),
        json!({"keys": [{"kid": "test"}]}),
        json!({"keys": []}),
        json!({"keys": "test"}),
        json!([]),
    ] {
        let (host, vault) = empty();
        host.publishes(Ok(ok(set.clone()))).publishes(Ok(ok(set.clone())));
        assert_eq!(code(sign_in(&host, &vault, good())), Code::InvalidToken, "{set}");
        assert!(host.verified().is_empty());
    }
}

#[test]
fn without_the_key_set_a_sign_in_fails_as_its_request_does() {
    let (host, vault) = empty();
    host.publishes(Err(Code::Network)).publishes(Ok(reply(500, ""))).publishes(Ok(key_set(&["test"])));
    sign_in(&host, &vault, good()).unwrap();
    let (host, vault) = empty();
    for _ in 0..3 {
        host.publishes(Err(Code::Timeout));
    }
    assert_eq!(code(sign_in(&host, &vault, good())), Code::Timeout);
    let (host, vault) = empty();
    host.publishes(Ok(refused("ResourceNotFound", "x")));
    assert_eq!(code(sign_in(&host, &vault, good())), Code::ResourceNotFound);
    assert!(host.told().is_empty());
}

#[test]
fn a_renewal_that_cannot_be_proven_keeps_its_refresh_token_and_uses_nothing_else() {
    let (host, vault) = signed_in();
    host.distrusts(true);
    host.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    assert_eq!(code(end(vault.refresh())), Code::InvalidToken);
    let told = host.told();
    assert_eq!((told[0].status, told[0].event), (Status::Stale, Event::RefreshFailed(Code::InvalidToken)));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
    host.distrusts(false);
    host.sent();
    host.answers(tokens("ada", NOW + 3 * HOUR, Some("refresh-3")));
    end(vault.refresh()).unwrap();
    assert_eq!(host.sent()[0].body["RefreshToken"], "refresh-2");
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 3 * HOUR));
}
