//! Numbers and blocks of bytes as the service writes them.
//!
//! Nothing here is secret: the functions stop early and look at what they read.

use super::digits::BYTES;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Reads a number in hexadecimal into big-endian bytes without zeros in front; zero is empty.
///
/// Letters of either case, an odd length and zeros in front are fine. `None` if a character is none of hexadecimal's (a sign, for one), if
/// there is none, or if the number has more than 3072 bits.
pub fn number(hex: &str) -> Option<Vec<u8>> {
    let zeros = hex.bytes().take_while(|&letter| letter == b'0').count();
    let letters = hex.as_bytes().get(zeros..)?;
    if hex.is_empty() || letters.len() > 2 * BYTES {
        return None;
    }
    letters.rchunks(2).rev().map(|pair| pair.iter().try_fold(0, |byte, &letter| Some(byte << 4 | nibble(letter)?))).collect()
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
    let digits = number.iter().flat_map(|byte| [byte >> 4, byte & 15]).skip_while(|&digit| digit == 0);
    digits.map(|digit| char::from(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit })).collect()
}

/// Decodes Base64: the standard or the URL-safe letters, padded or not, blanks anywhere. `None` if it is anything else.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut letters = text.bytes().filter(|letter| !letter.is_ascii_whitespace()).collect::<Vec<u8>>();
    while letters.last() == Some(&b'=') {
        letters.pop();
    }
    let mut bytes = Vec::with_capacity(letters.len());
    for group in letters.chunks(4) {
        let mut bits = 0_u32;
        for letter in group {
            let letter = match letter {
                b'-' => b'+',
                b'_' => b'/',
                letter => *letter,
            };
            bits = bits << 6 | u32::try_from(LETTERS.iter().position(|known| *known == letter)?).ok()?;
        }
        let [_, first, second, third] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        match group.len() {
            4 => bytes.extend([first, second, third]),
            3 => bytes.extend([first, second]),
            2 => bytes.push(first),
            _ => return None,
        }
    }
    Some(bytes)
}

/// Encodes as standard Base64 with padding.
pub fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..].iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let bits = u32::from_be_bytes(bits);
        for at in 0..4 {
            let [.., index] = (bits >> (18 - 6 * at) & 63).to_be_bytes();
            let letter = if at > group.len() { b'=' } else { LETTERS[usize::from(index & 63)] };
            text.push(char::from(letter));
        }
    }
    text
}
