//! One refresh for all who wait, in every order; rotation; and what each refusal does to the session.

use super::support::host::Memory;
use super::support::service::{HOUR, MINUTE, NOW, access_token, ok, refused, reply, tokens};
use super::support::tasks::{Task, end, orders};
use super::vault::{Vault, code, get_user, signed_in, token};
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason, Status};
use serde_json::json;

fn dead() -> (Memory, Vault) {
    let (host, vault) = signed_in();
    host.turn(2 * HOUR);
    (host, vault)
}

fn renewed() -> cognito_vault::protocol::Reply {
    tokens("ada", NOW + 4 * HOUR, None)
}

#[test]
fn many_wait_for_one_refresh_in_every_order() {
    for first in orders(4) {
        for then in orders(4) {
            let (host, vault) = dead();
            host.holds();
            let mut tasks: Vec<_> = (0..4).map(|_| Task::new(token(&vault))).collect();
            first.iter().for_each(|at| tasks[*at].run());
            host.release(Ok(renewed()));
            // Those who are polled after the sender find the session renewed; those before it wait for the second round.
            for at in then.iter().chain(&then) {
                tasks[*at].run();
            }
            assert!(!tasks.iter().any(Task::waits), "{first:?} {then:?}");
            for task in tasks {
                assert_eq!(task.end().unwrap(), access_token("ada", NOW + 4 * HOUR));
            }
            assert_eq!(host.operations(), ["GetTokensFromRefreshToken"], "{first:?} {then:?}");
            assert_eq!(host.events(), [Event::Refreshed]);
        }
    }
}

#[test]
fn one_who_waits_no_more_holds_nobody_up() {
    // The first one sends; either of the others may leave, before or after the reply is there.
    for leaving in 1..3 {
        for early in [true, false] {
            for order in orders(3) {
                let (host, vault) = dead();
                host.holds();
                let mut tasks: Vec<_> = (0..3).map(|_| Some(Task::new(token(&vault)))).collect();
                tasks.iter_mut().flatten().for_each(|task| task.run());
                if early {
                    tasks[leaving] = None;
                }
                host.release(Ok(renewed()));
                if !early {
                    tasks[leaving] = None;
                }
                for at in order.iter().chain(&order) {
                    tasks[*at].iter_mut().for_each(|task| task.run());
                }
                assert!(!tasks.iter().flatten().any(Task::waits), "{leaving} {early} {order:?}");
                for task in tasks.into_iter().flatten() {
                    assert_eq!(task.end().unwrap(), access_token("ada", NOW + 4 * HOUR));
                }
                assert_eq!(host.operations().len(), 1);
                assert_eq!(host.events(), [Event::Refreshed]);
            }
        }
    }
}

#[test]
fn those_who_waited_for_a_failed_refresh_share_its_failure() {
    for order in orders(3) {
        let (host, vault) = dead();
        host.holds().fails(Code::Network).fails(Code::Network);
        let mut tasks: Vec<_> = (0..3).map(|_| Task::new(token(&vault))).collect();
        tasks.iter_mut().for_each(|task| task.run());
        host.release(Err(Code::Network));
        for at in order.iter().chain(&order) {
            tasks[*at].run();
        }
        assert!(!tasks.iter().any(Task::waits), "{order:?}");
        for task in tasks {
            assert_eq!(code(task.end()), Code::Network);
        }
        assert_eq!(host.operations().len(), 3, "three attempts of one refresh");
        assert_eq!(host.events(), [Event::RefreshFailed(Code::Network)]);
        // The next one tries anew.
        host.answers(renewed());
        assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 4 * HOUR));
    }
}

#[test]
fn those_who_waited_for_the_end_are_told_of_it_once() {
    let (host, vault) = dead();
    host.holds();
    let mut tasks: Vec<_> = (0..3).map(|_| Task::new(token(&vault))).collect();
    tasks.iter_mut().for_each(|task| task.run());
    host.release(Ok(refused("NotAuthorized", "Refresh Token has expired")));
    let codes: Vec<_> = tasks.into_iter().map(|task| code(task.end())).collect();
    assert_eq!(codes, [Code::NotAuthorized, Code::NotSignedIn, Code::NotSignedIn]);
    assert_eq!(host.operations().len(), 1);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}

#[test]
fn a_rotated_refresh_is_repeated_for_nobody() {
    let (host, vault) = signed_in();
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-2")));
    end(vault.refresh()).unwrap();
    host.sent();
    host.turn(2 * HOUR);
    host.holds();
    let mut tasks: Vec<_> = (0..3).map(|_| Task::new(token(&vault))).collect();
    tasks.iter_mut().for_each(|task| task.run());
    host.release(Err(Code::Network));
    for task in tasks {
        assert_eq!(code(task.end()), Code::Network);
    }
    assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
}

#[test]
fn the_newest_refresh_token_is_the_one_that_counts() {
    let (host, vault) = signed_in();
    for (given, next) in
        [(None, "refresh-1"), (Some("refresh-2"), "refresh-1"), (None, "refresh-2"), (Some("refresh-3"), "refresh-2")]
    {
        host.answers(tokens("ada", NOW + HOUR, given));
        end(vault.refresh()).unwrap();
        assert_eq!(host.sent()[0].body["RefreshToken"], next);
    }
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    assert_eq!(host.sent()[0].body["Token"], "refresh-3");
}

