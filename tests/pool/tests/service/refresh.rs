//! Refreshing, rotation and revocation.

use cognito_pool::CLIENT_ID;
use serde_json::json;

use crate::support::{Answer, Pool, START, Tokens, opened};

const MONTH: i64 = 30 * 86_400;

fn by_flow(pool: &Pool, flow: &str, token: &str) -> Answer {
    let body = json!({ "ClientId": CLIENT_ID, "AuthFlow": flow, "AuthParameters": { "REFRESH_TOKEN": token } });
    pool.call("InitiateAuth", body)
}

fn revoke(pool: &Pool, token: &str) -> Answer {
    pool.call("RevokeToken", json!({ "ClientId": CLIENT_ID, "Token": token }))
}

fn rotate(pool: &Pool, grace: i64) {
    pool.set(json!({ "rotation": { "enabled": true, "graceSeconds": grace } }));
}

#[test]
fn a_refresh_brings_new_tokens_of_the_same_sign_in() {
    let pool = Pool::new();
    let first = pool.tokens("ada");
    assert!((900..4096).contains(&first.refresh().len()));
    pool.turn(100);
    let answers = [
        pool.renew(first.refresh()),
        by_flow(&pool, "REFRESH_TOKEN_AUTH", first.refresh()),
        by_flow(&pool, "REFRESH_TOKEN", first.refresh()),
    ];
    for answer in answers {
        let second = Tokens::of(&answer.ok());
        assert_eq!(second.refresh, None);
        let (old, new) = (opened(&first.access).1, opened(&second.access).1);
        assert_eq!(new["auth_time"], START);
        assert_eq!(new["iat"], START + 100);
        assert_eq!(new["exp"], START + 3700);
        assert_eq!(new["origin_jti"], old["origin_jti"]);
        assert_ne!(new["jti"], old["jti"]);
        assert_ne!(new["event_id"], old["event_id"]);
        pool.get_user(&second.access).ok();
    }
}

#[test]
fn a_refresh_token_ends() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.turn(MONTH - 1);
    pool.renew(tokens.refresh()).ok();
    pool.turn(1);
    let over = "Refresh Token has expired";
    pool.renew(tokens.refresh()).refused_with("NotAuthorizedException", over);
    by_flow(&pool, "REFRESH_TOKEN_AUTH", tokens.refresh()).refused_with("NotAuthorizedException", over);
}

#[test]
fn other_tokens_do_not_refresh() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    for token in ["x", &tokens.access, &tokens.id] {
        pool.renew(token).refused_with("NotAuthorizedException", "Invalid Refresh Token");
    }
    pool.renew("not a token").refused("InvalidParameterException");
    let device = json!({ "ClientId": CLIENT_ID, "RefreshToken": tokens.refresh(), "DeviceKey": "eu-west-1_1" });
    pool.call("GetTokensFromRefreshToken", device).refused("ResourceNotFoundException");
}

#[test]
fn with_rotation_every_refresh_brings_a_new_refresh_token() {
    let pool = Pool::new();
    rotate(&pool, 10);
    let first = pool.tokens("ada");
    let second = Tokens::of(&pool.renew(first.refresh()).ok());
    assert_ne!(second.refresh(), first.refresh());
    // Within the grace period the old one still works, and so does what it brings.
    pool.turn(9);
    let sibling = Tokens::of(&pool.renew(first.refresh()).ok());
    let third = Tokens::of(&pool.renew(second.refresh()).ok());
    Tokens::of(&pool.renew(sibling.refresh()).ok());
    assert_eq!(opened(&third.access).1["auth_time"], START);
    assert_eq!(opened(&third.access).1["origin_jti"], opened(&first.access).1["origin_jti"]);
}

#[test]
fn a_reuse_after_the_grace_period_burns_the_family() {
    let pool = Pool::new();
    rotate(&pool, 10);
    let first = pool.tokens("ada");
    let second = Tokens::of(&pool.renew(first.refresh()).ok());
    // The use within the grace period does not make it longer.
    pool.turn(9);
    pool.renew(first.refresh()).ok();
    pool.turn(1);
    pool.renew(first.refresh()).refused("RefreshTokenReuseException");
    pool.renew(second.refresh()).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
    pool.get_user(&second.access).refused_with("NotAuthorizedException", "Access Token has been revoked");
    pool.get_user(&pool.tokens("ada").access).ok();
}

