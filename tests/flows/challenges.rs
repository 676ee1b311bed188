//! Every challenge after every beginning: what it asks, what its answer sends, what leaves it open; and walks that join them.

use super::support::service::{HOUR, NOW, Wire, challenge, ok, refused, reply, texts, tokens, verifier_parameters};
use super::talk::{Talk, asked, code, new_password, said, sent};
use cognito_vault::error::Code;
use cognito_vault::flow::{Answer, Device, Flow, Method, Step};
use cognito_vault::protocol::{Reply, Request};
use serde_json::{Value, json};

const METHODS: [Method; 4] = [Method::Srp, Method::Password, Method::Choice, Method::Custom];
const ASSERTION: &str = r#"{"id":"AQ","response":{"signature":"Ag"}}"#;

/// A challenge that the user answers: its parameters, the step, what can be chosen, an answer and what that sends.
struct Case {
    name: &'static str,
    parameters: Value,
    step: &'static str,
    choices: &'static [&'static str],
    answer: fn() -> Answer,
    responses: Value,
}

fn cases() -> Vec<Case> {
    let delivery = json!({"CODE_DELIVERY_DESTINATION": "+*******1815", "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS"});
    let case = |name, parameters, step, choices, answer, responses| Case {
        name,
        parameters,
        step,
        choices,
        answer,
        responses,
    };
    let digits = || code(" 123456\n");
    vec![
        case("SMS_MFA", delivery.clone(), "smsCode", &[], digits, json!({"SMS_MFA_CODE": "123456"})),
        case("SMS_OTP", delivery.clone(), "smsCode", &[], digits, json!({"SMS_OTP_CODE": "123456"})),
        case("EMAIL_OTP", delivery, "emailCode", &[], digits, json!({"EMAIL_OTP_CODE": "123456"})),
        case(
            "SOFTWARE_TOKEN_MFA",
            json!({"FRIENDLY_DEVICE_NAME": "phone"}),
            "totp",
            &[],
            digits,
            json!({"SOFTWARE_TOKEN_MFA_CODE": "123456"}),
        ),
        case(
            "SELECT_MFA_TYPE",
            json!({"MFAS_CAN_CHOOSE": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP","CARRIER_PIGEON"]"#}),
            "chooseMfa",
            &["smsCode", "totp", "emailCode"],
            || code("smsCode"),
            json!({"ANSWER": "SMS_MFA"}),
        ),
        case(
            "SELECT_MFA_TYPE",
            json!({"MFAS_CAN_SELECT": r#"["EMAIL_OTP","SOFTWARE_TOKEN_MFA"]"#}),
            "chooseMfa",
            &["emailCode", "totp"],
            || code("emailCode"),
            json!({"ANSWER": "EMAIL_OTP"}),
        ),
        case(
            "WEB_AUTHN",
            json!({"CREDENTIAL_REQUEST_OPTIONS": r#"{"challenge":"AAAA","rpId":"example.com"}"#}),
            "passkey",
            &[],
            || code(ASSERTION),
            json!({"CREDENTIAL": ASSERTION}),
        ),
        case(
            "CUSTOM_CHALLENGE",
            json!({"USERNAME": "ada-1815", "question": "Who wrote the notes?", "hint": "G"}),
            "custom",
            &[],
            || code(" Ada "),
            json!({"ANSWER": " Ada "}),
        ),
        case(
            "PASSWORD",
            json!({}),
            "password",
            &[],
            || new_password("Lovelace-1815", &[]),
            json!({"PASSWORD": "Lovelace-1815"}),
        ),
        case(
            "NEW_PASSWORD_REQUIRED",
            json!({"requiredAttributes": r#"["userAttributes.name"]"#, "userAttributes": "{}"}),
            "newPassword",
            &[],
            || new_password("New-1816", &[("userAttributes.name", "Ada")]),
            json!({"NEW_PASSWORD": "New-1816", "userAttributes.name": "Ada"}),
        ),
        case(
            "MFA_SETUP",
            json!({"MFAS_CAN_SETUP": r#"["SMS_MFA","EMAIL_OTP"]"#}),
            "setUpMfa",
            &["emailCode"],
            || Answer { email: "ada@example.com".into(), ..Answer::default() },
            json!({"EMAIL": "ada@example.com"}),
        ),
    ]
}

fn unfit() -> [Answer; 3] {
    let all = Answer { text: "1".into(), ..new_password("x", &[]) };
    [Answer::default(), all, Answer { responses: texts(&[("name", "Ada")]), ..Answer::default() }]
}

fn given(case: &Case, session: &str) -> Reply {
    let mut parameters = case.parameters.clone();
    parameters["USER_ID_FOR_SRP"] = json!("ada-1815");
    challenge(case.name, Some(session), parameters)
}

fn responses(request: &Request) -> Value {
    let body = request.json();
    let mut responses = body["ChallengeResponses"].clone();
    assert_eq!(responses.as_object_mut().unwrap().remove("USERNAME"), Some(json!("ada-1815")), "{body}");
    responses
}

/// A sign-in of each kind, waiting for its first challenge or for the one after the proof.
fn beginnings(talk: &Talk) -> Vec<Flow> {
    let mut all: Vec<Flow> = METHODS.iter().map(|method| talk.sign_in(*method).1).collect();
    for method in [Method::Srp, Method::Choice, Method::Custom] {
        let verifier = challenge("PASSWORD_VERIFIER", Some("session-0"), verifier_parameters());
        all.push(sent(talk.receive(talk.sign_in(method).1, verifier).unwrap()).1);
    }
    all
}

#[test]
fn every_challenge_is_asked_and_answered_after_every_beginning() {
    let talk = Talk::default();
    for case in cases() {
        for flow in beginnings(&talk) {
            let reply = given(&case, "session-1");
            let parameters = serde_json::from_str::<Value>(reply.body.expose()).unwrap()["ChallengeParameters"].clone();
            let (step, details, flow) = asked(talk.receive(flow, reply).unwrap());
            assert_eq!((step, &details["parameters"]), (case.step, &parameters), "{}", case.name);
            let choices = (!case.choices.is_empty()).then(|| json!(case.choices));
            assert_eq!(details.get("choices"), choices.as_ref(), "{}", case.name);
            let (request, flow) = sent(flow.answer((case.answer)()).unwrap());
            let body = request.json();
            assert_eq!((request.operation, &body["ChallengeName"]), ("RespondToAuthChallenge", &json!(case.name)));
            assert_eq!((&body["Session"], responses(&request)), (&json!("session-1"), case.responses.clone()));
            assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn", "{}", case.name);
        }
    }
}

#[test]
fn a_wrong_answer_leaves_the_step_open_with_its_session() {
    let talk = Talk::default();
    for case in cases() {
        for refusal in ["CodeMismatch", "ExpiredCode", "InvalidPassword", "LimitExceeded", "TooManyRequests"] {
            let flow = talk.sign_in(Method::Choice).1;
            let (.., flow) = asked(talk.receive(flow, given(&case, "session-1")).unwrap());
            let (_, flow) = sent(flow.answer((case.answer)()).unwrap());
            let stopped = talk.receive(flow, refused(refusal, "x")).unwrap_err();
            assert_eq!(stopped.error.code.as_str(), refusal);
            let (request, flow) = sent(stopped.again.unwrap().answer((case.answer)()).unwrap());
            assert_eq!(
                (&request.json()["Session"], responses(&request)),
                (&json!("session-1"), case.responses.clone())
            );
            let lost = talk.lose(flow, Code::Network).unwrap_err();
            assert_eq!((lost.error.code, lost.again.is_some()), (Code::Network, true), "{}", case.name);
        }
        let flow = talk.sign_in(Method::Choice).1;
        let (.., flow) = asked(talk.receive(flow, given(&case, "session-1")).unwrap());
        let (_, flow) = sent(flow.answer((case.answer)()).unwrap());
        let over = refused("NotAuthorized", "Invalid session for the user, session is expired.");
        assert_eq!(said(talk.receive(flow, over)), "over NotAuthorized", "{}", case.name);
    }
}

#[test]
fn an_answer_that_does_not_fit_is_refused_before_it_is_sent() {
    let talk = Talk::default();
    for case in cases() {
        let mut open = asked(talk.receive(talk.sign_in(Method::Choice).1, given(&case, "session-1")).unwrap()).2;
        for answer in unfit() {
            let stopped = open.answer(answer).unwrap_err();
            assert_eq!(stopped.error.code, Code::InvalidParameter, "{}", case.name);
            open = stopped.again.unwrap();
        }
        if case.step.starts_with("choose") {
            for choice in ["carrierPigeon", "password", "SMS_MFA", "SMSCODE"] {
                let stopped = open.answer(code(choice)).unwrap_err();
                assert_eq!(stopped.error.code, Code::InvalidParameter, "{choice}");
                open = stopped.again.unwrap();
            }
        }
        assert!(open.answer((case.answer)()).is_ok(), "{}", case.name);
    }
}

#[test]
fn a_repeated_custom_challenge_brings_the_session_that_counts() {
    let talk = Talk::default();
    let round =
        |session: &str| challenge("CUSTOM_CHALLENGE", Some(session), json!({"USERNAME": "ada-1815", "n": session}));
    let mut flow = talk.sign_in(Method::Custom).1;
    for session in ["session-1", "session-2", "session-3"] {
        let (_, details, open) = asked(talk.receive(flow, round(session)).unwrap());
        assert_eq!(details, json!({"parameters": {"USERNAME": "ada-1815", "n": session}}));
        let (request, next) = sent(open.answer(code("x")).unwrap());
        assert_eq!(request.json()["Session"], session);
        flow = next;
    }
}

#[test]
fn each_beginning_asks_in_its_own_words() {
    let talk = Talk::default();
    let parameters = |method| {
        let body = talk.sign_in(method).0.json();
        (body["AuthFlow"].as_str().unwrap().to_owned(), body["AuthParameters"].clone())
    };
    let name = "ada@example.com";
    let a = |number| super::talk::public(number);
    assert_eq!(parameters(Method::Srp), ("USER_SRP_AUTH".to_owned(), json!({"USERNAME": name, "SRP_A": a(1)})));
    let custom = json!({"USERNAME": name, "CHALLENGE_NAME": "SRP_A", "SRP_A": a(2)});
    assert_eq!(parameters(Method::Custom), ("CUSTOM_AUTH".to_owned(), custom));
    let choice = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": a(3)});
    assert_eq!(parameters(Method::Choice), ("USER_AUTH".to_owned(), choice));

    let begun = |preferred: &str, password: &str, method| {
        let (request, _) = talk.begin(|credentials| {
            credentials.preferred = preferred.into();
            credentials.password = password.as_bytes().to_vec().into();
            credentials.method = method;
        });
        request.json()["AuthParameters"].clone()
    };
    assert_eq!(begun("", "", Method::Custom), json!({"USERNAME": name}));
    assert_eq!(begun("", "", Method::Choice), json!({"USERNAME": name}));
    // Without a password the service is to say what can be chosen.
    assert_eq!(begun("PASSWORD_SRP", "", Method::Choice), json!({"USERNAME": name}));
    for challenge in ["WEB_AUTHN", "EMAIL_OTP", "SMS_OTP"] {
        let expected = json!({"USERNAME": name, "PREFERRED_CHALLENGE": challenge});
        assert_eq!(begun(challenge, "", Method::Choice), expected);
        assert_eq!(begun(challenge, "Lovelace-1815", Method::Choice), expected, "a password is kept for later");
    }
}

#[test]
fn more_assurance_is_asked_for_by_choice_alone() {
    let talk = Talk::default();
    let step_up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:3 urn:cognito:loa:2", "MAX_AGE": "300"});
    for token in ["", "access-1"] {
        let begun = |method| {
            let (request, _) = talk.begin(|credentials| {
                credentials.method = method;
                credentials.password = Vec::new().into();
                credentials.step_up = step_up.to_string().into();
                credentials.access_token = token.into();
            });
            request.json()["AuthParameters"].clone()
        };
        let mut expected = step_up.clone();
        expected["USERNAME"] = json!("ada@example.com");
        if !token.is_empty() {
            expected["ACCESS_TOKEN"] = json!(token);
        }
        assert_eq!(begun(Method::Choice), expected);
        assert_eq!(begun(Method::Custom), json!({"USERNAME": "ada@example.com"}));
    }
}

fn choose(offered: &[&str]) -> Reply {
    ok(json!({"ChallengeName": "SELECT_CHALLENGE", "Session": "session-1", "AvailableChallenges": offered,
              "ChallengeParameters": {"USER_ID_FOR_SRP": "ada-1815"}}))
}

#[test]
fn a_factor_is_chosen_with_a_password_that_is_known_or_not_yet() {
    let all = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "WEB_AUTHN"];
    let talk = Talk::default();
    // Known: the answer takes it along, and the proof follows.
    let flow = talk.begin(|credentials| {
        credentials.method = Method::Choice;
        credentials.preferred = "WEB_AUTHN".into();
    });
    let (step, details, flow) = asked(talk.receive(flow.1, choose(&all)).unwrap());
    assert_eq!((step, &details["choices"]), ("chooseFactor", &json!(["password", "emailCode", "passkey"])));
    let (request, flow) = sent(flow.answer(code("password")).unwrap());
    assert_eq!(responses(&request), json!({"ANSWER": "PASSWORD_SRP", "SRP_A": super::talk::public(1)}));
    let verifier = challenge("PASSWORD_VERIFIER", Some("session-2"), verifier_parameters());
    let (request, _) = sent(talk.receive(flow, verifier).unwrap());
    assert_eq!(request.json()["Session"], "session-2");

    // Not yet: it is asked for without asking the service; sent as it is where nothing else is offered.
    for (offered, sends) in [
        (&all[..], json!({"ANSWER": "PASSWORD_SRP", "SRP_A": super::talk::public(2)})),
        (&["PASSWORD", "EMAIL_OTP"], json!({"ANSWER": "PASSWORD", "PASSWORD": "Lovelace-1815"})),
    ] {
        let begun = talk.begin(|credentials| {
            credentials.method = Method::Choice;
            credentials.password = Vec::new().into();
        });
        let (.., flow) = asked(talk.receive(begun.1, choose(offered)).unwrap());
        let (step, _, flow) = asked(flow.answer(code("password")).unwrap());
        assert_eq!(step, "password");
        let (request, _) = sent(flow.answer(new_password("Lovelace-1815", &[])).unwrap());
        assert_eq!((&request.json()["ChallengeName"], responses(&request)), (&json!("SELECT_CHALLENGE"), sends));
    }
}

#[test]
fn a_preferred_password_that_is_not_known_yet_is_asked_for_without_a_choice() {
    let talk = Talk::default();
    let begun = |offered| {
        let (_, flow) = talk.begin(|credentials| {
            credentials.method = Method::Choice;
            credentials.preferred = "PASSWORD_SRP".into();
            credentials.password = Vec::new().into();
        });
        asked(talk.receive(flow, choose(offered)).unwrap())
    };
    let (step, _, flow) = begun(&["PASSWORD_SRP", "EMAIL_OTP"]);
    assert_eq!(step, "password");
    let (request, _) = sent(flow.answer(new_password("Lovelace-1815", &[])).unwrap());
    assert_eq!(responses(&request), json!({"ANSWER": "PASSWORD_SRP", "SRP_A": super::talk::public(1)}));
    let (step, details, _) = begun(&["EMAIL_OTP"]);
    assert_eq!((step, &details["choices"]), ("chooseFactor", &json!(["emailCode"])));
}

#[test]
fn a_list_without_a_name_is_a_choice_too() {
    let talk = Talk::default();
    let list = ok(json!({"AvailableChallenges": ["EMAIL_OTP"], "Session": "session-1"}));
    let (step, details, flow) = asked(talk.receive(talk.sign_in(Method::Choice).1, list).unwrap());
    assert_eq!((step, &details["choices"]), ("chooseFactor", &json!(["emailCode"])));
    let (request, _) = sent(flow.answer(code("emailCode")).unwrap());
    assert_eq!(request.json()["ChallengeName"], "SELECT_CHALLENGE");
}

#[test]
fn a_list_beside_another_challenge_changes_nothing_of_it() {
    let talk = Talk::default();
    for (name, step, sends) in [
        ("PASSWORD", "password", json!({"PASSWORD": "Lovelace-1815"})),
        ("EMAIL_OTP", "emailCode", json!({"EMAIL_OTP_CODE": "123456"})),
    ] {
        let beside = ok(
            json!({"ChallengeName": name, "Session": "session-1", "AvailableChallenges": ["PASSWORD_SRP", "EMAIL_OTP"],
                               "ChallengeParameters": {"USER_ID_FOR_SRP": "ada-1815"}}),
        );
        let begun = talk.begin(|credentials| {
            credentials.method = Method::Choice;
            credentials.preferred = "PASSWORD_SRP".into();
            credentials.password = Vec::new().into();
        });
        let (asks, _, flow) = asked(talk.receive(begun.1, beside).unwrap());
        assert_eq!(asks, step);
        let answer = if step == "password" { new_password("Lovelace-1815", &[]) } else { code("123456") };
        let (request, _) = sent(flow.answer(answer).unwrap());
        assert_eq!((&request.json()["ChallengeName"], responses(&request)), (&json!(name), sends));
    }
}

#[test]
fn an_authenticator_app_is_set_up_on_the_way() {
    let talk = Talk::default();
    for both in [false, true] {
        let can = if both { r#"["EMAIL_OTP","SOFTWARE_TOKEN_MFA"]"# } else { r#"["SOFTWARE_TOKEN_MFA","SMS_MFA"]"# };
        let setup =
            challenge("MFA_SETUP", Some("session-1"), json!({"USER_ID_FOR_SRP": "ada-1815", "MFAS_CAN_SETUP": can}));
        let mut step = talk.receive(talk.sign_in(Method::Password).1, setup).unwrap();
        if both {
            let (name, details, flow) = asked(step);
            assert_eq!((name, &details["choices"]), ("setUpMfa", &json!(["emailCode", "totp"])));
            step = flow.answer(code("totp")).unwrap();
        }
        let (request, flow) = sent(step);
        assert_eq!((request.operation, request.json()), ("AssociateSoftwareToken", json!({"Session": "session-1"})));
        let associated = ok(json!({"SecretCode": "JBSWY3DPEHPK3PXP", "Session": "session-2"}));
        let (name, details, flow) = asked(talk.receive(flow, associated).unwrap());
        let expected = json!({"username": "ada-1815", "secret": "JBSWY3DPEHPK3PXP", "choices": ["totp"]});
        assert_eq!((name, details), ("setUpMfa", expected));

        let (_, flow) = sent(flow.answer(code("000000")).unwrap());
        let wrong = ok(json!({"Status": "ERROR", "Session": "session-x"}));
        let stopped = talk.receive(flow, wrong).unwrap_err();
        assert_eq!(stopped.error.code, Code::EnableSoftwareTokenMFA);
        let (request, flow) = sent(stopped.again.unwrap().answer(code("000001")).unwrap());
        assert_eq!(request.json()["Session"], "session-x", "the newest counts");
        let stopped = talk.receive(flow, refused("EnableSoftwareTokenMFA", "Code mismatch")).unwrap_err();

        let (request, flow) = sent(stopped.again.unwrap().answer(code("123456 ")).unwrap());
        let expected = json!({"Session": "session-x", "UserCode": "123456"});
        assert_eq!((request.operation, request.json()), ("VerifySoftwareToken", expected));
        let (request, flow) =
            sent(talk.receive(flow, ok(json!({"Status": "SUCCESS", "Session": "session-3"}))).unwrap());
        assert_eq!((&request.json()["ChallengeName"], responses(&request)), (&json!("MFA_SETUP"), json!({})));
        assert_eq!(request.json()["Session"], "session-3");
        assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
    }
    for can in [r#"["SMS_MFA"]"#, "[]", "nonsense"] {
        let setup = challenge("MFA_SETUP", Some("session-1"), json!({"MFAS_CAN_SETUP": can}));
        let outcome = said(talk.receive(talk.sign_in(Method::Srp).1, setup));
        assert_eq!(outcome, "over UnsupportedChallenge", "{can}");
    }
}

#[test]
fn an_address_for_codes_is_named_in_both_ways() {
    let talk = Talk::default();
    let setup = challenge("MFA_SETUP", Some("session-1"), json!({"MFAS_CAN_SETUP": r#"["EMAIL_OTP"]"#}));
    let (.., flow) = asked(talk.receive(talk.sign_in(Method::Password).1, setup).unwrap());
    let given = || Answer { email: "ada@example.com".into(), ..Answer::default() };
    let (_, flow) = sent(flow.answer(given()).unwrap());
    let (request, flow) = sent(talk.receive(flow, refused("InvalidParameter", "x")).unwrap());
    assert_eq!(request.json()["ChallengeResponses"]["email"], "ada@example.com");
    let stopped = talk.receive(flow, refused("InvalidParameter", "x")).unwrap_err();
    assert_eq!(stopped.error.code, Code::InvalidParameter);
    assert!(stopped.again.unwrap().answer(given()).is_ok());
}

fn device() -> Box<Device> {
    Box::new(Device { key: "eu-west-1_d1".into(), group: "-group".into(), password: "secret".into() })
}

#[test]
fn a_remembered_device_proves_itself() {
    let talk = Talk::default();
    for method in [Method::Srp, Method::Password, Method::Custom] {
        let (request, mut flow) = talk.begin(|credentials| {
            credentials.method = method;
            credentials.device = Some(device());
        });
        assert_eq!(request.json()["AuthParameters"]["DEVICE_KEY"], "eu-west-1_d1");
        if method == Method::Srp {
            let (request, next) = sent(talk.receive(flow, super::support::service::password_verifier()).unwrap());
            assert_eq!(responses(&request)["DEVICE_KEY"], "eu-west-1_d1");
            flow = next;
        }
        let drawn = talk.drawn();
        let begins = challenge("DEVICE_SRP_AUTH", Some("session-1"), json!({"USERNAME": "ada-1815"}));
        let (request, flow) = sent(talk.receive(flow, begins).unwrap());
        let expected = json!({"DEVICE_KEY": "eu-west-1_d1", "SRP_A": super::talk::public(drawn + 1)});
        assert_eq!((&request.json()["Session"], responses(&request)), (&json!("session-1"), expected));
        let mut parameters = verifier_parameters();
        parameters["DEVICE_KEY"] = json!("eu-west-1_d1");
        let verifier = challenge("DEVICE_PASSWORD_VERIFIER", Some("session-2"), parameters);
        let (request, flow) = sent(talk.receive(flow, verifier).unwrap());
        let proof = responses(&request);
        assert_eq!((&proof["DEVICE_KEY"], &request.json()["Session"]), (&json!("eu-west-1_d1"), &json!("session-2")));
        assert!(proof["PASSWORD_CLAIM_SIGNATURE"].is_string() && proof["TIMESTAMP"].is_string());
        assert_eq!(said(talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
    }
    let (request, _) = talk.begin(|credentials| {
        credentials.method = Method::Choice;
        credentials.device = Some(device());
    });
    assert_eq!(request.json()["AuthParameters"].get("DEVICE_KEY"), None, "choice-based sign-in knows no devices");
}

#[test]
fn a_device_that_the_service_has_forgotten_is_dropped_once() {
    let gone = || refused("ResourceNotFound", "Device does not exist.");
    let talk = Talk::default();
    for at in 0..3 {
        let (_, mut flow) = talk.begin(|credentials| credentials.device = Some(device()));
        let on_the_way = [
            super::support::service::password_verifier(),
            challenge("DEVICE_SRP_AUTH", Some("session-1"), json!({"USERNAME": "ada-1815"})),
        ];
        for reply in on_the_way.into_iter().take(at) {
            flow = sent(talk.receive(flow, reply).unwrap()).1;
        }
        let (request, flow) = sent(talk.receive(flow, gone()).unwrap());
        let body = request.json();
        assert_eq!((request.operation, body["AuthParameters"].get("DEVICE_KEY")), ("InitiateAuth", None), "{at}");
        assert_eq!(said(talk.receive(flow, gone())), "over ResourceNotFound", "{at}");
    }
}

#[test]
fn a_sign_up_goes_on_to_a_sign_in() {
    let talk = Talk::default();
    let confirmed = || {
        let made = ok(json!({"UserConfirmed": false, "Session": "session-1"}));
        let (.., flow) = asked(talk.receive(super::talk::sign_up().1, made).unwrap());
        let (request, flow) = sent(flow.answer(code("1")).unwrap());
        assert_eq!(request.json()["Session"], "session-1");
        let (request, flow) = sent(talk.receive(flow, ok(json!({"Session": "session-2"}))).unwrap());
        let body = request.json();
        assert_eq!((request.operation, &body["Session"]), ("InitiateAuth", &json!("session-2")));
        assert_eq!((&body["AuthFlow"], &body["AuthParameters"]), (&json!("USER_AUTH"), &json!({"USERNAME": "ada"})));
        flow
    };
    assert_eq!(said(talk.receive(confirmed(), tokens("ada", NOW + HOUR, Some("r")))), "signedIn");
    let setup = challenge("MFA_SETUP", Some("s"), json!({"MFAS_CAN_SETUP": r#"["EMAIL_OTP"]"#}));
    assert_eq!(said(talk.receive(confirmed(), setup)), "asks setUpMfa");
    // The account is made whatever becomes of the sign-in.
    assert_eq!(said(talk.receive(confirmed(), refused("NotAuthorized", "x"))), "signedUp");
    assert_eq!(said(talk.lose(confirmed(), Code::Network)), "signedUp");

    // Once the sign-in is under way, it is one like any other.
    let (.., flow) = asked(talk.receive(confirmed(), challenge("EMAIL_OTP", Some("s"), json!({}))).unwrap());
    let (_, flow) = sent(flow.answer(code("1")).unwrap());
    let (step, _, flow) = asked(talk.receive(flow, refused("UserNotConfirmed", "x")).unwrap());
    let (request, flow) = sent(flow.answer(code("2")).unwrap());
    assert_eq!((step, request.operation, request.json().get("Session")), ("confirmSignUp", "ConfirmSignUp", None));
    assert_eq!(said(talk.receive(flow, reply(200, ""))), "sends InitiateAuth");

    // A session that is over does not stand in the way of the code, which is sent once more without it.
    let made = ok(json!({"UserConfirmed": false, "Session": "session-1"}));
    let (.., flow) = asked(talk.receive(super::talk::sign_up().1, made).unwrap());
    let (_, flow) = sent(flow.answer(code("1")).unwrap());
    let (request, flow) = sent(talk.receive(flow, refused("NotAuthorized", "Invalid session for the user.")).unwrap());
    assert_eq!((request.operation, request.json().get("Session")), ("ConfirmSignUp", None));
    assert_eq!(request.json()["ConfirmationCode"], "1");
    assert_eq!(said(talk.receive(flow, reply(200, ""))), "signedUp");
}

/// Numbers by chance from a seed (Knuth, MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }
}

/// Joins challenges in any order, with wrong codes and lost replies in between: the newest Session is the one that is sent, the
/// user's name is the one that was echoed, and the walk ends signed in.
#[test]
fn a_walk_over_challenges_in_any_order_ends_signed_in() {
    for seed in 0..100 {
        let mut dice = Dice(seed);
        let talk = Talk::default();
        let (_, mut flow) = talk.begin(|credentials| {
            credentials.method = METHODS[dice.below(METHODS.len())];
            credentials.device = Some(device());
        });
        let (mut number, mut automatic) = (0, 0);
        for _ in 0..12 {
            number += 1;
            let session = format!("session-{number}");
            let all = cases();
            let at = dice.below(all.len() + 2);
            let Some(case) = all.get(at) else {
                // What the device answers by itself.
                let name = ["DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"][automatic % 2];
                if automatic % 2 == 0 || flow_has_pair(&flow) {
                    let reply = challenge(name, Some(&session), verifier_parameters());
                    let (request, next) = sent(talk.receive(flow, reply).unwrap());
                    assert_eq!(request.json()["Session"], session.as_str(), "{seed}");
                    (flow, automatic) = (next, automatic + 1);
                }
                continue;
            };
            let (.., mut open) = asked(talk.receive(flow, given(case, &session)).unwrap());
            for _ in 0..dice.below(3) {
                let (_, answered) = sent(open.answer((case.answer)()).unwrap());
                let stopped = match dice.below(2) {
                    0 => talk.lose(answered, Code::Network),
                    _ => talk.receive(answered, refused("CodeMismatch", "x")),
                };
                open = stopped.unwrap_err().again.unwrap();
                open = open.answer(Answer::default()).unwrap_err().again.unwrap();
            }
            let (request, next) = sent(open.answer((case.answer)()).unwrap());
            assert_eq!((&request.json()["Session"], responses(&request)), (&json!(session), case.responses.clone()));
            flow = next;
        }
        let end = talk.receive(flow, tokens("ada", NOW + HOUR, Some("r")));
        assert!(matches!(end, Ok(Step::Done(_))), "{seed}: {end:?}");
    }
}

/// Whether an SRP pair waits for its challenge, as far as the flow prints.
fn flow_has_pair(flow: &Flow) -> bool {
    format!("{flow:?}").contains("key_pair: Some")
}
