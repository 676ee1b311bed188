//! Accounts: made, confirmed, unconfirmed, with a temporary password, to be reset.

use super::support::service::pairs;
use super::town::{answer, asked, founded, refuses, sign_in, sign_in_by, sign_up, succeeds};
use cognito_vault::client::Next;
use cognito_vault::error::Code;
use cognito_vault::flow::{Answer, Ask, Method};
use serde_json::{Value, json};

use super::support::tasks::end;

const PASSWORD: &str = "Somerville-1780";

fn code(text: &str) -> Answer {
    Answer::Code(text.into())
}

fn new_password(password: &str, attributes: &[(&str, &str)]) -> Answer {
    Answer::NewPassword { password: password.as_bytes().to_vec().into(), attributes: pairs(attributes) }
}

#[test]
fn an_account_is_made_confirmed_and_signed_in() {
    let (town, vault) = founded();
    let (question, ask) = asked(sign_up(&vault, "mary", PASSWORD));
    let Ask::Confirm { username, sent_to: Some(sent_to) } = ask else { panic!("{ask:?}") };
    assert_eq!((username.as_str(), sent_to.medium.as_deref()), ("mary", Some("EMAIL")));

    assert_eq!(answer(&vault, question, code("000000")).unwrap_err().code, Code::CodeMismatch);
    assert!(end(vault.resend(question)).unwrap().is_some());
    let newest = format!(" {}\n", town.code("mary"));
    assert!(matches!(answer(&vault, question, code(&newest)), Ok(Next::SignedUp)));
    succeeds(sign_in(&vault, "mary", PASSWORD));
    let attributes = end(vault.attributes()).unwrap();
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
    end(later.resend_sign_up_code("mary", vec![])).unwrap();
    let newest = town.code("mary");
    end(later.confirm_sign_up("mary", &newest, vec![])).unwrap();
    // Confirmed already is as good as confirmed.
    let again = end(later.confirm_sign_up("mary", &newest, vec![]));
    assert!(again.is_ok() || again.unwrap_err().code == Code::ExpiredCode);
    succeeds(sign_in(&later, "mary", PASSWORD));
}

#[test]
fn an_unconfirmed_account_is_confirmed_while_it_signs_in() {
    for method in [Method::Srp, Method::Password] {
        let (town, vault) = founded();
        asked(sign_up(&vault, "mary", PASSWORD));
        let (question, ask) = asked(sign_in_by(&vault, "mary", PASSWORD, method));
        assert_eq!(ask, Ask::ConfirmSignUp { username: "mary".to_owned() });
        end(vault.resend(question)).unwrap();
        assert_eq!(answer(&vault, question, code("000000")).unwrap_err().code, Code::CodeMismatch);
        succeeds(answer(&vault, question, code(&town.code("mary"))));
    }
}

#[test]
fn a_lost_confirmation_is_given_once_more() {
    let (town, vault) = founded();
    asked(sign_up(&vault, "mary", PASSWORD));
    let (question, _) = asked(sign_in(&vault, "mary", PASSWORD));
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
        let (question, ask) = asked(sign_in_by(&vault, "murray", "Hopper-1906-tmp", method));
        let Ask::NewPassword { required, known } = ask else { panic!("{ask:?}") };
        assert_eq!(required, ["given_name"]);
        assert_eq!(known, pairs(&[("email", "grace@example.com")]));

        let few = answer(&vault, question, new_password("Cobol-1959", &[])).unwrap_err();
        assert_eq!(few.message, "The pool requires the attribute given_name.");
        let weak = answer(&vault, question, new_password("weak", &[("given_name", "Grace")])).unwrap_err();
        assert_eq!(weak.code, Code::InvalidPassword);
        succeeds(answer(&vault, question, new_password("Cobol-1959", &[("given_name", "Grace")])));
        let attributes = end(vault.attributes()).unwrap();
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
    let (question, _) = asked(sign_in(&vault, "murray", "Hopper-1906-tmp"));
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
        let (question, ask) = asked(sign_in_by(&vault, "mary", PASSWORD, method));
        assert_eq!(ask, Ask::ResetPassword { username: "mary".to_owned() });
        assert!(end(vault.resend(question)).unwrap().is_some());
        let reset = |code: &str, password: &str| Answer::Reset {
            code: code.into(),
            password: password.as_bytes().to_vec().into(),
        };
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
    let challenge = json!({"username": "ada", "challengeName": "SMS_MFA", "parameters": {}});
    town.control("POST", "challenges", challenge);
    let error = sign_in(&vault, "ada", "Lovelace-1815").unwrap_err();
    assert_eq!(error.code, Code::UnsupportedChallenge);
    assert!(error.message.contains("SMS_MFA"));
    assert_eq!(town.control("GET", "users/ada", Value::Null)["username"], "ada");
}
