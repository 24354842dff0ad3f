//! Part of `contract`: examples for schemas of which a mock server makes up wrong values.
//!
//! In: a schema. Out: an example and why it is needed, or nothing.
//!
//! Invariant: a schema that says itself what a value looks like (`example`, `default`, `enum`) gets none.

use clientwright_normalizer::structure::media::is_json;
use serde_json::{Map, Value};

use super::formats;
use super::pattern::Pattern;

/// What stands in the list of changes for each kind.
const FORMAT: &str = "its format is unknown to a mock server";
const PATTERN: &str = "its pattern is unknown to a mock server";
const TUPLE: &str = "a mock server does not know which element stands where";
const FLOAT: &str = "a mock server makes up a number that single precision does not hold";

/// An example, if there has to be one.
pub(super) fn example(schema: &Map<String, Value>) -> Option<(Value, &'static str)> {
    if ["example", "default", "enum"].iter().any(|key| schema.contains_key(*key)) {
        return None;
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    match (text("type")?, text("format"), text("pattern")) {
        // Numbers that are written as texts.
        ("string", Some("int64" | "uint64"), _) => Some((Value::from("1"), FORMAT)),
        // What a mock server checks, but has no sample of.
        ("string", Some(format @ ("url" | "duration")), None) => {
            Some((Value::from(formats::texts(format, 0)?.pop()?), FORMAT))
        }
        ("string", Some("byte"), None) => Some((Value::from("dGV4dA=="), FORMAT)),
        ("string", format, Some(pattern)) if format.is_none_or(|format| formats::texts(format, 0).is_none()) => {
            Some((Value::from(matching(schema, pattern)?), PATTERN))
        }
        ("number", Some("float"), _) if !is_bounded(schema) => Some((Value::from(1.5), FLOAT)),
        ("array", _, _) => Some((tuple(schema)?, TUPLE)),
        _ => None,
    }
}

/// An array whose first elements have schemas of their own, as long as all of these are of plain values.
fn tuple(schema: &Map<String, Value>) -> Option<Value> {
    let elements = schema.get("x-prefix-items")?.as_array()?.iter().map(|element| {
        let element = element.as_object()?;
        let listed = || element.get("enum").and_then(|values| values.get(0));
        let stated = element.get("example").or(element.get("default")).or_else(listed);
        stated.cloned().or_else(|| Some(example(element)?.0)).or_else(|| plain(element))
    });
    elements.collect()
}

/// A value of a type that nothing else restricts.
fn plain(schema: &Map<String, Value>) -> Option<Value> {
    match (schema.get("type")?.as_str()?, schema.get("format").and_then(Value::as_str)) {
        ("string", Some(format)) => Some(Value::from(formats::texts(format, 0)?.pop()?)),
        ("string", None) => Some(Value::from("text")),
        ("integer" | "number", _) if !is_bounded(schema) => Some(Value::from(1)),
        ("boolean", _) => Some(Value::from(true)),
        _ => None,
    }
}

/// A text of the right length that matches.
fn matching(schema: &Map<String, Value>, pattern: &str) -> Option<String> {
    let length = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength").unwrap_or(usize::MAX));
    let fits = |text: &str| (least..=most).contains(&text.chars().count());
    Pattern::new(pattern)?.texts(1, least, fits).pop()
}

/// Whether a mock server knows better what to make up.
fn is_bounded(schema: &Map<String, Value>) -> bool {
    ["minimum", "maximum", "multipleOf"].iter().any(|key| schema.contains_key(*key))
}

/// Makes a text of a body that is neither JSON nor a form: a mock server reads and writes it as one, whatever its
/// schema says of what is in it. Says whether there was anything to do.
pub(super) fn as_text(media_type: &str, content: &mut Value) -> bool {
    // What a range of media types stands for is told by its schema, if that says anything.
    let said = content.get("schema").and_then(Value::as_object).is_some_and(|schema| !schema.is_empty());
    if media_type.contains('*') && said {
        return false;
    }
    let structured =
        is_json(media_type) || ["x-www-form-urlencoded", "multipart/"].iter().any(|part| media_type.contains(part));
    let Some(content) = content.as_object_mut().filter(|_| !structured) else { return false };
    let is_text = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("string");
    if content.get("schema").is_none_or(is_text) {
        return false;
    }
    let mut text = Map::new();
    text.insert("type".to_owned(), Value::from("string"));
    content.retain(|key, _| !matches!(key.as_str(), "example" | "examples"));
    content.insert("schema".to_owned(), Value::Object(text));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn given(schema: &Value) -> Option<Value> {
        example(schema.as_object().unwrap()).map(|(example, _)| example)
    }

    #[test]
    fn what_is_made_up_wrongly_gets_an_example() {
        assert_eq!(given(&json!({ "type": "string", "format": "uint64" })), Some(json!("1")));
        assert_eq!(given(&json!({ "type": "string", "format": "byte" })), Some(json!("dGV4dA==")));
        assert_eq!(given(&json!({ "type": "number", "format": "float" })), Some(json!(1.5)));
        assert_eq!(given(&json!({ "type": "string", "format": "own", "pattern": "^[0-9]$" })), Some(json!("0")));
        assert_eq!(given(&json!({ "type": "string", "format": "url" })), Some(json!("https://a.example/0")));
        assert_eq!(given(&json!({ "type": "string", "format": "duration" })), Some(json!("P1D")));
        assert_eq!(given(&json!({ "type": "string", "pattern": "^v[0-9]{2}$", "maxLength": 3 })), Some(json!("v00")));
        let prefix = json!([{ "type": "string", "format": "date" }, { "type": "integer" }, { "enum": ["a"] }]);
        let tuple = json!({ "type": "array", "x-prefix-items": prefix, "items": {} });
        assert_eq!(given(&tuple), Some(json!(["2024-02-29", 1, "a"])));
    }

    #[test]
    fn what_is_made_up_rightly_gets_none() {
        for schema in [
            json!({ "type": "string" }),
            json!({ "type": "string", "format": "uint64", "example": "7" }),
            json!({ "type": "string", "pattern": "^a+$", "enum": ["aa"] }),
            json!({ "type": "string", "pattern": "^a{9}$", "maxLength": 3 }),
            json!({ "type": "number", "format": "float", "minimum": 0 }),
            json!({ "type": "integer", "format": "int64" }),
            json!({ "type": "array", "items": { "type": "string" } }),
            json!({ "type": "array", "items": {}, "x-prefix-items": [{ "$ref": "#/components/schemas/Pet" }] }),
        ] {
            assert_eq!(given(&schema), None, "{schema}");
        }
    }

    #[test]
    fn other_bodies_than_json_and_forms_are_texts() {
        let object = || json!({ "schema": { "$ref": "#/components/schemas/Pet" }, "example": { "a": 1 } });
        let mut xml = object();
        assert!(as_text("application/xml", &mut xml));
        assert_eq!(xml, json!({ "schema": { "type": "string" } }));
        assert!(as_text("application/jsonl", &mut object()) && as_text("application/json-seq", &mut object()));
        for structured in ["application/json", "application/problem+json; v=1", "multipart/form-data"] {
            assert!(!as_text(structured, &mut object()));
        }
        assert!(!as_text("text/csv", &mut json!({ "schema": { "type": "string", "maxLength": 3 } })));
        assert!(!as_text("text/csv", &mut json!({})));
        assert!(!as_text("*/*", &mut object()));
        assert!(as_text("*/*", &mut json!({ "schema": {} })));
    }
}
