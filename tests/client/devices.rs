//! Remembered devices: kept and confirmed after a sign-in, proven at the next one, forgotten when the pool has, or on request.

use super::registry::Registry;
use super::support::host::Memory;
use super::support::service::{
    DAY, HOUR, NOW, access_claims, access_token, authenticated, challenge, client, id_claims, jwt, ok,
    password_verifier, refused, reply, tokens, wrong_password,
};
use super::support::tasks::{Task, end};
use super::vault::{Vault, account, code, credentials, empty, patient, sign_in, signed_in_as, text, token};
use base64ct::{Base64, Encoding};
use cognito_vault::client::Next;
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Credentials, Device, Method};
use cognito_vault::host::{Event, Reason};
use cognito_vault::protocol::Reply;
use cognito_vault::protocol::user_pool::Tokens;
use serde_json::{Value, json};

const KEY: &str = "eu-west-1_device-1";
const GROUP: &str = "-group-1";
const METHODS: [Method; 3] = [Method::Srp, Method::Password, Method::Custom];

/// Tokens, and the names of a device that the pool does not know yet.
fn tokens_and_device(key: &str) -> Reply {
    let tokens = tokens("ada", NOW + HOUR, Some("refresh-1"));
    let mut body: Value = serde_json::from_str(tokens.body.expose()).unwrap();
    body["AuthenticationResult"]["NewDeviceMetadata"] = json!({"DeviceKey": key, "DeviceGroupKey": GROUP});
    ok(body)
}

/// Tokens of a session on the device `key`.
fn tokens_on(key: &str, expires: i64, refresh: Option<&str>) -> Reply {
    authenticated(&id_claims("ada", expires), &claims_on(key, expires), refresh)
}

fn claims_on(key: &str, expires: i64) -> Value {
    let mut claims = access_claims("ada", expires);
    claims["device_key"] = json!(key);
    claims
}

/// A device as it is written down.
fn written(key: &str) -> Value {
    json!({"key": key, "group": GROUP, "password": "cGFzc3dvcmQ="})
}

fn remembered(host: &Memory) -> Value {
    serde_json::from_str(&host.remembered()).unwrap_or_default()
}

fn sign_in_as(vault: &Vault, username: &str, method: Method) -> Result<Next, Error> {
    end(vault.sign_in(Credentials { username: username.into(), ..credentials(method) }, &patient))
}

/// A vault of a later visit to a host that remembers `devices`.
fn visit(devices: &Value) -> (Memory, Vault) {
    let (host, vault) = empty();
    host.remembers(devices);
    end(vault.restore()).unwrap();
    (host, vault)
}

/// A vault where `ada` is signed in on the device [`KEY`], which is remembered for them, and one for `grace`.
fn on_device() -> (Memory, Vault) {
    let (host, vault) = visit(&json!({"ada": written(KEY), "grace": written("other")}));
    host.answers(tokens_on(KEY, NOW + HOUR, Some("refresh-1")));
    assert!(matches!(sign_in_as(&vault, "ada", Method::Password), Ok(Next::SignedIn)));
    host.sent();
    host.told();
    (host, vault)
}

/// What the service knows of a device that has just been confirmed, and what is remembered of it.
fn confirmed(rolls: u8) -> (Memory, Vault, Registry) {
    let (host, vault) = empty();
    host.rolls(rolls);
    host.answers(tokens_and_device(KEY)).answers(reply(200, "{}"));
    assert!(matches!(sign_in_as(&vault, "ada", Method::Password), Ok(Next::SignedIn)));
    let registry = Registry::new(&host.sent()[1].body, GROUP);
    host.told();
    (host, vault, registry)
}

fn device_srp_auth() -> Reply {
    challenge("DEVICE_SRP_AUTH", Some("session-1"), json!({"USERNAME": "ada-1815", "DEVICE_KEY": KEY}))
}

/// The device's key in each request, wherever it may stand.
fn keys_sent(host: &Memory) -> Vec<(&'static str, Value)> {
    let key = |body: &Value| {
        ["AuthParameters", "ChallengeResponses"]
            .map(|name| body[name]["DEVICE_KEY"].clone())
            .into_iter()
            .find(|key| !key.is_null())
    };
    host.sent().iter().map(|sent| (sent.operation, key(&sent.body).unwrap_or_default())).collect()
}

