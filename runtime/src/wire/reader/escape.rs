//! Codec, reading: escapes in strings (RFC 8259 §7).

/// Reads the escape after a backslash: the character, and the number of bytes.
pub(super) fn read(text: &[u8]) -> Option<(char, usize)> {
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

/// Reads `uXXXX`, or the two of a surrogate pair.
fn unicode(text: &[u8]) -> Option<(char, usize)> {
    let first = unit(text.get(1..5)?)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 5));
    }
    let second = unit(text.get(5..11)?.strip_prefix(b"\\u")?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 11))
}

/// Four hexadecimal digits.
fn unit(digits: &[u8]) -> Option<u16> {
    let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
    digits.map(|digit| u16::try_from(digit?).ok()).try_fold(0, |unit, digit| Some(unit << 4 | digit?))
}
