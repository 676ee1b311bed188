//! The service's clock, learned from its `Date` header, in signatures and in the expiry of tokens.

use super::support::host::Memory;
use super::support::service::{DAY, HOUR, MINUTE, NOW, Redated, client, ok, password_verifier, tokens};
use super::support::tasks::{Task, end};
use super::vault::{Vault, code, credentials, get_user, patient, sign_in, token};
use cognito_vault::client::Next;
use cognito_vault::error::Code;
use cognito_vault::flow::Method;
use cognito_vault::protocol::Millis;
use cognito_vault::srp;
use serde_json::json;

/// The service's clock less the host's.
const SKEWS: [Millis; 7] = [0, DAY, -DAY, 90_500, -90_500, 400 * DAY, -400 * DAY];

/// A vault whose service, `skew` ahead of it, has signed `ada` in for an hour; each exchange took `latency`.
fn skewed(skew: Millis, latency: Millis) -> (Memory, Vault) {
    let host = Memory::new();
    let vault = client(&host);
    host.takes(latency);
    host.answers(password_verifier().dated(NOW + skew + latency / 2));
    host.answers(tokens("ada", NOW + skew + HOUR, Some("refresh-1")).dated(NOW + skew + latency * 3 / 2));
    assert!(matches!(end(sign_in(&vault)), Ok(Next::SignedIn)));
    (host, vault)
}

#[test]
fn the_signature_bears_the_services_time() {
    for skew in SKEWS {
        for latency in [0, 80, 900] {
            let (host, _) = skewed(skew, latency);
            let sent = host.sent().remove(1);
            let stamp = &sent.body["ChallengeResponses"]["TIMESTAMP"];
            let truth = NOW + skew + latency;
            let near = [-2, -1, 0, 1].map(|seconds| srp::timestamp((truth + seconds * 1000).try_into().unwrap()));
            assert!(near.iter().any(|near| stamp == near), "{skew} {latency}: {stamp} is not in {near:?}");
        }
    }
}

#[test]
fn tokens_end_by_the_services_clock() {
    for skew in SKEWS {
        for latency in [0, 80, 900] {
            let (host, vault) = skewed(skew, latency);
            host.sent();
            host.takes(0);
            // The host's clock stands at NOW + 2 latency, the tokens end at NOW + an hour.
            host.turn(59 * MINUTE - 2 * latency - 2_000);
            end(token(&vault)).unwrap();
            assert_eq!(host.operations(), Vec::<&str>::new(), "{skew} {latency}");
            host.turn(4_000);
            host.answers(tokens("ada", NOW + skew + 2 * HOUR, None));
            end(token(&vault)).unwrap();
            assert_eq!(host.operations(), ["GetTokensFromRefreshToken"], "{skew} {latency}");
        }
    }
}

#[test]
fn jitter_does_not_move_what_was_learned() {
    for skew in [DAY, -DAY] {
        let (host, vault) = skewed(skew, 40);
        let mut now = NOW + 80;
        for latency in [20_000, 3, 700, 9_000, 0, 1_500] {
            // A slow exchange says less about the clock than a quick one.
            host.takes(latency);
            host.answers(ok(json!({"Username": "ada", "UserAttributes": []})).dated(now + skew + latency * 9 / 10));
            end(get_user(&vault)).unwrap();
            now += latency;
        }
        host.sent();
        host.takes(0);
        host.turn(NOW + 59 * MINUTE - now - 1_100);
        end(token(&vault)).unwrap();
        assert!(host.operations().is_empty(), "{skew}");
        host.turn(1_200);
        host.answers(tokens("ada", NOW + skew + 2 * HOUR, None));
        end(token(&vault)).unwrap();
        assert_eq!(host.operations(), ["GetTokensFromRefreshToken"], "{skew}");
    }
}

#[test]
fn a_reply_without_a_date_teaches_nothing() {
    // What was learned stays.
    let (host, vault) = skewed(DAY, 0);
    host.answers(tokens("ada", NOW + DAY + 2 * HOUR, None));
    end(vault.refresh()).unwrap();
    host.sent();
    host.turn(HOUR);
    end(token(&vault)).unwrap();
    assert!(host.operations().is_empty());

    // Nothing was learned: the host's clock counts. One that is a day ahead finds every token dead, one that is a day
    // behind finds it not yet issued.
    for (skew, accepted) in [(0, true), (DAY, false), (-DAY, false)] {
        let host = Memory::new();
        let vault = client(&host);
        host.turn(skew);
        host.answers(password_verifier()).answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
        let result = end(sign_in(&vault));
        assert!(if accepted { result.is_ok() } else { code(result) == Code::InvalidToken }, "{skew}");
    }
}

#[test]
fn refusals_teach_the_time_too() {
    let host = Memory::new();
    let vault = client(&host);
    let busy = super::support::service::refused("TooManyRequests", "x").dated(NOW - DAY);
    host.answers(busy).answers(tokens("ada", NOW - DAY + HOUR, Some("refresh-1")));
    let signed_in = end(vault.sign_in(credentials(Method::Password), &patient));
    assert!(matches!(signed_in, Ok(Next::SignedIn)));
}

#[test]
fn a_clock_turned_back_during_an_exchange_teaches_nothing() {
    for which in [0, 1] {
        let host = Memory::new();
        let vault = client(&host);
        host.holds().holds();
        let mut signing_in = Task::new(sign_in(&vault));
        signing_in.run();
        for at in [0, 1] {
            if at == which {
                host.turn(-DAY);
            }
            let reply = if at == 0 { password_verifier() } else { tokens("ada", NOW + HOUR, Some("refresh-1")) };
            host.release(Ok(reply.dated(NOW)));
            signing_in.run();
        }
        if which == 1 {
            // By this clock the tokens are of the future.
            assert_eq!(code(signing_in.end()), Code::InvalidToken);
            host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")).dated(NOW));
            end(vault.sign_in(credentials(Method::Password), &patient)).unwrap();
        } else {
            assert!(matches!(signing_in.end(), Ok(Next::SignedIn)));
        }
        // The next exchange teaches the new offset.
        host.answers(ok(json!({"Username": "ada", "UserAttributes": []})).dated(NOW));
        end(get_user(&vault)).unwrap();
        host.sent();
        host.turn(59 * MINUTE - 1_100);
        end(token(&vault)).unwrap();
        assert!(host.operations().is_empty(), "{which}");
        host.turn(1_200);
        host.answers(tokens("ada", NOW + 2 * HOUR, None));
        end(token(&vault)).unwrap();
        assert_eq!(host.operations(), ["GetTokensFromRefreshToken"], "{which}");
    }
}

#[test]
fn a_clock_turned_on_during_an_exchange_is_learned_by_the_next() {
    let host = Memory::new();
    let vault = client(&host);
    host.holds();
    let mut signing_in = Task::new(vault.sign_in(credentials(Method::Password), &patient));
    signing_in.run();
    host.turn(DAY);
    host.release(Ok(tokens("ada", NOW + HOUR, Some("refresh-1")).dated(NOW)));
    // A reply that took a day brings tokens that are over.
    assert_eq!(code(signing_in.end()), Code::InvalidToken);
    host.answers(password_verifier().dated(NOW)).answers(tokens("ada", NOW + HOUR, Some("refresh-1")).dated(NOW));
    assert!(matches!(end(sign_in(&vault)), Ok(Next::SignedIn)));
}
