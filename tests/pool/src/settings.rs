//! What can be set about the pool and its client.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{
    attributes::is_custom,
    client::Client,
    pool::CLIENT_ID,
    ways::{Choice, Custom, Devices, Mfa, Plan},
};

/// The pool's settings; times are in seconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Whether unknown users are told apart.
    pub prevent_user_existence_errors: Existence,
    /// What happens to a refresh token that was used.
    pub rotation: Rotation,
    /// How long an access token lives.
    pub access_token_seconds: i64,
    /// How long an ID token lives.
    pub id_token_seconds: i64,
    /// How long a family of refresh tokens lives.
    pub refresh_token_seconds: i64,
    /// How long a challenge can be answered.
    pub session_seconds: i64,
    /// How long a sign-up code lives.
    pub sign_up_code_seconds: i64,
    /// How long a reset code lives.
    pub reset_code_seconds: i64,
    /// The attributes that every user must have.
    pub required_attributes: Vec<String>,
    /// The flows that the client may use.
    pub explicit_auth_flows: Vec<Flow>,
    /// What a password must be made of.
    pub password_policy: PasswordPolicy,
    /// Whether tokens can be revoked.
    pub token_revocation: bool,
    /// Whether a page may read the `Date` header.
    pub expose_date: bool,
    /// Whether a sign-up needs no code.
    pub auto_confirm: bool,
    /// Whether a verified e-mail address signs in like the user name.
    pub alias_email: bool,
    /// Second factors.
    pub mfa: Mfa,
    /// `USER_AUTH`.
    pub choice: Choice,
    /// `CUSTOM_AUTH`.
    pub custom: Custom,
    /// Remembered devices.
    pub devices: Devices,
    /// What the pool's owner pays for.
    pub plan: Plan,
    /// The hosted pages.
    pub hosted: Hosted,
    /// What users may do to their own accounts.
    pub account: Account,
    /// Whether sessions are listed, and how.
    pub tracking: Tracking,
    /// Whether the add-on that asks for feedback about sign-ins is there.
    pub threat_protection: bool,
    /// Sign-in by passkey.
    pub passkeys: Passkeys,
    /// The identity pool beside the user pool.
    pub identity_pool: IdentityPool,
}

/// What users may do to their own accounts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// The attributes that the pool adds to the standard ones, with their prefix `custom:`.
    pub custom_attributes: Vec<String>,
    /// The attributes that the client may not write.
    pub read_only_attributes: Vec<String>,
    /// `email` and `phone_number`, where a new value is held back until its code comes.
    pub verify_before_update: Vec<String>,
    /// How long the code for an attribute lives.
    pub attribute_code_seconds: i64,
    /// By which proven contacts a forgotten password is reset, the first that the user has.
    pub recovery: Vec<String>,
}

impl Account {
    /// Refuses attributes that a pool cannot have, or cannot prove.
    ///
    /// # Errors
    /// The reason in words.
    fn check(&self) -> Result<(), String> {
        if let Some(name) = self.custom_attributes.iter().find(|name| !is_custom(name)) {
            return Err(format!("{name} cannot be an attribute"));
        }
        let mut contacts = self.verify_before_update.iter().chain(&self.recovery);
        match contacts.find(|name| !matches!(name.as_str(), "email" | "phone_number")) {
            Some(name) => Err(format!("{name} cannot be proven")),
            None => Ok(()),
        }
    }
}

/// Session tracking.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tracking {
    /// Whether it is on.
    pub enabled: bool,
    /// How many sessions a page lists.
    pub page: usize,
}

/// Passkeys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Passkeys {
    /// Whether they are on.
    pub enabled: bool,
    /// The relying party's ID: a host name.
    pub relying_party_id: Option<String>,
    /// The origins that may use it; if there are none, all on its host and below.
    pub origins: Vec<String>,
    /// Whether the authenticator must check who uses it.
    pub user_verification: UserVerification,
    /// Whether a passkey stands for two factors.
    pub factor: PasskeyFactor,
    /// How long a registration can be completed.
    pub challenge_seconds: i64,
}

/// UserVerification of the pool.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// Where the authenticator can.
    Preferred,
    /// Always.
    Required,
}

/// FactorConfiguration of the pool.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasskeyFactor {
    /// One factor: users with MFA do not get it.
    SingleFactor,
    /// Two, because the authenticator checks who uses it.
    MultiFactorWithUserVerification,
}

/// The identity pool.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityPool {
    /// Whether there are identities without a login.
    pub guests: bool,
    /// Names of the user pool in Logins, besides its issuer without the scheme.
    pub logins: Vec<String>,
    /// How long credentials live.
    pub credential_seconds: i64,
    /// The roles that CustomRoleArn may name.
    pub roles: Vec<String>,
    /// Whether revoked and disabled users get nothing (ServerSideTokenCheck).
    pub server_side_token_check: bool,
    /// Whether GetOpenIdToken is served.
    pub classic_flow: bool,
}

