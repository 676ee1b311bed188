//! Passkeys: how they are registered, listed and deleted.

use serde_json::{Value, json};

use crate::authenticator::{Authenticator, encoded};
use crate::browser::{Browser, OTHER, add_other_client, exchange, hosted_tokens};
use crate::support::{Answer, Pool, START, epoch};

const MISSING: &str = "WebAuthnChallengeNotFoundException";
const UNSUPPORTED: &str = "WebAuthnCredentialNotSupportedException";

pub fn start(pool: &Pool, access: &str) -> Answer {
    pool.call("StartWebAuthnRegistration", json!({ "AccessToken": access }))
}

pub fn complete(pool: &Pool, access: &str, credential: &Value) -> Answer {
    pool.call("CompleteWebAuthnRegistration", json!({ "AccessToken": access, "Credential": credential }))
}

#[track_caller]
fn options(pool: &Pool, access: &str) -> Value {
    start(pool, access).ok()["CredentialCreationOptions"].clone()
}

/// Registers a passkey of this authenticator.
#[track_caller]
pub fn register(pool: &Pool, access: &str, authenticator: &mut Authenticator) {
    let credential = authenticator.create(&options(pool, access));
    assert_eq!(complete(pool, access, &credential).ok(), json!({}));
}

fn list(pool: &Pool, access: &str, change: Value) -> Answer {
    let mut body = json!({ "AccessToken": access });
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    pool.call("ListWebAuthnCredentials", body)
}

#[test]
fn a_passkey_is_registered_listed_and_deleted() {
    for mut authenticator in [Authenticator::es256(), Authenticator::rs256()] {
        let pool = Pool::new();
        let access = pool.tokens("ada").access;
        let offered = options(&pool, &access);
        assert_eq!(offered["rp"], json!({ "id": "localhost", "name": "localhost" }));
        assert_eq!(offered["user"]["name"], "ada");
        assert_eq!((&offered["timeout"], &offered["excludeCredentials"]), (&json!(60_000), &json!([])));
        let algorithms: Vec<_> =
            offered["pubKeyCredParams"].as_array().unwrap().iter().map(|one| &one["alg"]).collect();
        assert_eq!(algorithms, [-7, -257]);
        assert_eq!(
            offered["authenticatorSelection"],
            json!({ "requireResidentKey": true, "residentKey": "required", "userVerification": "preferred" })
        );
        assert_eq!(list(&pool, &access, json!({})).ok(), json!({ "Credentials": [] }));

        complete(&pool, &access, &authenticator.create(&offered)).ok();
        let listed = list(&pool, &access, json!({})).ok();
        let id = encoded(&authenticator.id);
        assert_eq!(
            listed["Credentials"],
            json!([{ "CredentialId": id, "FriendlyCredentialName": "Passkey", "RelyingPartyId": "localhost",
                     "AuthenticatorAttachment": "platform", "AuthenticatorTransports": ["hybrid", "internal"],
                     "CreatedAt": epoch(START) }])
        );
        assert_eq!(options(&pool, &access)["excludeCredentials"][0]["id"], id);

        let delete =
            |id: &str| pool.call("DeleteWebAuthnCredential", json!({ "AccessToken": access, "CredentialId": id }));
        delete("").refused("ResourceNotFoundException");
        delete(&encoded(b"another")).refused("ResourceNotFoundException");
        assert_eq!(delete(&id).ok(), json!({}));
        delete(&id).refused("ResourceNotFoundException");
        assert_eq!(list(&pool, &access, json!({})).ok(), json!({ "Credentials": [] }));
    }
}

