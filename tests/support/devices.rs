//! The record of devices as the script around the module keeps it: one for each user, by their name.

use cognito_vault::secret::SecretText;
use serde_json::{Map, Value, from_str};
use std::cell::RefCell;

#[derive(Default)]
pub(crate) struct Devices(RefCell<String>);

impl Devices {
    /// The record that is kept.
    pub(crate) fn record(&self) -> String {
        self.0.borrow().clone()
    }

    /// Has this record kept.
    pub(crate) fn put(&self, record: String) {
        self.0.replace(record);
    }

    /// The record of a user's device.
    pub(crate) fn of(&self, username: &str) -> Option<SecretText> {
        self.all().get(username).map(|device| device.to_string().into())
    }

    /// Keeps it; an empty one forgets the device of this user, or with this key.
    pub(crate) fn keep(&self, username: &str, record: &SecretText) {
        let mut devices = self.all();
        devices.retain(|name, device| name != username && device["key"] != username);
        if !record.expose().is_empty() {
            devices.insert(username.to_owned(), from_str(record.expose()).unwrap());
        }
        self.put(if devices.is_empty() { String::new() } else { Value::from(devices).to_string() });
    }

    /// Of what is no record, none.
    fn all(&self) -> Map<String, Value> {
        from_str(&self.record()).unwrap_or_default()
    }
}
