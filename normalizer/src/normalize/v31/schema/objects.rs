//! Part of `v31`: properties by pattern and by name, and empty arrays.

use serde_json::Value;

use super::super::Convert;
use super::super::node::Node;
use super::{any_of, is_composed};
use crate::normalize::pass::Weight;

/// Lists that later versions may leave empty, and 3.0 may not (JSON Schema 2020-12, Validation §6.1.2, §6.5.3).
pub(super) fn empty_lists(convert: &mut Convert, node: &mut Node) {
    if !convert.is_modern() {
        return;
    }
    if node.list("required").is_some_and(Vec::is_empty) {
        node.take("required");
        convert.same("empty-list", "required", "an empty `required` says nothing");
    }
    if node.list("enum").is_some_and(Vec::is_empty) {
        node.take("enum");
        convert.count("empty-list", Weight::Interpreted, "enum", "an `enum` without values is left out");
    }
}

/// `patternProperties`, `unevaluatedProperties` and `propertyNames`.
pub(super) fn patterns(convert: &mut Convert, node: &mut Node) {
    if !node.has("additionalProperties")
        && !is_composed(node)
        && node.rename("unevaluatedProperties", "additionalProperties")
    {
        let text = "`unevaluatedProperties` of a schema of its own is `additionalProperties`";
        convert.same("unevaluated", "unevaluatedProperties", text);
    }
    pattern_properties(convert, node);
    let says_nothing = |names: &Value| {
        let members = names.as_object();
        members.is_some_and(|all| all.iter().all(|(key, value)| key == "type" && value == "string"))
    };
    if node.get("propertyNames").is_some_and(says_nothing) {
        node.take("propertyNames");
        convert.same("property-names", "propertyNames", "that names of properties are strings need not be said");
    }
}

/// 3.0 knows properties by name, and all others. Those that a pattern names are among the others.
fn pattern_properties(convert: &mut Convert, node: &mut Node) {
    let Some(Value::Object(patterns)) = node.get("patternProperties") else { return };
    if !patterns.values().all(Value::is_object) {
        return;
    }
    let mut schemas: Vec<Value> = patterns.values().cloned().collect();
    let has_properties = node.has("properties");
    let text = match node.get("additionalProperties") {
        _ if schemas.is_empty() => "`patternProperties` is empty",
        Some(Value::Bool(false)) => {
            "properties that a pattern names are among the additional ones; the patterns are kept"
        }
        Some(others @ Value::Object(_)) => {
            schemas.push(others.clone());
            "properties that a pattern names are among the additional ones; the patterns are kept"
        }
        None | Some(Value::Bool(true)) if !has_properties => {
            "properties that a pattern names are among the additional ones, and those that none names are taken for the \
             same; the patterns are kept"
        }
        _ => {
            schemas.clear();
            "properties that a pattern names are not described; the patterns are kept"
        }
    };
    if !node.rename("patternProperties", "x-pattern-properties") {
        return;
    }
    if let Some(schema) = any_of(schemas) {
        node.set("additionalProperties", schema);
    }
    convert.note("pattern-properties", Weight::Lossy, "patternProperties", format!("{text} as `x-pattern-properties`"));
}