#[test]
fn a_new_device_is_kept_before_it_is_confirmed() {
    let (host, vault) = empty();
    host.answers(password_verifier()).answers(tokens_and_device(KEY)).holds();
    let mut signing_in = Task::new(sign_in(&vault));
    signing_in.run();
    assert_eq!(host.events(), [Event::SignedIn]);
    let kept = remembered(&host);
    let password = kept["ada"]["password"].as_str().unwrap().to_owned();
    assert_eq!(kept, json!({"ada": {"key": KEY, "group": GROUP, "password": password}}));
    assert_eq!(Base64::decode_vec(&password).unwrap().len(), 40);

    let sent = host.sent().pop().unwrap();
    let config = &sent.body["DeviceSecretVerifierConfig"];
    let expected = json!({
        "AccessToken": access_token("ada", NOW + HOUR), "DeviceKey": KEY,
        "DeviceSecretVerifierConfig": {"Salt": config["Salt"], "PasswordVerifier": config["PasswordVerifier"]},
    });
    assert_eq!((sent.operation, &sent.body), ("ConfirmDevice", &expected));
    assert!(Registry::new(&sent.body, GROUP).fits(&password));

    host.release(Ok(ok(json!({"UserConfirmationNecessary": false}))));
    assert!(matches!(signing_in.end(), Ok(Next::SignedIn)));
    assert_eq!((host.told().len(), remembered(&host)), (0, kept));
    assert!(!host.printed().contains(&password));
}

#[test]
fn the_secret_and_the_salt_are_random_bytes() {
    let mut lengths = Vec::new();
    for rolls in [100, 200, 214, 215, 216] {
        let (host, _, registry) = confirmed(rolls);
        let password = remembered(&host)["ada"]["password"].as_str().unwrap().to_owned();
        // The host's bytes count upwards: 40 of the password, then 16 of the salt, which is sent as a number is.
        let bytes = Base64::decode_vec(&password).unwrap();
        let upwards: Vec<_> = (0..56).map(|at: u8| bytes[0].wrapping_add(at)).collect();
        let (secret, salt) = upwards.split_at(40);
        assert_eq!(bytes, secret);
        let salt = &salt[usize::from(salt[0] == 0)..];
        let sign = if salt[0] > 127 { vec![0] } else { vec![] };
        assert_eq!(registry.salt(), [&sign, salt].concat());
        assert!(registry.fits(&password), "{rolls}");
        lengths.push(registry.salt().len());
    }
    assert_eq!(lengths, [17, 17, 17, 15, 16], "a high bit, a zero in front, neither");
}

#[test]
fn a_device_that_cannot_be_confirmed_leaves_its_user_signed_in() {
    for failure in [Code::Network, Code::Timeout, Code::InvalidParameter, Code::NotAuthorized, Code::InvalidResponse] {
        let (host, vault) = empty();
        host.answers(password_verifier()).answers(tokens_and_device(KEY));
        let attempts = match failure {
            Code::Network | Code::Timeout => {
                host.fails(failure).fails(failure).fails(failure);
                3
            }
            Code::InvalidResponse => {
                host.answers(reply(200, "<html>"));
                1
            }
            _ => {
                host.answers(refused(failure.as_str(), "x"));
                1
            }
        };
        assert!(matches!(end(sign_in(&vault)), Ok(Next::SignedIn)));
        assert_eq!(host.events(), [Event::SignedIn, Event::DeviceFailed(failure)]);
        assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
        let sent = host.sent();
        let confirmations: Vec<_> = sent.iter().filter(|sent| sent.operation == "ConfirmDevice").collect();
        assert_eq!(confirmations.len(), attempts, "{failure:?}");
        assert!(confirmations.iter().all(|sent| sent.body == confirmations[0].body), "the same verifier");
    }
}

#[test]
fn a_device_without_a_secret_is_neither_kept_nor_confirmed() {
    let (host, vault) = empty();
    host.answers(tokens_and_device(KEY));
    host.on_tell(Memory::runs_dry);
    assert!(matches!(sign_in_as(&vault, "ada", Method::Password), Ok(Next::SignedIn)));
    assert_eq!(host.events(), [Event::SignedIn, Event::DeviceFailed(Code::EngineFailed)]);
    assert_eq!((host.operations(), host.remembered()), (vec!["InitiateAuth"], String::new()));
}

