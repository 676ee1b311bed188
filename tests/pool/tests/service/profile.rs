//! What users do to their attributes.

use serde_json::{Value, json};

use crate::support::{Answer, Pool};

const EXPIRED: &str = "ExpiredCodeException";
const PHONE: &str = "+353871234567";

/// A pool, and the access token of a user who is signed in.
struct User {
    pool: Pool,
    access: String,
}

impl User {
    fn ada() -> Self {
        let pool = Pool::new();
        let access = pool.tokens("ada").access;
        Self { pool, access }
    }

    fn call(&self, operation: &str, mut body: Value) -> Answer {
        body["AccessToken"] = json!(self.access);
        self.pool.call(operation, body)
    }

    fn update(&self, attributes: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> = attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
        self.call("UpdateUserAttributes", json!({ "UserAttributes": pairs }))
    }

    fn delete(&self, names: &[&str]) -> Answer {
        self.call("DeleteUserAttributes", json!({ "UserAttributeNames": names }))
    }

    fn ask(&self, name: &str) -> Answer {
        self.call("GetUserAttributeVerificationCode", json!({ "AttributeName": name }))
    }

    fn verify(&self, name: &str, code: &str) -> Answer {
        self.call("VerifyUserAttribute", json!({ "AttributeName": name, "Code": code }))
    }

    fn attribute(&self, name: &str) -> Value {
        self.pool.user("ada")["attributes"][name].clone()
    }
}

#[test]
fn attributes_are_written_and_deleted() {
    let user = User::ada();
    assert_eq!(user.update(&[("name", "Ada"), ("custom:team", "north"), ("birthdate", "1815-12-10")]).ok(), json!({}));
    assert_eq!(user.update(&[("name", "Ada L."), ("custom:team", "")]).ok(), json!({}));
    let told = user.pool.get_user(&user.access).ok()["UserAttributes"].clone();
    let names: Vec<_> = told.as_array().unwrap().iter().map(|pair| pair["Name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sub", "birthdate", "email", "email_verified", "name"]);
    assert_eq!(user.attribute("name"), "Ada L.");
    assert_eq!(user.delete(&["name", "birthdate", "zoneinfo"]).ok(), json!({}));
    assert_eq!(user.attribute("name"), Value::Null);
    assert_eq!(user.attribute("birthdate"), Value::Null);
}

#[test]
fn what_a_client_may_not_write_is_refused_and_nothing_is_changed() {
    let user = User::ada();
    user.pool.set(json!({ "account": { "readOnlyAttributes": ["nickname"] } }));
    for name in ["sub", "email_verified", "phone_number_verified", "nickname"] {
        user.update(&[("name", "Eve"), (name, "x")]).refused("NotAuthorizedException");
        user.update(&[("name", "Eve"), (name, "")]).refused("NotAuthorizedException");
        user.delete(&["given_name", name]).refused("NotAuthorizedException");
    }
    for (name, value) in [
        ("custom:other", "x"),
        ("team", "x"),
        ("Name", "x"),
        ("email", "no address"),
        ("email", ""),
        ("phone_number", "0871234567"),
        ("phone_number", "+"),
        ("phone_number", "+35387 1234567"),
        ("birthdate", "10-12-1815"),
        ("birthdate", "1815-13-10"),
        ("birthdate", "1815-02-29"),
        ("birthdate", "1900-02-29"),
        ("birthdate", "1815-12-00"),
        ("birthdate", "1815-12-1"),
    ] {
        user.update(&[("name", "Eve"), (name, value)]).refused("InvalidParameterException");
    }
    user.update(&[("name", "a"), ("name", "b")]).refused("InvalidParameterException");
    user.update(&[]).refused("InvalidParameterException");
    user.delete(&[]).refused("InvalidParameterException");
    user.delete(&["email"]).refused("InvalidParameterException");
    user.delete(&["custom:other"]).refused("InvalidParameterException");
    assert_eq!(user.attribute("name"), Value::Null);
    user.update(&[("birthdate", "2000-02-29")]).ok();
    user.pool.set(json!({ "requiredAttributes": [], "account": { "customAttributes": ["custom:other"] } }));
    user.update(&[("custom:other", "x")]).ok();
    user.delete(&["email"]).ok();
    assert_eq!(user.attribute("email_verified"), Value::Null);
}