#[test]
fn tokens_that_are_due_are_renewed_before_they_are_used() {
    let (host, vault) = signed_in();
    host.turn(59 * MINUTE - 1);
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
    assert!(host.operations().is_empty());
    host.turn(1);
    host.answers(renewed());
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 4 * HOUR));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 4 * HOUR));
    assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
}

#[test]
fn tokens_that_cannot_be_renewed_are_used_until_they_end() {
    let (host, vault) = signed_in();
    host.turn(59 * MINUTE);
    for _ in 0..3 {
        host.fails(Code::Network);
    }
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
    let told = host.told();
    assert_eq!((told[0].status, told[0].event), (Status::Stale, Event::RefreshFailed(Code::Network)));
    host.turn(MINUTE);
    for _ in 0..3 {
        host.fails(Code::Network);
    }
    assert_eq!(code(end(token(&vault))), Code::Network);
    host.answers(renewed());
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 4 * HOUR));
    let told = host.told().pop().unwrap();
    assert_eq!((told.status, told.event), (Status::SignedIn, Event::Refreshed));
}

#[test]
fn due_tokens_of_a_session_that_is_over_are_not_used() {
    let (host, vault) = signed_in();
    host.turn(59 * MINUTE);
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    assert_eq!(code(end(token(&vault))), Code::NotAuthorized);
    assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
}

#[test]
fn each_refusal_has_its_verdict() {
    let ended = [
        ("NotAuthorized", Code::NotAuthorized, Reason::Refused),
        ("UserNotFound", Code::NotAuthorized, Reason::Refused),
        ("TokenRevoked", Code::NotAuthorized, Reason::Refused),
        ("PasswordResetRequired", Code::PasswordResetRequired, Reason::Refused),
        ("UserNotConfirmed", Code::UserNotConfirmed, Reason::Refused),
        ("RefreshTokenReuse", Code::RefreshTokenReuse, Reason::Reused),
    ];
    for (name, expected, reason) in ended {
        let (host, vault) = dead();
        host.answers(refused(name, "x"));
        assert_eq!(code(end(token(&vault))), expected, "{name}");
        let told = host.told();
        assert_eq!((told[0].status, told[0].event), (Status::SignedOut, Event::SignedOut(reason)), "{name}");
        assert_eq!((told.len(), &told[0].user), (1, &None));
        assert_eq!(code(end(vault.refresh())), Code::NotSignedIn, "{name}");
    }
    for name in
        ["Forbidden", "InvalidParameter", "LimitExceeded", "ResourceNotFound", "UserLambdaValidation", "CoffeeBreak"]
    {
        let (host, vault) = dead();
        host.answers(refused(name, "x"));
        let code = code(end(token(&vault)));
        assert!(code.as_str() == name || code == Code::Unknown, "{name}");
        let told = host.told();
        assert_eq!((told[0].status, told[0].event), (Status::Stale, Event::RefreshFailed(code)), "{name}");
        assert!(told[0].user.is_some());
        host.answers(renewed());
        assert!(end(token(&vault)).is_ok(), "{name}");
    }
}

#[test]
fn tokens_of_another_user_end_the_session() {
    let (host, vault) = dead();
    host.answers(tokens("grace", NOW + 4 * HOUR, None));
    assert_eq!(code(end(token(&vault))), Code::InvalidToken);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}

#[test]
fn attributes_are_read_with_a_good_token() {
    let user = || ok(json!({"Username": "ada", "UserAttributes": [{"Name": "email", "Value": "a@b"}]}));
    let (host, vault) = dead();
    host.answers(renewed()).answers(user());
    let attributes = json!([{"Name": "email", "Value": "a@b"}]);
    assert_eq!(end(get_user(&vault)).unwrap(), json!({"Username": "ada", "UserAttributes": attributes}));
    let sent = host.sent();
    assert_eq!((sent[0].operation, sent[1].operation), ("GetTokensFromRefreshToken", "GetUser"));
    assert_eq!(sent[1].body, json!({"AccessToken": access_token("ada", NOW + 4 * HOUR)}));
}

#[test]
fn an_access_token_that_the_service_refuses_is_renewed_once() {
    let over = || refused("NotAuthorized", "Access Token has expired");
    let (host, vault) = signed_in();
    host.answers(over()).answers(renewed()).answers(ok(json!({"UserAttributes": []})));
    assert_eq!(end(get_user(&vault)), Ok(json!({"UserAttributes": []})));
    let sent = host.sent();
    assert_eq!(sent[2].body["AccessToken"], access_token("ada", NOW + 4 * HOUR));

    let (host, vault) = signed_in();
    host.answers(over()).answers(renewed()).answers(over());
    assert_eq!(code(end(get_user(&vault))), Code::NotAuthorized);
    assert_eq!(host.operations(), ["GetUser", "GetTokensFromRefreshToken", "GetUser"]);

    let (host, vault) = signed_in();
    host.answers(refused("NotAuthorized", "Access Token has been revoked"));
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    assert_eq!(code(end(get_user(&vault))), Code::NotAuthorized);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}