#[test]
fn a_challenge_is_for_one_registration_and_a_short_time() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let mut authenticator = Authenticator::es256();
    let unasked = authenticator.create(&json!({ "rp": { "id": "localhost" }, "challenge": encoded(&[7; 16]) }));
    complete(&pool, &access, &unasked).refused(MISSING);
    let older = options(&pool, &access);
    let offered = options(&pool, &access);
    complete(&pool, &access, &authenticator.create(&older)).refused(MISSING);
    complete(&pool, &access, &unasked).refused(MISSING);
    // Whatever did not carry the challenge has not spent it.
    let credential = authenticator.create(&offered);
    complete(&pool, &access, &credential).ok();
    complete(&pool, &access, &credential).refused(MISSING);

    let mut other = Authenticator::es256();
    let offered = options(&pool, &access);
    pool.turn(60);
    complete(&pool, &access, &other.create(&offered)).refused(MISSING);
    let offered = options(&pool, &access);
    pool.turn(59);
    complete(&pool, &access, &other.create(&offered)).ok();
}

#[test]
fn a_challenge_is_for_one_user_and_one_client() {
    let pool = Pool::new();
    pool.add("bob", "CONFIRMED");
    add_other_client(&pool);
    let [ada, bob] = ["ada", "bob"].map(|username| pool.tokens(username).access);
    let mut authenticator = Authenticator::es256();
    let credential = authenticator.create(&options(&pool, &ada));
    complete(&pool, &bob, &credential).refused(MISSING);
    let landing = Browser::new(&pool).sign_in(&[("client_id", OTHER)]);
    let given = exchange(&pool, landing.get("code"), &[("client_id", OTHER)]).ok();
    let other_client = given["access_token"].as_str().unwrap();
    complete(&pool, other_client, &credential).refused("WebAuthnClientMismatchException");
    let given = hosted_tokens(&pool, &[]);
    let same_client = given["access_token"].as_str().unwrap();
    complete(&pool, same_client, &credential).ok();
    // A credential has one owner.
    complete(&pool, &bob, &authenticator.create(&options(&pool, &bob))).refused("InvalidParameterException");
}

#[test]
fn answers_that_do_not_fit_are_refused_by_what_is_wrong() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let refused = |change: fn(&mut Authenticator), error: &str| {
        let mut authenticator = Authenticator::es256();
        change(&mut authenticator);
        let offered = options(&pool, &access);
        complete(&pool, &access, &authenticator.create(&offered)).refused(error);
    };
    let origin = "WebAuthnOriginNotAllowedException";
    refused(|it| it.origin = "http://127.0.0.1:4173".to_owned(), origin);
    refused(|it| it.origin = "https://localhost.example.com".to_owned(), origin);
    refused(|it| it.origin = "https://notlocalhost".to_owned(), origin);
    refused(|it| it.rp_id = Some("example.com".to_owned()), "WebAuthnRelyingPartyMismatchException");
    refused(|it| *it = Authenticator::es384(), UNSUPPORTED);
    refused(|it| it.user_present = false, UNSUPPORTED);
    pool.set(json!({ "passkeys": { "userVerification": "required" } }));
    assert_eq!(options(&pool, &access)["authenticatorSelection"]["userVerification"], "required");
    refused(|it| it.user_verified = false, UNSUPPORTED);
    pool.set(json!({ "passkeys": { "origins": ["https://app.example.com"], "relyingPartyId": "example.com" } }));
    refused(|it| it.origin = "https://other.example.com".to_owned(), origin);
    let mut authenticator = Authenticator::es256();
    authenticator.origin = "https://app.example.com".to_owned();
    register(&pool, &access, &mut authenticator);
    pool.set(json!({ "passkeys": { "origins": [] } }));
    let mut below = Authenticator::es256();
    below.origin = "http://app.example.com".to_owned();
    complete(&pool, &access, &below.create(&options(&pool, &access))).refused(origin);
    below.origin = "https://any.example.com:8443".to_owned();
    register(&pool, &access, &mut below);
}

