//! What happens by itself: when tokens are renewed, how failures are spaced, and when a session has lived long enough.

use super::support::host::Memory;
use super::support::service::{HOUR, MINUTE, NOW, access_token, config, refused, reply, tokens};
use super::support::tasks::end;
use super::vault::{Vault, code, credentials, empty, patient, signed_in, token};
use cognito_vault::client::{Client, Config};
use cognito_vault::error::Code;
use cognito_vault::flow::Method;
use cognito_vault::host::{Event, Reason, Status};

const SECOND: i64 = 1000;

/// A vault where `ada` has just signed in, with limits.
fn limited(idle_timeout: Option<i64>, max_age: Option<i64>) -> (Memory, Vault) {
    let host = Memory::new();
    host.keeps();
    let vault = Client::new(Config { idle_timeout, max_age, ..config() }, host.clone());
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    end(vault.sign_in(credentials(Method::Password), &patient)).unwrap();
    host.told();
    (host, vault)
}

fn alarm(host: &Memory) -> i64 {
    host.alarm().expect("no alarm is set").into()
}

#[test]
fn the_alarm_is_ahead_of_the_end_by_a_margin_and_by_luck() {
    for (luck, ahead) in [(0, 60 * SECOND), (128, 75 * SECOND), (255, 90 * SECOND)] {
        let (host, vault) = empty();
        host.draws(luck);
        host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
        end(vault.sign_in(credentials(Method::Password), &patient)).unwrap();
        let set = alarm(&host);
        assert!((HOUR - ahead - set).abs() < SECOND, "{luck}: {set}");
        host.turn(set - 1);
        end(vault.tend()).unwrap();
        assert_eq!(alarm(&host), 10 * SECOND, "never sooner than this");
        host.turn(1);
        host.answers(tokens("ada", NOW + 2 * HOUR, None));
        end(vault.tend()).unwrap();
        assert_eq!(host.events(), [Event::SignedIn, Event::Refreshed]);
        assert!(alarm(&host) > 50 * MINUTE);
    }
}

#[test]
fn an_alarm_that_comes_after_a_sleep_renews_too() {
    let (host, vault) = signed_in();
    host.turn(9 * HOUR);
    host.answers(tokens("ada", NOW + 10 * HOUR, None));
    end(vault.tend()).unwrap();
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 10 * HOUR));
}

#[test]
fn a_user_who_is_busy_does_not_put_another_try_off() {
    let (host, vault) = signed_in();
    for _ in 0..3 {
        host.fails(Code::Network);
    }
    assert_eq!(code(end(vault.refresh())), Code::Network);
    let pause = alarm(&host);
    host.turn(pause - SECOND);
    end(vault.touch()).unwrap();
    assert_eq!(alarm(&host), SECOND);
    // Nor does a clock that was set back, by more than the pause at least.
    host.turn(-HOUR);
    end(vault.touch()).unwrap();
    assert!(alarm(&host) <= 2 * pause);
}

#[test]
fn activity_that_a_wrong_clock_has_noted_ahead_counts_as_now() {
    let host = Memory::new();
    host.keeps();
    let vault = Client::new(Config { idle_timeout: Some(2 * HOUR), ..config() }, host.clone());
    host.answers(tokens("ada", NOW + 9 * HOUR, Some("refresh-1")));
    end(vault.sign_in(credentials(Method::Password), &patient)).unwrap();
    host.turn(HOUR);
    end(vault.touch()).unwrap();
    host.turn(-HOUR);
    end(vault.tend()).unwrap();
    assert_eq!(alarm(&host), 2 * HOUR - MINUTE, "a minute before the end");
}

#[test]
fn tending_what_is_fresh_sends_nothing() {
    let (host, vault) = signed_in();
    host.alarm();
    end(vault.tend()).unwrap();
    assert!(host.operations().is_empty() && host.told().is_empty());
    assert!(alarm(&host) > 50 * MINUTE);
    let (host, vault) = empty();
    assert_eq!(code(end(vault.tend())), Code::NotSignedIn);
    assert_eq!(host.alarm(), None);
}

#[test]
fn failures_are_spaced_out_and_end_no_session() {
    let (host, vault) = signed_in();
    host.turn(59 * MINUTE);
    let mut pauses = Vec::new();
    for _ in 0..12 {
        host.answers(refused("InternalError", "x")).answers(refused("TooManyRequests", "x")).fails(Code::Network);
        end(vault.tend()).unwrap_err();
        let told = host.told();
        assert_eq!((told.len(), told[0].status), (1, Status::Stale));
        let pause = alarm(&host);
        host.turn(pause);
        pauses.push(pause / SECOND);
    }
    assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 256, 256, 256, 256]);
    host.answers(tokens("ada", NOW + 3 * HOUR, None));
    end(vault.tend()).unwrap();
    let told = host.told();
    assert_eq!((told[0].status, told[0].event), (Status::SignedIn, Event::Refreshed));
    assert!(alarm(&host) > HOUR);
}

