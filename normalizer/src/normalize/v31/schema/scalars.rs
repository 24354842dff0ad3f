//! Part of `v31`: single values and examples.

use serde_json::Value;

use super::super::Convert;
use super::super::node::Node;
use super::is_composed;
use super::types::type_of;
use crate::normalize::pass::Weight;

/// `const` is an `enum` of one value.
pub(super) fn constant(convert: &mut Convert, node: &mut Node) {
    let Some(value) = node.get("const").cloned() else { return };
    match node.get("enum") {
        Some(Value::Array(values)) if values.contains(&value) => {
            node.set("enum", vec![value.clone()]);
            node.take("const");
        }
        // They contradict each other: left for others to name.
        Some(_) => return,
        None => drop(node.replace("const", "enum", Value::Array(vec![value.clone()]))),
    }
    if value.is_null() {
        node.set("nullable", true);
        convert.nulls.insert(convert.path.clone());
    } else if !node.has("type") && !is_composed(node) {
        // An array would need `items`, too.
        if let Some(kind) = type_of(&value).filter(|kind| *kind != "array") {
            node.set("type", kind);
        }
    }
    convert.same("const", "const", "`const` is an `enum` of one value");
}

/// An exclusive bound is a number of its own in 3.1, and a flag beside the bound in 3.0.
pub(super) fn bounds(convert: &mut Convert, node: &mut Node) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(limit @ Value::Number(_)) = node.get(exclusive).cloned() else { continue };
        match node.get(bound) {
            None => {
                node.replace(exclusive, bound, limit);
                node.set(exclusive, true);
            }
            Some(Value::Number(other)) => {
                let limit_is = limit.as_f64().unwrap_or_default();
                let bound_is = other.as_f64().unwrap_or_default();
                if limit_is == bound_is || (limit_is > bound_is) == (bound == "minimum") {
                    node.set(bound, limit);
                    node.set(exclusive, true);
                } else {
                    node.take(exclusive);
                }
            }
            Some(_) => continue,
        }
        let text = "a number in `exclusiveMinimum` or `exclusiveMaximum` is a bound and a flag";
        convert.same("exclusive-bound", exclusive, text);
    }
}

/// Several examples of a schema: 3.0 has one.
pub(super) fn examples(convert: &mut Convert, node: &mut Node) {
    let has_example = node.has("example");
    let (first, weight, text) = match node.get("examples") {
        Some(Value::Array(examples)) => {
            if examples.is_empty() {
                node.take("examples");
                return;
            }
            let first = examples.first().filter(|_| !node.has("x-examples")).cloned();
            let text =
                "the first of a schema's `examples` is its `example`; all are kept as `x-examples` if there are more";
            if let ([only], false) = (examples.as_slice(), has_example) {
                let only = only.clone();
                node.replace("examples", "example", only);
                node.moves("/example/0", "/example");
                return convert.same("examples", "examples", text);
            }
            node.rename("examples", "x-examples");
            (first, Weight::Same, text)
        }
        // Named examples, as media types have them.
        Some(Value::Object(examples)) => {
            let first = examples.values().find_map(|example| example.get("value")).cloned();
            if !node.rename("examples", "x-examples") {
                return;
            }
            let text = "named `examples` of a schema are kept as `x-examples`, the first one as its `example`";
            (first, Weight::Interpreted, text)
        }
        _ => return,
    };
    if let Some(first) = first.filter(|_| !has_example) {
        node.set("example", first);
    }
    convert.count("examples", weight, "examples", text);
}
