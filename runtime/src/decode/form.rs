//! Part of `decode`: forms.
//!
//! In: a response in `application/x-www-form-urlencoded`. Out: the JSON of an object with its names and values. A name
//! that occurs several times has an array of its values.

use percent_encoding::percent_decode;
use serde_json::{Map, Value as JsonValue};

use crate::media_type::FORM;
use crate::response::RawResponse;

/// The JSON of a form; `None` for any other response, and for JSON under that name.
pub(super) fn json(response: &RawResponse) -> Option<Vec<u8>> {
    let is_form = response.item.is_none() && response.media_type()?.eq_ignore_ascii_case(FORM);
    let body = response.body_without_mark();
    let is_json = body.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'[' | b'"'));
    (is_form && !is_json).then(|| JsonValue::Object(members(body)).to_string().into_bytes())
}

fn members(form: &[u8]) -> Map<String, JsonValue> {
    let mut members = Map::new();
    for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
        let value = JsonValue::String(text(value.strip_prefix(b"=").unwrap_or(value)));
        match members.entry(text(name)).or_insert(JsonValue::Null) {
            JsonValue::Array(values) => values.push(value),
            known @ JsonValue::Null => *known = value,
            known => *known = JsonValue::Array(vec![known.take(), value]),
        }
    }
    members
}

/// The text of a name or a value (WHATWG URL §5.1).
fn text(encoded: &[u8]) -> String {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let json = |form: &str| JsonValue::Object(members(form.as_bytes())).to_string();
        assert_eq!(json("a=1&b+c=d%20%C3%BC+e=f&&g"), r#"{"a":"1","b c":"d ü e=f","g":""}"#);
        assert_eq!(json("a=1&a=2&a=3"), r#"{"a":["1","2","3"]}"#);
    }
}
