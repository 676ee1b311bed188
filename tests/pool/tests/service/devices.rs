//! Remembered devices: made known, proven in place of a second factor, named at refresh, listed and forgotten.

use cognito_pool::CLIENT_ID;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Pool, Proof, Tokens, opened, verifier};

const UNKNOWN: (&str, &str) = ("ResourceNotFoundException", "Device does not exist.");
const DEAD: (&str, &str) = ("NotAuthorizedException", "Invalid Refresh Token");
const SECRET: &str = "a secret of the device";

struct Device {
    key: String,
    group: String,
    tokens: Tokens,
}

impl Device {
    /// The new device that a sign-in brought.
    #[track_caller]
    fn of(answer: &Value) -> Self {
        let device = &answer["AuthenticationResult"]["NewDeviceMetadata"];
        let text = |name: &str| device[name].as_str().unwrap().to_owned();
        Self { key: text("DeviceKey"), group: text("DeviceGroupKey"), tokens: Tokens::of(answer) }
    }

    fn confirm(&self, pool: &Pool) -> Answer {
        let config = verifier(&format!("{}{}", self.group, self.key), SECRET);
        self.confirm_with(pool, json!({ "DeviceSecretVerifierConfig": config, "DeviceName": "Laptop" }))
    }

    fn confirm_with(&self, pool: &Pool, mut members: Value) -> Answer {
        members["DeviceKey"] = self.key.as_str().into();
        pool.with_token("ConfirmDevice", &self.tokens.access, members)
    }

    fn call(&self, pool: &Pool, operation: &str) -> Answer {
        pool.with_token(operation, &self.tokens.access, json!({ "DeviceKey": self.key }))
    }
}

fn pool() -> Pool {
    let pool = Pool::new();
    pool.set(json!({ "devices": { "tracking": "always" }, "mfa": { "mode": "optional" } }));
    pool
}

fn confirmed(pool: &Pool) -> Device {
    let device = Device::of(&pool.plain("ada", PASSWORD).ok());
    device.confirm(pool).ok();
    device
}

fn plain_on(pool: &Pool, username: &str, password: &str, key: &str) -> Answer {
    pool.initiate("USER_PASSWORD_AUTH", json!({ "USERNAME": username, "PASSWORD": password, "DEVICE_KEY": key }))
}

/// A whole SRP sign-in on a device.
fn srp_on(pool: &Pool, username: &str, password: &str, key: &str) -> Answer {
    let proof = Proof::default();
    let parameters = json!({ "USERNAME": username, "SRP_A": proof.public(), "DEVICE_KEY": key });
    let begun = pool.initiate("USER_SRP_AUTH", parameters).ok();
    let mut responses = proof.responses(&begun["ChallengeParameters"], password, &pool.timestamp(0));
    responses["DEVICE_KEY"] = key.into();
    pool.respond("PASSWORD_VERIFIER", None, responses)
}

fn renew(pool: &Pool, refresh: &str, key: &str) -> Answer {
    let body = json!({ "ClientId": CLIENT_ID, "RefreshToken": refresh, "DeviceKey": key });
    pool.call("GetTokensFromRefreshToken", body)
}

