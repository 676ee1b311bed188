//! The JSON that the service speaks (RFC 8259), read by name and written by hand.

use crate::secret::SecretText;

/// How deep a value may be nested. Cognito's replies stay below 5.
const DEPTH: usize = 32;

/// A value read from text.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written, so that nothing is lost by reading it.
    Number(String),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object, its members in the order written.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value that fills `text`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.as_bytes(), text };
        let value = reader.value(DEPTH)?;
        reader.space();
        reader.rest.is_empty().then_some(value)
    }

    /// The member `name` of an object. Of members with equal names the last one counts.
    pub fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of the member `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.member(name)? {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole part of the number `name`; AWS writes seconds as `1732190000`, `1732190000.123` or `1.73219E9`.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.member(name)? {
            Json::Number(number) => whole(number),
            _ => None,
        }
    }

    /// The members of an object whose values are texts.
    pub fn texts(&self) -> Vec<(String, String)> {
        match self {
            Json::Object(members) => members
                .iter()
                .filter_map(|(name, value)| match value {
                    Json::Text(text) => Some((name.clone(), text.clone())),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The values of a list.
    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(values) => values,
            _ => &[],
        }
    }

    /// Writes the value without spaces.
    pub fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(number) => out.push_str(number),
            Json::Text(text) => quote(text, out),
            Json::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Writes one object member by member.
pub struct Object(String);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        quote(value, &mut self.0);
        self
    }

    /// Adds an object of texts, unless it would be empty: Cognito wants absent members left out.
    pub fn texts<'a>(self, name: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self;
        }
        let inner = values.fold(Object::new(), |object, (name, value)| object.text(name, value));
        self.raw(name, &inner.end())
    }

    /// Adds a list of `{"Name": …, "Value": …}`, unless it would be empty.
    pub fn attributes(self, name: &str, values: &[(String, String)]) -> Self {
        if values.is_empty() {
            return self;
        }
        let mut list = String::from("[");
        for (at, (name, value)) in values.iter().enumerate() {
            if at > 0 {
                list.push(',');
            }
            list.push_str(&Object::new().text("Name", name).text("Value", value).end());
        }
        list.push(']');
        self.raw(name, &list)
    }

    /// The object as text.
    pub fn finish(self) -> SecretText {
        SecretText::new(self.end())
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn raw(mut self, name: &str, value: &str) -> Self {
        self.name(name);
        self.0.push_str(value);
        self
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(name, &mut self.0);
        self.0.push(':');
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

fn quote(text: &str, out: &mut String) {
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

/// The whole part of a JSON number, by moving its decimal point.
fn whole(number: &str) -> Option<i64> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i8>().ok()?),
        None => (number, 0),
    };
    let (digits, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut all = String::from(digits);
    all.push_str(fraction);
    let negative = all.starts_with('-');
    let end = digits.len().checked_add_signed(isize::from(exponent))?;
    while all.len() < end {
        all.push('0');
    }
    all.truncate(end);
    match all.trim_start_matches('-') {
        "" => Some(0),
        digits => digits.parse().ok().map(|value: i64| if negative { -value } else { value }),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    text: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        self.space();
        match self.rest.first()? {
            b'"' => self.string().map(Json::Text),
            b'[' => {
                let mut values = Vec::new();
                self.sequence(b']', |reader| {
                    values.push(reader.value(depth)?);
                    Some(())
                })?;
                Some(Json::List(values))
            }
            b'{' => {
                let mut members = Vec::new();
                self.sequence(b'}', |reader| {
                    reader.space();
                    let name = reader.string()?;
                    reader.space();
                    reader.take(b':')?;
                    members.push((name, reader.value(depth)?));
                    Some(())
                })?;
                Some(Json::Object(members))
            }
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            _ => self.number(),
        }
    }

    /// Items between the bracket that stands here and `end`, with commas between them.
    fn sequence(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.skip(1)?;
        self.space();
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            item(self)?;
            self.space();
            if self.take(end).is_some() {
                return Some(());
            }
            self.take(b',')?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let number = self.run(|c| matches!(c, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        let unsigned = number.strip_prefix('-').unwrap_or(number);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        let valid = digits(integer)
            && (integer == "0" || !integer.starts_with('0'))
            && digits(fraction)
            && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        valid.then(|| Json::Number(number.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            out.push_str(self.run(|c| !matches!(c, b'"' | b'\\' | 0..=0x1f)));
            match self.next()? {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\x08',
            b'f' => '\x0c',
            b'u' => {
                let high = self.unit()?;
                if (0xd800..0xdc00).contains(&high) && self.rest.starts_with(b"\\u") {
                    self.skip(2)?;
                    let low = self.unit()?;
                    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low.checked_sub(0xdc00)?)?
                } else {
                    char::from_u32(high)?
                }
            }
            c @ (b'"' | b'\\' | b'/') => char::from(c),
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        self.rest = self.rest.strip_prefix(word.as_bytes())?;
        Some(value)
    }

    fn space(&mut self) {
        self.run(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Reads on while `keep` holds. It stops before an ASCII byte or at the end, so the cut is between characters.
    fn run(&mut self, keep: impl Fn(u8) -> bool) -> &str {
        let start = self.text.len() - self.rest.len();
        let length = self.rest.iter().position(|c| !keep(*c)).unwrap_or(self.rest.len());
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.text.get(start..start + length).unwrap_or_default()
    }

    fn next(&mut self) -> Option<u8> {
        let c = self.rest.first().copied()?;
        self.skip(1)?;
        Some(c)
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (*self.rest.first()? == wanted).then(|| self.skip(1))?
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.rest = self.rest.get(count..)?;
        Some(())
    }
}
