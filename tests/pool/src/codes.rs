//! Codes sent by mail and SMS, and the mailbox that they arrive in.

use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::{
    clock::{Instant, span},
    refusal::Refusal,
};

/// Wrong tries after which a code is dead.
const WRONG_TRIES: u32 = 5;

/// What a code proves.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// The address given at sign-up.
    SignUp,
    /// The right to choose a new password.
    ResetPassword,
    /// An e-mail address of an account.
    VerifyEmail,
    /// A telephone number of an account.
    VerifyPhone,
    /// Who signs in, as the first factor.
    SignIn,
    /// The same, as the second factor.
    Mfa,
}

/// A message that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// The user's name.
    pub username: String,
    /// What the code is for.
    pub purpose: Purpose,
    /// EMAIL or SMS.
    pub medium: &'static str,
    /// The whole address or number.
    pub destination: String,
    /// Six or eight digits.
    pub code: String,
}

#[derive(Debug)]
struct Code {
    /// None for a name without a user: the code exists, but nobody has it.
    digits: Option<String>,
    ends_at: Instant,
    wrong: u32,
}

/// All codes, and all mails.
#[derive(Debug, Default)]
pub struct Codes {
    open: HashMap<(String, Purpose), Code>,
    mailbox: Vec<Mail>,
}

impl Codes {
    /// Sends a code, after which older ones of that purpose are dead.
    pub fn send(&mut self, mail: Mail, now: Instant, lifetime: i64) {
        self.open.insert(
            (mail.username.clone(), mail.purpose),
            Code { digits: Some(mail.code.clone()), ends_at: now + span(lifetime), wrong: 0 },
        );
        self.mailbox.push(mail);
    }

    /// Puts a mail or an SMS into the mailbox whose code a Session keeps.
    pub fn deliver(&mut self, mail: Mail) {
        self.mailbox.push(mail);
    }

    /// Behaves from now on as if a code had been sent to this name.
    pub fn pretend(&mut self, username: &str, purpose: Purpose, now: Instant, lifetime: i64) {
        self.open
            .insert((username.to_owned(), purpose), Code { digits: None, ends_at: now + span(lifetime), wrong: 0 });
    }

    /// Compares a code; it stays open until [`Codes::close`].
    ///
    /// # Errors
    /// `ExpiredCodeException` if none is open, `CodeMismatchException` if it is another one, `TooManyFailedAttemptsException` after
    /// five of those.
    pub fn check(&mut self, username: &str, purpose: Purpose, typed: &str, now: Instant) -> Result<(), Refusal> {
        let open = self.open.get_mut(&(username.to_owned(), purpose));
        let Some(code) = open.filter(|code| now < code.ends_at) else {
            return Err(expired());
        };
        if code.wrong >= WRONG_TRIES {
            return Err(Refusal::new(
                "TooManyFailedAttemptsException",
                "Too many failed attempts, please request a new code.",
            ));
        }
        if code.digits.as_deref() == Some(typed) {
            return Ok(());
        }
        code.wrong += 1;
        Err(Refusal::new("CodeMismatchException", "Invalid verification code provided, please try again."))
    }

    /// Spends the open code.
    pub fn close(&mut self, username: &str, purpose: Purpose) {
        self.open.remove(&(username.to_owned(), purpose));
    }

    /// Forgets the codes of a name; mails stay in the mailbox.
    pub fn forget(&mut self, username: &str) {
        self.open.retain(|(name, _), _| name != username);
    }

    /// The mails, oldest first.
    pub fn mailbox(&self) -> impl Iterator<Item = &Mail> {
        self.mailbox.iter()
    }
}

fn expired() -> Refusal {
    Refusal::new("ExpiredCodeException", "Invalid code provided, please request a code again.")
}

/// `CodeDeliveryDetails` for an address or a number.
pub fn delivery(address: &str) -> Value {
    let (medium, attribute) = if address.starts_with('+') { ("SMS", "phone_number") } else { ("EMAIL", "email") };
    json!({ "Destination": masked(address), "DeliveryMedium": medium, "AttributeName": attribute })
}

/// The first letters of name and domain, `a***@e***`, or the last digits of a number, `+*******0123`.
pub fn masked(address: &str) -> String {
    if let Some(digits) = address.strip_prefix('+') {
        let hidden = digits.len().saturating_sub(4);
        return format!("+{}{}", "*".repeat(hidden), digits.get(hidden..).unwrap_or_default());
    }
    let (name, domain) = address.split_once('@').unwrap_or((address, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", first(name), first(domain))
}
