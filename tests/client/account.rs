//! The operations that are asked by name: what each sends, what authorises it, how often, and what it leaves of a session.

use super::support::host::Memory;
use super::support::service::{
    CLIENT_ID, HOUR, IDENTITY, LOGIN, NOW, access_claims, access_token, authenticated, config, id_claims, jwt, ok,
    refused, reply, texts, tokens,
};
use super::support::tasks::{Task, end};
use super::vault::{Vault, account, code, credentials, empty, get_user, patient, sign_in, signed_in, text, token};
use cognito_vault::client::{Client, Config, Next};
use cognito_vault::error::Code;
use cognito_vault::flow::Method;
use cognito_vault::host::{Event, Reason, Status};
use cognito_vault::protocol::Reply;
use serde_json::{Value, json};

const POOL: &str = "https://cognito-idp.eu-west-1.amazonaws.com/";
const DEVICE: &str = "eu-west-1_device-1";

/// What is authorised by the access token, and whether it may be repeated when nobody knows whether it was done.
const OF_USER: [(&str, bool); 22] = [
    ("GetUser", true),
    ("GetUserAuthFactors", true),
    ("GetDevice", true),
    ("ListDevices", true),
    ("ListWebAuthnCredentials", true),
    ("ListUserSessions", true),
    ("UpdateUserAttributes", true),
    ("DeleteUserAttributes", true),
    ("SetUserMFAPreference", true),
    ("UpdateDeviceStatus", true),
    ("StartWebAuthnRegistration", true),
    ("GlobalSignOut", true),
    ("GetUserAttributeVerificationCode", false),
    ("VerifyUserAttribute", false),
    ("ChangePassword", false),
    ("DeleteUser", false),
    ("AssociateSoftwareToken", false),
    ("VerifySoftwareToken", false),
    ("CompleteWebAuthnRegistration", false),
    ("DeleteWebAuthnCredential", false),
    ("ForgetDevice", false),
    ("RevokeUserSession", false),
];

/// What needs the client's ID alone; none of it may be repeated.
const OF_CLIENT: [&str; 4] = ["ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword"];

/// What is the identity pool's; all of it may be repeated.
const OF_IDENTITY: [&str; 2] = ["GetId", "GetCredentialsForIdentity"];

/// What is about this device, unless another one is named.
const OF_DEVICE: [&str; 3] = ["GetDevice", "ForgetDevice", "UpdateDeviceStatus"];

fn every_operation() -> impl Iterator<Item = (&'static str, bool)> {
    let of_client = OF_CLIENT.map(|name| (name, false));
    OF_USER.into_iter().chain(of_client).chain(OF_IDENTITY.map(|name| (name, true)))
}

/// The claims of an access token that names its device.
fn of_device(expires: i64) -> Value {
    let mut claims = access_claims("ada", expires);
    claims["device_key"] = json!(DEVICE);
    claims
}

/// A vault where `ada` is signed in for an hour on a device that the pool tracks; the app has configured metadata.
fn on_device() -> (Memory, Vault) {
    let host = Memory::new();
    let vault = Client::new(Config { metadata: texts(&[("tenant", "north")]), ..config() }, host.clone());
    host.answers(authenticated(&id_claims("ada", NOW + HOUR), &of_device(NOW + HOUR), Some("refresh-1")));
    assert!(matches!(end(vault.sign_in(credentials(Method::Password), &patient)), Ok(Next::SignedIn)));
    host.sent();
    host.told();
    (host, vault)
}

fn with(mut members: Value, name: &str, value: Value) -> Value {
    members[name] = value;
    members
}

/// Members as an app may give them, with what JSON has to escape.
fn members() -> Value {
    json!({"Attributes": [{"Name": "nickname", "Value": "\"ü\\\n😀\""}], "Limit": 7, "ClientMetadata": {"trace": "1"}})
}

fn over() -> Reply {
    refused("NotAuthorized", "Access Token has expired")
}

fn renewed() -> Reply {
    tokens("ada", NOW + 4 * HOUR, None)
}

