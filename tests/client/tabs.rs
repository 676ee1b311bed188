//! Engines that meet in one storage: what one has begun, renewed or seen is not lost on another.

use super::support::host::Memory;
use super::support::service::{HOUR, MINUTE, NOW, Redated, config, key_set, ok, reply, tokens};
use super::support::tasks::{Task, end};
use super::vault::{Vault, empty, signed_in_as};
use cognito_vault::client::{Client, Config};
use cognito_vault::host::{Event, Reason};
use serde_json::{Value, json};

/// A vault where `ada` is signed in for an hour, on a host that keeps, with a timeout of half an hour.
fn kept() -> (Memory, Vault) {
    let host = Memory::new();
    host.keeps();
    let vault = watchful(&host);
    signed_in_as(&host, &vault, "ada");
    (host, vault)
}

fn watchful(host: &Memory) -> Vault {
    Client::new(Config { idle_timeout: Some(HOUR / 2), ..config() }, host.clone())
}

/// Another engine on what `host` keeps, whose numbers by chance are its own.
fn beside(host: &Memory, rolls: u8) -> (Memory, Vault) {
    let other = Memory::new();
    other.keeps().put(host.record());
    other.rolls(rolls);
    let vault = watchful(&other);
    (other, vault)
}

fn record(host: &Memory) -> Value {
    serde_json::from_str(&host.record().unwrap().1).unwrap()
}

#[test]
fn a_refresh_that_its_engine_does_not_survive_is_made_again_at_once() {
    let (host, vault) = kept();
    host.holds();
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    assert_eq!(record(&host)["spent"], json!(true), "kept before it is sent");
    drop(refreshing);
    let (later, reloaded) = beside(&host, 90);
    end(reloaded.restore()).unwrap();
    assert_eq!((later.events(), later.alarm()), (vec![Event::Restored], Some(0)));
    later.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    end(reloaded.tend()).unwrap();
    assert_eq!(later.sent()[0].body["RefreshToken"], "refresh-1");
    assert_eq!(record(&later)["spent"], json!(false));
}

#[test]
fn another_engine_renews_soon_what_was_left_in_the_middle() {
    let (host, vault) = kept();
    let (other, beside) = beside(&host, 90);
    end(beside.restore()).unwrap();
    host.holds();
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    other.put(host.record());
    end(beside.changed("".into())).unwrap();
    assert_eq!(other.alarm(), Some(10_000));
    other.turn(10_000);
    other.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    end(beside.tend()).unwrap();
    assert_eq!(other.operations(), ["GetTokensFromRefreshToken"]);
}

#[test]
fn a_sign_out_revokes_what_another_engine_has_renewed() {
    let (host, vault) = kept();
    let (other, beside) = beside(&host, 90);
    end(beside.restore()).unwrap();
    other.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    end(beside.refresh()).unwrap();
    host.put(other.record());
    host.answers(reply(200, "")).answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    let revoked: Vec<_> = host.sent().iter().map(|sent| sent.body["Token"].clone()).collect();
    assert_eq!(revoked, ["refresh-2", "refresh-1"]);
    assert_eq!((host.record(), host.cleared()), (None, vec!["ada".to_owned()]));
}

#[test]
fn a_sign_out_leaves_another_users_session_alone() {
    let (host, vault) = kept();
    let (other, grace) = empty();
    other.keeps();
    other.rolls(90);
    signed_in_as(&other, &grace, "grace");
    host.put(other.record());
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    assert_eq!(host.operations(), ["RevokeToken"]);
    assert!(host.record().is_some() && host.cleared().is_empty());
    host.told();
    end(vault.changed("".into())).unwrap();
    assert_eq!(host.events(), [Event::SignedIn], "and follows it");
}

#[test]
fn a_change_that_leaves_nothing_ends_the_session() {
    let (host, vault) = kept();
    host.put(None);
    end(vault.changed("".into())).unwrap();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Elsewhere)]);
}

