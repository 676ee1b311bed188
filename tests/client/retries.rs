//! How often each operation is sent, by what became of the last attempt, and how long the pauses are.

use super::support::host::Memory;
use super::support::service::{
    HOUR, NOW, client, new_password_required, ok, password_verifier, refused, reply, tokens,
};
use super::support::tasks::end;
use super::vault::{account, credentials, empty, get_user, new_password, patient, registration, sign_in, signed_in};
use cognito_vault::client::Next;
use cognito_vault::error::Code;
use cognito_vault::flow::Method;
use cognito_vault::protocol::Reply;
use serde_json::json;

/// Every operation, and whether it may be repeated when nobody knows whether it was done.
const OPERATIONS: [(&str, bool); 12] = [
    ("InitiateAuth", true),
    ("InitiateAuth with a password", false),
    ("RespondToAuthChallenge", false),
    ("RespondToAuthChallenge with a new password", false),
    ("GetTokensFromRefreshToken", true),
    ("GetTokensFromRefreshToken under rotation", false),
    ("RevokeToken", true),
    ("GetUser", true),
    ("SignUp", false),
    ("ConfirmSignUp", false),
    ("ResendConfirmationCode", false),
    ("ForgotPassword", false),
];

/// What may become of an attempt.
#[derive(Clone, Copy)]
enum Kind {
    /// Nobody knows whether it was done: repeated where that does no harm.
    Lost,
    /// It was not done for sure, and may be soon: always repeated.
    Busy,
    /// It is answered.
    Final,
}

