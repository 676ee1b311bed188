//! What the service says, written by hand: replies, challenges, and tokens that nobody signed.

use base64ct::{Base64UrlUnpadded, Encoding};
use cognito_vault::client::{Client, Config};
use cognito_vault::protocol::user_pool::UserPool;
use cognito_vault::protocol::{Millis, Reply, Request};
use cognito_vault::secret::SecretText;
use cognito_vault::text::Text;
use serde_json::{Value, json};
use std::rc::Rc;

/// 2025-11-21T12:00:00Z
pub(crate) const NOW: Millis = 1_763_726_400_000;
pub(crate) const MINUTE: Millis = 60_000;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

pub(crate) const POOL_ID: &str = "eu-west-1_AbCdEf123";
pub(crate) const CLIENT_ID: &str = "1h57kf5cpq17m0eml12example";
pub(crate) const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
pub(crate) const ENDPOINT: &str = "https://cognito-idp.eu-west-1.amazonaws.com/";
pub(crate) const IDENTITY: &str = "https://cognito-identity.eu-west-1.amazonaws.com/";
pub(crate) const LOGIN: &str = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";
pub(crate) const API: &str = "https://api.example.com";

pub(crate) const KEYS: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123/.well-known/jwks.json";

/// The pool that every test speaks to.
pub(crate) fn pool() -> UserPool {
    UserPool {
        id: POOL_ID.into(),
        client_id: CLIENT_ID.into(),
        endpoint: ENDPOINT.into(),
        keys: KEYS.into(),
        issuers: json!([ISSUER, ISSUER.replace("cognito", "issuer-cognito")]).to_string().into(),
    }
}

/// The configuration that most tests need.
pub(crate) fn config() -> Config {
    Config {
        pool: pool().into(),
        api_origins: json!([API]).to_string().into(),
        metadata: Text::default(),
        identity_endpoint: IDENTITY.into(),
        identity_login: LOGIN.into(),
        idle_timeout: None,
        max_age: None,
    }
}

/// The pool's key set with keys of these names.
pub(crate) fn key_set(kids: &[&str]) -> Reply {
    let key = |kid: &&str| json!({"kid": kid, "kty": "RSA", "alg": "RS256", "use": "sig", "n": "AQAB", "e": "AQAB"});
    ok(json!({"keys": kids.iter().map(key).collect::<Vec<_>>()}))
}

/// A client on `host`.
pub(crate) fn client(host: &super::host::Memory) -> Client<super::host::Memory> {
    Client::new(config(), host.clone())
}

/// An object of texts, as JSON; nothing for none.
pub(crate) fn texts(pairs: &[(&str, &str)]) -> Text {
    let object: Value = pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    if pairs.is_empty() { Text::default() } else { object.to_string().into() }
}

/// What a registration brings besides the name and the password.
pub(crate) fn members(attributes: &[(&str, &str)], validation_data: &[(&str, &str)]) -> Text {
    let list = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect::<Vec<_>>()
    };
    json!({"UserAttributes": list(attributes), "ValidationData": list(validation_data)}).to_string().into()
}

/// A request's body as a value.
pub(crate) trait Wire {
    fn json(&self) -> Value;
}

impl Wire for Request {
    fn json(&self) -> Value {
        serde_json::from_str(self.body.expose()).unwrap()
    }
}

/// Changes to a reply, one after the other.
pub(crate) trait Redated {
    fn dated(self, date: Millis) -> Self;
}

impl Redated for Reply {
    /// The reply with a `Date` header, which knows no fractions of a second.
    fn dated(self, date: Millis) -> Self {
        Reply { date: Some(date.div_euclid(1000) * 1000), ..self }
    }
}

/// Any status with any body.
pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply { status, body: SecretText::from(body), request_id: Some("request-1".into()), ..Reply::default() }
}

/// 200 with a body.
pub(crate) fn ok(body: Value) -> Reply {
    reply(200, &body.to_string())
}

/// 400 as Cognito refuses; the name is given without `Exception`.
pub(crate) fn refused(name: &str, message: &str) -> Reply {
    reply(400, &json!({"__type": format!("{name}Exception"), "message": message}).to_string())
}

/// The refusal of a wrong password.
pub(crate) fn wrong_password() -> Reply {
    refused("NotAuthorized", "Incorrect username or password.")
}

