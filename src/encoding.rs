//! Numbers and blocks of bytes as texts: decimal, hexadecimal, Base64 (RFC 4648) and UTF-8 (RFC 3629).
//!
//! No table is looked up by what is read or written; the functions that read stop early at a wrong letter.

use crate::secret::SecretBytes;
use crate::text::Text;
use alloc::string::String;
use alloc::vec::Vec;

/// The letters of the longest number that is read: 3072 bits.
const LONGEST: usize = 768;

/// Reads a number in hexadecimal into big-endian bytes without zeros in front; zero is empty.
///
/// Letters of either case, an odd length and zeros in front are fine. `None` if a character is none of hexadecimal's (a sign,
/// for one), if there is none, or if the number has more than 3072 bits.
pub fn number(hex: &str) -> Option<SecretBytes> {
    let letters = hex.trim_start_matches('0');
    if hex.is_empty() || letters.len() > LONGEST {
        return None;
    }
    let mut number = Vec::with_capacity(LONGEST / 2);
    let mut byte = 0;
    for (at, letter) in (1..=letters.len()).rev().zip(letters.bytes()) {
        byte = byte << 4 | nibble(letter)?;
        if at % 2 == 1 {
            number.push(byte);
        }
    }
    Some(number.into())
}

fn nibble(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    }
}

/// Writes big-endian bytes as a number in lower-case hexadecimal without zeros in front, as JavaScript and Java do.
pub fn hex(number: &[u8]) -> Text {
    let mut text = String::with_capacity(2 * number.len());
    for byte in number {
        for &digit in &[byte >> 4, byte & 15] {
            if digit > 0 || !text.is_empty() {
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }));
            }
        }
    }
    text.into()
}

/// Appends `value` in decimal, with zeros in front up to `least` digits.
pub fn decimal(text: &mut String, value: u64, least: u32) {
    if value >= 10 || least > 1 {
        decimal(text, value / 10, least.saturating_sub(1));
    }
    text.extend(char::from_digit(u32::try_from(value % 10).unwrap_or_default(), 10));
}

/// Reads UTF-8: as `String::from_utf8`, at a third of its code.
pub fn utf8(bytes: &[u8]) -> Option<Text> {
    let mut text = String::with_capacity(bytes.len());
    let mut bytes = bytes.iter();
    while let Some(&first) = bytes.next() {
        let more = match first {
            0..=0x7f => 0,
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf7 => 3,
            _ => return None,
        };
        let mut point = u32::from(first & (0xff >> more >> 1));
        for _ in 0..more {
            let &next = bytes.next().filter(|next| **next >> 6 == 2)?;
            point = point << 6 | u32::from(next & 0x3f);
        }
        // Not written longer than need be.
        text.push(char::from_u32(point).filter(|c| c.len_utf8() == more + 1)?);
    }
    Some(text.into())
}

/// Writes bytes in Base64, with the standard letters and padded.
pub fn base64(bytes: &[u8]) -> Text {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for triple in bytes.chunks(3) {
        let mut bits = 0_u32;
        for at in 0..3 {
            bits = bits << 8 | u32::from(triple.get(at).copied().unwrap_or_default());
        }
        for at in 0..4 {
            bits <<= 6;
            let [value, ..] = (bits << 2).to_be_bytes();
            let letter = match value >> 2 {
                _ if at > triple.len() => b'=',
                value @ 0..26 => b'A' + value,
                value @ 26..52 => b'a' - 26 + value,
                value @ 52..62 => value - 52 + b'0',
                62 => b'+',
                _ => b'/',
            };
            text.push(char::from(letter));
        }
    }
    text.into()
}

/// Reads Base64: the standard or the URL-safe letters, padded or not, blanks anywhere. `None` if it is anything else.
pub fn from_base64(text: &str) -> Option<SecretBytes> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count, mut ended) = (0_u32, 0, false);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let value = match letter {
            b'=' => {
                ended = true;
                continue;
            }
            _ if ended => return None,
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [.., byte] = (bits >> count).to_be_bytes();
            bytes.push(byte);
        }
    }
    // One letter alone is no byte.
    (count < 6).then_some(bytes.into())
}
