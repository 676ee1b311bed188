//! Numbers and blocks of bytes as the service writes them.
//!
//! Nothing here is secret: the functions stop early and look at what they read.

use super::digits::BYTES;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads a number in hexadecimal into big-endian bytes without zeros in front; zero is empty.
///
/// Letters of either case, an odd length and zeros in front are fine. `None` if a character is none of hexadecimal's (a sign,
/// for one), if there is none, or if the number has more than 3072 bits.
pub fn number(hex: &str) -> Option<Vec<u8>> {
    let zeros = hex.bytes().take_while(|&letter| letter == b'0').count();
    let letters = hex.as_bytes().get(zeros..)?;
    if hex.is_empty() || letters.len() > 2 * BYTES {
        return None;
    }
    let mut number = Vec::with_capacity(BYTES);
    let mut byte = 0;
    for (at, &letter) in (1..=letters.len()).rev().zip(letters) {
        byte = byte << 4 | nibble(letter)?;
        if at % 2 == 1 {
            number.push(byte);
        }
    }
    Some(number)
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
pub fn hex(number: &[u8]) -> String {
    let mut text = String::with_capacity(2 * number.len());
    for byte in number {
        for digit in [byte >> 4, byte & 15] {
            if digit > 0 || !text.is_empty() {
                text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit }));
            }
        }
    }
    text
}

/// Decodes Base64: the standard or the URL-safe letters, padded or not, blanks anywhere. `None` if it is anything else.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
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
    (count < 6).then_some(bytes)
}