/// A challenge.
pub(crate) fn challenge(name: &str, session: Option<&str>, parameters: Value) -> Reply {
    let mut body = json!({"ChallengeName": name, "ChallengeParameters": parameters});
    if let Some(session) = session {
        body["Session"] = json!(session);
    }
    ok(body)
}

/// What InitiateAuth with USER_SRP_AUTH answers: no Session.
pub(crate) fn password_verifier() -> Reply {
    challenge("PASSWORD_VERIFIER", None, verifier_parameters())
}

/// The parameters of PASSWORD_VERIFIER for the user whom the service calls `ada-1815`.
pub(crate) fn verifier_parameters() -> Value {
    json!({
        "SALT": "8bcb3f9b1f8e4a6d5c7e9f0a1b2c3d4e",
        "SRP_B": "499602d2499602d2499602d2499602d2499602d2",
        "SECRET_BLOCK": "c2VjcmV0c3NlY3Jlc3RzZWNyZXRz",
        "USERNAME": "ada-user",
        "USER_ID_FOR_SRP": "ada-1815",
    })
}

/// NEW_PASSWORD_REQUIRED for an account with an address, which must give a name.
pub(crate) fn new_password_required(session: &str) -> Reply {
    let parameters = json!({
        "USER_ID_FOR_SRP": "ada-1815",
        "requiredAttributes": r#"["userAttributes.given_name"]"#,
        "userAttributes": r#"{"email_verified":"true","phone_number_verified":"false","email":"ada@example.com"}"#,
    });
    challenge("NEW_PASSWORD_REQUIRED", Some(session), parameters)
}

/// A token that nobody signed.
pub(crate) fn jwt(claims: &Value) -> String {
    jwt_of(&claims.to_string())
}

/// A token of any payload.
pub(crate) fn jwt_of(payload: &str) -> String {
    joined(r#"{"alg":"RS256","kid":"test"}"#, payload)
}

/// A token with any header.
pub(crate) fn jwt_with(header: &str, claims: &Value) -> String {
    joined(header, &claims.to_string())
}

fn joined(header: &str, payload: &str) -> String {
    [header, payload, "nobody"].map(|part| Base64UrlUnpadded::encode_string(part.as_bytes())).join(".")
}

/// The claims of an ID token for the user `sub` that ends at `expires`.
pub(crate) fn id_claims(sub: &str, expires: Millis) -> Value {
    json!({
        "sub": sub, "iss": ISSUER, "aud": CLIENT_ID, "token_use": "id", "exp": expires / 1000,
        "iat": (expires - HOUR).min(NOW) / 1000, "auth_time": 1_763_720_000, "jti": format!("id-{expires}"), "origin_jti": "o",
        "event_id": "e", "cognito:username": "ada", "email": "ada@example.com", "email_verified": true,
    })
}

/// The claims of an access token for the user `sub` that ends at `expires`.
pub(crate) fn access_claims(sub: &str, expires: Millis) -> Value {
    json!({
        "sub": sub, "iss": ISSUER, "client_id": CLIENT_ID, "token_use": "access", "exp": expires / 1000,
        "iat": (expires - HOUR).min(NOW) / 1000, "jti": format!("access-{expires}"), "username": "ada",
        "scope": "aws.cognito.signin.user.admin",
    })
}

/// The tokens of the user `sub` that end at `expires`.
pub(crate) fn tokens(sub: &str, expires: Millis, refresh: Option<&str>) -> Reply {
    authenticated(&id_claims(sub, expires), &access_claims(sub, expires), refresh)
}

/// An AuthenticationResult of any claims.
pub(crate) fn authenticated(id: &Value, access: &Value, refresh: Option<&str>) -> Reply {
    let mut result = json!({"IdToken": jwt(id), "AccessToken": jwt(access), "ExpiresIn": 3600, "TokenType": "Bearer"});
    if let Some(refresh) = refresh {
        result["RefreshToken"] = json!(refresh);
    }
    ok(json!({"AuthenticationResult": result, "ChallengeParameters": {}}))
}

/// The access token that [`tokens`] gives.
pub(crate) fn access_token(sub: &str, expires: Millis) -> String {
    jwt(&access_claims(sub, expires))
}

/// The pool as flows share it.
pub(crate) fn shared_pool() -> Rc<UserPool> {
    Rc::new(pool())
}
