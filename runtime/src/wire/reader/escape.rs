//! Codec, reading: strings with escapes (RFC 8259 §7).

use serde_core::Deserialize as _;

use super::Reader;
use crate::wire::error::DecodeError;
use crate::wire::scan::plain_length;

impl Reader<'_> {
    /// Reads the string at the opening quote, which has escapes or is not well-formed.
    pub(super) fn escaped_str(&mut self) -> Result<&str, DecodeError> {
        let mut start = self.at + 1;
        self.unescaped.clear();
        loop {
            let end = start + plain_length(self.between(start, self.json.len()));
            self.unescaped.push_str(self.text_between(start, end)?);
            match self.json.get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(&self.unescaped);
                }
                Some(b'\\') => {
                    let escaped = self.json.get(end + 1..).and_then(read);
                    let (character, length) = escaped.ok_or_else(|| self.malformed_string())?;
                    self.unescaped.push(character);
                    start = end + 1 + length;
                }
                _ => return Err(self.malformed_string()),
            }
        }
    }

    /// Returns the error of `serde_json` for the string here.
    #[cold]
    fn malformed_string(&self) -> DecodeError {
        match String::deserialize(&mut serde_json::Deserializer::from_slice(self.rest())) {
            Ok(_) => self.error("invalid string"),
            Err(error) => self.serde_error(&error),
        }
    }
}

/// Reads the escape after a backslash: the character, and the number of bytes.
fn read(text: &[u8]) -> Option<(char, usize)> {
    Some(match text.first()? {
        b'"' => ('"', 1),
        b'\\' => ('\\', 1),
        b'/' => ('/', 1),
        b'b' => ('\u{8}', 1),
        b'f' => ('\u{c}', 1),
        b'n' => ('\n', 1),
        b'r' => ('\r', 1),
        b't' => ('\t', 1),
        b'u' => return unicode(text),
        _ => return None,
    })
}

/// Reads `uXXXX`, or two of them for a surrogate pair.
fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let first = unit(text.get(1..5)?)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 5));
    }
    let second = unit(text.get(5..11)?.strip_prefix(b"\\u")?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 11))
}

/// Parses four hexadecimal digits.
fn unit(digits: &[u8]) -> Option<u16> {
    let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
    digits.map(|digit| u16::try_from(digit?).ok()).try_fold(0, |unit, digit| Some(unit << 4 | digit?))
}
