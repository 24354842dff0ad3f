//! Part of `v31`: single values, examples, and strings that hold bytes or other media (3.1 §4.8.14.1).

use serde_json::Value;

use super::super::convert::Convert;
use super::super::node::Node;
use super::keywords::is_composed;
use crate::certain::Certain;
use crate::json::schema_type;
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::structure::extensions::CONTENT_MEDIA_TYPE;
use crate::structure::media::{Family, family};

/// replaced `const` with an `enum` of one value.
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
        if let Some(kind) = schema_type(&value).filter(|kind| *kind != "array") {
            node.set("type", kind);
        }
    }
    convert.same("const", "const", "replaced `const` with an `enum` of one value");
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
                let limit_is = limit.as_f64().certain("a JSON number is a float, too");
                let bound_is = other.as_f64().certain("a JSON number is a float, too");
                if limit_is == bound_is || (limit_is > bound_is) == (bound == "minimum") {
                    node.set(bound, limit);
                    node.set(exclusive, true);
                } else {
                    node.take(exclusive);
                }
            }
            Some(_) => continue,
        }
        let text = "replaced a numeric `exclusiveMinimum` or `exclusiveMaximum` with a bound and a flag";
        convert.same("exclusive-bound", exclusive, text);
    }
}

/// Several examples of a schema: 3.0 has one.
pub(super) fn examples(convert: &mut Convert, node: &mut Node) {
    let has_example = node.has("example");
    let (first, kind, text) = match node.get("examples") {
        Some(Value::Array(examples)) => {
            if examples.is_empty() {
                node.take("examples");
                return;
            }
            let first = examples.first().filter(|_| !node.has("x-examples")).cloned();
            let text = "moved the first of a schema's `examples` to `example`; several are kept as `x-examples`";
            if let ([only], false) = (examples.as_slice(), has_example) {
                let only = only.clone();
                node.replace("examples", "example", only);
                node.moves("/example/0", "/example");
                return convert.same("examples", "examples", text);
            }
            node.rename("examples", "x-examples");
            (first, Equivalent, text)
        }
        // Named examples, as media types have them.
        Some(Value::Object(examples)) => {
            let first = examples.values().find_map(|example| example.get("value")).cloned();
            if !node.rename("examples", "x-examples") {
                return;
            }
            let text = "kept named `examples` of a schema as `x-examples`, the first as `example`";
            (first, Interpreted, text)
        }
        _ => return,
    };
    if let Some(first) = first.filter(|_| !has_example) {
        node.set("example", first);
    }
    convert.count("examples", kind, "examples", text);
}

/// `contentEncoding` and `contentMediaType`.
pub(super) fn content(convert: &mut Convert, node: &mut Node) {
    let encoding = node.text("contentEncoding").map(str::to_ascii_lowercase);
    let media_type = node.text("contentMediaType");
    let bytes = match (encoding.as_deref(), media_type) {
        (Some("base64"), _) => Some(("byte", "replaced `contentEncoding: base64` with `format: byte`")),
        (Some("binary"), _) => Some(("binary", "added `format: binary` to a string of bytes")),
        (None, Some(media_type)) if is_binary(media_type) => {
            Some(("binary", "added `format: binary` to a string of bytes"))
        }
        (Some("7bit" | "8bit"), _) => {
            node.rename("contentEncoding", "x-content-encoding");
            convert.same("content", "contentEncoding", "kept an encoding without effect as `x-content-encoding`");
            None
        }
        _ => None,
    };
    if let Some((format, text)) = bytes {
        if node.text("format").is_some_and(|own| own != format) || !has_text(node) {
            return;
        }
        if !node.has("type") && !is_composed(node) {
            node.set("type", "string");
        }
        let is_free = encoding.is_some() && !node.has("format");
        if !is_free || !node.replace("contentEncoding", "format", Value::from(format)) {
            node.take("contentEncoding");
            node.set("format", format);
        }
        let key = if encoding.is_some() { "contentEncoding" } else { "contentMediaType" };
        convert.same("content", key, text);
    }
    // The content of a string does not change how it is sent.
    if node.rename("contentMediaType", CONTENT_MEDIA_TYPE) {
        convert.same("content", "contentMediaType", "kept `contentMediaType` as `x-content-media-type`");
    }
}

/// Whether the schema allows strings.
fn has_text(node: &Node) -> bool {
    match node.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        _ => true,
    }
}

/// Whether content of this media type is bytes, not characters. Of one that is not known, that is more likely.
fn is_binary(media_type: &str) -> bool {
    matches!(family(media_type), Family::Binary | Family::Multipart | Family::Wildcard | Family::Unknown)
}
