//! What NEW_PASSWORD_REQUIRED says of the account's attributes.

use crate::error::place;
use crate::protocol::Pairs;
use crate::protocol::json::Json;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// Written only by the service; they come back among the attributes.
const NOT_WRITABLE: &str = "email_verified phone_number_verified";

/// The attributes that must be given, and those that the account has. `requiredAttributes` is a JSON list as text, its
/// entries prefixed, and `userAttributes` an object as text; absent, empty or odd texts say nothing.
pub(super) fn attributes(parameters: Json<'_>) -> (Vec<String>, Pairs) {
    let [required, known] =
        ["requiredAttributes", "userAttributes"].map(|name| parameters.text(name).unwrap_or_default());
    let mut required = Json::parse(&required).unwrap_or(Json::NULL).list();
    for name in &mut required {
        if let Some(bare) = name.strip_prefix("userAttributes.") {
            *name = bare.to_owned();
        }
    }
    let mut known = Json::parse(&known).unwrap_or(Json::NULL).texts();
    known.retain(|(name, value)| place(name, NOT_WRITABLE).is_none() && !value.is_empty());
    (required, known)
}
