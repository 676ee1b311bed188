//! Every state with every reply, every answer and every wish for another code.

use super::support::service::{
    HOUR, NOW, challenge, new_password_required, ok, password_verifier, refused, reply, tokens, wrong_password,
};
use super::talk::{Talk, code, new_password, reset, said, sign_up};
use cognito_vault::error::Code;
use cognito_vault::flow::{Answer, Flow, Method, Step};
use cognito_vault::protocol::Reply;
use serde_json::json;

/// The states in which a reply is awaited.
const AWAITING: [&str; 8] =
    ["srp", "password", "proven", "newPassword", "confirmSignUp", "resetPassword", "signUp", "confirm"];
/// The states in which the user is asked.
const ASKING: [&str; 4] = ["newPassword", "confirmSignUp", "resetPassword", "confirm"];

fn unconfirmed() -> Reply {
    refused("UserNotConfirmed", "User is not confirmed.")
}

fn reset_required() -> Reply {
    refused("PasswordResetRequired", "Password reset required for the user")
}

fn asking(talk: &Talk, state: &str) -> Flow {
    match state {
        "newPassword" => talk.after(Method::Srp, vec![password_verifier(), new_password_required("session-1")]),
        "confirmSignUp" => talk.after(Method::Srp, vec![unconfirmed()]),
        "resetPassword" => talk.after(Method::Srp, vec![password_verifier(), reset_required()]),
        "confirm" => match talk.receive(sign_up().1, ok(json!({"UserConfirmed": false}))).unwrap() {
            Step::Ask(_, flow) => flow,
            other => panic!("{other:?}"),
        },
        _ => panic!("{state}"),
    }
}

fn fitting(state: &str) -> Answer {
    match state {
        "newPassword" => new_password("New-1816", &[("given_name", "Ada")]),
        "resetPassword" => reset("123456", "New-1816"),
        _ => code("123456"),
    }
}

fn awaiting(talk: &Talk, state: &str) -> Flow {
    match state {
        "srp" => talk.sign_in(Method::Srp).1,
        "password" => talk.sign_in(Method::Password).1,
        "proven" => talk.after(Method::Srp, vec![password_verifier()]),
        "signUp" => sign_up().1,
        asked => match asking(talk, asked).answer(fitting(asked)).unwrap() {
            Step::Send(_, flow) => flow,
            other => panic!("{other:?}"),
        },
    }
}

/// What the service does not say in that state.
const NEVER: &str = "";

/// What a state says to a reply; the columns are [`AWAITING`].
#[rustfmt::skip]
fn table() -> Vec<(&'static str, Reply, [&'static str; 8])> {
    let ([o, a, s], again, over) = (["signedIn", "signedUp", "sends InitiateAuth"], "again InvalidResponse", "over InvalidResponse");
    let (un, un_sent) = ("over UnsupportedChallenge", "sends RespondToAuthChallenge");
    let (new, con, res) = ("asks newPassword", "asks confirmSignUp", "asks resetPassword");
    let fails = |code: &str| -> [&'static str; 2] {
        match code {
            "NotAuthorized" => ["over NotAuthorized", "again NotAuthorized"],
            "CodeMismatch" => ["over CodeMismatch", "again CodeMismatch"],
            "InvalidPassword" => ["over InvalidPassword", "again InvalidPassword"],
            "LimitExceeded" => ["over LimitExceeded", "again LimitExceeded"],
            "ExpiredCode" => ["over ExpiredCode", "again ExpiredCode"],
            "TooManyRequests" => ["over TooManyRequests", "again TooManyRequests"],
            "InternalError" => ["over InternalError", "again InternalError"],
            "UserNotConfirmed" => ["over UserNotConfirmed", "again UserNotConfirmed"],
            "PasswordResetRequired" => ["over PasswordResetRequired", "again PasswordResetRequired"],
            _ => panic!("{code}"),
        }
    };
    let everywhere = |code: &str| {
        let [over, again] = fails(code);
        [over, over, over, again, again, again, over, again]
    };
    let [no, no_again] = fails("NotAuthorized");
    let [un_over, un_again] = fails("UserNotConfirmed");
    let [re_over, re_again] = fails("PasswordResetRequired");
    let confirmed = refused("NotAuthorized", "User cannot be confirmed. Current status is CONFIRMED");
    vec![
        //                                                          srp   pass  prov  newP   conf      reset     signUp   confirm
        ("tokens", tokens("ada", NOW + HOUR, Some("r")),           [o,    o,    o,    o,     s,        s,        over,    a]),
        ("verifier", password_verifier(),                          [un_sent, un, un,  un,    s,        s,        over,    a]),
        ("new password", new_password_required("session-2"),       [new,  new,  new,  new,   s,        s,        over,    a]),
        ("unknown", challenge("NEW_ONE", Some("s"), json!({})),    [un,   un,   un,   un,    s,        s,        over,    a]),
        ("nothing", reply(200, ""),                                [over, over, over, again, s,        s,        over,    a]),
        ("garbage", reply(200, "<html>"),                          [over, over, over, again, again,    again,    over,    again]),
        ("made", ok(json!({"UserConfirmed": true})),               [over, over, over, again, s,        s,        a,       a]),
        ("made, unconfirmed", ok(json!({"UserConfirmed": false})), [over, over, over, again, s,        s,  "asks confirm", a]),
        ("unconfirmed", unconfirmed(),                             [con,  con,  con,  con,   un_again, un_again, un_over, un_again]),
        ("reset required", reset_required(),                       [res,  res,  res,  res,   re_again, re_again, re_over, re_again]),
        ("wrong password", wrong_password(),                       [no,   no,   no,   no,    no_again, no_again, no,      no_again]),
        ("confirmed already", confirmed,                           [no,   no,   no,   no,    s,        NEVER,    no,      a]),
        ("wrong code", refused("CodeMismatch", "x"),               everywhere("CodeMismatch")),
        ("old code", refused("ExpiredCode", "x"),                  everywhere("ExpiredCode")),
        ("weak password", refused("InvalidPassword", "x"),         everywhere("InvalidPassword")),
        ("budget", refused("LimitExceeded", "x"),                  everywhere("LimitExceeded")),
        ("throttled", refused("TooManyRequests", "x"),             everywhere("TooManyRequests")),
        ("fault", reply(503, "<html>"),                            everywhere("InternalError")),
    ]
}

