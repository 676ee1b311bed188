//! Accounts: made, confirmed, unconfirmed, with a temporary password, to be reset.

use super::support::service::texts;
use super::town::{
    account, answer, asked, attributes, founded, refuses, resend, sign_in, sign_in_by, sign_up, succeeds,
};
use cognito_vault::client::Next;
use cognito_vault::error::Code;
use cognito_vault::flow::{Answer, Method};
use serde_json::{Value, json};

const PASSWORD: &str = "Somerville-1780";

fn code(text: &str) -> Answer {
    Answer { text: text.into(), ..Answer::default() }
}

fn new_password(password: &str, responses: &[(&str, &str)]) -> Answer {
    let (password, responses) = (password.as_bytes().to_vec().into(), texts(responses));
    Answer { password, responses, ..Answer::default() }
}

#[test]
fn an_account_is_made_confirmed_and_signed_in() {
    let (town, vault) = founded();
    let (question, name, details) = asked(sign_up(&vault, "mary", PASSWORD));
    assert_eq!(
        (name, &details["username"], &details["delivery"]["DeliveryMedium"]),
        ("confirm", &json!("mary"), &json!("EMAIL"))
    );

    assert_eq!(answer(&vault, question, code("000000")).unwrap_err().code, Code::CodeMismatch);
    assert_eq!(resend(&vault, question)["DeliveryMedium"], "EMAIL");
    let newest = format!(" {}\n", town.code("mary"));
    assert!(matches!(answer(&vault, question, code(&newest)), Ok(Next::SignedUp)));
    succeeds(sign_in(&vault, "mary", PASSWORD));
    let attributes = attributes(&vault).unwrap();
    assert!(attributes.contains(&("email".to_owned(), "mary@example.com".to_owned())));
    assert!(attributes.contains(&("email_verified".to_owned(), "true".to_owned())));

    assert_eq!(sign_up(&vault, "mary", PASSWORD).unwrap_err().code, Code::UsernameExists);
    let weak = sign_up(&vault, "other", "weak").unwrap_err();
    assert_eq!(weak.code, Code::InvalidPassword);
    assert_eq!(weak.message, "Password did not conform with policy: Password not long enough");
}

#[test]
fn an_account_may_need_no_code() {
    let (town, vault) = founded();
    town.settings(json!({"autoConfirm": true}));
    assert!(matches!(sign_up(&vault, "mary", PASSWORD), Ok(Next::SignedUp)));
    succeeds(sign_in(&vault, "mary", PASSWORD));
}

