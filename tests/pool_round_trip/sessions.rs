//! Sessions: used, renewed with rotation and without, ended by the clock, by the pool and by a sign-out.

use super::support::tasks::end;
use super::town::{Town, attributes, founded, get_user, sign_in, succeeds, token, who_am_i};
use cognito_vault::client::Client;
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason};
use serde_json::{Value, json};

fn signed_in(settings: Value) -> (Town, Client<Town>) {
    let (town, vault) = founded();
    town.settings(settings);
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
    assert_eq!(town.events(), [Event::SignedIn]);
    (town, vault)
}

fn rotating(grace: u32) -> (Town, Client<Town>) {
    signed_in(json!({"rotation": {"enabled": true, "graceSeconds": grace}}))
}

fn refreshes(town: &Town) -> usize {
    town.seen().iter().filter(|(operation, _)| operation == "GetTokensFromRefreshToken").count()
}

#[test]
fn the_sample_api_knows_the_user() {
    let (town, vault) = signed_in(json!({}));
    assert_eq!(who_am_i(&town, &vault).unwrap(), "ada");
    town.turn(3600);
    assert_eq!(who_am_i(&town, &vault).unwrap(), "ada");
    assert_eq!(refreshes(&town), 1);
}

#[test]
fn a_token_that_the_api_does_not_take_any_more_is_renewed() {
    let (town, vault) = signed_in(json!({}));
    town.control("POST", "keys/rotate", Value::Null);
    assert_eq!(who_am_i(&town, &vault).unwrap(), "ada");
    assert_eq!(refreshes(&town), 1);
    assert_eq!(town.events(), [Event::Refreshed]);
}

#[test]
fn a_session_lives_on_with_rotation_and_without() {
    for rotation in [json!({"enabled": false}), json!({"enabled": true, "graceSeconds": 0})] {
        let (town, vault) = signed_in(json!({"rotation": rotation}));
        let mut tokens = vec![token(&vault).unwrap()];
        for _ in 0..5 {
            town.turn(3600);
            tokens.push(token(&vault).unwrap());
        }
        tokens.dedup();
        assert_eq!((tokens.len(), refreshes(&town)), (6, 5));
        assert_eq!(town.events(), [Event::Refreshed; 5]);
    }
}

#[test]
fn a_family_of_refresh_tokens_ends_on_its_day() {
    for rotation in [json!({"enabled": false}), json!({"enabled": true})] {
        let (town, vault) = signed_in(json!({"rotation": rotation, "refreshTokenSeconds": 7200}));
        town.turn(7000);
        token(&vault).unwrap();
        town.turn(3600);
        assert_eq!(token(&vault).unwrap_err().code, Code::NotAuthorized);
        assert_eq!(town.events(), [Event::Refreshed, Event::SignedOut(Reason::Refused)]);
        assert_eq!(token(&vault).unwrap_err().code, Code::NotSignedIn);
    }
}

#[test]
fn a_lost_refresh_is_repeated_where_it_may_be() {
    let (town, vault) = signed_in(json!({}));
    town.loses(2);
    end(vault.refresh()).unwrap();
    assert_eq!(refreshes(&town), 3);

    // Under rotation a lost reply has spent the token; within the grace period another refresh mends it.
    let (town, vault) = rotating(60);
    end(vault.refresh()).unwrap();
    town.loses(1);
    assert_eq!(end(vault.refresh()).unwrap_err().code, Code::Network);
    assert_eq!(refreshes(&town), 2);
    end(vault.refresh()).unwrap();

    let (town, vault) = rotating(0);
    end(vault.refresh()).unwrap();
    town.loses(1);
    assert_eq!(end(vault.refresh()).unwrap_err().code, Code::Network);
    town.events();
    assert_eq!(end(vault.refresh()).unwrap_err().code, Code::RefreshTokenReuse);
    assert_eq!(town.events(), [Event::SignedOut(Reason::Reused)]);
}

#[test]
fn a_busy_or_broken_service_signs_nobody_out() {
    let (town, vault) = signed_in(json!({}));
    town.turn(3600);
    for (kind, code) in [("status500", Code::InternalError), ("throttle", Code::TooManyRequests)] {
        town.control("POST", "faults", json!({"operation": "GetTokensFromRefreshToken", "kind": kind, "times": 3}));
        assert_eq!(token(&vault).unwrap_err().code, code);
    }
    town.control("POST", "faults", json!({"operation": "*", "kind": "nonJson", "times": 1}));
    assert_eq!(token(&vault).unwrap_err().code, Code::InvalidResponse);
    town.control("POST", "faults", json!({"operation": "*", "kind": "throttle", "times": 2}));
    token(&vault).unwrap();
    let failed = [Code::InternalError, Code::TooManyRequests, Code::InvalidResponse].map(Event::RefreshFailed);
    let events = town.events();
    assert_eq!((&events[..3], events[3]), (&failed[..], Event::Refreshed));
}

#[test]
fn a_user_who_is_gone_is_signed_out() {
    for change in ["delete", "disable"] {
        let (town, vault) = signed_in(json!({}));
        match change {
            "delete" => town.control("DELETE", "users/ada", Value::Null),
            _ => town.control("POST", "users/ada", json!({"enabled": false})),
        };
        assert_eq!(attributes(&vault).unwrap_err().code, Code::NotAuthorized);
        assert_eq!(town.events(), [Event::SignedOut(Reason::Refused)]);
        assert_eq!(token(&vault).unwrap_err().code, Code::NotSignedIn);
    }
}

#[test]
fn a_sign_out_revokes_what_the_user_held() {
    for rotation in [false, true] {
        let (town, vault) = signed_in(json!({"rotation": {"enabled": rotation}}));
        end(vault.refresh()).unwrap();
        let held = token(&vault).unwrap();
        assert_eq!(get_user(&town, &held).0, 200);
        end(vault.sign_out()).unwrap();
        assert_eq!(town.seen().last().unwrap(), &("RevokeToken".to_owned(), 200));
        let (status, body) = get_user(&town, &held);
        assert!(status == 400 && body.contains("Access Token has been revoked"), "{status} {body}");
    }
    // Where the client revokes none, it is forgotten all the same.
    let (town, vault) = signed_in(json!({"tokenRevocation": false}));
    end(vault.sign_out()).unwrap();
    assert_eq!(town.events(), [Event::SignedOut(Reason::User)]);
}
