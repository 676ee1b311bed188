//! The challenge NEW_PASSWORD_REQUIRED: the first sign-in with a temporary password.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use crate::{
    attributes::{check_required, check_writable},
    pool::{Pool, parameters},
    refusal::Refusal,
    users::Status,
};

const PREFIX: &str = "userAttributes.";

impl Pool {
    /// ChallengeParameters: attributes and the names of missing ones, both as JSON in a text.
    pub(crate) fn new_password_parameters(&self, username: &str) -> Map<String, Value> {
        let (attributes, missing) = self
            .users
            .named(username)
            .map(|user| (user.attributes.clone(), user.missing_attributes(&self.settings)))
            .unwrap_or_default();
        let missing: Vec<String> = missing.iter().map(|name| format!("{PREFIX}{name}")).collect();
        parameters(&[
            ("USER_ID_FOR_SRP", username.to_owned()),
            ("userAttributes", json!(attributes).to_string()),
            ("requiredAttributes", json!(missing).to_string()),
        ])
    }

    /// Takes the new password and attributes; the user is CONFIRMED afterwards.
    ///
    /// The Session is open again after `InvalidPasswordException`, and after nothing else.
    pub(crate) fn accept_new_password(
        &mut self,
        username: &str,
        session: &str,
        given: &BTreeMap<&str, &str>,
    ) -> Result<(), Refusal> {
        let mut attributes = BTreeMap::new();
        for (name, value) in given {
            match name.strip_prefix(PREFIX) {
                Some(name) => {
                    attributes.insert(name.to_owned(), (*value).to_owned());
                }
                None if matches!(*name, "USERNAME" | "NEW_PASSWORD" | "DEVICE_KEY") => {}
                None => return Err(Refusal::invalid_parameter("Unexpected parameter.")),
            }
        }
        let user = self.users.named(username).ok_or_else(Refusal::user_not_found)?;
        if let Some(name) = attributes.keys().find(|name| user.attributes.contains_key(*name)) {
            return Err(Refusal::not_authorized(format!("Cannot modify an already provided {name}")));
        }
        check_writable(&attributes, &self.settings.account)?;
        check_required(&user.missing_attributes(&self.settings), &attributes)?;
        let password = given.get("NEW_PASSWORD").copied().unwrap_or_default();
        if let Err(refusal) = self.check_new_password(username, password) {
            if refusal.name == "InvalidPasswordException" {
                self.sessions.reopen(session);
            }
            return Err(refusal);
        }
        self.set_password(username, password);
        if let Some(user) = self.users.named_mut(username) {
            user.status = Status::Confirmed;
            user.attributes.extend(attributes);
        }
        Ok(())
    }
}