#[test]
fn the_shapes_of_requests_are_strict() {
    let user = User::ada();
    for (operation, body) in [
        ("UpdateUserAttributes", json!({ "UserAttributes": { "name": "Ada" } })),
        ("UpdateUserAttributes", json!({ "UserAttributes": [], "ClientId": "x" })),
        ("UpdateUserAttributes", json!({ "UserAttributes": null })),
        ("DeleteUserAttributes", json!({ "UserAttributeNames": "name" })),
        ("DeleteUserAttributes", json!({ "UserAttributeNames": ["name", null] })),
        ("VerifyUserAttribute", json!({ "AttributeName": "email", "Code": 123_456 })),
        ("DeleteUser", json!({ "Username": "ada" })),
    ] {
        user.call(operation, body).refused("SerializationException");
    }
    for (operation, body) in [
        ("UpdateUserAttributes", json!({})),
        ("DeleteUserAttributes", json!({ "UserAttributeNames": ["x".repeat(33)] })),
        ("DeleteUserAttributes", json!({ "UserAttributeNames": [""] })),
        ("VerifyUserAttribute", json!({ "AttributeName": "email" })),
        ("VerifyUserAttribute", json!({ "AttributeName": "email", "Code": "12 34" })),
        ("GetUserAttributeVerificationCode", json!({ "AttributeName": "name" })),
    ] {
        user.call(operation, body).refused("InvalidParameterException");
    }
}

#[test]
fn a_new_address_is_not_proven_until_its_code_comes() {
    let user = User::ada();
    let sent = user.update(&[("email", "countess@example.org"), ("phone_number", PHONE)]).ok();
    assert_eq!(
        sent["CodeDeliveryDetailsList"],
        json!([
            { "Destination": "c***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" },
            { "Destination": "+********4567", "DeliveryMedium": "SMS", "AttributeName": "phone_number" },
        ])
    );
    assert_eq!(
        (user.attribute("email"), user.attribute("email_verified")),
        (json!("countess@example.org"), json!("false"))
    );
    let messages = user.pool.control("GET", "codes?username=ada", json!({})).ok();
    assert_eq!((&messages[0]["purpose"], &messages[0]["medium"]), (&json!("verifyEmail"), &json!("EMAIL")));
    assert_eq!((&messages[1]["purpose"], &messages[1]["destination"]), (&json!("verifyPhone"), &json!(PHONE)));
    let [email, phone] = [0, 1].map(|index| messages[index]["code"].as_str().unwrap().to_owned());
    user.verify("email", &phone).refused("CodeMismatchException");
    assert_eq!(user.verify("email", &email).ok(), json!({}));
    user.verify("email", &email).refused(EXPIRED);
    assert_eq!(user.attribute("email_verified"), "true");
    assert_eq!(user.attribute("phone_number_verified"), "false");
    user.verify("phone_number", &phone).ok();
    assert_eq!(user.attribute("phone_number_verified"), "true");
    // The same value is no change.
    assert_eq!(user.update(&[("email", "countess@example.org")]).ok(), json!({}));
    assert_eq!(user.attribute("email_verified"), "true");
}

#[test]
fn a_new_address_can_be_held_back() {
    let user = User::ada();
    user.pool.set(json!({ "account": { "verifyBeforeUpdate": ["email", "phone_number"] } }));
    user.update(&[("email", "countess@example.org")]).ok();
    assert_eq!((user.attribute("email"), user.attribute("email_verified")), (json!("ada@example.com"), json!("true")));
    assert_eq!(user.pool.user("ada")["heldBack"], json!({ "email": "countess@example.org" }));
    // Another one takes its place, and its code.
    let older = user.pool.code("ada");
    user.update(&[("email", "lovelace@example.org")]).ok();
    user.verify("email", &older).refused("CodeMismatchException");
    let resent = user.ask("email").ok();
    assert_eq!(resent["CodeDeliveryDetails"]["Destination"], "l***@e***");
    user.verify("email", &user.pool.code("ada")).ok();
    assert_eq!(
        (user.attribute("email"), user.attribute("email_verified")),
        (json!("lovelace@example.org"), json!("true"))
    );
    assert_eq!(user.pool.user("ada")["heldBack"], json!({}));
    // The old value again gives a held-back one up.
    user.update(&[("email", "other@example.org")]).ok();
    user.update(&[("email", "lovelace@example.org")]).ok();
    user.verify("email", &user.pool.code("ada")).refused(EXPIRED);
    // A first number has nothing to be held back for.
    user.update(&[("phone_number", PHONE)]).ok();
    assert_eq!(
        (user.attribute("phone_number"), user.attribute("phone_number_verified")),
        (json!(PHONE), json!("false"))
    );
    user.delete(&["phone_number"]).ok();
    user.verify("phone_number", &user.pool.code("ada")).refused(EXPIRED);
}

