//! The server's error message.
//!
//! In: an error response. Out: the message for people, if there is one. Servers put it in different properties, so the usual ones are
//! tried in a fixed order, whatever the API document says. Invariant: any bytes are accepted, and the work is bounded by
//! [`DEPTH`] and [`DETAILS`].

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use jiter::{JsonValue, PartialMode};

use crate::codegen::decode::RawResponse;
use crate::limits::EXCERPT;

/// The number of characters that `Display` shows of a message.
const SHOWN: usize = 500;
/// How many details of a message are told.
const DETAILS: usize = 20;
/// How deep details are looked for.
const DEPTH: u32 = 4;

/// Where servers put the message, the most telling first. `title` and `detail` are those of RFC 9457.
const MESSAGES: [&str; 13] = [
    "message",
    "error_description",
    "errorMessage",
    "defaultMessage",
    "detail",
    "msg",
    "error",
    "title",
    "description",
    "reason",
    "details",
    "fault",
    "code",
];
/// Where servers put what is wrong with single values.
const LISTS: [&str; 5] = ["errors", "detail", "fields", "violations", "non_field_errors"];
/// Where servers say which value a detail is about.
const PLACES: [&str; 6] = ["loc", "field", "path", "property", "pointer", "param"];

/// Finds the message in a JSON body, or uses a plain text body as it is, whatever its media type says. Only the beginning of a long
/// body is searched.
pub(crate) fn find(response: &RawResponse) -> Option<String> {
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
        return message(&value, DEPTH);
    }
    let text = text.trim();
    // HTML, XML and broken JSON are not messages.
    let is_prose = !text.starts_with(['<', '{', '[']) && !text.contains('\0');
    (is_prose && !text.is_empty()).then(|| text.to_owned())
}

/// The message of a value: a string, an object with a message or with messages by field, or an array of such.
fn message(value: &JsonValue<'_>, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        JsonValue::Str(text) => non_empty(text),
        JsonValue::Array(items) => joined(items.iter().filter_map(|item| detail(item, depth))),
        JsonValue::Object(members) => of_object(members, depth),
        _ => None,
    }
}

fn of_object(members: &Members<'_>, depth: u32) -> Option<String> {
    let said = MESSAGES.iter().find_map(|key| message(member(members, key)?, depth));
    let listed = LISTS.iter().find_map(|key| match member(members, key)? {
        JsonValue::Str(_) => None,
        list => message(list, depth),
    });
    match (said, listed) {
        (Some(said), Some(listed)) if !said.contains(&listed) => Some(format!("{said}: {listed}")),
        (Some(said), _) => Some(said),
        (None, Some(listed)) => Some(listed),
        (None, None) => by_field(members, depth),
    }
}

/// An item of an array of messages, with the place that it is about.
fn detail(item: &JsonValue<'_>, depth: u32) -> Option<String> {
    let said = message(item, depth)?;
    let place = match item {
        JsonValue::Object(members) => PLACES.iter().find_map(|key| place(member(members, key)?)),
        _ => None,
    };
    Some(match place {
        Some(place) => format!("{place}: {said}"),
        None => said,
    })
}

/// A place as a string, or as an array of keys: `["body", "tags", 0]` is `body.tags.0`.
fn place(value: &JsonValue<'_>) -> Option<String> {
    match value {
        JsonValue::Str(text) => non_empty(text),
        JsonValue::Array(keys) => {
            let keys = keys.iter().take(DETAILS).filter_map(|key| match key {
                JsonValue::Str(name) => Some(name.as_ref().to_owned()),
                JsonValue::Int(index) => Some(index.to_string()),
                _ => None,
            });
            non_empty(&keys.collect::<Vec<_>>().join("."))
        }
        _ => None,
    }
}

/// Messages by field: `{"name": ["must not be empty"]}`. Other objects have none.
fn by_field(members: &Members<'_>, depth: u32) -> Option<String> {
    let is_message = |value: &JsonValue<'_>| match value {
        JsonValue::Array(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item, JsonValue::Str(_) | JsonValue::Object(_)))
        }
        JsonValue::Object(_) => true,
        _ => false,
    };
    if members.is_empty() || !members.iter().all(|(_, value)| is_message(value)) {
        return None;
    }
    joined(members.iter().filter_map(|(field, value)| Some(format!("{field}: {}", message(value, depth)?))))
}

/// The members of an object, in their order.
type Members<'j> = [(Cow<'j, str>, JsonValue<'j>)];

fn member<'v, 'j>(members: &'v Members<'j>, name: &str) -> Option<&'v JsonValue<'j>> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn joined(messages: impl Iterator<Item = String>) -> Option<String> {
    non_empty(&messages.take(DETAILS).collect::<Vec<_>>().join("; "))
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
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
