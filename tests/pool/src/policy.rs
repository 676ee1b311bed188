//! The password policy, with the service's own words.

use crate::{
    pool::{Pool, identity},
    refusal::Refusal,
    settings::PasswordPolicy,
};

/// The special characters that count as symbols; a space counts inside.
const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

impl PasswordPolicy {
    /// Refuses a password that does not conform.
    ///
    /// # Errors
    /// `InvalidPasswordException` with the first rule that is broken; `InvalidParameterException` for white space at an end.
    pub fn check(&self, password: &str) -> Result<(), Refusal> {
        if password.trim() != password {
            return Err(Refusal::invalid_parameter(
                "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
            ));
        }
        let lacks = |test: fn(char) -> bool| !password.chars().any(test);
        let broken = if password.chars().count() < self.minimum_length {
            "Password not long enough"
        } else if self.require_uppercase && lacks(|letter| letter.is_ascii_uppercase()) {
            "Password must have uppercase characters"
        } else if self.require_lowercase && lacks(|letter| letter.is_ascii_lowercase()) {
            "Password must have lowercase characters"
        } else if self.require_numbers && lacks(|letter| letter.is_ascii_digit()) {
            "Password must have numeric characters"
        } else if self.require_symbols && lacks(|letter| SYMBOLS.contains(letter)) {
            "Password must have symbol characters"
        } else {
            return Ok(());
        };
        Err(Refusal::new("InvalidPasswordException", format!("Password did not conform with policy: {broken}")))
    }
}

impl Pool {
    /// Refuses a new password for a user that does not conform, or that the user has had.
    ///
    /// # Errors
    /// As [`PasswordPolicy::check`], and `PasswordHistoryPolicyViolationException`.
    pub(crate) fn check_new_password(&self, username: &str, password: &str) -> Result<(), Refusal> {
        let policy = &self.settings.password_policy;
        policy.check(password)?;
        let Some(user) = self.users.named(username).filter(|_| policy.history > 0) else {
            return Ok(());
        };
        let mut had = user.older.iter().take(policy.history).chain(&user.verifier);
        if had.any(|verifier| verifier.fits(&identity(username), password)) {
            return Err(Refusal::new(
                "PasswordHistoryPolicyViolationException",
                "Password has previously been used. Please choose another one.",
            ));
        }
        Ok(())
    }
}