#[test]
fn each_operation_sends_its_members_and_what_authorises_it() {
    let (host, vault) = on_device();
    let (access, id) = (jwt(&of_device(NOW + HOUR)), jwt(&id_claims("ada", NOW + HOUR)));
    let answer = json!({"Answer": ["ü", {"at": 1.763_726_4e9}], "none": null});
    for (name, _) in every_operation().filter(|(name, _)| *name != "DeleteUser") {
        host.answers(ok(answer.clone()));
        assert_eq!(end(account(&vault, name, &members())).unwrap(), answer, "{name}");
        let (url, expected) = if OF_CLIENT.contains(&name) {
            (POOL, with(members(), "ClientId", json!(CLIENT_ID)))
        } else if OF_IDENTITY.contains(&name) {
            (IDENTITY, with(members(), "Logins", json!({LOGIN: id})))
        } else {
            let authorised = with(members(), "AccessToken", json!(access));
            let of_this = OF_DEVICE.contains(&name);
            (POOL, if of_this { with(authorised, "DeviceKey", json!(DEVICE)) } else { authorised })
        };
        let sent = host.sent().pop().unwrap();
        assert_eq!((sent.operation, sent.url.as_str(), sent.body), (name, url, expected));
    }
    assert!(host.told().is_empty() && host.pauses().is_empty());
}

#[test]
fn an_operation_may_have_no_members_and_answer_nothing() {
    for members in ["", " ", "{}", " { } ", "null", "[1]", "7", "{\"half\":"] {
        let (host, vault) = signed_in();
        host.answers(reply(200, ""));
        assert_eq!(end(vault.account("ListDevices", members.into())).unwrap().expose(), "{}", "{members}");
        assert_eq!(host.sent()[0].body, json!({"AccessToken": access_token("ada", NOW + HOUR)}), "{members}");
    }
    for body in ["[]", "null", "<html>"] {
        let (host, vault) = signed_in();
        host.answers(reply(200, body));
        assert_eq!(code(end(get_user(&vault))), Code::InvalidResponse, "{body}");
    }
}

#[test]
fn what_is_no_operation_of_the_account_is_not_sent() {
    let names = [
        "",
        " ",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "GetTokensFromRefreshToken",
        "ConfirmDevice",
        "RevokeToken",
        "SignUp",
        "AdminGetUser",
        "getUser",
        "GetUser ",
        "GetUse",
        "GetUser GetUserAuthFactors",
        "AWSCognitoIdentityProviderService.GetUser",
        "AWSCognitoIdentityService.GetId",
        "GetOpenIdToken",
        "UnlinkIdentity",
    ];
    for (host, vault) in [signed_in(), empty()] {
        for name in names {
            assert_eq!(code(end(account(&vault, name, &json!({})))), Code::InvalidState, "{name:?}");
        }
        assert!(host.operations().is_empty() && host.told().is_empty());
    }
}

#[test]
fn what_needs_a_user_is_not_sent_for_nobody() {
    let (host, vault) = empty();
    for (name, _) in OF_USER {
        assert_eq!(code(end(account(&vault, name, &json!({})))), Code::NotSignedIn, "{name}");
    }
    assert!(host.operations().is_empty());
    for name in OF_CLIENT.into_iter().chain(OF_IDENTITY) {
        host.answers(reply(200, ""));
        assert_eq!(end(account(&vault, name, &json!({}))).unwrap(), json!({}), "{name}");
    }
    let bodies: Vec<_> = host.sent().into_iter().map(|sent| sent.body).collect();
    let client = json!({"ClientId": CLIENT_ID});
    assert_eq!(bodies, [client.clone(), client.clone(), client.clone(), client, json!({}), json!({})]);
}

#[test]
fn a_device_that_is_named_is_not_replaced() {
    for name in OF_DEVICE {
        let (host, vault) = on_device();
        host.answers(reply(200, ""));
        end(account(&vault, name, &json!({"DeviceKey": "other"}))).unwrap();
        assert_eq!(host.sent()[0].body["DeviceKey"], "other", "{name}");

        // A session on no device names none.
        let (host, vault) = signed_in();
        host.answers(refused("InvalidParameter", "1 validation error detected"));
        assert_eq!(code(end(account(&vault, name, &json!({})))), Code::InvalidParameter);
        assert_eq!(host.sent()[0].body, json!({"AccessToken": access_token("ada", NOW + HOUR)}), "{name}");
    }
}