#[test]
fn a_confirmation_whose_reply_was_lost_counts() {
    let (host, vault) = empty();
    host.answers(tokens_and_device(KEY))
        .fails(Code::Network)
        .answers(refused("DeviceKeyExists", "Device already exists"));
    assert!(matches!(sign_in_as(&vault, "ada", Method::Password), Ok(Next::SignedIn)));
    assert_eq!(host.events(), [Event::SignedIn]);
}

#[test]
fn the_pool_may_ask_whether_to_remember() {
    let answers = [
        (json!({"UserConfirmationNecessary": true}), true),
        (json!({"UserConfirmationNecessary": false}), false),
        (json!({"UserConfirmationNecessary": "true"}), false),
        (json!({"UserConfirmationNecessary": null}), false),
        (json!({}), false),
    ];
    for (answer, asks) in answers {
        let (host, vault) = empty();
        host.answers(tokens_and_device(KEY)).answers(ok(answer));
        sign_in_as(&vault, "ada", Method::Password).unwrap();
        let expected = [Event::SignedIn, Event::RememberDevice];
        assert_eq!(host.events(), expected[..if asks { 2 } else { 1 }]);
        assert!(host.remembered().contains(KEY), "its tokens are good only with it");
    }
}

#[test]
fn the_next_sign_in_names_the_device() {
    for method in METHODS {
        let (host, vault, _) = confirmed(0);
        host.answers(wrong_password());
        sign_in_as(&vault, "ada", method).unwrap_err();
        assert_eq!(keys_sent(&host), [("InitiateAuth", json!(KEY))], "{method:?}");

        // On a later visit too, after a sign-out, and for nobody else.
        host.answers(reply(200, ""));
        end(vault.sign_out()).unwrap();
        let (later, vault) = visit(&remembered(&host));
        for (username, expected) in
            [("ada", json!(KEY)), ("grace", Value::Null), ("Ada", Value::Null), ("", Value::Null)]
        {
            if !username.is_empty() {
                later.answers(wrong_password());
                sign_in_as(&vault, username, method).unwrap_err();
                assert_eq!(keys_sent(&later), [("InitiateAuth", expected)], "{method:?} {username}");
            }
        }
    }
    let (host, vault) = visit(&json!({"ada": written(KEY)}));
    host.answers(wrong_password());
    sign_in_as(&vault, "ada", Method::Choice).unwrap_err();
    assert_eq!(keys_sent(&host), [("InitiateAuth", Value::Null)], "USER_AUTH knows no devices");
}

#[test]
fn a_device_that_another_engine_has_kept_is_named() {
    let (host, vault) = empty();
    end(vault.restore()).unwrap();
    host.remembers(&json!({"ada": written(KEY)}));
    host.answers(wrong_password());
    sign_in_as(&vault, "ada", Method::Srp).unwrap_err();
    assert_eq!(keys_sent(&host), [("InitiateAuth", json!(KEY))]);
}

#[test]
fn what_is_no_device_is_not_named() {
    let odd = [
        json!("text"),
        json!([1]),
        json!({"ada": 7}),
        json!({"ada": {}}),
        json!({"ada": {"key": KEY, "group": GROUP}}),
        json!({"ada": {"key": KEY, "password": "x"}}),
        json!({"ada": {"group": GROUP, "password": "x"}}),
        json!({"ada": {"key": "", "group": GROUP, "password": "x"}}),
        json!({"ada": {"key": KEY, "group": GROUP, "password": 7}}),
    ];
    for devices in odd {
        let (host, vault) = visit(&devices);
        host.answers(tokens_and_device(KEY)).answers(reply(200, "{}"));
        sign_in_as(&vault, "ada", Method::Password).unwrap();
        assert_eq!(keys_sent(&host)[0], ("InitiateAuth", Value::Null), "{devices}");
        assert_eq!(remembered(&host)["ada"]["key"], KEY, "{devices}");
    }
}

