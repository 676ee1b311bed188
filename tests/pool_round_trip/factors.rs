//! Second factors, choices, custom challenges and remembered devices, one after the other as the pool asks them.

use super::support::tasks::end;
use super::town::{Town, answer, asked, founded, refuses, sign_in, sign_in_by, sign_up, succeeds};
use cognito_vault::client::{Client, Next};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Answer, Credentials, Method};
use cognito_vault::host::{Event, Reason};
use cognito_vault::secret::SecretText;
use serde_json::{Value, json};

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn text(text: &str) -> Answer {
    Answer { text: text.into(), ..Answer::default() }
}

fn password(password: &str) -> Answer {
    Answer { password: password.as_bytes().to_vec().into(), ..Answer::default() }
}

/// Answers with the newest code that was sent to `username`.
fn by_code(town: &Town, vault: &Client<Town>, question: u32, username: &str) -> Result<Next, Error> {
    assert_eq!(answer(vault, question, text("000000")).unwrap_err().code, Code::CodeMismatch);
    answer(vault, question, text(&town.code(username)))
}

fn totp(town: &Town, secret: &str, step: i32) -> String {
    let found = town.control("GET", &format!("totp?secret={secret}&step={step}"), Value::Null);
    found["code"].as_str().unwrap().to_owned()
}

fn begin(vault: &Client<Town>, change: impl FnOnce(&mut Credentials)) -> Result<Next, Error> {
    let mut credentials = Credentials { method: Method::Choice, ..Credentials::default() };
    change(&mut credentials);
    end(vault.sign_in(credentials, &|| false))
}

fn choosing(vault: &Client<Town>, username: &str, preferred: &str) -> Result<Next, Error> {
    begin(vault, |credentials| {
        (credentials.username, credentials.preferred) = (username.into(), preferred.into());
    })
}

#[test]
fn each_second_factor_is_asked_for_and_given() {
    for method in [Method::Srp, Method::Password] {
        let (town, vault) = founded();
        town.settings(json!({"mfa": {"mode": "optional"}}));
        for (username, typed, expected) in
            [("radia", "Perlman-1951", "smsCode"), ("edith", "Clarke-1883!", "emailCode")]
        {
            let (question, name, details) = asked(sign_in_by(&vault, username, typed, method));
            assert_eq!(name, expected);
            assert!(details["parameters"]["CODE_DELIVERY_DESTINATION"].as_str().unwrap().contains("***"), "{details}");
            succeeds(by_code(&town, &vault, question, username));
        }
        let (question, name, _) = asked(sign_in_by(&vault, "hedy", "Lamarr-1914", method));
        assert_eq!(name, "totp");
        assert_eq!(answer(&vault, question, text("000000")).unwrap_err().code, Code::CodeMismatch);
        succeeds(answer(&vault, question, text(&totp(&town, SECRET, 0))));
        succeeds(sign_in_by(&vault, "ada", "Lovelace-1815", method));
    }
}

#[test]
fn one_of_several_second_factors_is_chosen() {
    let (town, vault) = founded();
    town.settings(json!({"mfa": {"mode": "optional"}}));
    for choice in ["smsCode", "emailCode", "totp"] {
        let (question, name, details) = asked(sign_in(&vault, "frances", "Spence-1922!"));
        assert_eq!((name, details["choices"].as_array().unwrap().len()), ("chooseMfa", 3));
        let (question, name, _) = asked(answer(&vault, question, text(choice)));
        assert_eq!(name, choice);
        let code =
            if choice == "totp" { totp(&town, "KRSXG5CTMVRXEZLUKN2HE2LOM5JWK4DS", 0) } else { town.code("frances") };
        succeeds(answer(&vault, question, text(&code)));
    }
}

#[test]
fn a_second_factor_is_set_up_on_the_way() {
    for wrong in ["exception", "status"] {
        let (town, vault) = founded();
        town.settings(json!({"mfa": {"mode": "required", "wrongSetupCode": wrong}}));
        let (question, name, details) = asked(sign_in(&vault, "ada", "Lovelace-1815"));
        assert_eq!((name, details["choices"].as_array().unwrap().len()), ("setUpMfa", 2));
        let (question, _, details) = asked(answer(&vault, question, text("totp")));
        let secret = details["secret"].as_str().unwrap().to_owned();
        let mismatch = answer(&vault, question, text("000000")).unwrap_err().code;
        assert_eq!(mismatch, Code::EnableSoftwareTokenMFA, "{wrong}");
        succeeds(answer(&vault, question, text(&totp(&town, &secret, 0))));
        let (question, name, _) = asked(sign_in(&vault, "ada", "Lovelace-1815"));
        assert_eq!(name, "totp");
        succeeds(answer(&vault, question, text(&totp(&town, &secret, 1))));
    }
    let (town, vault) = founded();
    town.settings(json!({"mfa": {"mode": "required", "methods": ["EMAIL_OTP"]}}));
    let (question, _, details) = asked(sign_in(&vault, "ada", "Lovelace-1815"));
    assert_eq!(details["choices"], json!(["emailCode"]));
    let email = Answer { email: "ada@example.com".into(), ..Answer::default() };
    let (question, name, _) = asked(answer(&vault, question, email));
    assert_eq!(name, "emailCode");
    succeeds(by_code(&town, &vault, question, "ada"));
}

