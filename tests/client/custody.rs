//! What is kept of a session: taken up on the next visit, followed when another engine changes it, wiped when it is over.

use super::support::host::Memory;
use super::support::service::{
    DAY, HOUR, MINUTE, NOW, access_claims, access_token, client, config, id_claims, jwt, password_verifier, refused,
    reply, tokens,
};
use super::support::tasks::{Task, end};
use super::vault::{Vault, code, empty, sign_in, signed_in_as, token};
use cognito_vault::client::{Client, Next};
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason, Status};
use cognito_vault::protocol::user_pool::Tokens;
use serde_json::{Value, json};

/// A vault where `ada` is signed in for an hour, on a host that keeps.
fn kept() -> (Memory, Vault) {
    let (host, vault) = empty();
    host.keeps();
    signed_in_as(&host, &vault, "ada");
    (host, vault)
}

/// The record of a session of `sub` that ends at `end`, as another engine keeps it.
fn record_of(sub: &str, end_at: i64, refresh: &str) -> (u32, String) {
    let (host, vault) = empty();
    host.keeps();
    host.rolls(100 + refresh.bytes().last().unwrap());
    host.answers(tokens(sub, end_at, Some(refresh)));
    end(vault.sign_in(super::vault::credentials(cognito_vault::flow::Method::Password), &super::vault::patient))
        .unwrap();
    host.record().unwrap()
}

/// Another engine on what `host` keeps.
fn next_visit(host: &Memory) -> (Memory, Vault) {
    let later = Memory::new();
    later.keeps().put(host.record());
    let vault = client(&later);
    (later, vault)
}

#[test]
fn a_session_is_taken_up_on_the_next_visit() {
    let (host, _) = kept();
    let (later, vault) = next_visit(&host);
    end(vault.restore()).unwrap();
    let told = later.told();
    assert_eq!((told.len(), told[0].status, told[0].event), (1, Status::SignedIn, Event::Restored));
    assert!(told[0].user.as_ref().unwrap().contains("\"sub\":\"ada\""));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
    assert!(later.operations().is_empty(), "its tokens are still good");
}

#[test]
fn tokens_that_have_ended_since_are_renewed_at_once() {
    let (host, _) = kept();
    let (later, vault) = next_visit(&host);
    later.turn(DAY);
    end(vault.restore()).unwrap();
    assert_eq!(later.events(), [Event::Restored]);
    assert_eq!(later.alarm(), Some(0));
    later.answers(tokens("ada", NOW + DAY + HOUR, Some("refresh-2")));
    end(vault.tend()).unwrap();
    assert_eq!(later.events(), [Event::Refreshed]);
    assert!(later.record().unwrap().1.contains("refresh-2"));
}

#[test]
fn nothing_kept_is_nobody_signed_in() {
    let (host, vault) = empty();
    host.keeps();
    end(vault.restore()).unwrap();
    assert!(host.told().is_empty() && host.cleared().is_empty());
    assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
}

