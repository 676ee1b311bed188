//! Requests, byte for byte.

use super::support::service::{members, pool, texts as json};
use cognito_vault::protocol::Repeat::{self, Never, Safe};
use cognito_vault::protocol::Request;
use cognito_vault::protocol::json::Object;
use cognito_vault::secret::SecretText;

fn texts(values: &[(&str, &str)]) -> Object {
    let mut object = Object::new();
    for (name, value) in values {
        object.text(name, value);
    }
    object
}

/// A request, its operation, whether it may be repeated, and its whole body.
type Case = (Box<Request>, &'static str, Repeat, &'static str);

fn cases() -> Vec<Case> {
    let (pool, none, all) = (pool(), String::new(), json(&[("tenant", "north"), ("trace", "7")]));
    let secret = SecretText::from;
    vec![
        (
            pool.initiate_auth("USER_SRP_AUTH", None, texts(&[("USERNAME", "ada"), ("SRP_A", "a1")]), &none, Safe),
            "InitiateAuth",
            Safe,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","AuthFlow":"USER_SRP_AUTH","AuthParameters":{"USERNAME":"ada","SRP_A":"a1"}}"#,
        ),
        (
            pool.initiate_auth(
                "USER_PASSWORD_AUTH",
                None,
                texts(&[("USERNAME", "ada"), ("PASSWORD", "p\"w\\")]),
                &all,
                Never,
            ),
            "InitiateAuth",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"ada","PASSWORD":"p\"w\\"},"ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.initiate_auth("USER_AUTH", Some(&secret("session-1")), texts(&[("USERNAME", "ada")]), &none, Never),
            "InitiateAuth",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","AuthFlow":"USER_AUTH","Session":"session-1","AuthParameters":{"USERNAME":"ada"}}"#,
        ),
        (
            pool.respond_to_auth_challenge(
                "PASSWORD_VERIFIER",
                None,
                texts(&[("USERNAME", "ada"), ("TIMESTAMP", "t")]),
                &none,
            ),
            "RespondToAuthChallenge",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","ChallengeName":"PASSWORD_VERIFIER","ChallengeResponses":{"USERNAME":"ada","TIMESTAMP":"t"}}"#,
        ),
        (
            pool.respond_to_auth_challenge("X", Some(&secret("session-1")), texts(&[("USERNAME", "ada")]), &all),
            "RespondToAuthChallenge",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","ChallengeName":"X","Session":"session-1","ChallengeResponses":{"USERNAME":"ada"},"ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.associate_software_token(&secret("session-1")),
            "AssociateSoftwareToken",
            Never,
            r#"{"Session":"session-1"}"#,
        ),
        (
            pool.verify_software_token(&secret("session-1"), " 123456\n"),
            "VerifySoftwareToken",
            Never,
            r#"{"Session":"session-1","UserCode":"123456"}"#,
        ),
        (
            pool.confirm_device(&secret("access-1"), "eu-west-1_d", "c2FsdA==", "dmVyaWZpZXI="),
            "ConfirmDevice",
            Safe,
            r#"{"AccessToken":"access-1","DeviceKey":"eu-west-1_d","DeviceSecretVerifierConfig":{"Salt":"c2FsdA==","PasswordVerifier":"dmVyaWZpZXI="}}"#,
        ),
        (
            pool.refresh(&secret("refresh-1"), None, &none, Safe),
            "GetTokensFromRefreshToken",
            Safe,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","RefreshToken":"refresh-1"}"#,
        ),
        (
            pool.refresh(&secret("refresh-1"), Some("eu-west-1_d"), &all, Never),
            "GetTokensFromRefreshToken",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","RefreshToken":"refresh-1","DeviceKey":"eu-west-1_d","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.revoke_token(&secret("refresh-1")),
            "RevokeToken",
            Safe,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Token":"refresh-1"}"#,
        ),
        (
            pool.sign_up("ada", "pw", &none, &none),
            "SignUp",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","Password":"pw"}"#,
        ),
        (
            pool.sign_up("ada", "", &none, &none),
            "SignUp",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada"}"#,
        ),
        (
            pool.sign_up("ada", "pw", &members(&[("email", "a@b"), ("custom:team", "ü")], &[("beta", "1")]), &all),
            "SignUp",
            Never,
            r#"{"UserAttributes":[{"Name":"email","Value":"a@b"},{"Name":"custom:team","Value":"ü"}],"ValidationData":[{"Name":"beta","Value":"1"}],"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","Password":"pw","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.confirm_sign_up("ada", " 123456\n", None, &none),
            "ConfirmSignUp",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ConfirmationCode":"123456"}"#,
        ),
        (
            pool.confirm_sign_up("ada", "123456", Some(&secret("session-1")), &all),
            "ConfirmSignUp",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ConfirmationCode":"123456","Session":"session-1","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.resend_confirmation_code("ada", &none),
            "ResendConfirmationCode",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada"}"#,
        ),
        (
            pool.resend_confirmation_code("ada", &all),
            "ResendConfirmationCode",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.forgot_password("ada", &all),
            "ForgotPassword",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
        (
            pool.confirm_forgot_password("ada", "\t123456 ", " p w ", &none),
            "ConfirmForgotPassword",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ConfirmationCode":"123456","Password":" p w "}"#,
        ),
        (
            pool.confirm_forgot_password("ada", "123456", "pw", &all),
            "ConfirmForgotPassword",
            Never,
            r#"{"ClientId":"1h57kf5cpq17m0eml12example","Username":"ada","ConfirmationCode":"123456","Password":"pw","ClientMetadata":{"tenant":"north","trace":"7"}}"#,
        ),
    ]
}

#[test]
fn each_operation_is_asked_as_the_api_says() {
    for (request, operation, repeat, body) in cases() {
        assert_eq!(request.body.expose(), body, "{operation}");
        assert_eq!((request.operation, request.repeat), (operation, repeat), "{operation}");
        assert_eq!(request.url, "https://cognito-idp.eu-west-1.amazonaws.com/", "{operation}");
    }
}

#[test]
fn a_request_prints_nothing_of_its_body() {
    for (request, operation, ..) in cases() {
        let printed = format!("{request:?}");
        assert!(printed.contains("[redacted]") && !printed.contains("ada") && !printed.contains("-1\""), "{operation}");
    }
}
