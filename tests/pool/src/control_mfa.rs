//! The control API's view of factors and devices: what a user is given, what is shown of it, and the codes of authenticator apps.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    factors::Factors,
    form::Form,
    pool::Pool,
    totp::{Authenticator, code, encoded, step},
    users::User,
    ways::Method,
};

/// The second factors that a user is given, in place of all before.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorsToSet {
    methods: Vec<Method>,
    #[serde(default)]
    preferred: Option<Method>,
    totp_secret: Option<String>,
    totp_name: Option<String>,
}

impl Pool {
    /// Gives a user second factors.
    pub(crate) fn set_factors(&mut self, username: &str, wanted: FactorsToSet) -> Result<(), String> {
        let before = self.users.named(username).and_then(|user| user.factors.authenticator.clone());
        let made = encoded(&self.random.bytes(20));
        let FactorsToSet { methods, preferred, totp_secret, totp_name } = wanted;
        if totp_secret.as_deref().is_some_and(|secret| code(secret, 0).is_none()) {
            return Err("totpSecret is not Base32".to_owned());
        }
        let needs_app = methods.contains(&Method::SoftwareTokenMfa) || totp_secret.is_some();
        let authenticator = needs_app.then(|| {
            let name = totp_name.or(before.as_ref().map(|app| app.name.clone())).unwrap_or_default();
            let secret = totp_secret.or(before.map(|app| app.secret)).unwrap_or(made);
            Authenticator::new(secret, name)
        });
        self.keep_factors(username, Factors { methods, preferred, authenticator, associated: None });
        Ok(())
    }

    /// The code of a user's app, or of a secret, `step` steps from now.
    pub(crate) fn totp_of(&self, query: &Form) -> Result<Value, String> {
        let of_user = |username: &str| {
            let factors = &self.users.named(username)?.factors;
            factors.associated.clone().or(factors.authenticator.as_ref().map(|app| app.secret.clone()))
        };
        let secret = query.given("secret").map(str::to_owned).or_else(|| of_user(query.text("username")));
        let secret = secret.ok_or("The user has no authenticator app.")?;
        let away: i64 = query.given("step").unwrap_or("0").parse().map_err(|_| "step is not a number")?;
        let code = code(&secret, step(self.clock.seconds()) + away).ok_or("The secret is not Base32.")?;
        Ok(json!({ "code": code, "secret": secret }))
    }
}

/// `mfa` and `devices` of a user.
pub fn described(user: &User) -> (Value, Value) {
    let factors = &user.factors;
    let app = factors.authenticator.as_ref();
    let devices: Vec<Value> = user
        .devices
        .iter()
        .map(|device| {
            json!({
                "key": device.key,
                "group": device.group,
                "name": device.name,
                "remembered": device.remembered,
                "confirmed": device.confirmed,
            })
        })
        .collect();
    let mfa = json!({
        "methods": factors.methods,
        "preferred": factors.preferred,
        "totpSecret": app.map(|app| &app.secret),
        "totpName": app.map(|app| &app.name),
    });
    (mfa, json!(devices))
}