#[test]
fn the_device_is_proven_in_the_place_of_a_second_factor() {
    for method in METHODS {
        for rolls in [0, 100, 215] {
            let (host, vault, registry) = confirmed(rolls);
            let proves = method != Method::Password;
            if proves {
                host.answers(password_verifier());
            }
            host.answers(device_srp_auth()).answers(registry.asks("session-2"));
            host.answers(tokens_on(KEY, NOW + HOUR, Some("refresh-2")));
            assert!(matches!(sign_in_as(&vault, "ada", method), Ok(Next::SignedIn)), "{method:?}");
            assert_eq!(host.events(), [Event::SignedIn]);

            let sent = host.sent();
            let challenges: Vec<_> =
                sent[1..].iter().map(|sent| sent.body["ChallengeName"].as_str().unwrap()).collect();
            let expected = ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"];
            assert_eq!(challenges, expected[usize::from(!proves)..]);
            if proves {
                assert_eq!(sent[1].body["ChallengeResponses"]["DEVICE_KEY"], KEY);
            }
            let [begun, proof] = [2, 1].map(|back| &sent[sent.len() - back].body);
            let responses = &begun["ChallengeResponses"];
            let public = &responses["SRP_A"];
            assert_eq!(*responses, json!({"USERNAME": "ada-1815", "DEVICE_KEY": KEY, "SRP_A": public}));
            assert_ne!(sent[0].body["AuthParameters"]["SRP_A"], *public, "a pair is good for one proof");
            assert_eq!((&begun["Session"], &proof["Session"]), (&json!("session-1"), &json!("session-2")));
            let proof = &proof["ChallengeResponses"];
            assert_eq!((&proof["USERNAME"], &proof["DEVICE_KEY"]), (&json!("ada-1815"), &json!(KEY)));
            assert!(registry.admits(responses, proof), "{method:?} {rolls}");
            assert_eq!(proof.as_object().unwrap().len(), 5);
        }
    }
}

#[test]
fn a_device_that_nobody_knows_is_not_proven() {
    for name in ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"] {
        let (host, vault) = empty();
        host.answers(password_verifier()).answers(challenge(name, Some("session-1"), json!({"USERNAME": "ada-1815"})));
        let error = end(sign_in(&vault)).unwrap_err();
        assert_eq!(error.code, Code::UnsupportedChallenge);
        assert!(error.message.contains(name));
        assert!(host.told().is_empty());
    }
    // Nor is one proven twice with one pair.
    let (host, vault, registry) = confirmed(0);
    host.answers(device_srp_auth()).answers(registry.asks("session-2")).answers(registry.asks("session-3"));
    assert_eq!(code(sign_in_as(&vault, "ada", Method::Password)), Code::UnsupportedChallenge);
}

#[test]
fn a_device_that_the_pool_has_forgotten_is_forgotten_here() {
    let steps = |registry: &Registry| vec![password_verifier(), device_srp_auth(), registry.asks("session-2")];
    for at in 0..=3 {
        let (host, vault, registry) = confirmed(0);
        host.remembers(&json!({"ada": remembered(&host)["ada"], "grace": written("other")}));
        for reply in steps(&registry).into_iter().take(at) {
            host.answers(reply);
        }
        host.answers(refused("ResourceNotFound", "Device does not exist."));
        host.answers(password_verifier()).answers(tokens("ada", NOW + HOUR, Some("refresh-2")));
        assert!(matches!(end(sign_in(&vault)), Ok(Next::SignedIn)), "{at}");
        let keys = keys_sent(&host);
        let none = [("InitiateAuth", Value::Null), ("RespondToAuthChallenge", Value::Null)];
        assert_eq!(keys[at + 1..], none, "{at}");
        assert!(keys[..=at].iter().all(|(_, key)| key == KEY), "{at}");
        assert_eq!(remembered(&host), json!({"grace": written("other")}));
        assert_eq!(host.events(), [Event::SignedIn]);

        host.answers(wrong_password());
        end(sign_in(&vault)).unwrap_err();
        assert_eq!(keys_sent(&host), [("InitiateAuth", Value::Null)]);
    }
}

#[test]
fn another_device_takes_the_place_of_a_forgotten_one() {
    let (host, vault) = visit(&json!({"ada": written("gone")}));
    host.answers(refused("ResourceNotFound", "Device does not exist."));
    host.answers(tokens_and_device(KEY)).answers(reply(200, "{}"));
    sign_in_as(&vault, "ada", Method::Password).unwrap();
    assert_eq!(host.operations(), ["InitiateAuth", "InitiateAuth", "ConfirmDevice"]);
    let kept = remembered(&host);
    assert_eq!((kept.as_object().unwrap().len(), &kept["ada"]["key"]), (1, &json!(KEY)));
}

