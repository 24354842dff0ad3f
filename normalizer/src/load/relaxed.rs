//! Handwritten JSON: with comments, trailing commas, and tabs in strings.
//!
//! In: text that is not JSON. Out: the same in strict JSON, with all bytes in their places. Invariant: nothing else is changed, except that
//! a number beyond the range of floats is written as infinity in YAML.

use crate::certain::Certain;
use crate::spans::comment;

/// Returns the text without comments and trailing commas, with spaces for control characters in strings, and with infinite numbers.
pub(super) fn relaxed(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut comma = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let end = match byte {
            b'"' => string(&mut bytes, at),
            b'/' => comment(text, at),
            b'-' | b'0'..=b'9' => number(&mut bytes, at),
            _ => at + 1,
        };
        match byte {
            b'/' if end > at + 1 => blank(&mut bytes, at, end),
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    blank(&mut bytes, comma, comma + 1);
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at = end;
    }
    String::from_utf8(bytes).ok().certain("only ASCII was replaced")
}

/// Returns the end of the string that begins at `start`, and replaces its control characters.
fn string(bytes: &mut [u8], start: usize) -> usize {
    let mut is_escaped = false;
    for (at, byte) in bytes.iter_mut().enumerate().skip(start + 1) {
        if *byte == b'"' && !is_escaped {
            return at + 1;
        }
        if byte.is_ascii_control() {
            *byte = b' ';
        }
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    bytes.len()
}

/// Returns the end of the number that begins at `start`, and replaces an infinite number.
fn number(bytes: &mut [u8], start: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-');
    let end = start + bytes.iter().skip(start).take_while(|byte| is_part(byte)).count();
    let Some(written) = bytes.get_mut(start..end) else { return end };
    let value = std::str::from_utf8(written).ok().and_then(|written| written.parse::<f64>().ok());
    let infinity: &[u8] = if written.starts_with(b"-") { b"-.inf" } else { b".inf" };
    if value.is_some_and(f64::is_infinite) {
        written.fill(b' ');
        written.iter_mut().zip(infinity).for_each(|(byte, sign)| *byte = *sign);
    }
    end
}

/// Replaces bytes with spaces; line breaks stay.
fn blank(bytes: &mut [u8], start: usize, end: usize) {
    for byte in bytes.iter_mut().take(end).skip(start).filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[cfg(test)]
mod tests {
    use super::relaxed;

    #[test]
    fn slips_become_spaces() {
        for (text, expected) in [
            ("{\"a\": 1,}", "{\"a\": 1 }"),
            ("[1, 2 , // last\n]", "[1, 2          \n]"),
            ("{/* ü */\"a\": \"//,]\"}", "{        \"a\": \"//,]\"}"),
            ("[\"a\tb\\\"\", \",]\"]", "[\"a b\\\"\", \",]\"]"),
            ("[1,, 2]", "[1,, 2]"),
            ("[1/2, \"", "[1/2, \""),
            ("[1e999, -1E400,1.5e3]", "[.inf , -.inf ,1.5e3]"),
        ] {
            assert_eq!(relaxed(text), expected, "{text}");
        }
    }
}
