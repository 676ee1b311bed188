//! The users of the pool.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::{
    clock::Instant, devices::Device, factors::Factors, passkeys::Passkey, settings::Settings, srp::Verifier,
    ways::Method,
};

/// Where a user is in its life.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Signed up, address not yet proven.
    Unconfirmed,
    /// May sign in.
    Confirmed,
    /// Has a temporary password.
    ForceChangePassword,
    /// Must choose a new password by a mailed code.
    ResetRequired,
    /// Signs in at an outside identity provider only.
    ExternalProvider,
}

impl Status {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

/// One user.
#[derive(Clone, Debug)]
pub struct User {
    /// The name, which never changes.
    pub username: String,
    /// The stable ID.
    pub sub: String,
    /// Where the user is in its life.
    pub status: Status,
    /// Whether an administrator lets the user in.
    pub enabled: bool,
    /// Attributes without `sub`.
    pub attributes: BTreeMap<String, String>,
    /// What is kept of the password; none if there is none.
    pub verifier: Option<Verifier>,
    /// When the password was set; a temporary one lives for 7 days.
    pub password_set_at: Instant,
    /// Attributes that this user must give at the first sign-in, if they are not the pool's.
    pub required_attributes: Option<Vec<String>>,
    /// What was kept of older passwords, the newest first.
    pub older: Vec<Verifier>,
    /// New values of `email` and `phone_number` that wait for their code.
    pub held_back: BTreeMap<String, String>,
    /// Passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// What can be proven beside the password.
    pub factors: Factors,
    /// The devices that sign-ins were made on.
    pub devices: Vec<Device>,
}

impl User {
    /// The e-mail address, if it is proven.
    pub fn verified_email(&self) -> Option<&str> {
        self.proven("email")
    }

    /// The phone number, if it is proven.
    pub fn verified_phone(&self) -> Option<&str> {
        self.proven("phone_number")
    }

    /// Where codes about the account go: attribute and value.
    pub fn contact(&self) -> Option<(&'static str, &str)> {
        ["email", "phone_number"].into_iter().find_map(|name| Some((name, self.attributes.get(name)?.as_str())))
    }

    /// An address or a number, if it is proven.
    pub fn proven(&self, attribute: &str) -> Option<&str> {
        let flag = self.attributes.get(&format!("{attribute}_verified"));
        let verified = flag.is_some_and(|flag| flag == "true");
        self.attributes.get(attribute).filter(|_| verified).map(String::as_str)
    }

    /// Whether the user must keep an attribute.
    pub fn requires(&self, attribute: &str, settings: &Settings) -> bool {
        self.required_attributes.as_ref().unwrap_or(&settings.required_attributes).iter().any(|name| name == attribute)
    }

    /// Whether there is what a second factor needs.
    pub fn can_use(&self, method: Method) -> bool {
        match method {
            Method::SmsMfa => self.attributes.contains_key("phone_number"),
            Method::EmailOtp => self.verified_email().is_some(),
            Method::SoftwareTokenMfa => self.factors.authenticator.is_some(),
        }
    }

    /// The outside identity provider that the user comes from.
    pub fn provider(&self) -> Option<&str> {
        let outside = self.status == Status::ExternalProvider;
        self.username.split_once('_').filter(|_| outside).map(|(provider, _)| provider)
    }

    /// The required attributes that have no value yet.
    pub fn missing_attributes(&self, settings: &Settings) -> Vec<String> {
        self.required_attributes
            .as_ref()
            .unwrap_or(&settings.required_attributes)
            .iter()
            .filter(|name| !self.attributes.contains_key(*name))
            .cloned()
            .collect()
    }
}

/// All users, by name.
#[derive(Debug, Default)]
pub struct Users(BTreeMap<String, User>);

impl Users {
    /// The user of exactly this name.
    pub fn named(&self, username: &str) -> Option<&User> {
        self.0.get(username)
    }

    /// The user of exactly this name, to be changed.
    pub fn named_mut(&mut self, username: &str) -> Option<&mut User> {
        self.0.get_mut(username)
    }

    /// The user of this name, or, with the alias, the confirmed user of this proven address.
    pub fn signing_in_as(&self, typed: &str, settings: &Settings) -> Option<&User> {
        let by_address = || {
            self.0
                .values()
                .filter(|user| settings.alias_email && user.status != Status::Unconfirmed)
                .find(|user| user.verified_email() == Some(typed))
        };
        // Who comes from outside has no password here, and looks like nobody.
        self.named(typed).or_else(by_address).filter(|user| user.status != Status::ExternalProvider)
    }

    /// The user of this ID.
    pub fn with_sub(&self, sub: &str) -> Option<&User> {
        self.0.values().find(|user| user.sub == sub)
    }

    /// Adds a user, or replaces one.
    pub fn put(&mut self, user: User) {
        self.0.insert(user.username.clone(), user);
    }

    /// Removes a user.
    pub fn remove(&mut self, username: &str) -> Option<User> {
        self.0.remove(username)
    }

    /// Every user.
    pub fn all(&self) -> impl Iterator<Item = &User> {
        self.0.values()
    }

    /// Every user, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut User> {
        self.0.values_mut()
    }
}