#[test]
fn without_grace_the_first_reuse_counts() {
    let pool = Pool::new();
    rotate(&pool, 0);
    let first = pool.tokens("ada");
    pool.renew(first.refresh()).ok();
    pool.renew(first.refresh()).refused("RefreshTokenReuseException");
}

#[test]
fn rotation_does_not_move_the_end_of_the_family() {
    let pool = Pool::new();
    rotate(&pool, 0);
    let first = pool.tokens("ada");
    pool.turn(MONTH - 1);
    let second = Tokens::of(&pool.renew(first.refresh()).ok());
    pool.turn(1);
    pool.renew(second.refresh()).refused_with("NotAuthorizedException", "Refresh Token has expired");
}

#[test]
fn rotation_refuses_the_older_flow() {
    let pool = Pool::new();
    rotate(&pool, 10);
    let tokens = pool.tokens("ada");
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        by_flow(&pool, flow, tokens.refresh()).refused("InvalidParameterException");
    }
    pool.renew(tokens.refresh()).ok();
}

#[test]
fn the_older_flow_tells_the_users_state() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    pool.change("ada", json!({ "status": "RESET_REQUIRED" }));
    by_flow(&pool, "REFRESH_TOKEN_AUTH", tokens.refresh()).refused("PasswordResetRequiredException");
    pool.change("ada", json!({ "status": "UNCONFIRMED" }));
    by_flow(&pool, "REFRESH_TOKEN_AUTH", tokens.refresh()).refused("UserNotConfirmedException");
}

#[test]
fn revoking_ends_the_family_and_nothing_else() {
    let pool = Pool::new();
    let (one, other) = (pool.tokens("ada"), pool.tokens("ada"));
    let renewed = Tokens::of(&pool.renew(one.refresh()).ok());
    let answer = revoke(&pool, one.refresh());
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
    for access in [&one.access, &renewed.access] {
        pool.get_user(access).refused_with("NotAuthorizedException", "Access Token has been revoked");
    }
    pool.renew(one.refresh()).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
    by_flow(&pool, "REFRESH_TOKEN_AUTH", one.refresh()).refused("NotAuthorizedException");
    // Once more is no error.
    assert_eq!(revoke(&pool, one.refresh()).status, 200);
    pool.get_user(&other.access).ok();
    pool.renew(other.refresh()).ok();
}

#[test]
fn a_rotated_out_token_still_revokes() {
    let pool = Pool::new();
    rotate(&pool, 0);
    let first = pool.tokens("ada");
    let second = Tokens::of(&pool.renew(first.refresh()).ok());
    revoke(&pool, first.refresh()).ok();
    pool.renew(second.refresh()).refused_with("NotAuthorizedException", "Refresh Token has been revoked");
}

#[test]
fn only_refresh_tokens_can_be_revoked() {
    let pool = Pool::new();
    let tokens = pool.tokens("ada");
    revoke(&pool, &tokens.access).refused("UnsupportedTokenTypeException");
    revoke(&pool, &tokens.id).refused("UnsupportedTokenTypeException");
    revoke(&pool, "unknown").refused("UnauthorizedException");
    let body = json!({ "ClientId": CLIENT_ID, "Token": tokens.refresh(), "RevokeAssociatedSessions": "SOME" });
    pool.call("RevokeToken", body).refused("InvalidParameterException");
}

#[test]
fn a_pool_without_revocation_refuses_it_and_names_no_family() {
    let pool = Pool::new();
    pool.set(json!({ "tokenRevocation": false }));
    let tokens = pool.tokens("ada");
    revoke(&pool, tokens.refresh()).refused("UnsupportedOperationException");
    for token in [&tokens.id, &tokens.access] {
        assert_eq!(opened(token).1.get("origin_jti"), None);
    }
    pool.get_user(&tokens.access).ok();
}
