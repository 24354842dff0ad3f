//! The server's error message.
//!
//! In: an error response. Out: the message for people, if there is one: a plain text, or what [`search`] finds in JSON, whatever the
//! API document says. Invariant: any bytes are accepted, and only the beginning is read.

mod found;
mod keys;
mod search;

use std::fmt::{self, Write as _};

use jiter::{JsonValue, PartialMode};

use crate::codegen::decode::RawResponse;
use crate::limits::EXCERPT;
use crate::redact::Secrets;

/// The number of characters that `Display` shows of a message.
const SHOWN: usize = 500;

/// Finds the message in a JSON body, or uses a plain text body as it is, whatever its media type says. Only the beginning of a long
/// body is searched. What is secret is redacted.
pub(crate) fn find(response: &RawResponse, secrets: &Secrets) -> Option<String> {
    let whole = response.body_without_mark();
    let body = whole.get(..EXCERPT).unwrap_or(whole);
    // A failure is read at least this far. What is as long may have been longer.
    let is_cut = response.body.len() >= EXCERPT;
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if is_cut && error.error_len().is_none() => {
            body.get(..error.valid_up_to()).map(std::str::from_utf8)?.ok()?
        }
        Err(_) => return None,
    };
    // A string without its end is left out: it could hold a part of a secret, which nobody would know.
    let partial = if is_cut && text.trim_start().starts_with(['{', '[']) { PartialMode::On } else { PartialMode::Off };
    if let Ok(value) = JsonValue::parse_with_config(text.as_bytes(), false, partial) {
        return search::message(&value).map(|message| secrets.redacted(message));
    }
    let text = found::for_people(text)?;
    // HTML, XML and broken JSON are not messages.
    let is_prose = !text.starts_with(['<', '{', '[']) && !text.contains('\0');
    let text = is_prose.then(|| text.to_owned())?;
    Some(if is_cut { secrets.redacted_beginning(text) } else { secrets.redacted(text) })
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
