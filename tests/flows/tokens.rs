//! Renewing and revoking: how they are asked, and which refusals end a session.

use super::support::service::{
    CLIENT_ID, HOUR, NOW, Wire, access_claims, authenticated, challenge, id_claims, jwt, pool, refused, reply, texts,
    tokens,
};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::refresh::{self, Verdict};
use cognito_vault::flow::sign_out;
use cognito_vault::protocol::user_pool::Tokens;
use cognito_vault::protocol::{Repeat, Reply};
use cognito_vault::session::Session;
use serde_json::json;

fn session() -> Session {
    let (id, access) = (jwt(&id_claims("ada", NOW + HOUR)), jwt(&access_claims("ada", NOW + HOUR)));
    let tokens = Tokens { id: id.into(), access: access.into(), refresh: Some("refresh-1".into()), new_device: None };
    Session::begin(tokens, &pool(), NOW).unwrap()
}

fn verdict(reply: Reply) -> String {
    match refresh::receive(&pool(), &session(), Ok(Box::new(reply)), NOW) {
        Verdict::Renewed(_) => "renewed".to_owned(),
        Verdict::Kept(error) => format!("kept {}", error.code.as_str()),
        Verdict::Ended(error) => format!("ended {}", error.code.as_str()),
    }
}

#[test]
fn a_refresh_is_repeated_until_the_pool_has_shown_that_it_rotates() {
    let first = session();
    let request = refresh::request(&pool(), &first, "");
    let body = json!({"ClientId": CLIENT_ID, "RefreshToken": "refresh-1"});
    assert_eq!((request.operation, request.json()), ("GetTokensFromRefreshToken", body));
    assert_eq!(request.repeat, Repeat::Safe);

    let Verdict::Renewed(second) =
        refresh::receive(&pool(), &first, Ok(Box::new(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")))), NOW)
    else {
        panic!()
    };
    let request = refresh::request(&pool(), &second, &texts(&[("tenant", "north")]));
    let body = json!({"ClientId": CLIENT_ID, "RefreshToken": "refresh-2", "ClientMetadata": {"tenant": "north"}});
    assert_eq!((request.json(), request.repeat), (body, Repeat::Never));
}

#[test]
fn a_refusal_of_the_token_or_the_user_ends_the_session() {
    for name in ["NotAuthorized", "RefreshTokenReuse", "PasswordResetRequired", "UserNotConfirmed", "Unauthorized"] {
        assert_eq!(verdict(refused(name, "x")), format!("ended {name}"));
    }
    for name in ["UserNotFound", "TokenRevoked"] {
        assert_eq!(verdict(refused(name, "x")), "ended NotAuthorized");
    }
    let grace = tokens("grace", NOW + HOUR, None);
    assert_eq!(verdict(grace), "ended InvalidToken");
    let mut foreign = id_claims("ada", NOW + HOUR);
    foreign["iss"] = json!("https://elsewhere.example");
    assert_eq!(verdict(authenticated(&foreign, &access_claims("ada", NOW + HOUR), None)), "ended InvalidToken");
}

#[test]
fn whatever_else_happens_keeps_the_session() {
    let refusals = [
        "Forbidden",
        "InternalError",
        "InvalidLambdaResponse",
        "InvalidParameter",
        "LimitExceeded",
        "OperationNotEnabled",
        "ResourceNotFound",
        "TooManyRequests",
        "UnexpectedLambda",
        "UserLambdaValidation",
    ];
    for name in refusals {
        assert_eq!(verdict(refused(name, "x")), format!("kept {name}"));
    }
    assert_eq!(verdict(refused("CoffeeBreak", "x")), "kept Unknown");
    assert_eq!(verdict(reply(502, "<html>")), "kept InternalError");
    assert_eq!(verdict(reply(403, "")), "kept Forbidden");
    assert_eq!(verdict(reply(200, "<html>")), "kept InvalidResponse");
    assert_eq!(verdict(reply(200, "")), "kept InvalidResponse");
    assert_eq!(verdict(challenge("SMS_MFA", None, json!({}))), "kept UnsupportedChallenge");
    for code in [Code::Network, Code::Timeout] {
        let lost = refresh::receive(&pool(), &session(), Err(Error::new(code, "x")), NOW);
        assert!(matches!(lost, Verdict::Kept(error) if error.code == code));
    }
}

#[test]
fn a_revocation_reports_only_what_leaves_tokens_good() {
    let request = sign_out::request(&pool(), &session());
    let body = json!({"ClientId": CLIENT_ID, "Token": "refresh-1"});
    assert_eq!((request.operation, request.json(), request.repeat), ("RevokeToken", body, Repeat::Safe));
    for body in ["", "{}"] {
        assert_eq!(sign_out::receive(Ok(Box::new(reply(200, body)))), Ok(()));
    }
    for name in ["Unauthorized", "NotAuthorized", "UnsupportedOperation"] {
        assert_eq!(sign_out::receive(Ok(Box::new(refused(name, "x")))), Ok(()), "{name}");
    }
    for name in ["UnsupportedTokenType", "InvalidParameter", "TooManyRequests", "InternalError", "Forbidden"] {
        assert_eq!(sign_out::receive(Ok(Box::new(refused(name, "x")))).unwrap_err().code.as_str(), name);
    }
    assert_eq!(sign_out::receive(Err(Error::new(Code::Network, "x"))).unwrap_err().code, Code::Network);
}
