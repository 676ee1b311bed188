//! The sessions that a user has open.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::browser::hosted_tokens;
use crate::support::{Answer, Pool, START, Tokens, epoch};

fn page(pool: &Pool, access: &str, next: Option<&str>) -> Answer {
    let mut body = json!({ "AccessToken": access });
    if let Some(next) = next {
        body["NextToken"] = json!(next);
    }
    pool.call("ListUserSessions", body)
}

fn sessions(pool: &Pool, access: &str) -> Vec<Value> {
    page(pool, access, None).ok()["Sessions"].as_array().unwrap().clone()
}

fn end(pool: &Pool, access: &str, session: &Value, how: Option<&str>) -> Answer {
    let mut body = json!({ "AccessToken": access, "SessionId": session["SessionId"] });
    if let Some(how) = how {
        body["RevokeAssociatedSessions"] = json!(how);
    }
    pool.call("RevokeUserSession", body)
}

/// Tokens from the hosted pages, good for the service's operations too.
fn hosted(pool: &Pool) -> Tokens {
    let given = hosted_tokens(pool, &[]);
    let text = |name: &str| given[name].as_str().unwrap().to_owned();
    Tokens { id: text("id_token"), access: text("access_token"), refresh: Some(text("refresh_token")) }
}

#[test]
fn every_open_session_is_listed() {
    let pool = Pool::new();
    let first = pool.tokens("ada");
    pool.turn(5);
    let second = pool.tokens("ada");
    pool.turn(5);
    pool.renew(first.refresh()).ok();
    pool.tokens("ada");
    pool.add("bob", "CONFIRMED");
    pool.tokens("bob");
    let listed = sessions(&pool, &second.access);
    assert_eq!(listed.len(), 3);
    let one = &listed[0];
    assert!(one["SessionId"].as_str().is_some_and(|id| id.len() == 28 && id.starts_with("tkn")));
    assert_eq!((&one["SessionType"], &one["ClientId"]), (&json!("TOKEN"), &json!(CLIENT_ID)));
    assert_eq!((&one["CreateDate"], &one["LastActiveDate"]), (&epoch(START), &epoch(START + 10)));
    let current: Vec<_> = listed.iter().map(|session| session["IsCurrentSession"].as_bool().unwrap()).collect();
    assert_eq!(current, [false, true, false]);
    assert_eq!(one.get("OriginSessionId"), None);
}