#[test]
fn a_sign_in_begins_once_more_and_no_oftener() {
    let (host, vault) = visit(&json!({"ada": written("gone")}));
    host.answers(refused("ResourceNotFound", "x")).answers(refused("ResourceNotFound", "x"));
    assert_eq!(code(end(sign_in(&vault))), Code::ResourceNotFound);
    assert_eq!(keys_sent(&host), [("InitiateAuth", json!("gone")), ("InitiateAuth", Value::Null)]);

    let (host, vault) = empty();
    host.answers(refused("ResourceNotFound", "User pool client does not exist."));
    assert_eq!(code(end(sign_in(&vault))), Code::ResourceNotFound);
    assert_eq!(host.operations(), ["InitiateAuth"]);
}

#[test]
fn a_code_that_meets_a_forgotten_device_begins_once_more() {
    let (host, vault) = visit(&json!({"ada": written("gone")}));
    let asks = || challenge("SMS_MFA", Some("session-1"), json!({"CODE_DELIVERY_DESTINATION": "+***9"}));
    host.answers(asks());
    let Ok(Next::Ask(question, _)) = sign_in_as(&vault, "ada", Method::Password) else { panic!() };
    host.sent();
    host.answers(refused("ResourceNotFound", "Device does not exist.")).answers(asks());
    let Ok(Next::Ask(again, _)) = end(vault.answer(question, text("123456"), &patient)) else { panic!() };
    assert_eq!(keys_sent(&host)[1], ("InitiateAuth", Value::Null));
    host.answers(tokens("ada", NOW + HOUR, Some("refresh-1")));
    assert!(matches!(end(vault.answer(again, text("123456"), &patient)), Ok(Next::SignedIn)));
    assert_eq!((host.remembered(), host.events()), (String::new(), vec![Event::SignedIn]));
}

#[test]
fn a_refresh_names_the_device_of_its_session() {
    let (host, vault) = on_device();
    host.answers(tokens_on("moved", NOW + 2 * HOUR, Some("refresh-2"))).answers(tokens("ada", NOW + 3 * HOUR, None));
    host.answers(tokens("ada", NOW + 4 * HOUR, None));
    for _ in 0..3 {
        end(vault.refresh()).unwrap();
    }
    let keys: Vec<_> = host.sent().iter().map(|sent| sent.body["DeviceKey"].clone()).collect();
    assert_eq!(keys, [json!(KEY), json!("moved"), Value::Null], "the claim counts, not what is remembered");

    // After a visit too.
    let (host, vault) = empty();
    host.keeps().answers(tokens_on(KEY, NOW + HOUR, Some("refresh-1")));
    sign_in_as(&vault, "ada", Method::Password).unwrap();
    let later = Memory::new();
    later.keeps().put(host.record());
    let vault = client(&later);
    end(vault.restore()).unwrap();
    later.answers(tokens_on(KEY, NOW + 2 * HOUR, None));
    end(vault.refresh()).unwrap();
    assert_eq!(later.sent()[0].body["DeviceKey"], KEY);
}

#[test]
fn a_session_on_a_device_that_is_gone_is_over() {
    let (host, vault) = on_device();
    host.answers(refused("ResourceNotFound", "Device does not exist."));
    assert_eq!(code(end(vault.refresh())), Code::ResourceNotFound);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}

#[test]
fn a_session_of_another_library_brings_its_device() {
    let given = |end_at| Tokens {
        id: jwt(&id_claims("ada", end_at)).into(),
        access: jwt(&claims_on(KEY, end_at)).into(),
        refresh: Some("refresh-0".into()),
        new_device: None,
    };
    let device = || Device { key: KEY.into(), group: GROUP.into(), password: "cGFzc3dvcmQ=".into() };
    let (host, vault) = visit(&json!({"grace": written("other")}));
    host.answers(tokens_on(KEY, NOW + HOUR, None));
    end(vault.import_session(given(NOW - DAY), Some(("ada".into(), Box::new(device()))))).unwrap();
    assert_eq!((host.sent()[0].body["DeviceKey"].as_str(), host.left()), (Some(KEY), 0));
    assert_eq!(remembered(&host), json!({"grace": written("other"), "ada": written(KEY)}));
    assert_eq!(host.events(), [Event::SignedIn, Event::Refreshed]);
    host.answers(wrong_password());
    end(sign_in(&vault)).unwrap_err();
    assert_eq!(keys_sent(&host), [("InitiateAuth", json!(KEY))]);

    let (host, vault) = visit(&json!({"ada": written("known")}));
    end(vault.import_session(given(NOW + HOUR), None)).unwrap();
    assert_eq!(remembered(&host), json!({"ada": written("known")}));
    assert!(!format!("{:?}", device()).contains("cGFzc3dvcmQ="));
}

