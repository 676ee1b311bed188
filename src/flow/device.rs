//! A device that the pool remembers: its names, its secret, and how they are written down.

use crate::encoding::base64;
use crate::protocol::json::{Json, Object};
use crate::protocol::user_pool::NewDevice;
use crate::secret::SecretText;
use crate::srp::{Group, Identity, verifier};
use crate::text::Text;
use alloc::boxed::Box;

/// The random bytes that a device is made of: 40 for its password, then 16 for the salt.
pub const CHANCE: usize = 56;

/// What proves that this is a device that the user has signed in on before.
#[derive(Debug)]
pub struct Device {
    /// `DeviceKey`
    pub key: Text,
    /// `DeviceGroupKey`
    pub group: Text,
    /// The text that SRP takes for a password.
    pub password: SecretText,
}

impl Device {
    /// The device with these names and a new secret, and the salt and the verifier that ConfirmDevice registers, in Base64.
    pub fn new(NewDevice { key, group }: NewDevice, chance: &[u8; CHANCE], srp: &Group) -> (Self, [Text; 2]) {
        let (secret, salt) = chance.split_at(40);
        let password = SecretText::from(base64(secret));
        let identity = Identity { pool_name: &group, user: &key, password: password.expose().as_bytes() };
        let registered = verifier(srp, &identity, salt).map(|number| base64(number.expose()));
        (Self { key, group, password }, registered)
    }

    /// The device of a record, as [`Device::write`] makes it.
    pub fn read(record: &str) -> Option<Box<Self>> {
        let device = Json::read(record);
        let text = |name| device.text(name).filter(|text| !text.is_empty());
        Some(Box::new(Self { key: text("key")?, group: text("group")?, password: text("password")?.into() }))
    }

    /// Its record: `{ key, group, password }`.
    pub fn write(&self) -> SecretText {
        let mut record = Object::new();
        record.text("key", &self.key).text("group", &self.group).text("password", self.password.expose());
        record.finish()
    }
}
