//! What is in the document and not in its decoded form.

use serde_json::{Map, Value};

use clientwright_normalizer::diagnostic::{Diagnostic, codes, shortened};
use clientwright_normalizer::pointer::Pointer;

/// Everything in `before` that `after` does not say.
pub(super) fn losses(file: &str, before: &Value, after: &Value) -> Vec<Diagnostic> {
    let mut losses = Vec::new();
    compare(file, before, after, &Pointer::root(), &mut losses);
    losses
}

fn compare(file: &str, before: &Value, after: &Value, at: &Pointer, losses: &mut Vec<Diagnostic>) {
    let lost = |at: Pointer, message: String| Diagnostic::invalid(codes::LOST, file, at, message);
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            // `structure` has named what stands beside a reference.
            let is_reference = after.len() == 1 && after.get("$ref").is_some_and(Value::is_string);
            for (key, value) in before {
                // `4xx` is kept as `4XX` (`structure` objects to it).
                let is_range = key.len() == 3 && key.ends_with("xx");
                match after.get(key).or_else(|| after.get(&key.to_uppercase()).filter(|_| is_range)) {
                    Some(kept) => compare(file, value, kept, &at.key(key), losses),
                    None if is_reference || means_nothing(key, value, before) => {}
                    None => {
                        let message = format!("`{key}` would be lost: OpenAPI 3.0 has no such key here");
                        losses.push(lost(at.key(key), message).at_key());
                    }
                }
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (value, kept)) in before.iter().zip(after).enumerate() {
                compare(file, value, kept, &at.index(index), losses);
            }
        }
        // `1` and `1.0` are the same number. Bounds of 64-bit integers are kept as floats, and shown nowhere.
        (Value::Number(one), Value::Number(other)) if one.as_f64().is_some() && one.as_f64() == other.as_f64() => {}
        _ if before == after => {}
        _ => {
            let key = at.last().unwrap_or_default();
            let shown = |value: &Value| shortened(&value.to_string(), 40);
            let message = format!("`{key}` would become `{}` instead of `{}`", shown(after), shown(before));
            losses.push(lost(at.clone(), message));
        }
    }
}

/// Whether the member means the same when it is absent; such a member is not kept.
fn means_nothing(key: &str, value: &Value, owner: &Map<String, Value>) -> bool {
    match (value, key) {
        (Value::Null, "default" | "example" | "value") => true,
        (
            Value::Bool(value),
            "nullable" | "readOnly" | "writeOnly" | "deprecated" | "required" | "explode" | "allowReserved"
            | "allowEmptyValue" | "exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems",
        ) => !value,
        (
            Value::Array(items),
            "servers" | "tags" | "parameters" | "enum" | "required" | "allOf" | "oneOf" | "anyOf",
        ) => items.is_empty(),
        (
            Value::Object(members),
            "properties" | "content" | "headers" | "links" | "examples" | "encoding" | "mapping" | "parameters"
            | "schemas" | "responses" | "requestBodies" | "securitySchemes" | "callbacks" | "variables",
        ) => members.is_empty(),
        // §4.7.26: annotations of XML bodies; `structure` has named them once for the whole document.
        (Value::Object(members), "xml") => members.is_empty() || !owner.contains_key("$ref"),
        _ => false,
    }
}