/// Radia, who has SMS MFA, with a confirmed device.
fn radia(pool: &Pool) -> Device {
    let asked = pool.plain("radia", "Perlman-1951").ok();
    let answer = pool.answer(&asked, json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") })).ok();
    let device = Device::of(&answer);
    device.confirm(pool).ok();
    device
}

/// DEVICE_SRP_AUTH answered.
fn device_verifier(pool: &Pool, device: &Device, asked: &Value) -> Value {
    let responses = json!({ "USERNAME": "radia", "DEVICE_KEY": device.key, "SRP_A": Proof::default().public() });
    pool.answer(asked, responses).ok()
}

fn prove_device(pool: &Pool, device: &Device, asked: &Value, secret: &str) -> Answer {
    let identity = format!("{}{}", device.group, device.key);
    let parameters = &asked["ChallengeParameters"];
    let mut responses = Proof::default().responses_as(&identity, parameters, secret, &pool.timestamp(0));
    responses["USERNAME"] = "radia".into();
    responses["DEVICE_KEY"] = device.key.as_str().into();
    pool.answer(asked, responses)
}

#[test]
fn a_pool_without_devices_has_none() {
    let pool = Pool::new();
    let answer = pool.srp("ada", PASSWORD).ok();
    assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
    let access = Tokens::of(&answer).access;
    assert_eq!(opened(&access).1.get("device_key"), None);
    pool.with_token("ListDevices", &access, json!({})).refused("InvalidUserPoolConfigurationException");
    plain_on(&pool, "ada", PASSWORD, "eu-west-1_1").refused_with(UNKNOWN.0, UNKNOWN.1);
}

#[test]
fn every_sign_in_without_a_key_is_a_new_device() {
    let pool = pool();
    let (one, other) = (Device::of(&pool.plain("ada", PASSWORD).ok()), Device::of(&pool.srp("ada", PASSWORD).ok()));
    assert_ne!(one.key, other.key);
    assert!(one.key.starts_with("eu-west-1_") && one.key.len() == 46 && one.group.starts_with('-'));
    assert_eq!(opened(&one.tokens.access).1["device_key"], one.key.as_str());
    assert_eq!(opened(&one.tokens.id).1.get("device_key"), None);
    assert_eq!(pool.with_token("ListDevices", &one.tokens.access, json!({})).ok(), json!({ "Devices": [] }));
    pool.set(json!({ "explicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"] }));
    let choice = json!({ "USERNAME": "ada", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD });
    let answer = pool.initiate("USER_AUTH", choice).ok();
    assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
    let asked = pool.initiate("CUSTOM_AUTH", json!({ "USERNAME": "ada", "DEVICE_KEY": one.key })).refusal();
    assert_eq!(asked.1, UNKNOWN.1);
    let asked = pool.initiate("CUSTOM_AUTH", json!({ "USERNAME": "ada" })).ok();
    Device::of(&pool.answer(&asked, json!({ "USERNAME": "ada", "ANSWER": "blue" })).ok());
}

#[test]
fn a_device_is_confirmed_once_with_a_well_written_verifier() {
    let pool = pool();
    let device = Device::of(&pool.plain("ada", PASSWORD).ok());
    let good = verifier(&format!("{}{}", device.group, device.key), SECRET);
    let with = |name: &str, value: &str| {
        let mut config = good.clone();
        config[name] = value.into();
        json!({ "DeviceSecretVerifierConfig": config })
    };
    // Without the sign byte, with a superfluous one, zero, not Base64, too large.
    for (name, value) in [
        ("Salt", "4ODg4ODg4ODg4ODg4ODg4A=="),
        ("Salt", "AADg"),
        ("PasswordVerifier", "AAE="),
        ("PasswordVerifier", "AA=="),
        ("PasswordVerifier", "?"),
        ("PasswordVerifier", &"f39/".repeat(129)),
    ] {
        device.confirm_with(&pool, with(name, value)).refused("InvalidParameterException");
    }
    let half = json!({ "DeviceSecretVerifierConfig": { "Salt": good["Salt"] } });
    device.confirm_with(&pool, half).refused("InvalidParameterException");
    assert_eq!(device.confirm(&pool).ok(), json!({ "UserConfirmationNecessary": false }));
    device.confirm(&pool).refused("DeviceKeyExistsException");
    let other = Device::of(&pool.plain("ada", PASSWORD).ok());
    let stolen = json!({ "DeviceKey": other.key, "DeviceSecretVerifierConfig": good });
    pool.with_token("ConfirmDevice", &device.tokens.access, stolen).refused_with(UNKNOWN.0, UNKNOWN.1);
    pool.with_token("ConfirmDevice", "nonsense", json!({ "DeviceKey": other.key })).refused("NotAuthorizedException");
}

