//! Part of `decode`: forms.
//!
//! In: a response in `application/x-www-form-urlencoded`. Out: the JSON of an object with its names and values. A name
//! that occurs several times has an array of its values.

use serde_json::{Map, Value as JsonValue};

use crate::media_type::FORM;
use crate::response::RawResponse;

/// Returns the JSON of a form; `None` for any other response, and for JSON or an empty body with that media type.
pub(super) fn json(response: &RawResponse) -> Option<Vec<u8>> {
    let body = response.body_without_mark();
    // First, because most bodies are JSON.
    if matches!(body.trim_ascii_start(), [b'{' | b'[' | b'"', ..]) {
        return None;
    }
    let is_form = response.item.is_none() && response.media_type()?.eq_ignore_ascii_case(FORM);
    (is_form && body.contains(&b'=')).then(|| JsonValue::Object(members(body)).to_string().into_bytes())
}

fn members(form: &[u8]) -> Map<String, JsonValue> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(form) {
        let value = JsonValue::from(value);
        match members.entry(name).or_insert(JsonValue::Null) {
            JsonValue::Array(values) => values.push(value),
            known @ JsonValue::Null => *known = value,
            known => *known = JsonValue::Array(vec![known.take(), value]),
        }
    }
    members
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
