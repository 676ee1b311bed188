//! User attributes: which there are, what they may hold, and who may write them.

use std::collections::BTreeMap;

use crate::{refusal::Refusal, settings::Account};

const STANDARD: [&str; 17] = [
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];
const OF_THE_SERVICE: [&str; 3] = ["sub", "email_verified", "phone_number_verified"];

/// Refuses attributes that a client may not write, that do not exist or that are badly formed.
///
/// # Errors
/// `NotAuthorizedException` for attributes of the service, `InvalidParameterException` for the rest.
pub fn check_writable(attributes: &BTreeMap<String, String>, account: &Account) -> Result<(), Refusal> {
    for (name, value) in attributes {
        check_name(name, account)?;
        let well_formed = match name.as_str() {
            "email" => is_email(value),
            "phone_number" => is_phone_number(value),
            "birthdate" => is_date(value),
            _ => true,
        };
        if !well_formed {
            return Err(Refusal::invalid_parameter(match name.as_str() {
                "email" => "Invalid email address format.",
                "phone_number" => "Invalid phone number format.",
                _ => "Invalid birthdate format, please use YYYY-MM-DD.",
            }));
        }
    }
    Ok(())
}

/// Refuses the name of an attribute that does not exist, or that a client may not write.
///
/// # Errors
/// As [`check_writable`].
pub fn check_name(name: &str, account: &Account) -> Result<(), Refusal> {
    let listed = |list: &[String]| list.iter().any(|listed| listed == name);
    if OF_THE_SERVICE.contains(&name) || listed(&account.read_only_attributes) {
        return Err(Refusal::not_authorized("A client attempted to write unauthorized attribute"));
    }
    if STANDARD.contains(&name) || listed(&account.custom_attributes) {
        Ok(())
    } else {
        Err(unfit(name, "Attribute does not exist in the schema."))
    }
}

/// Refuses if one of `required` is not among `given`, or is empty.
///
/// # Errors
/// `InvalidParameterException`.
pub fn check_required(required: &[String], given: &BTreeMap<String, String>) -> Result<(), Refusal> {
    match required.iter().find(|name| given.get(*name).is_none_or(String::is_empty)) {
        Some(name) => Err(unfit(name, "The attribute is required")),
        None => Ok(()),
    }
}

/// Whether the text has the shape of an e-mail address.
pub fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && !text.chars().any(char::is_whitespace)
        && !domain.contains('@')
        && domain.split_once('.').is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty())
}

/// An attribute that does not conform.
pub fn unfit(name: &str, why: &str) -> Refusal {
    Refusal::invalid_parameter(format!("Attributes did not conform to the schema: {name}: {why}\n"))
}

/// Whether an attribute of this name can be added to a pool.
pub fn is_custom(name: &str) -> bool {
    name.strip_prefix("custom:")
        .is_some_and(|rest| (1..=20).contains(&rest.chars().count()) && !rest.chars().any(char::is_whitespace))
}

/// E.164: a plus and up to 15 digits.
fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// YYYY-MM-DD, and a day that the calendar has.
fn is_date(text: &str) -> bool {
    let digits = text.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(5, 7), part(8, 10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    text.len() == 10 && digits && (1..=days).contains(&day)
}
