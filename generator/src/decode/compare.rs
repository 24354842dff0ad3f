//! What is in the document and not in its decoded form.

use serde_json::{Map, Number, Value};

use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// A node that is missing or altered in the decoded form.
pub(super) struct Loss {
    pub(super) pointer: Pointer,
    /// `None`: the node is missing.
    altered: Option<(String, String)>,
}

impl Loss {
    pub(super) fn diagnostic(self, file: &str) -> Diagnostic {
        let key = self.pointer.last().unwrap_or_default();
        match self.altered {
            None => {
                let message = format!("`{key}` would be lost: OpenAPI 3.0 has no such key here");
                Diagnostic::invalid(codes::LOST, file, self.pointer, message).at_key()
            }
            Some((before, after)) => {
                let message = format!("`{key}` would become {after} instead of {before}");
                Diagnostic::invalid(codes::LOST, file, self.pointer, message)
            }
        }
    }
}

/// Everything in `before` that `after` does not say.
pub(super) fn losses(before: &Value, after: &Value) -> Vec<Loss> {
    let mut losses = Vec::new();
    compare(before, after, Way::Root, &mut losses);
    losses
}

/// The way down, made into a pointer only for a loss.
#[derive(Clone, Copy)]
enum Way<'a> {
    Root,
    Key(&'a Way<'a>, &'a str),
    Index(&'a Way<'a>, usize),
}

impl Way<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Self::Root => Pointer::root(),
            Self::Key(way, key) => way.pointer().key(key),
            Self::Index(way, index) => way.pointer().index(*index),
        }
    }
}

fn compare(before: &Value, after: &Value, way: Way<'_>, losses: &mut Vec<Loss>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            // `structure` has named what stands beside a reference.
            let is_reference = after.len() == 1 && after.get("$ref").is_some_and(Value::is_string);
            for (key, value) in before {
                let way = Way::Key(&way, key);
                match after.get(key).or_else(|| status_range(key).and_then(|key| after.get(&key))) {
                    Some(kept) => compare(value, kept, way, losses),
                    None if is_reference || means_nothing(key, value, before) => {}
                    None => losses.push(Loss { pointer: way.pointer(), altered: None }),
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (value, kept)) in before.iter().zip(after).enumerate() {
                compare(value, kept, Way::Index(&way, index), losses);
            }
        }
        (Value::Number(one), Value::Number(other)) if same_number(one, other) => {}
        _ if before == after => {}
        _ => losses.push(Loss { pointer: way.pointer(), altered: Some((shown(before), shown(after))) }),
    }
}

/// `1` and `1.0` are the same JSON number. Bounds of 64-bit integers are kept as floats, and shown nowhere.
fn same_number(one: &Number, other: &Number) -> bool {
    one == other || (one.as_f64().is_some() && one.as_f64() == other.as_f64())
}

/// `4xx` is kept as `4XX` (`structure` objects to it).
fn status_range(key: &str) -> Option<String> {
    let is_range = key.len() == 3 && key.ends_with("xx");
    is_range.then(|| key.to_uppercase())
}

/// Keys that mean the same when they are absent as with the value `false`; such a value is not kept.
const FALSE: [&str; 11] = [
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "required",
    "explode",
    "allowReserved",
    "allowEmptyValue",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "uniqueItems",
];
/// As [`FALSE`], for the value `null`.
const NULL: [&str; 3] = ["default", "example", "value"];
/// As [`FALSE`], for an empty array.
const EMPTY_ARRAY: [&str; 8] = ["servers", "tags", "parameters", "enum", "required", "allOf", "oneOf", "anyOf"];
/// As [`FALSE`], for an empty object.
const EMPTY_OBJECT: [&str; 15] = [
    "properties",
    "content",
    "headers",
    "links",
    "examples",
    "encoding",
    "mapping",
    "parameters",
    "schemas",
    "responses",
    "requestBodies",
    "securitySchemes",
    "callbacks",
    "variables",
    "xml",
];

/// Whether the member means the same when it is absent.
fn means_nothing(key: &str, value: &Value, owner: &Map<String, Value>) -> bool {
    match value {
        Value::Bool(false) => FALSE.contains(&key),
        Value::Null => NULL.contains(&key),
        Value::Array(items) if items.is_empty() => EMPTY_ARRAY.contains(&key),
        Value::Object(members) if members.is_empty() => EMPTY_OBJECT.contains(&key),
        // §4.7.26: annotations of XML bodies; `structure` has named them once for the whole document.
        Value::Object(_) => key == "xml" && !owner.contains_key("$ref"),
        _ => false,
    }
}

/// A value in a few characters.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}