#[test]
fn long_lists_come_in_pages() {
    let pool = Pool::new();
    pool.set(json!({ "tracking": { "page": 2 } }));
    let access = pool.tokens("ada").access;
    for _ in 0..3 {
        pool.tokens("ada");
    }
    let mut seen = BTreeSet::new();
    let first = page(&pool, &access, None).ok();
    let next = first["NextToken"].as_str().unwrap();
    // A session that ends between the pages does not upset them.
    let other = first["Sessions"].as_array().unwrap().iter().find(|session| session["IsCurrentSession"] == false);
    end(&pool, &access, other.unwrap(), None).ok();
    let second = page(&pool, &access, Some(next)).ok();
    for session in [&first, &second].into_iter().flat_map(|page| page["Sessions"].as_array().unwrap()) {
        seen.insert(session["SessionId"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 4);
    assert_eq!(second.get("NextToken"), None);
    page(&pool, &access, Some("nonsense")).refused("InvalidParameterException");
}

#[test]
fn another_session_can_be_ended_and_the_own_one_cannot() {
    let pool = Pool::new();
    let [mine, other] = [pool.tokens("ada"), pool.tokens("ada")];
    let listed = sessions(&pool, &mine.access);
    let of = |current: bool| listed.iter().find(|session| session["IsCurrentSession"] == current).unwrap();
    end(&pool, &mine.access, of(true), None).refused("InvalidParameterException");
    assert_eq!(end(&pool, &mine.access, of(false), Some("NONE")).ok(), json!({}));
    pool.get_user(&other.access).refused_with("NotAuthorizedException", "Access Token has been revoked");
    pool.renew(other.refresh()).refused("NotAuthorizedException");
    pool.get_user(&mine.access).ok();
    assert_eq!(sessions(&pool, &mine.access).len(), 1);
    end(&pool, &mine.access, of(false), None).refused("ResourceNotFoundException");
    // Nobody ends the sessions of others.
    pool.add("bob", "CONFIRMED");
    end(&pool, &pool.tokens("bob").access, of(true), None).refused("ResourceNotFoundException");
    end(&pool, &mine.access, &json!({ "SessionId": "tkn" }), None).refused("InvalidParameterException");
    end(&pool, &mine.access, of(true), Some("ALL")).refused("InvalidParameterException");
}

#[test]
fn sessions_of_the_hosted_pages_are_linked() {
    let pool = Pool::new();
    let mine = pool.tokens("ada");
    let linked = |how: Option<&str>, kind: &str| {
        let hosted = hosted(&pool);
        let listed = sessions(&pool, &mine.access);
        let sso = listed.iter().find(|session| session["SessionType"] == "SSO").unwrap();
        assert!(sso["SessionId"].as_str().unwrap().starts_with("sso") && sso.get("ClientId").is_none());
        let child = listed.iter().find(|session| session["OriginSessionId"] == sso["SessionId"]).unwrap();
        assert_eq!(child["SessionType"], "TOKEN");
        end(&pool, &hosted.access, child, how).refused("InvalidParameterException");
        let wanted = if kind == "SSO" { sso } else { child };
        end(&pool, &mine.access, wanted, how).ok();
        let left = sessions(&pool, &mine.access);
        for session in &left {
            if session["IsCurrentSession"] == false {
                end(&pool, &mine.access, session, None).ok();
            }
        }
        left.len() - 1
    };
    assert_eq!(linked(None, "TOKEN"), 1);
    assert_eq!(linked(None, "SSO"), 1);
    assert_eq!(linked(Some("LINKED"), "TOKEN"), 0);
    assert_eq!(linked(Some("LINKED"), "SSO"), 0);
}

#[test]
fn a_revoked_token_can_take_its_session_at_the_pages_along() {
    let pool = Pool::new();
    let mine = pool.tokens("ada");
    let revoke = |how: &str| {
        let hosted = hosted(&pool);
        let body = json!({ "ClientId": CLIENT_ID, "Token": hosted.refresh(), "RevokeAssociatedSessions": how });
        pool.call("RevokeToken", body).ok();
        sessions(&pool, &mine.access).len() - 1
    };
    assert_eq!(revoke("LINKED"), 0);
    assert_eq!(revoke("NONE"), 1);
    pool.set(json!({ "tracking": { "enabled": false } }));
    page(&pool, &mine.access, None).refused("OperationNotEnabledException");
    let nobody = json!({ "SessionId": format!("tkn{}", "a".repeat(25)) });
    end(&pool, &mine.access, &nobody, None).refused("OperationNotEnabledException");
    let hosted = hosted(&pool);
    let body = json!({ "ClientId": CLIENT_ID, "Token": hosted.refresh(), "RevokeAssociatedSessions": "LINKED" });
    pool.call("RevokeToken", body).ok();
    pool.set(json!({ "tracking": { "enabled": true } }));
    assert_eq!(sessions(&pool, &mine.access).len() - 1, 2);
}

#[test]
fn sessions_that_are_over_are_not_listed() {
    let pool = Pool::new();
    pool.set(json!({ "refreshTokenSeconds": 3600, "hosted": { "cookieSeconds": 600 } }));
    pool.tokens("ada");
    hosted(&pool);
    pool.turn(600);
    let access = pool.tokens("ada").access;
    assert_eq!(sessions(&pool, &access).len(), 3);
    pool.turn(3000);
    assert_eq!(sessions(&pool, &pool.tokens("ada").access).len(), 2);
    pool.call("GlobalSignOut", json!({ "AccessToken": pool.tokens("ada").access })).ok();
    assert_eq!(sessions(&pool, &pool.tokens("ada").access).len(), 1);
}
