//! Proves that a password is known without sending it.
#![allow(missing_docs, reason = "placeholder")]
use crate::{error::Error, secret::SecretBytes};
use alloc::string::String;
#[derive(Debug)]
pub struct KeyPair(SecretBytes);
pub struct Identity<'a> {
    pub pool_name: &'a str,
    pub user: &'a str,
    pub password: &'a [u8],
}
pub struct Challenge<'a> {
    pub salt: &'a str,
    pub b: &'a str,
    pub secret_block: &'a str,
    pub timestamp: &'a str,
}
impl KeyPair {
    pub fn new(a: SecretBytes) -> Result<Self, Error> {
        Ok(Self(a))
    }
    pub fn public(&self) -> String {
        "a".repeat(self.0.expose().len())
    }
    pub fn prove(self, _: &Identity<'_>, _: &Challenge<'_>) -> Result<String, Error> {
        Ok(String::new())
    }
}
pub fn timestamp(_: i64) -> String {
    String::new()
}