#[test]
fn a_user_chooses_how_to_sign_in() {
    let (town, vault) = founded();
    town.settings(json!({"explicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}));
    for unnamed in [false, true] {
        town.settings(json!({"choice": {"unnamed": unnamed}}));
        let (question, name, details) = asked(choosing(&vault, "annie", ""));
        assert_eq!((name, &details["choices"]), ("chooseFactor", &json!(["password", "emailCode", "smsCode"])));
        let (question, name, _) = asked(answer(&vault, question, text("password")));
        assert_eq!(name, "password");
        succeeds(answer(&vault, question, password("Easley-1933")));
        for factor in ["emailCode", "smsCode"] {
            let (question, ..) = asked(choosing(&vault, "annie", ""));
            let (question, name, _) = asked(answer(&vault, question, text(factor)));
            assert_eq!(name, factor);
            succeeds(by_code(&town, &vault, question, "annie"));
        }
    }
    for (challenge, factor) in [("EMAIL_OTP", "emailCode"), ("SMS_OTP", "smsCode")] {
        let (question, name, _) = asked(choosing(&vault, "lynn", challenge));
        assert_eq!(name, factor);
        succeeds(by_code(&town, &vault, question, "lynn"));
    }
    let by_password = |typed: &str| {
        begin(&vault, |credentials| {
            credentials.username = "annie".into();
            credentials.password = typed.as_bytes().to_vec().into();
        })
    };
    succeeds(by_password("Easley-1933"));
    refuses(by_password("wrong"), "Incorrect username or password.");
    end(vault.refresh()).unwrap();
}

#[test]
fn an_unknown_user_is_asked_as_a_known_one() {
    let (town, vault) = founded();
    town.settings(json!({"explicitAuthFlows": ["ALLOW_USER_AUTH"]}));
    let (question, name, details) = asked(choosing(&vault, "nobody", ""));
    assert_eq!(name, "chooseFactor");
    assert!(!details["choices"].as_array().unwrap().is_empty());
    let (question, name, _) = asked(answer(&vault, question, text("password")));
    assert_eq!(name, "password");
    refuses(answer(&vault, question, password("Easley-1933")), "Incorrect username or password.");
}

#[test]
fn the_pools_own_questions_are_answered_in_rounds() {
    let (town, vault) = founded();
    let rounds = json!([
        {"parameters": {"question": "The colour of the sky?"}, "answer": "blue", "wrong": "again"},
        {"parameters": {"question": "And of grass?"}, "answer": "green", "wrong": "fail"},
    ]);
    town.settings(
        json!({"explicitAuthFlows": ["ALLOW_CUSTOM_AUTH"], "custom": {"password": "ifOffered", "rounds": rounds}}),
    );
    for typed in ["", "Lovelace-1815"] {
        let (question, name, details) = asked(sign_in_by(&vault, "ada", typed, Method::Custom));
        assert_eq!((name, &details["parameters"]["question"]), ("custom", &json!("The colour of the sky?")));
        let (question, _, details) = asked(answer(&vault, question, text("red")));
        assert_eq!(details["parameters"]["question"], "The colour of the sky?");
        let (question, _, details) = asked(answer(&vault, question, text("blue")));
        assert_eq!(details["parameters"]["question"], "And of grass?");
        succeeds(answer(&vault, question, text("green")));
    }
    let (question, ..) = asked(sign_in_by(&vault, "ada", "", Method::Custom));
    let (question, ..) = asked(answer(&vault, question, text("blue")));
    refuses(answer(&vault, question, text("grey")), "Incorrect username or password.");
    refuses(sign_in_by(&vault, "ada", "wrong", Method::Custom), "Incorrect username or password.");
}

#[test]
fn a_sign_up_signs_in() {
    let (town, vault) = founded();
    town.settings(json!({"explicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH"]}));
    let (question, name, _) = asked(sign_up(&vault, "rita", "Somerville-1780"));
    assert_eq!(name, "confirm");
    succeeds(by_code(&town, &vault, question, "rita"));

    // The code is good for longer than the session that came with it.
    let (question, ..) = asked(sign_up(&vault, "rosa", "Somerville-1780"));
    town.turn(3600);
    assert!(matches!(answer(&vault, question, text(&town.code("rosa"))), Ok(Next::SignedUp)));
    succeeds(sign_in(&vault, "rosa", "Somerville-1780"));
}

#[test]
fn a_device_is_confirmed_and_stands_in_for_the_second_factor() {
    let (town, vault) = founded();
    town.settings(json!({"mfa": {"mode": "optional"}, "devices": {"tracking": "always", "challenge": "forMfa"}}));
    let (question, ..) = asked(sign_in(&vault, "radia", "Perlman-1951"));
    succeeds(by_code(&town, &vault, question, "radia"));
    assert_eq!(town.events(), [Event::SignedIn]);
    let user = town.control("GET", "users/radia", Value::Null);
    assert_eq!((user["devices"].as_array().unwrap().len(), &user["devices"][0]["confirmed"]), (1, &json!(true)));
    end(vault.refresh()).unwrap();

    // No code is asked for, and no second device appears.
    for method in [Method::Srp, Method::Password] {
        succeeds(sign_in_by(&vault, "radia", "Perlman-1951", method));
        end(vault.refresh()).unwrap();
    }
    let user = town.control("GET", "users/radia", Value::Null);
    assert_eq!(user["devices"].as_array().unwrap().len(), 1);
    let operations: Vec<_> = town.seen().into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(operations.iter().filter(|name| *name == "ConfirmDevice").count(), 1);
}

#[test]
fn a_device_that_the_pool_has_forgotten_is_made_anew() {
    let (town, vault) = founded();
    town.settings(json!({"mfa": {"mode": "optional"}, "devices": {"tracking": "always", "challenge": "forMfa"}}));
    let (question, ..) = asked(sign_in(&vault, "radia", "Perlman-1951"));
    succeeds(by_code(&town, &vault, question, "radia"));
    let other = town.client();
    let (question, ..) = asked(sign_in(&other, "radia", "Perlman-1951"));
    succeeds(answer(&other, question, text(&town.code("radia"))));
    let key = town.control("GET", "users/radia", Value::Null)["devices"][0]["key"].as_str().unwrap().to_owned();
    let forget = SecretText::new(json!({"DeviceKey": key}).to_string());
    end(other.account("ForgetDevice", forget)).unwrap();

    let (question, name, _) = asked(sign_in(&vault, "radia", "Perlman-1951"));
    assert_eq!(name, "smsCode");
    succeeds(answer(&vault, question, text(&town.code("radia"))));
    succeeds(sign_in(&vault, "radia", "Perlman-1951"));
}

#[test]
fn a_session_whose_device_was_forgotten_ends_at_the_next_refresh() {
    let (town, vault) = founded();
    town.settings(json!({"devices": {"tracking": "optIn", "challenge": "everySignIn"}}));
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
    assert_eq!(town.events(), [Event::SignedIn, Event::RememberDevice]);
    let remember = SecretText::new(json!({"DeviceRememberedStatus": "remembered"}).to_string());
    end(vault.account("UpdateDeviceStatus", remember)).unwrap();
    let device = end(vault.account("GetDevice", SecretText::default())).unwrap();
    assert!(device.expose().contains("remembered"));
    end(vault.refresh()).unwrap();
    end(vault.account("ForgetDevice", SecretText::default())).unwrap();
    town.events();
    assert!(end(vault.refresh()).is_err());
    assert_eq!(town.events(), [Event::SignedOut(Reason::Refused)]);
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
    end(vault.refresh()).unwrap();
}

#[test]
fn a_lost_confirmation_of_a_device_is_sent_again() {
    let (town, vault) = founded();
    town.settings(json!({"devices": {"tracking": "always", "challenge": "never"}}));
    town.loses_next("ConfirmDevice");
    succeeds(sign_in(&vault, "ada", "Lovelace-1815"));
    assert_eq!(town.events(), [Event::SignedIn], "that it exists already means that it is confirmed");
    end(vault.refresh()).unwrap();
}

#[test]
fn more_assurance_is_asked_for_while_signed_in() {
    let (town, vault) = founded();
    town.settings(json!({"explicitAuthFlows": ["ALLOW_USER_AUTH"], "mfa": {"mode": "optional"}}));
    let step_up = |credentials: &mut Credentials| {
        credentials.username = "hedy".into();
        credentials.password = b"Lamarr-1914".to_vec().into();
        credentials.step_up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:3", "MAX_AGE": "300"}).to_string().into();
    };
    let (question, name, _) = asked(begin(&vault, step_up));
    assert_eq!(name, "totp");
    succeeds(answer(&vault, question, text(&totp(&town, SECRET, 0))));
    // What was shown a moment ago counts.
    succeeds(begin(&vault, |credentials| {
        step_up(credentials);
        credentials.password = Vec::new().into();
    }));
    town.settings(json!({"plan": "LITE"}));
    assert_eq!(begin(&vault, step_up).unwrap_err().code, Code::FeatureUnavailableInTier);
}
