//! The JSON that the service speaks (RFC 8259), read by name and written by hand.
//!
//! Reading copies nothing: a [`Json`] is a piece of the text, looked through anew for each member. Replies are short, and a
//! tree of owned values would cost four times the bytes of code.

use crate::encoding::decimal;
use crate::secret::SecretText;
use crate::text::Text;
use alloc::string::String;
use core::fmt;

/// How deep a value may be nested. Cognito's replies stay below 5.
const DEPTH: u8 = 32;

/// One value, checked, as it stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// `null`
    pub const NULL: Json<'static> = Json("null");

    /// Reads one value that fills `text`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut scanner = Scanner { text, at: 0 };
        let value = scanner.value(DEPTH, &mut |_, _| {})?;
        scanner.space();
        (scanner.at == text.len()).then_some(value)
    }

    /// Reads one value that fills `text`; `null` where there is none.
    #[inline(never)]
    pub fn read(text: &'a str) -> Self {
        Self::parse(text).unwrap_or(Json::NULL)
    }

    /// The value as it is written.
    pub fn as_written(self) -> &'a str {
        self.0
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// The member `name` of an object. Of members with equal names the last one counts.
    pub fn member(self, name: &str) -> Option<Json<'a>> {
        let mut found = None;
        self.each(&mut |known, value| {
            if unescaped(known).as_deref() == Some(name) {
                found = Some(value);
            }
        });
        found
    }

    /// Shows every member of an object, its name as it is written, or every value of a list.
    pub fn each(self, visit: &mut dyn FnMut(&'a str, Json<'a>)) {
        let _ = Scanner { text: self.0, at: 0 }.value(DEPTH, visit);
    }

    /// A string's text.
    pub fn string(self) -> Option<Text> {
        unescaped(self.0)
    }

    /// The text of the member `name`.
    pub fn text(self, name: &str) -> Option<Text> {
        self.member(name)?.string()
    }

    /// The text of the member `name`, unless it is empty.
    pub fn filled(self, name: &str) -> Option<Text> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// The whole part of the number `name`, which has no exponent: tokens have whole seconds.
    pub fn integer(self, name: &str) -> Option<i64> {
        whole(self.member(name)?.0)
    }

    /// Whether this is a list with a text in it.
    pub fn lists(self) -> bool {
        let mut lists = false;
        self.each(&mut |name, value| lists |= name.is_empty() && value.string().is_some());
        lists
    }

    /// Whether `text` is in a list.
    pub fn has(self, text: &str) -> bool {
        let mut has = false;
        self.each(&mut |_, value| has |= value.string().is_some_and(|known| known == text));
        has
    }
}

/// Writes one object member by member.
pub struct Object(Text);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self("{".into())
    }

    /// An object with the members of another one, to be added to; one without members for any other value.
    pub fn from(value: Json<'_>) -> Self {
        let members = value.0.strip_suffix('}').filter(|_| value.is_object());
        Self(members.map_or("{", str::trim_ascii_end).into())
    }

    /// Adds a text.
    #[inline(never)]
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        quote(value, &mut self.0.0);
        self
    }

    /// Adds a text, unless it is absent.
    #[inline(never)]
    pub fn optional(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds a value as it is written.
    #[inline(never)]
    pub fn raw(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        self.0.0.push_str(value);
        self
    }

    /// Adds a value as it is written, unless it is absent.
    pub fn optional_raw(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.raw(name, value),
            None => self,
        }
    }

    /// Adds a whole number.
    pub fn integer(&mut self, name: &str, value: u32) -> &mut Self {
        self.name(name);
        decimal(&mut self.0.0, value.into(), 1);
        self
    }

    /// The object as text.
    pub fn finish(self) -> SecretText {
        self.end().into()
    }

    /// The object as text that holds no secret.
    pub fn end(mut self) -> Text {
        self.0.0.push('}');
        self.0
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.0.push(',');
        }
        quote(name, &mut self.0.0);
        self.0.0.push(':');
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

/// Appends a text as a string.
#[inline(never)]
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..='\x1f' => {
                out.push_str(if c < '\x10' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(c) & 15, 16));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// The text of a string as it is written. Half of a surrogate pair becomes U+FFFD.
