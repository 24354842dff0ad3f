//! What the server says went wrong.
//!
//! In comes the answer of a failed call, out goes the sentence a person should read, if there is one. Servers put it in different places, so the usual ones are
//! looked up in a fixed order, whatever the document says. Invariant: total on any bytes.

use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::codegen::decode::RawResponse;

/// How many characters of a server's message `Display` shows.
const SHOWN: usize = 500;

/// Finds the message in a JSON body, or takes a plain text body as it is.
pub(crate) fn lookup(answer: &RawResponse) -> Option<String> {
    let body = answer.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&answer.body);
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return in_json(&value).map(str::to_owned);
    }
    let plain = answer.media_type().is_none_or(|media_type| media_type.eq_ignore_ascii_case("text/plain"));
    let text = std::str::from_utf8(body).ok()?.trim();
    // Without a media type, something that starts like a page or a document is not a message.
    (plain && !text.is_empty() && !text.starts_with(['<', '{', '['])).then(|| text.to_owned())
}

/// The first of the usual places that holds a text.
fn in_json(value: &Value) -> Option<&str> {
    if let Value::String(text) = value {
        return said(text);
    }
    let places = [
        "/message",
        "/error/message",
        "/error",
        "/detail",
        "/title",
        "/error_description",
        "/errors/0/message",
        "/msg",
    ];
    places.iter().find_map(|place| value.pointer(place).and_then(Value::as_str).and_then(said))
}

fn said(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// Text from elsewhere made fit for one line of a log: cut after [`SHOWN`] characters, characters that steer a terminal escaped.
pub(crate) struct Clipped<'a>(pub(crate) &'a str);

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(SHOWN) {
            if character.is_control() || steers(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        if characters.next().is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Line and paragraph separators and the characters that change the direction of text are no control characters to Unicode, but act like them.
fn steers(character: char) -> bool {
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