#[test]
fn a_record_that_cannot_be_read_is_wiped_and_said() {
    let (_, good) = record_of("ada", NOW + HOUR, "refresh-1");
    let change = |name: &str, value: Option<Value>| {
        let mut record: Value = serde_json::from_str(&good).unwrap();
        match value {
            Some(value) => record[name] = value,
            None => drop(record.as_object_mut().unwrap().remove(name)),
        }
        record.to_string()
    };
    let other_client = |mut claims: Value, name: &str| {
        claims[name] = json!("other");
        Some(json!(jwt(&claims)))
    };
    let bad = [
        String::new(),
        "null".to_owned(),
        good[..good.len() - 1].to_owned(),
        change("v", Some(json!(0))),
        change("v", Some(json!(2))),
        change("v", None),
        change("id", None),
        change("access", Some(json!("a.b.c"))),
        change("refresh", None),
        change("began", None),
        change("active", None),
        change("revision", None),
        change("revision", Some(json!(-1))),
        change("id", other_client(id_claims("ada", NOW + HOUR), "aud")),
        change("access", other_client(access_claims("ada", NOW + HOUR), "client_id")),
        change("access", Some(json!(jwt(&access_claims("grace", NOW + HOUR))))),
    ];
    for record in bad {
        let (host, vault) = empty();
        host.keeps().put(Some((7, record.clone())));
        end(vault.restore()).unwrap();
        assert_eq!(host.events(), [Event::StorageFailed], "{record}");
        assert_eq!((host.record(), host.cleared().len()), (None, 1), "{record}");
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
    let (host, vault) = empty();
    host.keeps().put(Some((7, good)));
    end(vault.restore()).unwrap();
    assert_eq!(host.events(), [Event::Restored]);
}

#[test]
fn what_is_kept_holds_everything_that_matters() {
    let (host, vault) = kept();
    host.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    end(vault.refresh()).unwrap();
    let (later, vault) = next_visit(&host);
    end(vault.restore()).unwrap();
    later.fails(Code::Network);
    assert_eq!(code(end(vault.refresh())), Code::Network);
    assert_eq!(later.operations(), ["GetTokensFromRefreshToken"], "it is known that this pool rotates");
}

#[test]
fn a_sign_out_wipes_what_is_kept_and_tells_who_has_gone() {
    let (host, vault) = kept();
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    assert_eq!((host.record(), host.cleared()), (None, vec!["ada".to_owned()]));
    let (host, vault) = kept();
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    end(vault.refresh()).unwrap_err();
    assert_eq!((host.record(), host.cleared()), (None, vec!["ada".to_owned()]));
}

#[test]
fn a_sign_in_that_ends_after_a_sign_out_keeps_nothing() {
    let (host, vault) = empty();
    host.keeps().answers(password_verifier());
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    host.publishes(Err(Code::Network)).publishes(Err(Code::Network)).publishes(Err(Code::Network));
    assert_eq!(code(end(sign_in(&vault))), Code::Network, "tokens that cannot be proven sign nobody in");
    assert_eq!(host.record(), None);
    assert!(host.told().is_empty());
}

#[test]
fn another_engines_sign_in_is_followed() {
    let (host, vault) = empty();
    host.keeps().put(Some(record_of("ada", NOW + HOUR, "refresh-1")));
    end(vault.changed("".into())).unwrap();
    assert_eq!(host.events(), [Event::SignedIn]);
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));

    host.put(Some(record_of("grace", NOW + 2 * HOUR, "refresh-2")));
    end(vault.changed("".into())).unwrap();
    assert_eq!(host.events(), [Event::SignedIn]);
    assert_eq!(end(token(&vault)).unwrap(), access_token("grace", NOW + 2 * HOUR));

    host.put(Some(record_of("grace", NOW + 3 * HOUR, "refresh-3")));
    end(vault.changed("".into())).unwrap();
    assert_eq!(host.events(), [Event::Refreshed]);
    assert_eq!(end(token(&vault)).unwrap(), access_token("grace", NOW + 3 * HOUR));
    end(vault.changed("".into())).unwrap();
    assert!(host.told().is_empty(), "nothing is new");
}

#[test]
fn another_engines_sign_out_is_followed_only_if_it_was_this_users() {
    for keeps in [true, false] {
        let (host, vault) = empty();
        if keeps {
            host.keeps();
        }
        signed_in_as(&host, &vault, "ada");
        host.put(None);
        end(vault.changed("grace".into())).unwrap();
        assert!(host.told().is_empty());
        end(vault.changed("ada".into())).unwrap();
        assert_eq!(host.events(), [Event::SignedOut(Reason::Elsewhere)]);
        assert!(host.operations().is_empty(), "who has signed out there revokes");
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
    // A sign-out that is announced after a new sign-in has nothing to say any more.
    let (host, vault) = kept();
    end(vault.changed("ada".into())).unwrap();
    assert!(host.told().is_empty());
}

#[test]
fn what_another_engine_has_renewed_is_not_renewed_again() {
    let (host, vault) = kept();
    host.turn(2 * HOUR);
    host.put(Some(record_of("ada", NOW + 3 * HOUR, "refresh-2")));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 3 * HOUR));
    assert!(host.operations().is_empty());
    assert_eq!((host.events(), host.locks()), (vec![Event::Refreshed], 0));
}

#[test]
fn a_note_of_another_engine_is_no_renewal() {
    let (host, vault) = kept();
    let (revision, record) = host.record().unwrap();
    let noted = record.replace(&format!("\"revision\":{revision}"), "\"revision\":77");
    host.put(Some((77, noted)));
    host.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-2")));
    end(vault.refresh()).unwrap();
    assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
    assert!(host.record().unwrap().1.contains("refresh-2"));

    // Even while the reply is on its way.
    host.holds();
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    let (revision, record) = host.record().unwrap();
    host.put(Some((78, record.replace(&format!("\"revision\":{revision}"), "\"revision\":78"))));
    host.release(Ok(tokens("ada", NOW + 3 * HOUR, Some("refresh-3"))));
    refreshing.end().unwrap();
    assert!(host.record().unwrap().1.contains("refresh-3"));
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 3 * HOUR));
}

