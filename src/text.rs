//! Text that is handed on as one word.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::ops::Deref;

/// Owned text behind a pointer. Half of the shipped code hands texts on: as the three words of a `String` they would take 5 %
/// more of it.
#[derive(Clone, Default, PartialEq, Eq)]
#[allow(clippy::box_collection, reason = "one word instead of three is the purpose")]
pub struct Text(pub(crate) Box<String>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    #[inline(never)]
    fn from(text: String) -> Self {
        Self(Box::new(text))
    }
}

impl From<&str> for Text {
    #[inline(never)]
    fn from(text: &str) -> Self {
        Self(Box::new(text.to_owned()))
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl<'a> FromIterator<&'a str> for Text {
    fn from_iter<I: IntoIterator<Item = &'a str>>(parts: I) -> Self {
        parts.into_iter().collect::<String>().into()
    }
}

/// Texts that cross together, a byte of zero between one and the next. What is not said is empty.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a>(&'a str);

impl<'a> Texts<'a> {
    /// The texts that are `joined` so.
    pub fn new(joined: &'a str) -> Self {
        Self(joined)
    }

    /// The next text; past the last one, an empty one.
    #[inline(never)]
    pub fn take(&mut self) -> Text {
        let end = self.0.bytes().take_while(|byte| *byte != 0).count();
        let text = self.0.get(..end).unwrap_or_default();
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        text.into()
    }

    /// The next text, unless it is empty.
    pub fn filled(&mut self) -> Option<Text> {
        Some(self.take()).filter(|text| !text.is_empty())
    }

    /// All that was not taken, as one text.
    pub fn rest(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn texts_are_taken_in_their_order_and_then_nothing() {
        let mut texts = Texts::new("a\0\0bé\0rest\0of it");
        assert_eq!(texts.take(), "a");
        assert_eq!(texts.filled(), None);
        assert_eq!(texts.filled().as_deref(), Some("bé"));
        assert_eq!(texts.rest(), "rest\0of it");
        assert_eq!([texts.take(), texts.take(), texts.take(), texts.take()], ["rest", "of it", "", ""]);
    }
}
