//! What signed-in users do to their own attributes: UpdateUserAttributes, DeleteUserAttributes and the proof of an address or a number.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::{
    attributes::{check_name, check_writable, unfit},
    codes::Purpose,
    pool::{Pool, Reply, nothing},
    refusal::Refusal,
    shapes::Request,
    users::User,
};

const SENDS_AN_HOUR: usize = 5;
const TRIES_AN_HOUR: usize = 15;

impl Pool {
    pub(crate) fn update_user_attributes(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let twice = || Refusal::invalid_parameter("An attribute is given twice.");
        let given = request.attributes("UserAttributes").ok_or_else(twice)?;
        if given.is_empty() {
            return Err(Refusal::invalid_parameter("No attribute is given."));
        }
        // An empty text deletes.
        let (gone, new): (BTreeMap<_, _>, BTreeMap<_, _>) = given.into_iter().partition(|(_, value)| value.is_empty());
        check_writable(&new, &self.settings.account)?;
        for name in gone.keys() {
            self.check_deletable(&user, name)?;
        }
        for (name, value) in &new {
            self.check_alias(&user.username, name, value)?;
        }
        gone.keys().for_each(|name| self.delete_attribute(&user.username, name));
        let sent: Vec<Value> =
            new.into_iter().filter_map(|(name, value)| self.write_attribute(&user, name, value)).collect();
        Ok(Reply::Body(if sent.is_empty() { json!({}) } else { json!({ "CodeDeliveryDetailsList": sent }) }))
    }

    pub(crate) fn delete_user_attributes(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let names = request.names("UserAttributeNames");
        if names.is_empty() {
            return Err(Refusal::invalid_parameter("No attribute is given."));
        }
        for name in &names {
            self.check_deletable(&user, name)?;
        }
        names.iter().for_each(|name| self.delete_attribute(&user.username, name));
        Ok(nothing())
    }

    pub(crate) fn get_user_attribute_verification_code(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let name = request.text("AttributeName");
        let purpose = provable(name)?;
        let operation = "GetUserAttributeVerificationCode";
        self.attempts.spend(operation, &user.username, SENDS_AN_HOUR, self.clock.now())?;
        let contact = user.held_back.get(name).or_else(|| user.attributes.get(name)).cloned();
        let missing = || Refusal::invalid_parameter(format!("User does not have {name}."));
        let details = self.send_code(&user.username, purpose, contact.ok_or_else(missing)?);
        Ok(Reply::Body(json!({ "CodeDeliveryDetails": details })))
    }

    pub(crate) fn verify_user_attribute(&mut self, request: &Request) -> Result<Reply, Refusal> {
        let user = self.signed_in(request)?;
        let name = request.text("AttributeName");
        let purpose = provable(name)?;
        let now = self.clock.now();
        self.attempts.spend("VerifyUserAttribute", &user.username, TRIES_AN_HOUR, now)?;
        self.codes.check(&user.username, purpose, request.text("Code"), now)?;
        let contact = user.held_back.get(name).or_else(|| user.attributes.get(name));
        let missing = || Refusal::invalid_parameter(format!("User does not have {name}."));
        let contact = contact.ok_or_else(missing)?.clone();
        // Somebody else may have proven it since the code was sent.
        self.check_alias(&user.username, name, &contact)?;
        self.codes.close(&user.username, purpose);
        if let Some(user) = self.users.named_mut(&user.username) {
            user.held_back.remove(name);
            user.attributes.insert(name.to_owned(), contact);
            user.attributes.insert(format!("{name}_verified"), "true".to_owned());
        }
        Ok(nothing())
    }

    /// Writes one attribute: the `CodeDeliveryDetails` of the code that a new address or number needs.
    fn write_attribute(&mut self, before: &User, name: String, value: String) -> Option<Value> {
        let user = self.users.named_mut(&before.username)?;
        let same = user.attributes.get(&name) == Some(&value);
        let Ok(purpose) = provable(&name) else {
            user.attributes.insert(name, value);
            return None;
        };
        if same {
            user.held_back.remove(&name);
            self.codes.close(&before.username, purpose);
            return None;
        }
        if user.attributes.contains_key(&name) && self.settings.account.verify_before_update.contains(&name) {
            user.held_back.insert(name, value.clone());
        } else {
            user.held_back.remove(&name);
            user.attributes.insert(format!("{name}_verified"), "false".to_owned());
            user.attributes.insert(name, value.clone());
        }
        Some(self.send_code(&before.username, purpose, value))
    }

    fn delete_attribute(&mut self, username: &str, name: &str) {
        if let Ok(purpose) = provable(name) {
            self.codes.close(username, purpose);
        }
        if let Some(user) = self.users.named_mut(username) {
            user.attributes.remove(name);
            user.attributes.remove(&format!("{name}_verified"));
            user.held_back.remove(name);
        }
    }

    fn check_deletable(&self, user: &User, name: &str) -> Result<(), Refusal> {
        check_name(name, &self.settings.account)?;
        if user.requires(name, &self.settings) { Err(unfit(name, "The attribute is required")) } else { Ok(()) }
    }

    /// Refuses an address that signs another user in.
    fn check_alias(&self, username: &str, name: &str, value: &str) -> Result<(), Refusal> {
        let mut others = self.users.all().filter(|user| user.username != username);
        if name == "email" && self.settings.alias_email && others.any(|user| user.verified_email() == Some(value)) {
            return Err(Refusal::new("AliasExistsException", "An account with the email already exists."));
        }
        Ok(())
    }
}

/// What a code for this attribute proves, if it can be proven.
fn provable(name: &str) -> Result<Purpose, Refusal> {
    match name {
        "email" => Ok(Purpose::VerifyEmail),
        "phone_number" => Ok(Purpose::VerifyPhone),
        _ => Err(Refusal::invalid_parameter("Only email and phone_number can be verified.")),
    }
}