#[test]
fn a_token_that_is_refused_is_renewed_once() {
    for (name, _) in OF_USER.into_iter().filter(|(name, _)| *name != "DeleteUser") {
        for message in ["Access Token has expired", "Access Token has been revoked", "Invalid Access Token"] {
            let (host, vault) = signed_in();
            host.answers(refused("NotAuthorized", message)).answers(renewed()).answers(ok(json!({"fresh": true})));
            assert_eq!(end(account(&vault, name, &members())).unwrap(), json!({"fresh": true}), "{name}");
            let sent = host.sent();
            assert_eq!([0, 1, 2].map(|at: usize| sent[at].operation), [name, "GetTokensFromRefreshToken", name]);
            assert_eq!(sent[2].body, with(members(), "AccessToken", json!(access_token("ada", NOW + 4 * HOUR))));
            assert_eq!(host.events(), [Event::Refreshed]);
        }
        let (host, vault) = signed_in();
        host.answers(over()).answers(renewed()).answers(over());
        assert_eq!(code(end(account(&vault, name, &json!({})))), Code::NotAuthorized);
        assert_eq!(host.operations(), [name, "GetTokensFromRefreshToken", name], "once is enough");
    }
}

#[test]
fn a_refusal_stands_where_no_new_token_comes() {
    let (host, vault) = signed_in();
    host.answers(over()).fails(Code::Network).fails(Code::Network).fails(Code::Network);
    let error = end(get_user(&vault)).unwrap_err();
    assert_eq!((error.code, error.message.as_ref()), (Code::NotAuthorized, "Access Token has expired"));
    assert_eq!(host.events(), [Event::RefreshFailed(Code::Network)]);

    let (host, vault) = signed_in();
    host.answers(over()).answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    assert_eq!(end(get_user(&vault)).unwrap_err().message, "Access Token has expired");
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}

#[test]
fn a_wrong_password_is_no_token_that_is_over() {
    let passwords = json!({"PreviousPassword": "a", "ProposedPassword": "b"});
    for message in ["Incorrect username or password.", "Password attempts exceeded"] {
        let (host, vault) = signed_in();
        host.answers(refused("NotAuthorized", message));
        let error = end(account(&vault, "ChangePassword", &passwords)).unwrap_err();
        assert_eq!((error.code, error.message.as_ref()), (Code::NotAuthorized, message));
        assert_eq!(host.operations(), ["ChangePassword"]);
        assert!(host.told().is_empty());
    }
    let (host, vault) = signed_in();
    host.answers(over()).answers(renewed()).answers(reply(200, ""));
    end(account(&vault, "ChangePassword", &passwords)).unwrap();
    assert_eq!(host.left(), 0);
}

#[test]
fn a_user_who_is_gone_is_found_out_by_a_renewal() {
    let (host, vault) = signed_in();
    host.answers(refused("UserNotFound", "User does not exist."));
    host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    assert_eq!(code(end(get_user(&vault))), Code::NotAuthorized);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)]);
}

#[test]
fn other_refusals_renew_nothing() {
    for name in
        ["CodeMismatch", "InvalidParameter", "Forbidden", "LimitExceeded", "PasswordResetRequired", "CoffeeBreak"]
    {
        let (host, vault) = signed_in();
        host.answers(refused(name, "Access Token has expired"));
        end(get_user(&vault)).unwrap_err();
        assert_eq!(host.operations(), ["GetUser"], "{name}");
        assert!(host.told().is_empty());
    }
}

#[test]
fn an_account_that_is_deleted_ends_its_session() {
    for revoked in [Ok(reply(200, "")), Ok(refused("NotAuthorized", "x")), Ok(reply(400, "")), Err(Code::Timeout)] {
        let (host, vault) = empty();
        host.keeps();
        super::vault::signed_in_as(&host, &vault, "ada");
        host.answers(reply(200, ""));
        match revoked {
            Ok(reply) => host.answers(reply),
            Err(code) => host.fails(code).fails(code).fails(code),
        };
        assert_eq!(end(account(&vault, "DeleteUser", &json!({}))).unwrap(), json!({}));
        let sent = host.sent();
        assert_eq!(
            (sent[0].operation, &sent[0].body),
            ("DeleteUser", &json!({"AccessToken": access_token("ada", NOW + HOUR)}))
        );
        let told = host.told();
        assert_eq!((told.len(), told[0].status, told[0].event), (1, Status::SignedOut, Event::SignedOut(Reason::User)));
        assert_eq!((host.record(), host.cleared()), (None, vec!["ada".to_owned()]));
        assert_eq!(code(end(token(&vault))), Code::NotSignedIn);
    }
}