/// The hosted pages and the OAuth endpoints.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hosted {
    /// How long an authorization code can be exchanged.
    pub code_seconds: i64,
    /// How long the cookie of a sign-in lives; using it does not make it longer.
    pub cookie_seconds: i64,
    /// Whether a code needs a challenge. The real service does not insist.
    pub require_pkce: bool,
    /// The clients that may use the pages, by their IDs.
    pub clients: BTreeMap<String, Client>,
}

/// PreventUserExistenceErrors.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Existence {
    /// Unknown users look like known ones.
    Enabled,
    /// Unknown users are called unknown.
    Legacy,
}

/// Rotation of refresh tokens.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rotation {
    /// Whether every refresh brings a new refresh token.
    pub enabled: bool,
    /// How long the old one still works, 0-60 s.
    pub grace_seconds: i64,
}

/// A flow that the client may be allowed to use.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Flow {
    /// USER_SRP_AUTH.
    #[serde(rename = "ALLOW_USER_SRP_AUTH")]
    Srp,
    /// USER_PASSWORD_AUTH.
    #[serde(rename = "ALLOW_USER_PASSWORD_AUTH")]
    Password,
    /// REFRESH_TOKEN_AUTH.
    #[serde(rename = "ALLOW_REFRESH_TOKEN_AUTH")]
    Refresh,
    /// CUSTOM_AUTH.
    #[serde(rename = "ALLOW_CUSTOM_AUTH")]
    Custom,
    /// USER_AUTH.
    #[serde(rename = "ALLOW_USER_AUTH")]
    Choice,
}

/// What a password must be made of.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordPolicy {
    /// The least number of characters.
    pub minimum_length: usize,
    /// At least one of a-z.
    pub require_lowercase: bool,
    /// At least one of A-Z.
    pub require_uppercase: bool,
    /// At least one of 0-9.
    pub require_numbers: bool,
    /// At least one special character.
    pub require_symbols: bool,
    /// How many passwords before the present one are not taken again; with 0 the present one is.
    pub history: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prevent_user_existence_errors: Existence::Enabled,
            rotation: Rotation { enabled: false, grace_seconds: 0 },
            access_token_seconds: 3600,
            id_token_seconds: 3600,
            refresh_token_seconds: 30 * 86_400,
            session_seconds: 180,
            sign_up_code_seconds: 86_400,
            reset_code_seconds: 3600,
            required_attributes: vec!["email".to_owned()],
            explicit_auth_flows: vec![Flow::Srp, Flow::Password, Flow::Refresh],
            password_policy: PasswordPolicy {
                minimum_length: 8,
                require_lowercase: true,
                require_uppercase: true,
                require_numbers: true,
                require_symbols: true,
                history: 0,
            },
            token_revocation: true,
            expose_date: true,
            auto_confirm: false,
            alias_email: false,
            mfa: Mfa::default(),
            choice: Choice::default(),
            custom: Custom::default(),
            devices: Devices::default(),
            plan: Plan::Essentials,
            hosted: Hosted {
                code_seconds: 300,
                cookie_seconds: 3600,
                require_pkce: true,
                clients: BTreeMap::from([(CLIENT_ID.to_owned(), Client::of_the_demo())]),
            },
            account: Account {
                custom_attributes: texts(&["custom:plan", "custom:team"]),
                read_only_attributes: Vec::new(),
                verify_before_update: Vec::new(),
                attribute_code_seconds: 86_400,
                recovery: texts(&["email", "phone_number"]),
            },
            tracking: Tracking { enabled: true, page: 125 },
            threat_protection: false,
            passkeys: Passkeys {
                enabled: true,
                relying_party_id: Some("localhost".to_owned()),
                origins: Vec::new(),
                user_verification: UserVerification::Preferred,
                factor: PasskeyFactor::SingleFactor,
                challenge_seconds: 60,
            },
            identity_pool: IdentityPool {
                guests: true,
                logins: Vec::new(),
                credential_seconds: 3600,
                roles: Vec::new(),
                server_side_token_check: false,
                classic_flow: true,
            },
        }
    }
}

impl Settings {
    /// These settings with the members of `change` laid over them.
    ///
    /// # Errors
    /// The reason in words, if a member is unknown or has a wrong type, or if an address cannot be registered.
    pub fn merged(&self, change: &Value) -> Result<Self, String> {
        let mut whole = serde_json::to_value(self).map_err(|error| error.to_string())?;
        lay_over(&mut whole, change);
        let settings: Self = serde_json::from_value(whole).map_err(|error| error.to_string())?;
        settings.hosted.clients.values().try_for_each(Client::check)?;
        settings.account.check()?;
        Ok(settings)
    }
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn lay_over(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                lay_over(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}
