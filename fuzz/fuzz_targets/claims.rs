//! Tokens and key sets of any content: none panics, and what is accepted is what another reader finds in it.
//!
//! The lines of an input: the time in milliseconds, the nonce, the header, the claims of the ID token, those of the access token,
//! the key set. A line that begins with `=` is a token as it stands.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use cognito_vault::protocol::Millis;
use cognito_vault::protocol::user_pool::Tokens;
use cognito_vault::secret::SecretText;
use cognito_vault::session::Session;
use cognito_vault::session::keys::{Signed, key};
use cognito_vault_fuzz::{CLIENT_ID, is_json, pool, text, value};
use libfuzzer_sys::fuzz_target;

/// The service's clock is a date of HTTP, which has four digits for the year.
const LATEST: Millis = 253_402_300_799_000;

fuzz_target!(|input: &[u8]| {
    let input = text(input);
    let mut lines = input.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let now = next().parse::<Millis>().unwrap_or_default().clamp(0, LATEST);
    let (nonce, header, identity, grant, keys) = (next(), next(), next(), next(), next());
    let pool = pool();
    let tokens = || Tokens {
        id: token(header, identity),
        access: token(header, grant),
        refresh: Some(SecretText::from("refresh")),
        new_device: None,
    };

    let begun = Session::begin(tokens(), &pool, now);
    let answered = Session::answer(tokens(), nonce, &pool, now);
    let resumed = Session::resume(tokens(), &pool, now);
    assert!(begun.is_err() || resumed.is_ok(), "what begins can be resumed");
    assert!(answered.is_err() || begun.is_ok(), "what answers can begin");
    for session in [&begun, &answered, &resumed].into_iter().flatten() {
        assert!(is_json(session.user()), "the user");
        let _ = (session.device_key(), session.freshness(now), session.due(0), session.due(255), session.began());
        let renewed = session.renew(tokens(), &pool, now).expect("the same user");
        assert!(renewed.is_of_same_user(session) && session.carry(&renewed).has_tokens_of(session));
    }
    if let (Ok(session), Some(claims), Some(granted)) = (&begun, value(identity), value(grant)) {
        let seconds = |name: &str| claims[name].as_f64().expect("a time");
        assert_eq!(*pool.issuers, format!("[{}]", claims["iss"]));
        assert_eq!((&claims["aud"], &granted["client_id"]), (&CLIENT_ID.into(), &CLIENT_ID.into()));
        assert_eq!((&claims["token_use"], &granted["token_use"]), (&"id".into(), &"access".into()));
        assert_eq!((&claims["sub"], &granted["sub"]), (&session.subject().into(), &session.subject().into()));
        assert!(1000.0 * seconds("exp") > (now - 5_000) as f64);
        assert!(answered.is_err() || claims["nonce"] == nonce);
    }

    let token = token(header, identity);
    if let Ok(signed) = Signed::read(&token) {
        assert!(token.expose().starts_with(signed.text) && token.expose().ends_with(signed.signature));
        if let Some(found) = key(keys, &signed.kid).as_deref().and_then(value) {
            assert_eq!((&found["kid"], &found["kty"]), (&(&*signed.kid).into(), &"RSA".into()));
        }
    }
});

fn token(header: &str, claims: &str) -> SecretText {
    match claims.strip_prefix('=') {
        Some(token) => SecretText::from(token),
        None => {
            [header, claims, "signature"].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes())).join(".").into()
        }
    }
}