#[test]
fn a_device_that_the_user_forgets_is_forgotten_here() {
    for members in [json!({}), json!({"DeviceKey": KEY})] {
        let (host, vault) = on_device();
        host.answers(reply(200, ""));
        assert_eq!(end(account(&vault, "ForgetDevice", &members)).unwrap(), json!({}));
        assert_eq!(host.sent()[0].body["DeviceKey"], KEY);
        assert_eq!(remembered(&host), json!({"grace": written("other")}));
        host.answers(wrong_password());
        end(sign_in(&vault)).unwrap_err();
        assert_eq!(keys_sent(&host), [("InitiateAuth", Value::Null)]);
        assert!(host.told().is_empty());
    }
    let (host, vault) = on_device();
    host.remembers(&json!({"ada": written(KEY)}));
    host.answers(reply(200, ""));
    end(account(&vault, "ForgetDevice", &json!({}))).unwrap();
    assert_eq!(host.remembered(), "", "nothing is left to be kept");
}

#[test]
fn what_is_not_about_this_device_forgets_none() {
    let both = json!({"ada": written(KEY), "grace": written("other")});
    let failed =
        [("ForgetDevice", json!({}), refused("InvalidParameter", "x")), ("ForgetDevice", json!({}), reply(500, ""))];
    let done = [
        ("ForgetDevice", json!({"DeviceKey": "far"})),
        ("GetDevice", json!({})),
        ("UpdateDeviceStatus", json!({"DeviceRememberedStatus": "not_remembered"})),
        ("ListDevices", json!({})),
    ];
    for (name, members, reply) in failed.into_iter().chain(done.map(|(name, members)| (name, members, reply(200, ""))))
    {
        let (host, vault) = on_device();
        host.answers(reply);
        let _ = end(account(&vault, name, &members));
        assert_eq!((remembered(&host), host.operations()), (both.clone(), vec![name]), "{members}");
    }
}

#[test]
fn every_user_has_a_device_of_their_own() {
    let odd = "gr\"a\\c\u{e9}\n@example.com";
    let (host, vault, _) = confirmed(0);
    // Another engine has kept one meanwhile.
    host.remembers(&json!({"ada": remembered(&host)["ada"], "mary": written("hers")}));
    host.answers(tokens_and_device("device-2")).answers(reply(200, "{}"));
    sign_in_as(&vault, odd, Method::Password).unwrap();
    let kept = remembered(&host);
    let keys = ["ada", "mary", odd].map(|name| kept[name]["key"].as_str().unwrap());
    assert_eq!((keys, kept.as_object().unwrap().len()), ([KEY, "hers", "device-2"], 3));
    let passwords = ["ada", odd].map(|name| kept[name]["password"].as_str().unwrap());
    assert_ne!(passwords[0], passwords[1]);

    // Whoever gets another one keeps it instead.
    host.answers(tokens_and_device("device-3")).answers(reply(200, "{}"));
    sign_in_as(&vault, odd, Method::Password).unwrap();
    let kept = remembered(&host);
    assert_eq!((&kept[odd]["key"], kept.as_object().unwrap().len()), (&json!("device-3"), 3));
}

#[test]
fn what_is_remembered_outlives_the_session() {
    let (host, vault) = on_device();
    let before = host.remembered();
    host.answers(reply(200, ""));
    end(vault.sign_out()).unwrap();
    assert_eq!(host.events(), [Event::SignedOut(Reason::User)]);
    assert_eq!(host.remembered(), before);
    signed_in_as(&host, &vault, "ada");
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    end(vault.refresh()).unwrap_err();
    assert_eq!(host.remembered(), before);
}
