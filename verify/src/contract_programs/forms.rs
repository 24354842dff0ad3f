//! Part of `contract`: forms and `multipart` bodies as a mock server reads them.
//!
//! In: a document and one of its media types. Out: the media type with a schema that the mock server can hold against what
//! it reads: of several fields with one name it sees the last, it takes JSON for a string, and from files it makes texts.
//!
//! Invariant: fields that are plain texts, numbers and booleans are checked as the document says, and so is which fields
//! there have to be.

use serde_json::{Map, Value};

/// As many references are followed as anybody would write.
const REFERENCES: usize = 32;

/// Makes a schema of what a mock server can check of a form. Says whether anything had to be changed.
pub(super) fn relax(document: &Value, media_type: &str, content: &mut Value) -> bool {
    let is_form = media_type.contains("x-www-form-urlencoded") || media_type.starts_with("multipart/");
    let Some(content) = content.as_object_mut().filter(|_| is_form) else { return false };
    let Some(schema) = content.get("schema").and_then(|schema| resolved(document, schema)) else {
        return content.shift_remove("schema").is_some();
    };
    let composed = ["allOf", "oneOf", "anyOf", "not"].iter().any(|key| schema.contains_key(*key));
    let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|_| !composed) else {
        return content.shift_remove("schema").is_some();
    };
    let mut kept = Map::new();
    let mut changed = false;
    for (name, property) in properties {
        let plain = is_plain(document, property);
        changed |= !plain;
        kept.insert(name.clone(), if plain { property.clone() } else { Value::Object(Map::new()) });
    }
    let listed = || schema.get("required").and_then(Value::as_array).into_iter().flatten();
    // Fields that are not described are not read at all.
    changed |= listed().any(|name| name.as_str().is_some_and(|name| !kept.contains_key(name)));
    if !changed {
        return false;
    }
    // Fields in a style have other names than their property.
    let styled = |name: &str| {
        let encoding = content.get("encoding").and_then(|encodings| encodings.get(name));
        encoding.is_some_and(|encoding| encoding.get("style").is_some())
    };
    let required = listed().filter(|name| name.as_str().is_some_and(|name| !styled(name) && kept.contains_key(name)));
    let mut relaxed = Map::new();
    relaxed.insert("type".to_owned(), Value::from("object"));
    relaxed.insert("required".to_owned(), required.cloned().collect());
    relaxed.insert("properties".to_owned(), Value::Object(kept));
    content.retain(|key, _| !matches!(key.as_str(), "example" | "examples" | "encoding"));
    content.insert("schema".to_owned(), Value::Object(relaxed));
    true
}

/// Makes a body optional of which nothing may be left in a form: to a mock server an empty form is not a body. Says whether it
/// had to.
pub(super) fn allow_empty(document: &Value, body: &mut Map<String, Value>) -> bool {
    let may_be_empty = |content: &Value| {
        let schema = content.get("schema").and_then(|schema| resolved(document, schema));
        schema.and_then(|schema| schema.get("required")).and_then(Value::as_array).is_none_or(Vec::is_empty)
    };
    let contents = body.get("content").and_then(Value::as_object).into_iter().flatten();
    let mut forms = contents.filter(|(name, _)| name.contains("x-www-form-urlencoded"));
    let required = body.get("required") == Some(&Value::Bool(true));
    let changes = required && forms.any(|(_, content)| may_be_empty(content));
    if changes {
        body.shift_remove("required");
    }
    changes
}

/// Whether the text of a field says all about it.
fn is_plain(document: &Value, property: &Value) -> bool {
    let Some(schema) = resolved(document, property) else { return false };
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    matches!(text("type"), Some("string" | "integer" | "number" | "boolean")) && text("format") != Some("binary")
}

fn resolved<'v>(document: &'v Value, schema: &'v Value) -> Option<&'v Map<String, Value>> {
    let mut schema = schema;
    for _ in 0..REFERENCES {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => schema = document.pointer(reference.strip_prefix('#')?)?,
            None => return schema.as_object(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_fields_are_checked_and_others_are_not() {
        let document = json!({ "components": { "schemas": {
            "Name": { "type": "string", "maxLength": 3 },
            "Body": {
                "type": "object",
                "required": ["name", "list", "file", "nested"],
                "properties": {
                    "name": { "$ref": "#/components/schemas/Name" },
                    "list": { "type": "array", "items": { "type": "string" } },
                    "file": { "type": "string", "format": "binary" },
                    "nested": { "type": "object" },
                },
            },
        } } });
        let schema = json!({ "$ref": "#/components/schemas/Body" });
        let mut content =
            json!({ "schema": schema, "example": {}, "encoding": { "nested": { "style": "deepObject" } } });
        assert!(relax(&document, "multipart/form-data", &mut content));
        let properties =
            json!({ "name": { "$ref": "#/components/schemas/Name" }, "list": {}, "file": {}, "nested": {} });
        let relaxed = json!({ "type": "object", "required": ["name", "list", "file"], "properties": properties });
        assert_eq!(content, json!({ "schema": relaxed }));
        let mut plain = json!({ "schema": { "type": "object", "properties": { "a": { "type": "integer" } } } });
        assert!(!relax(&document, "application/x-www-form-urlencoded", &mut plain));
        assert!(!relax(&document, "application/json", &mut json!({ "schema": schema })));
        let mut union = json!({ "schema": { "anyOf": [{ "type": "object" }] } });
        assert!(relax(&document, "application/x-www-form-urlencoded", &mut union));
        assert_eq!(union, json!({}));
    }

    #[test]
    fn an_empty_form_is_no_body() {
        let form = |required: Value| {
            let schema = json!({ "type": "object", "required": required });
            json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
        };
        let (mut empty, mut never) = (form(json!([])), form(json!(["a"])));
        assert!(allow_empty(&Value::Null, empty.as_object_mut().unwrap()) && empty.get("required").is_none());
        assert!(!allow_empty(&Value::Null, never.as_object_mut().unwrap()));
    }
}
