//! The server's error message.
//!
//! In: an error response. Out: the message for people, if there is one. Servers put it in different properties, so the usual ones are
//! tried in a fixed order, whatever the API document says. Invariant: any bytes are accepted.

use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::codegen::decode::RawResponse;

/// The number of characters that `Display` shows of a message.
const SHOWN: usize = 500;

/// Finds the message in a JSON body, or uses a plain text body as it is.
pub(crate) fn find(response: &RawResponse) -> Option<String> {
    let body = response.body_without_mark();
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return in_json(&value).map(str::to_owned);
    }
    let plain = response.media_type().is_none_or(|media_type| media_type.eq_ignore_ascii_case("text/plain"));
    let text = std::str::from_utf8(body).ok()?.trim();
    // HTML, XML and JSON without a media type are not messages.
    (plain && !text.is_empty() && !text.starts_with(['<', '{', '['])).then(|| text.to_owned())
}

/// The first of the usual properties that contains a string.
fn in_json(value: &Value) -> Option<&str> {
    if let Value::String(text) = value {
        return non_empty(text);
    }
    let pointers = [
        "/message",
        "/error/message",
        "/error",
        "/detail",
        "/title",
        "/error_description",
        "/errors/0/message",
        "/msg",
    ];
    pointers.iter().find_map(|pointer| value.pointer(pointer).and_then(Value::as_str).and_then(non_empty))
}

fn non_empty(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// Shows a string from a stranger on one line: cut after [`SHOWN`] characters, with characters that control a terminal escaped.
pub(crate) struct Clipped<'a>(pub(crate) &'a str);

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(SHOWN) {
            if character.is_control() || controls_display(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        if characters.next().is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Line separators, paragraph separators and characters that change the direction of text are not control characters in Unicode,
/// but have similar effects.
fn controls_display(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_and_a_control_character_escaped() {
        let shown = Clipped(&format!("a\u{1b}[31m\r\n\u{202e}{}", "ü".repeat(1000))).to_string();
        assert!(shown.starts_with("a\\u{1b}[31m\\r\\n\\u{202e}üü"), "{shown}");
        assert!(shown.ends_with("ü…"));
        assert!(!Clipped(&"x".repeat(500)).to_string().ends_with('…'));
    }
}