#[test]
fn who_tries_again_and_again_does_not_put_the_next_try_off() {
    let (host, vault) = signed_in();
    for _ in 0..9 {
        for _ in 0..3 {
            host.fails(Code::Network);
        }
        assert_eq!(code(end(vault.refresh())), Code::Network);
        assert_eq!(alarm(&host), 2 * SECOND);
        host.turn(SECOND);
    }
}

#[test]
fn a_clock_that_makes_every_token_seem_over_does_not_make_a_storm() {
    let (host, vault) = signed_in();
    host.turn(9 * HOUR);
    for _ in 0..3 {
        host.answers(tokens("ada", NOW + HOUR, None));
        end(vault.tend()).unwrap();
        assert_eq!(alarm(&host), 10 * SECOND);
    }
    assert_eq!(host.events(), [Event::Refreshed; 3]);
}

#[test]
fn who_idles_is_warned_and_then_signed_out() {
    let (host, vault) = limited(Some(20 * MINUTE), None);
    assert_eq!(alarm(&host), 19 * MINUTE);
    host.turn(19 * MINUTE - 1);
    end(vault.tend()).unwrap();
    assert!(host.told().is_empty());
    host.turn(1);
    end(vault.tend()).unwrap();
    assert_eq!(host.events(), [Event::Idle(60_000)]);
    assert_eq!(alarm(&host), MINUTE);
    end(vault.tend()).unwrap();
    assert!(host.told().is_empty(), "once is enough");
    host.turn(MINUTE);
    host.answers(reply(200, ""));
    assert_eq!(code(end(vault.tend())), Code::NotSignedIn);
    assert_eq!((host.events(), host.record()), (vec![Event::SignedOut(Reason::Idle)], None));
    assert_eq!(host.operations(), ["InitiateAuth", "RevokeToken"]);
}

#[test]
fn who_does_something_stays() {
    let (host, vault) = limited(Some(20 * MINUTE), None);
    for _ in 0..3 {
        host.turn(19 * MINUTE + 30 * SECOND);
        host.answers(tokens("ada", NOW + 3 * HOUR, None));
        end(vault.tend()).unwrap();
        end(vault.touch()).unwrap();
        host.sent();
    }
    assert!(host.events().iter().all(|event| !matches!(event, Event::SignedOut(_))));
    // But not who comes back too late, even before any alarm did.
    host.turn(20 * MINUTE);
    host.answers(reply(200, ""));
    end(vault.touch()).unwrap_err();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Idle)]);
}

#[test]
fn an_api_call_after_the_timeout_finds_nobody() {
    for (idle, age) in [(Some(20 * MINUTE), None), (None, Some(3 * HOUR))] {
        let (host, vault) = limited(idle, age);
        host.turn(2 * HOUR);
        host.answers(reply(200, ""));
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
}

#[test]
fn activity_is_noted_for_other_engines_now_and_then() {
    let (host, vault) = limited(Some(16 * MINUTE), None);
    let first = host.record();
    host.turn(MINUTE - 1);
    end(vault.touch()).unwrap();
    assert_eq!(host.record(), first);
    host.turn(1);
    end(vault.touch()).unwrap();
    let second = host.record();
    assert_ne!(second, first);

    // Another engine that has seen nothing of its own looks before it ends the session.
    let other = Client::new(Config { idle_timeout: Some(16 * MINUTE), ..config() }, host.clone());
    host.put(first);
    end(other.restore()).unwrap();
    host.put(second);
    host.turn(15 * MINUTE);
    host.told();
    end(other.tend()).unwrap();
    assert!(host.events().iter().all(|event| !matches!(event, Event::SignedOut(_))));
    host.turn(MINUTE);
    host.answers(reply(200, ""));
    end(other.tend()).unwrap_err();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Idle)]);
}

#[test]
fn a_session_ends_when_it_has_grown_old() {
    // The user has proven who they are at `auth_time`, 6400 seconds before.
    let (host, vault) = limited(None, Some(2 * HOUR));
    let left = 800 * SECOND;
    assert_eq!(alarm(&host), left);
    host.turn(left - 1);
    end(vault.touch()).unwrap();
    end(vault.tend()).unwrap();
    assert!(host.told().is_empty());
    host.turn(1);
    host.answers(reply(200, ""));
    end(vault.tend()).unwrap_err();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Expired)]);
}

#[test]
fn a_refresh_makes_no_session_younger() {
    let (host, vault) = limited(None, Some(3 * HOUR));
    host.turn(HOUR);
    host.answers(tokens("ada", NOW + 2 * HOUR, None));
    end(vault.tend()).unwrap();
    assert_eq!(alarm(&host), 3 * HOUR - 6400 * SECOND - HOUR);
}
