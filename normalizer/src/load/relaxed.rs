//! JSON as people write it by hand: with comments, with a comma behind the last item, with tabs in strings.
//!
//! In: text that is not JSON. Out: the same in strict JSON, each byte in its place. Invariant: nothing else is changed.

use crate::certain::Certain;
use crate::spans::comment;

/// A text without comments and further commas, and with spaces for control characters in strings.
pub(super) fn relaxed(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut comma = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let end = match byte {
            b'"' => string(&mut bytes, at),
            b'/' => comment(text, at),
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

/// The end of the string that begins at `start`, without control characters.
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

/// Puts spaces in the place of some bytes; lines stay.
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
        ] {
            assert_eq!(relaxed(text), expected, "{text}");
        }
    }
}