#[inline(never)]
pub(crate) fn unescaped(written: &str) -> Option<Text> {
    let mut chars = written.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut out = String::new();
    let mut high = 0;
    while let Some(c) = chars.next() {
        let mut unit = u32::from(c);
        if c == '\\' {
            unit = match chars.next()? {
                'n' => 0x0a,
                't' => 0x09,
                'r' => 0x0d,
                'b' => 0x08,
                'f' => 0x0c,
                'u' => (0..4).try_fold(0, |unit, _| Some(unit * 16 + chars.next()?.to_digit(16)?))?,
                c => u32::from(c),
            };
        }
        if high != 0 {
            if unit & !0x3ff == 0xdc00 {
                unit = 0x1_0000 + ((high & 0x3ff) << 10) + (unit & 0x3ff);
            } else {
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
        high = if unit & !0x3ff == 0xd800 { unit } else { 0 };
        if high == 0 {
            out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    if high != 0 {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    Some(out.into())
}

/// The whole part of a JSON number; 0 of an empty text.
pub fn whole(number: &str) -> Option<i64> {
    let (mut value, mut fraction) = (0_i64, false);
    for c in number.bytes() {
        match c {
            b'0'..=b'9' if fraction => {}
            b'0'..=b'9' => value = tenfold(value)?.checked_add(i64::from(c - b'0'))?,
            b'.' => fraction = true,
            b'-' => {}
            _ => return None,
        }
    }
    Some(if number.starts_with('-') { -value } else { value })
}

/// As `checked_mul`, which multiplies 128 bits for it.
fn tenfold(value: i64) -> Option<i64> {
    (value <= i64::MAX / 10).then_some(value.wrapping_mul(10))
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Reads a value, and shows what it holds at its first level.
    fn value(&mut self, depth: u8, visit: &mut dyn FnMut(&'a str, Json<'a>)) -> Option<Json<'a>> {
        let depth = depth.checked_sub(1)?;
        self.space();
        let start = self.at;
        let first = self.peek()?;
        match first {
            b'"' => self.string()?,
            b'{' | b'[' => {
                let end = if first == b'{' { b'}' } else { b']' };
                self.at += 1;
                self.space();
                while self.take(end).is_none() {
                    let mut name = "";
                    if first == b'{' {
                        let start = self.at;
                        self.string()?;
                        name = self.since(start);
                        self.space();
                        self.take(b':')?;
                    }
                    let value = self.value(depth, &mut |_, _| {})?;
                    visit(name, value);
                    self.space();
                    if self.take(b',').is_some() {
                        self.space();
                        if self.peek()? == end {
                            return None;
                        }
                    } else if self.peek()? != end {
                        return None;
                    }
                }
            }
            b'a'..=b'z' => {
                self.run(|c| c.is_ascii_lowercase());
                if !matches!(self.since(start), "null" | "true" | "false") {
                    return None;
                }
            }
            _ => self.number()?,
        }
        Some(Json(self.since(start)))
    }

    /// `-`? digits (`.` digits)? (`e` sign? digits)?, without leading zeros.
    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        if self.digits()? > 1 && leading_zero {
            return None;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'-').or_else(|| self.take(b'+'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<usize> {
        let start = self.at;
        self.run(|c| c.is_ascii_digit());
        (self.at > start).then_some(self.at - start)
    }

    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            self.run(|c| !matches!(c, b'"' | b'\\' | 0..=0x1f));
            if self.take(b'"').is_some() {
                return Some(());
            }
            self.take(b'\\')?;
            let escape = self.peek()?;
            self.at += 1;
            match escape {
                b'u' => {
                    for _ in 0..4 {
                        self.peek().filter(u8::is_ascii_hexdigit)?;
                        self.at += 1;
                    }
                }
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                _ => return None,
            }
        }
    }

    fn space(&mut self) {
        self.run(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn run(&mut self, keep: fn(u8) -> bool) {
        while self.peek().is_some_and(keep) {
            self.at += 1;
        }
    }

    /// The text from `start` to here. Both stand before an ASCII byte or at the end, so the cut is between characters.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }
}