#[test]
fn an_account_that_is_not_deleted_goes_on() {
    for failure in [Ok(refused("LimitExceeded", "x")), Ok(reply(500, "")), Err(Code::Network)] {
        let (host, vault) = signed_in();
        match failure {
            Ok(reply) => host.answers(reply),
            Err(code) => host.fails(code),
        };
        end(account(&vault, "DeleteUser", &json!({}))).unwrap_err();
        assert_eq!(host.operations(), ["DeleteUser"]);
        assert!(host.told().is_empty());
        assert_eq!(end(token(&vault)).unwrap(), access_token("ada", NOW + HOUR));
    }
}

#[test]
fn who_signs_out_everywhere_is_signed_out_here_too() {
    let outcomes = [
        (Ok(reply(200, "")), None),
        (Ok(refused("Forbidden", "x")), Some(Code::Forbidden)),
        (Ok(refused("LimitExceeded", "x")), Some(Code::LimitExceeded)),
        (Err(Code::Network), Some(Code::Network)),
    ];
    for (outcome, expected) in outcomes {
        let (host, vault) = empty();
        host.keeps();
        super::vault::signed_in_as(&host, &vault, "ada");
        let attempts = match outcome {
            Ok(reply) => {
                host.answers(reply);
                1
            }
            Err(code) => {
                host.fails(code).fails(code).fails(code);
                3
            }
        };
        host.answers(reply(200, ""));
        assert_eq!(end(vault.sign_out_everywhere()).err().map(|error| error.code), expected);
        let sent = host.sent();
        assert!(sent[..attempts].iter().all(|sent| sent.operation == "GlobalSignOut"));
        assert_eq!(sent[0].body, json!({"AccessToken": access_token("ada", NOW + HOUR)}));
        assert_eq!((sent[attempts].operation, &sent[attempts].body["Token"]), ("RevokeToken", &json!("refresh-1")));
        assert_eq!(host.events(), [Event::SignedOut(Reason::User)]);
        assert_eq!((host.record(), host.cleared()), (None, vec!["ada".to_owned()]));
    }
}

#[test]
fn a_token_that_is_over_is_renewed_for_a_sign_out_everywhere() {
    let (host, vault) = signed_in();
    host.turn(2 * HOUR);
    host.answers(renewed()).answers(reply(200, "")).answers(reply(200, ""));
    end(vault.sign_out_everywhere()).unwrap();
    assert_eq!(host.operations(), ["GetTokensFromRefreshToken", "GlobalSignOut", "RevokeToken"]);

    let (host, vault) = signed_in();
    host.answers(over()).answers(refused("NotAuthorized", "Refresh Token has been revoked"));
    assert_eq!(code(end(vault.sign_out_everywhere())), Code::NotAuthorized);
    assert_eq!(host.events(), [Event::SignedOut(Reason::Refused)], "once");

    let (host, vault) = empty();
    assert_eq!(code(end(vault.sign_out_everywhere())), Code::NotSignedIn);
    assert!(host.operations().is_empty() && host.told().is_empty());
}

#[test]
fn a_sign_out_everywhere_closes_every_question() {
    let (host, vault) = signed_in();
    host.answers(refused("UserNotConfirmed", "x"));
    let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
    host.answers(reply(200, "")).answers(reply(200, ""));
    end(vault.sign_out_everywhere()).unwrap();
    assert_eq!(code(end(vault.answer(question, text("1"), &patient))), Code::InvalidState);
}

#[test]
fn the_identity_pool_is_asked_with_a_fresh_id_token() {
    let fresh = jwt(&id_claims("ada", NOW + 4 * HOUR));
    for name in OF_IDENTITY {
        let (host, vault) = signed_in();
        host.turn(2 * HOUR);
        host.answers(renewed()).answers(ok(json!({"IdentityId": "i"})));
        assert_eq!(end(account(&vault, name, &json!({"IdentityId": "i"}))).unwrap(), json!({"IdentityId": "i"}));
        let sent = host.sent();
        assert_eq!((sent[0].operation, sent[1].operation), ("GetTokensFromRefreshToken", name));
        assert_eq!(sent[1].body, json!({"IdentityId": "i", "Logins": {LOGIN: fresh}}));

        let (host, vault) = signed_in();
        host.answers(refused("NotAuthorized", "Invalid login token. Token expired: 1763726400 >= 1763726399"));
        host.answers(renewed()).answers(ok(json!({"IdentityId": "i"})));
        end(account(&vault, name, &json!({}))).unwrap();
        let sent = host.sent();
        assert_eq!((sent.len(), &sent[2].body), (3, &json!({"Logins": {LOGIN: fresh}})));

        // Somebody who cannot be renewed is not taken for a guest.
        let (host, vault) = signed_in();
        host.turn(2 * HOUR);
        host.answers(refused("NotAuthorized", "Refresh Token has been revoked"));
        assert_eq!(code(end(account(&vault, name, &json!({})))), Code::NotAuthorized);
        assert_eq!(host.operations(), ["GetTokensFromRefreshToken"]);
    }
}