#[test]
fn a_renewal_that_comes_late_does_not_bring_back_what_another_engine_has_ended() {
    let (host, vault) = kept();
    host.holds().answers(reply(200, ""));
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    assert_eq!(host.locks(), 1);
    host.put(None);
    host.release(Ok(tokens("ada", NOW + 2 * HOUR, Some("refresh-2"))));
    assert_eq!(code(refreshing.end()), Code::NotSignedIn);
    assert_eq!((host.events(), host.record(), host.locks()), (vec![Event::SignedOut(Reason::Elsewhere)], None, 0));
    let sent = host.sent();
    assert_eq!((sent[1].operation, &sent[1].body["Token"]), ("RevokeToken", &json!("refresh-2")));
}

#[test]
fn a_renewal_that_comes_late_gives_way_to_another_engines() {
    for refusal in [false, true] {
        let (host, vault) = kept();
        host.holds();
        let mut refreshing = Task::new(vault.refresh());
        refreshing.run();
        host.put(Some(record_of("ada", NOW + 3 * HOUR, "refresh-9")));
        host.release(Ok(if refusal {
            refused("RefreshTokenReuse", "x")
        } else {
            tokens("ada", NOW + 2 * HOUR, Some("refresh-2"))
        }));
        refreshing.end().unwrap();
        assert_eq!(host.operations(), ["GetTokensFromRefreshToken"], "nothing of the family is revoked");
        assert!(host.record().unwrap().1.contains("refresh-9"));
        assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + 3 * HOUR));
    }
}

#[test]
fn the_new_refresh_token_is_kept_before_anything_is_told() {
    let (host, vault) = kept();
    host.holds();
    let mut refreshing = Task::new(vault.refresh());
    refreshing.run();
    host.release(Ok(tokens("ada", NOW + 2 * HOUR, Some("refresh-2"))));
    host.on_tell(|host| assert!(host.record().unwrap().1.contains("refresh-2")));
    refreshing.end().unwrap();
    assert_eq!(host.events(), [Event::Refreshed]);
}

#[test]
fn a_session_of_another_library_is_taken_over() {
    let given = |end_at| Tokens {
        id: jwt(&id_claims("ada", end_at)).into(),
        access: jwt(&access_claims("ada", end_at)).into(),
        refresh: Some("refresh-0".into()),
        new_device: None,
    };
    let (host, vault) = empty();
    host.keeps();
    end(vault.import_session(given(NOW + HOUR), None)).unwrap();
    assert_eq!(host.events(), [Event::SignedIn]);
    assert!(host.record().unwrap().1.contains("refresh-0") && host.operations().is_empty());

    let (host, vault) = empty();
    host.answers(tokens("ada", NOW + HOUR, None));
    end(vault.import_session(given(NOW - DAY), None)).unwrap();
    assert_eq!(host.events(), [Event::SignedIn, Event::Refreshed]);
    assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));

    let (host, vault) = empty();
    host.distrusts(true);
    assert_eq!(code(end(vault.import_session(given(NOW + HOUR), None))), Code::InvalidToken);
    let foreign = Tokens { access: jwt(&access_claims("grace", NOW + HOUR)).into(), ..given(NOW + HOUR) };
    host.distrusts(false);
    assert_eq!(code(end(vault.import_session(foreign, None))), Code::InvalidToken);
    assert!(host.told().is_empty());
}

#[test]
fn the_time_of_a_session_goes_on_over_visits() {
    let limited = |host: &Memory| {
        Client::new(
            cognito_vault::client::Config { idle_timeout: Some(10 * MINUTE), max_age: None, ..config() },
            host.clone(),
        )
    };
    let host = Memory::new();
    host.keeps().answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    let vault = limited(&host);
    let signed_in =
        end(vault.sign_in(super::vault::credentials(cognito_vault::flow::Method::Password), &super::vault::patient));
    assert!(matches!(signed_in, Ok(Next::SignedIn)));
    let visit = |after| {
        let later = Memory::new();
        later.keeps().put(host.record());
        later.turn(after);
        later.answers(reply(200, ""));
        end(limited(&later).restore()).unwrap_or_default();
        (later.events(), later.record().is_some())
    };
    assert_eq!(visit(10 * MINUTE - 1), (vec![Event::Restored], true));
    assert_eq!(visit(10 * MINUTE), (vec![Event::SignedOut(Reason::Idle)], false));
}