#[test]
fn a_credential_must_have_its_shape() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let offered = options(&pool, &access);
    let mut authenticator = Authenticator::es256();
    let good = authenticator.create(&offered);
    for wrong in [json!("text"), json!(null), json!([]), json!(good.to_string())] {
        complete(&pool, &access, &wrong).refused("SerializationException");
    }
    let spoilt = |path: &str, value: Value| {
        let mut wrong = good.clone();
        *wrong.pointer_mut(path).unwrap() = value;
        wrong
    };
    for wrong in [
        json!({}),
        spoilt("/type", json!("password")),
        spoilt("/rawId", json!(encoded(&[1; 32]))),
        spoilt("/id", json!(null)),
        spoilt("/response/clientDataJSON", json!("e30")),
        spoilt("/response/clientDataJSON", json!("not base64url!")),
        spoilt("/response/attestationObject", json!("")),
        spoilt("/response", json!({})),
    ] {
        complete(&pool, &access, &wrong).refused("InvalidParameterException");
    }
    complete(&pool, &access, &json!(good)).ok();
}

#[test]
fn twenty_passkeys_are_all_and_come_in_pages() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let offered: Vec<_> = (0..20)
        .map(|_| {
            let mut authenticator = Authenticator::es256();
            register(&pool, &access, &mut authenticator);
            encoded(&authenticator.id)
        })
        .collect();
    start(&pool, &access).refused("LimitExceededException");
    let ids = |page: &Value| -> Vec<String> {
        let list = page["Credentials"].as_array().unwrap().iter();
        list.map(|one| one["CredentialId"].as_str().unwrap().to_owned()).collect()
    };
    for whole in [json!({}), json!({ "MaxResults": 20 }), json!({ "MaxResults": 0 })] {
        let all = list(&pool, &access, whole).ok();
        assert_eq!((ids(&all), all.get("NextToken")), (offered.clone(), None));
    }
    let first = list(&pool, &access, json!({ "MaxResults": 12 })).ok();
    let second = list(&pool, &access, json!({ "MaxResults": 12, "NextToken": first["NextToken"] })).ok();
    assert_eq!([ids(&first), ids(&second)].concat(), offered);
    assert_eq!(second.get("NextToken"), None);
    for wrong in [json!({ "MaxResults": 21 }), json!({ "MaxResults": -1 }), json!({ "NextToken": "x" })] {
        list(&pool, &access, wrong).refused("InvalidParameterException");
    }
    for wrong in [json!({ "MaxResults": "1" }), json!({ "MaxResults": 1.5 }), json!({ "MaxResults": null })] {
        list(&pool, &access, wrong).refused("SerializationException");
    }
}

#[test]
fn passkeys_can_be_off_or_not_configured() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let mut authenticator = Authenticator::es256();
    let credential = authenticator.create(&options(&pool, &access));
    pool.set(json!({ "passkeys": { "relyingPartyId": null } }));
    start(&pool, &access).refused("WebAuthnConfigurationMissingException");
    complete(&pool, &access, &credential).refused("WebAuthnRelyingPartyMismatchException");
    pool.set(json!({ "passkeys": { "enabled": false, "relyingPartyId": "localhost" } }));
    start(&pool, &access).refused("WebAuthnNotEnabledException");
    complete(&pool, &access, &credential).refused("WebAuthnNotEnabledException");
}

#[test]
fn only_an_open_token_of_a_user_in_good_standing_does_it() {
    let pool = Pool::new();
    let access = pool.tokens("ada").access;
    let each = |access: &str, error: (&str, &str)| {
        start(&pool, access).refused_with(error.0, error.1);
        complete(&pool, access, &json!({})).refused_with(error.0, error.1);
        list(&pool, access, json!({})).refused_with(error.0, error.1);
        let body = json!({ "AccessToken": access, "CredentialId": "x" });
        pool.call("DeleteWebAuthnCredential", body).refused_with(error.0, error.1);
    };
    each("x.y.z", ("NotAuthorizedException", "Invalid Access Token"));
    pool.change("ada", json!({ "status": "RESET_REQUIRED" }));
    each(&access, ("PasswordResetRequiredException", "Password reset required for the user"));
    pool.control("DELETE", "users/ada", json!({})).ok();
    each(&access, ("NotAuthorizedException", "Access Token has been revoked"));
}
