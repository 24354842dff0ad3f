//! An independent judge: the document's schemas as JSON Schema, with a validator that is independent of this project.

use jsonschema::Draft;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Number, Value, json};

use clientwright_normalizer::pointer::Pointer;

/// The schemas of one document.
pub(super) struct Validator {
    document: Value,
}

impl Validator {
    pub(super) fn new(document: &Value) -> Self {
        Self { document: translate(document) }
    }

    /// Returns the judge for the schema at a place.
    pub(super) fn at(&self, at: &Pointer) -> Judge {
        let mut root = self.document.clone();
        root["$ref"] = json!(format!("#{}", utf8_percent_encode(at.as_str(), FRAGMENT)));
        let options = jsonschema::options().with_draft(Draft::Draft201909).should_validate_formats(true);
        Judge(options.build(&root).unwrap_or_else(|error| panic!("{at}: {error}")))
    }
}

/// Characters that occur in paths and are invalid in a fragment (RFC 3986 §3.5).
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'{').add(b'}').add(b'"').add(b'<').add(b'>').add(b'^');

/// The judge for one schema.
pub(super) struct Judge(jsonschema::Validator);

impl Judge {
    /// Returns the errors of a value.
    pub(super) fn errors(&self, value: &Value) -> Vec<String> {
        self.0.iter_errors(value).map(|error| format!("at `{}`: {error}", error.instance_path())).collect()
    }
}

/// Translates the Schema Object of OpenAPI 3.0.3 (§4.7.24) to JSON Schema: `nullable` is an additional type, exclusive
/// bounds are numbers, and a reference has no siblings. Formats of quoted numbers are dropped.
fn translate(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(translate).collect(),
        Value::Object(members) if members.get("$ref").is_some_and(Value::is_string) => {
            json!({ "$ref": members["$ref"] })
        }
        Value::Object(members) => {
            let mut members: Map<String, Value> =
                members.iter().map(|(key, value)| (key.clone(), translate(value))).collect();
            if members.get("nullable") == Some(&Value::Bool(true))
                && let Some(Value::String(ty)) = members.get("type").cloned()
            {
                members.insert("type".to_owned(), json!([ty, "null"]));
            }
            // The discriminator decides between branches, even if a value matches another one, too (§4.7.25).
            if members.get("discriminator").is_some_and(Value::is_object)
                && let Some(branches) = members.remove("oneOf")
            {
                members.insert("anyOf".to_owned(), branches);
            }
            // A request does not have to contain read-only properties (§4.7.24.1).
            let read_only: Vec<Value> = members
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .filter(|(_, schema)| schema["readOnly"] == true)
                .map(|(name, _)| json!(name))
                .collect();
            if let Some(required) = members.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| !read_only.contains(name));
            }
            exclude(&mut members, "minimum", "exclusiveMinimum");
            exclude(&mut members, "maximum", "exclusiveMaximum");
            Value::Object(members)
        }
        other => other.clone(),
    }
}

fn exclude(members: &mut Map<String, Value>, bound: &str, exclusive: &str) {
    match members.get(exclusive) {
        Some(Value::Bool(true)) => {
            let number: Option<Number> = members.remove(bound).and_then(|bound| bound.as_number().cloned());
            members.remove(exclusive);
            members.extend(number.map(|number| (exclusive.to_owned(), Value::Number(number))));
        }
        Some(Value::Bool(false)) => {
            members.remove(exclusive);
        }
        _ => {}
    }
}

#[test]
fn the_judge_is_strict() {
    let document = super::with_body(
        &json!({
            "type": "object",
            "required": ["a"],
            "properties": {
                "a": { "type": "integer", "minimum": 1, "exclusiveMinimum": true },
                "b": { "type": "string", "format": "date", "nullable": true },
                "c": { "$ref": "#/components/schemas/C" },
            },
        }),
        &json!({ "C": { "type": "string", "pattern": "^x", "maxLength": 3 } }),
    );
    let at = Pointer::parse("/paths/~1/post/requestBody/content/application~1json/schema").unwrap();
    let judge = Validator::new(&document).at(&at);
    let errors = |value: Value| judge.errors(&value).len();
    assert_eq!(errors(json!({ "a": 2, "b": null, "c": "xyz" })), 0);
    assert_eq!(errors(json!({})), 1);
    assert_eq!(errors(json!({ "a": 1 })), 1);
    assert_eq!(errors(json!({ "a": 2, "b": "2024-02-30" })), 1);
    assert_eq!(errors(json!({ "a": 2, "c": "yxyz" })), 2);
}