#[test]
fn a_guest_has_no_login() {
    for name in OF_IDENTITY {
        let (host, vault) = empty();
        host.answers(refused("NotAuthorized", "Unauthenticated access is not supported for this identity pool."));
        assert_eq!(code(end(account(&vault, name, &json!({"IdentityPoolId": "p"})))), Code::NotAuthorized);
        let sent = host.sent();
        assert_eq!((sent.len(), sent[0].url.as_str(), &sent[0].body), (1, IDENTITY, &json!({"IdentityPoolId": "p"})));
    }
}

#[test]
fn the_identity_pool_may_be_elsewhere() {
    let host = Memory::new();
    let (identity_endpoint, identity_login) = ("http://127.0.0.1:9229/".into(), "pool \"1\"".into());
    let vault = Client::new(Config { identity_endpoint, identity_login, ..config() }, host.clone());
    super::vault::signed_in_as(&host, &vault, "ada");
    host.answers(reply(200, ""));
    end(account(&vault, OF_IDENTITY[0], &json!({}))).unwrap();
    let sent = host.sent().pop().unwrap();
    assert_eq!(sent.url, "http://127.0.0.1:9229/");
    assert_eq!(sent.body, json!({"Logins": {"pool \"1\"": jwt(&id_claims("ada", NOW + HOUR))}}));
}

#[test]
fn each_operation_is_repeated_only_where_that_does_no_harm() {
    let failures = [
        (Err(Code::Network), true),
        (Err(Code::Timeout), true),
        (Ok((500, "")), true),
        (Ok((503, "")), true),
        (Ok((400, r#"{"__type":"InternalErrorException"}"#)), true),
        (Ok((400, r#"{"__type":"TooManyRequestsException"}"#)), false),
        (Ok((429, "")), false),
    ];
    for (name, repeatable) in every_operation() {
        for (failure, lost) in failures {
            let (host, vault) = signed_in();
            for _ in 0..3 {
                match failure {
                    Ok((status, body)) => host.answers(reply(status, body)),
                    Err(code) => host.fails(code),
                };
            }
            end(account(&vault, name, &members())).unwrap_err();
            let sent = host.sent();
            assert_eq!(sent.len(), if repeatable || !lost { 3 } else { 1 }, "{name} {failure:?}");
            assert!(sent.iter().all(|attempt| attempt.operation == name && attempt.body == sent[0].body));
            assert_eq!(host.pauses().len(), sent.len() - 1);
            assert!(host.told().is_empty());
        }
        for refusal in ["LimitExceeded", "ConcurrentModification", "Forbidden", "InvalidParameter"] {
            let (host, vault) = signed_in();
            host.answers(refused(refusal, "x"));
            assert_eq!(code(end(account(&vault, name, &json!({})))).as_str(), refusal, "{name}");
        }
    }
}

#[test]
fn a_call_that_outlives_its_user_renews_nobody_else() {
    for another in [false, true] {
        let (host, vault) = signed_in();
        host.holds();
        let mut calling = Task::new(get_user(&vault));
        calling.run();
        if another {
            super::vault::signed_in_as(&host, &vault, "grace");
        } else {
            host.answers(reply(200, ""));
            end(vault.sign_out()).unwrap();
            assert_eq!(host.events(), [Event::SignedOut(Reason::User)]);
        }
        host.sent();
        host.release(Ok(over()));
        assert_eq!(code(calling.end()), Code::NotAuthorized);
        assert!(host.told().is_empty() && host.operations().is_empty());
        assert_eq!(end(token(&vault)).is_ok(), another);
    }
}