#[test]
fn a_known_device_is_not_new() {
    let pool = pool();
    let device = confirmed(&pool);
    for answer in [plain_on(&pool, "ada", PASSWORD, &device.key), srp_on(&pool, "ada", PASSWORD, &device.key)] {
        let answer = answer.ok();
        assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
        assert_eq!(opened(&Tokens::of(&answer).access).1["device_key"], device.key.as_str());
    }
    // Named at the beginning alone, it is not known.
    let proof = Proof::default();
    let parameters = json!({ "USERNAME": "ada", "SRP_A": proof.public(), "DEVICE_KEY": device.key });
    let begun = pool.initiate("USER_SRP_AUTH", parameters).ok();
    let responses = proof.responses(&begun["ChallengeParameters"], PASSWORD, &pool.timestamp(0));
    Device::of(&pool.respond("PASSWORD_VERIFIER", None, responses).ok());
}

#[test]
fn an_unknown_key_is_refused_without_spending_the_step() {
    let pool = pool();
    let device = confirmed(&pool);
    let unconfirmed = Device::of(&pool.plain("ada", PASSWORD).ok());
    plain_on(&pool, "ada", PASSWORD, &unconfirmed.key).refused_with(UNKNOWN.0, UNKNOWN.1);
    plain_on(&pool, "grace", "Hopper-1906-tmp", &device.key).refused_with(UNKNOWN.0, UNKNOWN.1);
    plain_on(&pool, "nobody", PASSWORD, &device.key).refused_with(UNKNOWN.0, UNKNOWN.1);
    let proof = Proof::default();
    let begun = pool.begin("ada", &proof).ok();
    let good = proof.responses(&begun["ChallengeParameters"], PASSWORD, &pool.timestamp(0));
    let named = |key: Value| {
        let mut responses = good.clone();
        responses["DEVICE_KEY"] = key;
        pool.respond("PASSWORD_VERIFIER", None, responses)
    };
    named(unconfirmed.key.as_str().into()).refused_with(UNKNOWN.0, UNKNOWN.1);
    Device::of(&named(Value::Null).ok());

    let asked = pool.plain("radia", "Perlman-1951").ok();
    let mut answer = json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia"), "DEVICE_KEY": device.key });
    pool.answer(&asked, answer.clone()).refused_with(UNKNOWN.0, UNKNOWN.1);
    answer.as_object_mut().unwrap().remove("DEVICE_KEY");
    Device::of(&pool.answer(&asked, answer).ok());

    pool.set(json!({ "devices": { "unknownKey": "replace" } }));
    assert_ne!(Device::of(&srp_on(&pool, "ada", PASSWORD, "eu-west-1_0").ok()).key, "eu-west-1_0");
}