fn failures() -> Vec<(&'static str, Kind, Result<Reply, Code>)> {
    use Kind::{Busy, Final, Lost};
    vec![
        ("no network", Lost, Err(Code::Network)),
        ("timeout", Lost, Err(Code::Timeout)),
        ("500", Lost, Ok(reply(500, ""))),
        ("502", Lost, Ok(reply(502, "<html>Bad gateway</html>"))),
        ("503", Lost, Ok(reply(503, ""))),
        ("504", Lost, Ok(reply(504, ""))),
        ("408", Lost, Ok(refused("RequestTimeout", "x"))),
        ("internal error", Lost, Ok(Reply { status: 500, ..refused("InternalError", "x") })),
        ("internal failure", Lost, Ok(reply(500, r#"{"__type":"InternalFailure"}"#))),
        ("unavailable", Lost, Ok(reply(503, r#"{"__type":"ServiceUnavailable"}"#))),
        ("too many", Busy, Ok(refused("TooManyRequests", "Rate exceeded"))),
        ("throttled", Busy, Ok(refused("Throttling", "Rate exceeded"))),
        ("429", Busy, Ok(reply(429, ""))),
        ("budget spent", Final, Ok(refused("LimitExceeded", "Attempt limit exceeded, please try after some time."))),
        ("refused", Final, Ok(refused("NotAuthorized", "Password attempts exceeded"))),
        ("token over", Final, Ok(refused("NotAuthorized", "Access Token has expired"))),
        ("firewall", Final, Ok(Reply { status: 403, ..refused("Forbidden", "x") })),
        ("wrong parameter", Final, Ok(refused("InvalidParameter", "x"))),
        ("unknown name", Final, Ok(refused("CoffeeBreak", "x"))),
        ("404", Final, Ok(reply(404, ""))),
        ("garbage", Final, Ok(reply(200, "<html>"))),
        ("nothing of use", Final, Ok(reply(200, "[]"))),
    ]
}

/// Brings a client to the point where `operation` is next.
fn ready(operation: &str) -> (Memory, super::vault::Vault, Option<u32>) {
    let asked = |host: Memory, replies: Vec<Reply>| {
        let vault = client(&host);
        for reply in replies {
            host.answers(reply);
        }
        let Ok(Next::Ask(question, _)) = end(sign_in(&vault)) else { panic!() };
        (host, vault, Some(question))
    };
    let (host, vault, question) = match operation {
        "RespondToAuthChallenge with a new password" => {
            asked(Memory::new(), vec![password_verifier(), new_password_required("session-1")])
        }
        "ForgotPassword" => asked(Memory::new(), vec![refused("PasswordResetRequired", "x")]),
        "GetTokensFromRefreshToken" | "RevokeToken" | "GetUser" => {
            let (host, vault) = signed_in();
            (host, vault, None)
        }
        "GetTokensFromRefreshToken under rotation" => {
            let (host, vault) = signed_in();
            host.answers(tokens("ada", NOW + HOUR, Some("refresh-2")));
            end(vault.refresh()).unwrap();
            (host, vault, None)
        }
        _ => {
            let (host, vault) = empty();
            (host, vault, None)
        }
    };
    if operation == "RespondToAuthChallenge" {
        host.answers(password_verifier());
    }
    (host, vault, question)
}

/// Runs `operation` and says whether it succeeded.
fn run(operation: &str, vault: &super::vault::Vault, question: Option<u32>) -> bool {
    match operation {
        "InitiateAuth" | "RespondToAuthChallenge" => end(sign_in(vault)).is_ok(),
        "InitiateAuth with a password" => end(vault.sign_in(credentials(Method::Password), &patient)).is_ok(),
        "RespondToAuthChallenge with a new password" => {
            end(vault.answer(question.unwrap(), new_password(), &patient)).is_ok()
        }
        "GetTokensFromRefreshToken" | "GetTokensFromRefreshToken under rotation" => end(vault.refresh()).is_ok(),
        "RevokeToken" => end(vault.sign_out()).is_ok(),
        "GetUser" => end(get_user(vault)).is_ok(),
        "SignUp" => end(vault.sign_up(registration(), &patient)).is_ok(),
        "ConfirmSignUp" => end(account(vault, operation, &json!({"Username": "ada", "ConfirmationCode": "1"}))).is_ok(),
        "ResendConfirmationCode" => end(account(vault, operation, &json!({"Username": "ada"}))).is_ok(),
        "ForgotPassword" => end(vault.resend(question.unwrap())).is_ok(),
        _ => panic!("{operation}"),
    }
}

/// What ends `operation` well.
fn success(operation: &str) -> Reply {
    match operation {
        "RevokeToken" | "ConfirmSignUp" | "ResendConfirmationCode" | "ForgotPassword" => reply(200, ""),
        "GetUser" => ok(json!({"Username": "ada", "UserAttributes": []})),
        "SignUp" => ok(json!({"UserConfirmed": true})),
        _ => tokens("ada", NOW + HOUR, Some("refresh-3")),
    }
}

#[test]
fn what_must_not_be_repeated_is_not() {
    for (operation, repeatable) in OPERATIONS {
        for at in 0..failures().len() {
            let (host, vault, question) = ready(operation);
            host.sent();
            let (name, kind) = (failures()[at].0, failures()[at].1);
            for _ in 0..4 {
                let failure = failures().swap_remove(at).2;
                match failure {
                    Ok(reply) => host.answers(reply),
                    Err(code) => host.fails(code),
                };
            }
            run(operation, &vault, question);
            let attempts = match kind {
                Kind::Busy => 3,
                Kind::Lost if repeatable => 3,
                // A refused access token is renewed first, which is refused too.
                _ => 1,
            };
            let word = operation.split(' ').next().unwrap();
            let sent = host.operations().iter().filter(|sent| **sent == word).count();
            assert_eq!(sent, attempts, "{operation}: {name}");
            assert_eq!(host.pauses().len(), attempts - 1, "{operation}: {name}");
        }
    }
}

#[test]
fn a_repeated_request_is_the_same_and_its_success_counts() {
    for (operation, repeatable) in OPERATIONS {
        for (failure, repeated) in [(Err(Code::Network), repeatable), (Ok(()), true)] {
            let (host, vault, question) = ready(operation);
            host.sent();
            for _ in 0..if repeated { 2 } else { 0 } {
                match failure {
                    Ok(()) => host.answers(refused("TooManyRequests", "Rate exceeded")),
                    Err(code) => host.fails(code),
                };
            }
            host.answers(success(operation));
            assert!(run(operation, &vault, question), "{operation}");
            let word = operation.split(' ').next().unwrap();
            let sent: Vec<_> = host.sent().into_iter().filter(|sent| sent.operation == word).collect();
            assert_eq!(sent.len(), if repeated { 3 } else { 1 }, "{operation}");
            assert!(sent.iter().all(|attempt| attempt.body == sent[0].body), "{operation}");
            assert_eq!(host.left(), 0, "{operation}");
        }
    }
}

#[test]
fn a_pause_is_longer_each_time_and_never_quite_the_same() {
    for (luck, pauses) in [(0, [100, 200]), (128, [150, 300]), (255, [199, 399])] {
        let (host, vault) = empty();
        host.draws(luck);
        for _ in 0..3 {
            host.fails(Code::Network);
        }
        assert!(end(sign_in(&vault)).is_err());
        assert_eq!(host.pauses(), pauses);
    }
}