#[test]
fn a_later_visit_confirms_what_an_earlier_one_began() {
    let (town, vault) = founded();
    asked(sign_up(&vault, "mary", PASSWORD));
    let later = town.client();
    let sent = account(&later, "ResendConfirmationCode", &json!({"Username": "mary"})).unwrap();
    assert_eq!(sent["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let confirm =
        || account(&later, "ConfirmSignUp", &json!({"Username": "mary", "ConfirmationCode": town.code("mary")}));
    confirm().unwrap();
    // Confirmed already is as good as confirmed.
    let again = confirm();
    assert!(again.is_ok() || again.unwrap_err().code == Code::ExpiredCode);
    succeeds(sign_in(&later, "mary", PASSWORD));
}

#[test]
fn an_unconfirmed_account_is_confirmed_while_it_signs_in() {
    for method in [Method::Srp, Method::Password] {
        let (town, vault) = founded();
        asked(sign_up(&vault, "mary", PASSWORD));
        let (question, name, details) = asked(sign_in_by(&vault, "mary", PASSWORD, method));
        assert_eq!((name, details), ("confirmSignUp", json!({"username": "mary"})));
        resend(&vault, question);
        assert_eq!(answer(&vault, question, code("000000")).unwrap_err().code, Code::CodeMismatch);
        succeeds(answer(&vault, question, code(&town.code("mary"))));
    }
}

#[test]
fn a_lost_confirmation_is_given_once_more() {
    let (town, vault) = founded();
    asked(sign_up(&vault, "mary", PASSWORD));
    let (question, ..) = asked(sign_in(&vault, "mary", PASSWORD));
    let newest = town.code("mary");
    town.loses(1);
    assert_eq!(answer(&vault, question, code(&newest)).unwrap_err().code, Code::Network);
    succeeds(answer(&vault, question, code(&newest)));
}

#[test]
fn a_temporary_password_is_replaced() {
    for method in [Method::Srp, Method::Password] {
        let (town, vault) = founded();
        let more = json!({
            "status": "FORCE_CHANGE_PASSWORD",
            "attributes": {"email": "grace@example.com"},
            "requiredAttributes": ["email", "given_name"],
        });
        town.user("murray", "Hopper-1906-tmp", more);
        let (question, name, details) = asked(sign_in_by(&vault, "murray", "Hopper-1906-tmp", method));
        let required = json!(r#"["userAttributes.given_name"]"#);
        assert_eq!((name, &details["parameters"]["requiredAttributes"]), ("newPassword", &required));

        let weak =
            answer(&vault, question, new_password("weak", &[("userAttributes.given_name", "Grace")])).unwrap_err();
        assert_eq!(weak.code, Code::InvalidPassword);
        succeeds(answer(&vault, question, new_password("Cobol-1959", &[("userAttributes.given_name", "Grace")])));
        let attributes = attributes(&vault).unwrap();
        assert!(attributes.contains(&("given_name".to_owned(), "Grace".to_owned())));

        let later = town.client();
        refuses(sign_in(&later, "murray", "Hopper-1906-tmp"), "Incorrect username or password.");
        succeeds(sign_in(&later, "murray", "Cobol-1959"));
    }
}

#[test]
fn a_new_password_comes_too_late() {
    let (town, vault) = founded();
    town.user("murray", "Hopper-1906-tmp", json!({"status": "FORCE_CHANGE_PASSWORD", "requiredAttributes": []}));
    let (question, ..) = asked(sign_in(&vault, "murray", "Hopper-1906-tmp"));
    town.turn(181);
    let late = answer(&vault, question, new_password("Cobol-1959", &[])).unwrap_err();
    assert_eq!(late.code, Code::NotAuthorized);
    assert_eq!(answer(&vault, question, new_password("Cobol-1959", &[])).unwrap_err().code, Code::InvalidState);
}

#[test]
fn a_password_is_reset_while_its_user_signs_in() {
    for method in [Method::Srp, Method::Password] {
        let (town, vault) = founded();
        town.user("mary", PASSWORD, json!({"status": "RESET_REQUIRED", "attributes": {"email": "mary@example.com"}}));
        let (question, name, details) = asked(sign_in_by(&vault, "mary", PASSWORD, method));
        assert_eq!((name, details), ("resetPassword", json!({"username": "mary"})));
        assert_eq!(resend(&vault, question)["DeliveryMedium"], "EMAIL");
        let reset = |text: &str, password: &str| Answer { text: text.into(), ..new_password(password, &[]) };
        let newest = town.code("mary");
        assert_eq!(answer(&vault, question, reset("000000", "Mechanism-1831")).unwrap_err().code, Code::CodeMismatch);
        assert_eq!(answer(&vault, question, reset(&newest, "weak")).unwrap_err().code, Code::InvalidPassword);
        succeeds(answer(&vault, question, reset(&newest, "Mechanism-1831")));
        succeeds(sign_in(&town.client(), "mary", "Mechanism-1831"));
    }
}

#[test]
fn a_challenge_of_a_later_version_is_named() {
    let (town, vault) = founded();
    let challenge = json!({"username": "ada", "challengeName": "RIDDLE", "parameters": {}});
    town.control("POST", "challenges", challenge);
    let error = sign_in(&vault, "ada", "Lovelace-1815").unwrap_err();
    assert_eq!(error.code, Code::UnsupportedChallenge);
    assert!(error.message.contains("RIDDLE"));
    assert_eq!(town.control("GET", "users/ada", Value::Null)["username"], "ada");
}
