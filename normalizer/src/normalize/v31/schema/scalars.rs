//! Part of `v31`: single values and examples.

use serde_json::{Value, json};

use super::super::Convert;
use super::super::node::Node;
use super::is_composed;
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
        None => {
            node.replace("const", "enum", Value::Array(vec![value.clone()]));
        }
    }
    if value.is_null() {
        node.set("nullable", true);
        convert.nulls.insert(convert.path.clone());
    } else if !node.has("type") && !is_composed(node) {
        // An array would need `items`, too.
        let kind = super::types::type_of(&value).filter(|kind| *kind != "array");
        if let Some(kind) = kind {
            node.set("type", kind);
        }
    }
    convert.same("const", "const", "`const` is an `enum` of one value");
}

/// An exclusive bound is a number of its own in 3.1, and a flag beside the bound in 3.0.
pub(super) fn bounds(convert: &mut Convert, node: &mut Node) {
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(Value::Number(number)) = node.get(exclusive).cloned() else { continue };
        let limit = Value::Number(number.clone());
        match node.get(bound) {
            None => {
                node.replace(exclusive, bound, limit);
                node.set(exclusive, true);
            }
            Some(Value::Number(other)) => {
                let (limit_is, bound_is) = (number.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
                if limit_is == bound_is || (limit_is > bound_is) == (bound == "minimum") {
                    node.set(bound, limit);
                    node.set(exclusive, true);
                } else {
                    node.take(exclusive);
                }
            }
            Some(_) => continue,
        }
        convert.same(
            "exclusive-bound",
            exclusive,
            "a number in `exclusiveMinimum` or `exclusiveMaximum` is a bound and a flag",
        );
    }
}

/// Several examples of a schema: 3.0 has one.
pub(super) fn examples(convert: &mut Convert, node: &mut Node) {
    match node.get("examples") {
        Some(Value::Array(examples)) => match examples.as_slice() {
            [] => {
                node.take("examples");
                return;
            }
            [only] if !node.has("example") => {
                let only = only.clone();
                node.replace("examples", "example", only);
                node.moves("/example/0", "/example");
            }
            [first, ..] if !node.has("example") && !node.has("x-examples") => {
                let first = first.clone();
                node.rename("examples", "x-examples");
                node.set("example", first);
            }
            _ => {
                node.rename("examples", "x-examples");
            }
        },
        // Named examples, as media types have them.
        Some(Value::Object(examples)) => {
            let first = examples.values().find_map(|example| example.get("value")).cloned();
            if !node.rename("examples", "x-examples") {
                return;
            }
            if let Some(first) = first.filter(|_| !node.has("example")) {
                node.set("example", first);
            }
            let text = "named `examples` of a schema are kept as `x-examples`, the first one as its `example`";
            convert.count("examples", Weight::Interpreted, "examples", text);
            return;
        }
        _ => return,
    }
    convert.same(
        "examples",
        "examples",
        "the first of a schema's `examples` is its `example`; all are kept as `x-examples` if there are more",
    );
}

/// The enum whose only value is `null`.
pub(super) fn only_null() -> Value {
    json!([null])
}
