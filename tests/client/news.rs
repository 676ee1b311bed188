//! The news: in the order of what happened, with the user's claims, and with no token in any of it.

use super::support::service::{
    HOUR, MINUTE, NOW, access_token, id_claims, jwt, password_verifier, refused, reply, tokens,
};
use super::support::tasks::end;
use super::vault::{empty, sign_in, token};
use cognito_vault::error::Code;
use cognito_vault::host::{Event, Reason, Status};

#[test]
fn everything_that_happens_is_told_in_its_order() {
    let (host, vault) = empty();
    vault.prepare().unwrap();
    host.answers(refused("NotAuthorized", "Incorrect username or password."));
    end(sign_in(&vault)).unwrap_err();
    assert!(host.told().is_empty(), "a failed sign-in changes nothing");

    host.answers(password_verifier()).answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    end(sign_in(&vault)).unwrap();
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-2")));
    end(vault.refresh()).unwrap();
    host.turn(59 * MINUTE);
    host.fails(Code::Network);
    end(token(&vault)).unwrap();
    host.answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-3")));
    end(vault.refresh()).unwrap();
    host.answers(password_verifier()).answers(tokens("grace", NOW + 2 * HOUR, Some("refresh-4")));
    end(sign_in(&vault)).unwrap();
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    host.answers(password_verifier()).answers(tokens("ada", NOW + 2 * HOUR, Some("refresh-5")));
    end(sign_in(&vault)).unwrap();
    host.answers(refused("RefreshTokenReuse", "x"));
    end(vault.refresh()).unwrap_err();

    let printed = host.printed();
    let mut secrets: Vec<String> = (1..=5).map(|number| format!("refresh-{number}")).collect();
    secrets.extend(["eyJ".to_owned(), "Lovelace".to_owned()]);
    for sub in ["ada", "grace"] {
        secrets.extend([1, 2].map(|hours| access_token(sub, NOW + hours * HOUR)));
        secrets.extend([1, 2].map(|hours| jwt(&id_claims(sub, NOW + hours * HOUR))));
    }
    for secret in secrets {
        assert!(!printed.contains(&secret), "{secret}");
    }

    let told = host.told();
    let user = |sub: &str| {
        told.iter().find_map(|told| told.user.clone().filter(|user| user.contains(&format!("\"sub\":\"{sub}\""))))
    };
    let (ada, grace) = (user("ada"), user("grace"));
    assert!(ada.is_some() && grace.is_some());
    let expected = [
        (Status::SignedIn, &ada, Event::SignedIn),
        (Status::SignedIn, &ada, Event::Refreshed),
        (Status::Stale, &ada, Event::RefreshFailed(Code::Network)),
        (Status::SignedIn, &ada, Event::Refreshed),
        (Status::SignedIn, &grace, Event::SignedIn),
        (Status::SignedOut, &None, Event::SignedOut(Reason::User)),
        (Status::SignedIn, &ada, Event::SignedIn),
        (Status::SignedOut, &None, Event::SignedOut(Reason::Reused)),
    ];
    let told: Vec<_> = told.iter().map(|told| (told.status, &told.user, told.event)).collect();
    assert_eq!(told, expected);
}