#[test]
fn codes_for_attributes_end() {
    let user = User::ada();
    user.ask("phone_number").refused("InvalidParameterException");
    let sent = user.ask("email").ok();
    assert_eq!(sent["CodeDeliveryDetails"]["AttributeName"], "email");
    user.pool.set(json!({ "accessTokenSeconds": 86_400, "account": { "attributeCodeSeconds": 600 } }));
    let user = User { access: user.pool.tokens("ada").access, ..user };
    user.ask("email").ok();
    user.pool.turn(600);
    user.verify("email", &user.pool.code("ada")).refused(EXPIRED);
    user.ask("email").ok();
    user.pool.turn(599);
    user.verify("email", &user.pool.code("ada")).ok();
}

#[test]
fn codes_for_attributes_are_sent_and_tried_only_so_often() {
    let user = User::ada();
    for _ in 0..5 {
        user.ask("email").ok();
    }
    user.ask("email").refused("LimitExceededException");
    for _ in 0..5 {
        user.verify("email", "no").refused("CodeMismatchException");
    }
    for _ in 0..10 {
        user.verify("email", &user.pool.code("ada")).refused("TooManyFailedAttemptsException");
    }
    user.verify("email", &user.pool.code("ada")).refused("LimitExceededException");
}

#[test]
fn an_alias_belongs_to_one_user() {
    let user = User::ada();
    user.pool.add("bob", "CONFIRMED");
    user.pool.set(json!({ "aliasEmail": true }));
    user.update(&[("email", "bob@example.com")]).refused("AliasExistsException");
    user.update(&[("email", "new@example.com")]).ok();
    user.pool.change("bob", json!({ "attributes": { "email": "new@example.com" } }));
    let code = user.pool.code("ada");
    user.verify("email", &code).refused("AliasExistsException");
    user.pool.change("bob", json!({ "attributes": { "email_verified": "false" } }));
    user.verify("email", &code).ok();
}

#[test]
fn only_an_open_token_of_a_user_in_good_standing_does_it() {
    let user = User::ada();
    for (operation, body) in [
        ("UpdateUserAttributes", json!({ "UserAttributes": [{ "Name": "name", "Value": "x" }] })),
        ("DeleteUserAttributes", json!({ "UserAttributeNames": ["name"] })),
        ("GetUserAttributeVerificationCode", json!({ "AttributeName": "email" })),
        ("VerifyUserAttribute", json!({ "AttributeName": "email", "Code": "1" })),
        ("ChangePassword", json!({ "PreviousPassword": "x", "ProposedPassword": "y" })),
        ("DeleteUser", json!({})),
        ("ListUserSessions", json!({})),
        ("RevokeUserSession", json!({ "SessionId": format!("tkn{}", "a".repeat(25)) })),
    ] {
        let with = |status: &str| user.pool.change("ada", json!({ "status": status }));
        with("RESET_REQUIRED");
        user.call(operation, body.clone()).refused("PasswordResetRequiredException");
        with("UNCONFIRMED");
        user.call(operation, body.clone()).refused("UserNotConfirmedException");
        with("CONFIRMED");
        user.pool.change("ada", json!({ "enabled": false }));
        user.call(operation, body.clone()).refused_with("NotAuthorizedException", "User is disabled.");
        user.pool.change("ada", json!({ "enabled": true }));
        let mut foreign = body;
        foreign["AccessToken"] = json!("x.y.z");
        user.pool.call(operation, foreign).refused_with("NotAuthorizedException", "Invalid Access Token");
    }
    user.pool.control("DELETE", "users/ada", json!({})).ok();
    user.call("DeleteUser", json!({})).refused("UserNotFoundException");
}
