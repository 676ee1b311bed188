//! The pool's published keys (RFC 7517), and which of them a token says that it is signed with (RFC 7515).

use super::claims::{Jwt, object, refused};
use crate::error::Error;
use crate::protocol::json::Json;
use crate::secret::SecretText;
use crate::text::Text;

/// A token as it was signed.
#[derive(Debug)]
pub struct Signed<'a> {
    /// The name of the key.
    pub kid: Text,
    /// The header and the claims, which the signature covers.
    pub text: &'a str,
    /// The signature in Base64url.
    pub signature: &'a str,
}

impl<'a> Signed<'a> {
    /// Reads a token's header: only RS256 counts, and no key or address of keys that stands in the header.
    ///
    /// # Errors
    /// `InvalidToken`, naming what is wrong.
    pub fn read(token: &'a SecretText) -> Result<Self, Error> {
        let Jwt { header, signed, signature, .. } = Jwt::read(token).ok_or_else(|| refused("its form"))?;
        let header = object(header).ok_or_else(|| refused("its form"))?;
        let header = Json::read(&header);
        if header.text("alg").as_deref() != Some("RS256") {
            return Err(refused("alg"));
        }
        let kid = header.text("kid").ok_or_else(|| refused("kid"))?;
        Ok(Self { kid, text: signed, signature })
    }
}

/// The RSA key `kid` of a key set, as it is written there.
pub fn key(set: &str, kid: &str) -> Option<Text> {
    let mut found = None;
    Json::parse(set)?.member("keys")?.each(&mut |_, key| {
        let is = |name, value| key.text(name).as_deref() == Some(value);
        if is("kid", kid) && is("kty", "RSA") {
            found = Some(key.as_written().into());
        }
    });
    found
}