#[test]
fn every_reply_in_every_state_has_one_meaning() {
    for (name, _, row) in table() {
        for (state, expected) in AWAITING.iter().zip(row).filter(|(_, expected)| *expected != NEVER) {
            let talk = Talk::default();
            let reply = table().into_iter().find(|(known, ..)| *known == name).unwrap().1;
            let outcome = said(talk.receive(awaiting(&talk, state), reply));
            assert_eq!(outcome, expected, "{name} in the state {state}");
        }
    }
}

#[test]
fn a_lost_reply_ends_what_cannot_be_asked_again() {
    for code in [Code::Network, Code::Timeout, Code::Aborted] {
        for state in AWAITING {
            let talk = Talk::default();
            let outcome = said(talk.lose(awaiting(&talk, state), code));
            let word = if ASKING.contains(&state) { "again" } else { "over" };
            assert_eq!(outcome, format!("{word} {}", code.as_str()), "{state}");
        }
    }
}

#[test]
fn a_reply_where_an_answer_is_awaited_changes_nothing() {
    for state in ASKING {
        let talk = Talk::default();
        let stopped = talk.receive(asking(&talk, state), tokens("ada", NOW + HOUR, Some("r"))).unwrap_err();
        assert_eq!(stopped.error.code, Code::InvalidState, "{state}");
        let outcome = said(stopped.again.unwrap().answer(fitting(state)));
        assert!(outcome.starts_with("sends "), "{state}: {outcome}");
    }
}

#[test]
fn an_answer_where_a_reply_is_awaited_is_refused() {
    for state in AWAITING {
        for answer in ["newPassword", "resetPassword", "confirm"] {
            let talk = Talk::default();
            assert_eq!(said(awaiting(&talk, state).answer(fitting(answer))), "over InvalidState", "{state}");
        }
    }
}

#[test]
fn an_answer_that_does_not_fit_leaves_the_question_open() {
    for state in ASKING {
        for answer in ["newPassword", "resetPassword", "confirm"] {
            let talk = Talk::default();
            let fits = answer == state || answer == "confirm" && state == "confirmSignUp";
            let result = asking(&talk, state).answer(fitting(answer));
            if fits {
                assert!(said(result).starts_with("sends "), "{state}");
                continue;
            }
            let stopped = result.unwrap_err();
            assert_eq!(stopped.error.code, Code::InvalidParameter, "{state} {answer}");
            assert!(said(stopped.again.unwrap().answer(fitting(state))).starts_with("sends "), "{state} {answer}");
        }
    }
}

#[test]
fn a_code_is_sent_again_only_where_one_is_awaited() {
    let talk = Talk::default();
    for (state, operation) in [
        ("newPassword", None),
        ("confirmSignUp", Some("ResendConfirmationCode")),
        ("resetPassword", Some("ForgotPassword")),
        ("confirm", Some("ResendConfirmationCode")),
    ] {
        let resent = asking(&talk, state).resend();
        assert_eq!(resent.as_ref().map(|request| request.operation).ok(), operation, "{state}");
        assert!(operation.is_some() || resent.unwrap_err().code == Code::InvalidState, "{state}");
    }
    for state in AWAITING {
        assert_eq!(awaiting(&talk, state).resend().unwrap_err().code, Code::InvalidState, "{state}");
    }
}

#[test]
fn no_state_prints_a_secret() {
    let secrets = ["Lovelace-1815", "New-1816", "123456", "session-1", "[76, 111"];
    let talk = Talk::default();
    let steps = [said_in_full(&talk, "srp"), said_in_full(&talk, "password")];
    let awaited = AWAITING.iter().map(|state| format!("{:?}", awaiting(&talk, state)));
    let asked = ASKING.iter().map(|state| format!("{:?} {:?}", asking(&talk, state), fitting(state)));
    for printed in awaited.chain(asked).chain(steps) {
        assert!(printed.contains("[redacted]"), "{printed}");
        for secret in secrets {
            assert!(!printed.contains(secret), "{secret} in {printed}");
        }
    }
}

fn said_in_full(talk: &Talk, state: &str) -> String {
    let step = talk.receive(awaiting(talk, state), tokens("ada", NOW + HOUR, Some("refresh-1"))).unwrap();
    let printed = format!("{step:?}");
    assert!(!printed.contains("refresh-1") && !printed.contains("eyJ"), "{printed}");
    printed
}