#[test]
fn a_remembered_device_stands_for_the_second_factor() {
    let pool = pool();
    let device = radia(&pool);
    for begun in
        [plain_on(&pool, "radia", "Perlman-1951", &device.key), srp_on(&pool, "radia", "Perlman-1951", &device.key)]
    {
        let asked = begun.ok();
        assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
        let asked = device_verifier(&pool, &device, &asked);
        assert_eq!(asked["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
        let parameters = &asked["ChallengeParameters"];
        assert_eq!((&parameters["DEVICE_KEY"], &parameters["USERNAME"]), (&json!(device.key), &json!("radia")));
        assert_eq!(parameters.as_object().unwrap().len(), 5);
        let answer = prove_device(&pool, &device, &asked, SECRET).ok();
        assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
        assert_eq!(opened(&Tokens::of(&answer).access).1["device_key"], device.key.as_str());
        renew(&pool, Tokens::of(&answer).refresh(), &device.key).ok();
        prove_device(&pool, &device, &asked, SECRET).refused("NotAuthorizedException");
    }
    let asked = plain_on(&pool, "radia", "Perlman-1951", &device.key).ok();
    let asked = device_verifier(&pool, &device, &asked);
    prove_device(&pool, &device, &asked, "another").refused("NotAuthorizedException");
    let asked = plain_on(&pool, "radia", "Perlman-1951", &device.key).ok();
    let other = json!({ "USERNAME": "radia", "DEVICE_KEY": "eu-west-1_0", "SRP_A": Proof::default().public() });
    pool.answer(&asked, other).refused_with(UNKNOWN.0, UNKNOWN.1);
}

#[test]
fn when_a_device_proves_itself_is_set() {
    let pool = pool();
    let device = radia(&pool);
    let ada = confirmed(&pool);
    Tokens::of(&plain_on(&pool, "ada", PASSWORD, &ada.key).ok());
    pool.set(json!({ "devices": { "challenge": "never" } }));
    assert_eq!(plain_on(&pool, "radia", "Perlman-1951", &device.key).ok()["ChallengeName"], "SMS_MFA");
    pool.set(json!({ "devices": { "challenge": "everySignIn" } }));
    assert_eq!(plain_on(&pool, "ada", PASSWORD, &ada.key).ok()["ChallengeName"], "DEVICE_SRP_AUTH");
}

#[test]
fn a_device_is_remembered_only_if_its_user_says_so() {
    let pool = pool();
    pool.set(json!({ "devices": { "tracking": "optIn" } }));
    let asked = pool.plain("radia", "Perlman-1951").ok();
    let answer = pool.answer(&asked, json!({ "USERNAME": "radia", "SMS_MFA_CODE": pool.code("radia") })).ok();
    let device = Device::of(&answer);
    assert_eq!(device.confirm(&pool).ok(), json!({ "UserConfirmationNecessary": true }));
    let begin = || plain_on(&pool, "radia", "Perlman-1951", &device.key).ok()["ChallengeName"].clone();
    assert_eq!(begin(), "SMS_MFA");
    let set = |status: &str| {
        let members = json!({ "DeviceKey": device.key, "DeviceRememberedStatus": status });
        pool.with_token("UpdateDeviceStatus", &device.tokens.access, members)
    };
    set("remembered").ok();
    assert_eq!(begin(), "DEVICE_SRP_AUTH");
    set("not_remembered").ok();
    assert_eq!(begin(), "SMS_MFA");
    set("loved").refused("InvalidParameterException");
}

#[test]
fn a_refresh_names_its_confirmed_device() {
    for rotation in [false, true] {
        let pool = pool();
        pool.set(json!({ "rotation": { "enabled": rotation } }));
        let device = Device::of(&pool.plain("ada", PASSWORD).ok());
        renew(&pool, device.tokens.refresh(), &device.key).refused_with(DEAD.0, DEAD.1);
        pool.renew(device.tokens.refresh()).refused_with(DEAD.0, DEAD.1);
        device.confirm(&pool).ok();
        pool.renew(device.tokens.refresh()).refused_with(DEAD.0, DEAD.1);
        renew(&pool, device.tokens.refresh(), "eu-west-1_0").refused_with(UNKNOWN.0, UNKNOWN.1);
        let answer = renew(&pool, device.tokens.refresh(), &device.key).ok();
        assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
        let tokens = Tokens::of(&answer);
        assert_eq!(opened(&tokens.access).1["device_key"], device.key.as_str());
        let newest = tokens.refresh.as_deref().unwrap_or(device.tokens.refresh());
        device.call(&pool, "ForgetDevice").ok();
        renew(&pool, newest, &device.key).refused_with(UNKNOWN.0, UNKNOWN.1);
        pool.renew(newest).refused_with(DEAD.0, DEAD.1);
    }
}

#[test]
fn the_older_refresh_names_it_too() {
    let pool = pool();
    let device = confirmed(&pool);
    let refresh = |key: Option<&str>| {
        let parameters = json!({ "REFRESH_TOKEN": device.tokens.refresh(), "DEVICE_KEY": key });
        pool.initiate("REFRESH_TOKEN_AUTH", parameters)
    };
    refresh(None).refused_with(DEAD.0, DEAD.1);
    refresh(Some("eu-west-1_0")).refused_with(UNKNOWN.0, UNKNOWN.1);
    Tokens::of(&refresh(Some(&device.key)).ok());
}

#[test]
fn the_token_endpoint_cannot_name_it() {
    let pool = pool();
    let device = confirmed(&pool);
    let refresh = device.tokens.refresh();
    let form = format!("grant_type=refresh_token&client_id={CLIENT_ID}&refresh_token={refresh}");
    let request = axum::http::Request::post("/oauth2/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(form))
        .unwrap();
    let answer = pool.send(request);
    assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn devices_are_told_one_by_one_and_page_by_page() {
    let pool = pool();
    let devices = [0; 3].map(|_| confirmed(&pool));
    let access = &devices[0].tokens.access;
    let list = |members: Value| pool.with_token("ListDevices", access, members);
    let whole = list(json!({})).ok();
    assert_eq!(whole["Devices"].as_array().unwrap().len(), 3);
    assert_eq!(whole.get("PaginationToken"), None);
    let first = list(json!({ "Limit": 2 })).ok();
    assert_eq!(first["Devices"], json!(whole["Devices"].as_array().unwrap()[..2]));
    let second = list(json!({ "Limit": 2, "PaginationToken": first["PaginationToken"] })).ok();
    assert_eq!(second["Devices"], json!(whole["Devices"].as_array().unwrap()[2..]));
    assert_eq!(second.get("PaginationToken"), None);
    list(json!({ "Limit": 61 })).refused("InvalidParameterException");
    list(json!({ "Limit": -1 })).refused("InvalidParameterException");
    list(json!({ "Limit": "2" })).refused("SerializationException");
    list(json!({ "PaginationToken": "nonsense" })).refused("InvalidParameterException");

    let one = devices[1].call(&pool, "GetDevice").ok();
    assert_eq!(one["Device"], whole["Devices"][1]);
    assert_eq!(one["Device"]["DeviceKey"], devices[1].key.as_str());
    let attributes = one["Device"]["DeviceAttributes"].as_array().unwrap();
    assert!(attributes.contains(&json!({ "Name": "device_name", "Value": "Laptop" })));
    assert!(attributes.contains(&json!({ "Name": "dev:device_remembered_status", "Value": "remembered" })));
    assert!(one["Device"]["DeviceCreateDate"].is_number());
    pool.with_token("GetDevice", access, json!({ "DeviceKey": "eu-west-1_0" })).refused_with(UNKNOWN.0, UNKNOWN.1);
    pool.call("GetDevice", json!({ "DeviceKey": devices[1].key })).refused("InvalidParameterException");
}

#[test]
fn a_forgotten_device_is_unknown() {
    let pool = pool();
    let (mine, other) = (confirmed(&pool), confirmed(&pool));
    let answer = other.call(&pool, "ForgetDevice");
    assert!(answer.status == 200 && answer.bytes.is_empty());
    for operation in ["GetDevice", "ForgetDevice", "UpdateDeviceStatus"] {
        other.call(&pool, operation).refused_with(UNKNOWN.0, UNKNOWN.1);
    }
    plain_on(&pool, "ada", PASSWORD, &other.key).refused_with(UNKNOWN.0, UNKNOWN.1);
    mine.call(&pool, "GetDevice").ok();
    assert_eq!(pool.user("ada")["devices"].as_array().unwrap().len(), 1);
    // Another user's device is nobody's.
    let radia = radia(&pool);
    pool.with_token("GetDevice", &mine.tokens.access, json!({ "DeviceKey": radia.key }))
        .refused_with(UNKNOWN.0, UNKNOWN.1);
}
