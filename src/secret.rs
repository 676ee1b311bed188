//! Text and bytes that are wiped when dropped and print as `[redacted]`.

use crate::text::Text;
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroize;

/// A value that must not outlive its use: a password, a token, an exponent.
///
/// It has no `Display`, its `Debug` prints `[redacted]`, and its bytes are overwritten when it is dropped.
pub struct Secret<T: Zeroize>(Box<T>);

/// Secret text.
pub type SecretText = Secret<String>;
/// Secret bytes.
pub type SecretBytes = Secret<Vec<u8>>;

impl<T: Zeroize> Secret<T> {
    /// Takes `value` into custody.
    pub fn new(value: T) -> Self {
        Self(Box::new(value))
    }

    /// Shows the value to the code that has to use it.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Lets the value be filled in place.
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T: Zeroize + Default> Default for Secret<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(Box::new(value))
    }
}

impl From<Text> for SecretText {
    fn from(Text(text): Text) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretText {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn prints_nothing_of_its_value() {
        assert_eq!(format!("{:?}", SecretText::from("hunter2")), "[redacted]");
    }
}