#[test]
fn what_the_user_does_here_outlasts_the_notes_of_others() {
    let (host, vault) = kept();
    host.turn(MINUTE);
    end(vault.touch()).unwrap();
    let active = record(&host)["active"].as_i64().unwrap();
    assert_eq!(active, (NOW + MINUTE) / 1000 - 60, "too soon to be kept");
    let before = host.record().unwrap();
    host.put(Some((7, before.1.replace(&format!("\"revision\":{}", before.0), "\"revision\":7"))));
    end(vault.changed("".into())).unwrap();
    host.turn(HOUR / 2 - MINUTE + 1);
    end(vault.tend()).unwrap();
    assert!(!host.events().contains(&Event::SignedOut(Reason::Idle)));
}

#[test]
fn a_touch_is_kept_on_top_of_what_another_engine_has_kept() {
    let (host, vault) = kept();
    let before = host.record().unwrap();
    host.put(Some((7, before.1.replace(&format!("\"revision\":{}", before.0), "\"revision\":7"))));
    host.turn(10 * MINUTE);
    end(vault.touch()).unwrap();
    assert_eq!(record(&host)["active"], json!((NOW + 10 * MINUTE) / 1000));
}

#[test]
fn a_clock_that_is_off_ends_no_session_on_the_next_visit() {
    let host = Memory::new();
    host.keeps();
    host.turn(3 * HOUR);
    let vault = watchful(&host);
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")).dated(NOW));
    let credentials = super::vault::credentials(cognito_vault::flow::Method::Password);
    end(vault.sign_in(credentials, &super::vault::patient)).unwrap();
    let (later, reloaded) = beside(&host, 90);
    later.turn(3 * HOUR + MINUTE);
    end(reloaded.restore()).unwrap();
    assert_eq!(later.events(), [Event::Restored]);
    assert_eq!(later.keys_sent(), 0);
}

#[test]
fn a_clock_that_jumps_is_checked_before_a_session_ends() {
    let (host, vault) = kept();
    host.turn(3 * HOUR);
    host.publishes(Ok(key_set(&["test"]).dated(NOW + MINUTE)));
    end(vault.touch()).unwrap();
    assert!(!host.events().contains(&Event::SignedOut(Reason::Idle)));
    host.turn(HOUR);
    host.publishes(Ok(ok(json!({})).dated(NOW + HOUR))).answers(reply(200, ""));
    end(vault.touch()).unwrap_err();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Idle)]);
}

#[test]
fn a_clock_that_is_set_back_ends_no_session_of_a_user_who_is_there() {
    let (host, vault) = kept();
    host.turn(-20 * MINUTE);
    end(vault.touch()).unwrap();
    assert_eq!(record(&host)["active"], json!((NOW - 20 * MINUTE) / 1000), "others get to know of it");
    host.turn(15 * MINUTE);
    host.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")).dated(NOW + 15 * MINUTE));
    end(vault.refresh()).unwrap();
    host.told();
    host.turn(14 * MINUTE);
    end(vault.touch()).unwrap();
    assert_eq!(host.events(), []);
    host.turn(31 * MINUTE);
    host.publishes(Ok(ok(json!({})).dated(NOW + HOUR))).answers(reply(200, ""));
    end(vault.touch()).unwrap_err();
    assert_eq!(host.events(), [Event::SignedOut(Reason::Idle)]);
}

#[test]
fn what_one_engine_learns_of_the_clock_the_others_know_too() {
    let (host, vault) = kept();
    let renew = |refresh: &str| {
        host.answers(tokens("ada", NOW + HOUR, Some(refresh)).dated(NOW));
        end(vault.refresh()).unwrap();
    };
    host.turn(5 * MINUTE);
    renew("refresh-2");
    let (other, beside) = beside(&host, 90);
    other.turn(5 * MINUTE);
    end(beside.restore()).unwrap();
    for clock in [&host, &other] {
        clock.turn(-20 * MINUTE);
    }
    renew("refresh-3");
    other.put(host.record());
    end(beside.changed("".into())).unwrap();
    other.turn(28 * MINUTE);
    end(beside.touch()).unwrap();
    assert_eq!(record(&other)["active"], json!((NOW + 28 * MINUTE) / 1000));
}
