//! Part of `lower`: documentation of nodes, including extensions.
//!
//! In: an object of the document. Out: [`Docs`].
//!
//! Invariant: of descriptive extensions, only `x-inferred`, `x-rust-name`, `x-secret`, `x-body-name` and those of `enum` (`enumeration`)
//! are read.

use clientwright_normalizer::structure::extensions::RUST_NAME;
use serde_json::Value;

use crate::ir::Docs;
use crate::never::never;
use clientwright_normalizer::json::part;

/// Returns the documentation of a node; keys that its kind does not have are empty.
pub(super) fn docs(node: &Value) -> Docs {
    let text = |key: &str| string(node, key).filter(|text| !text.trim().is_empty());
    Docs {
        // A schema has a title; an operation has a summary.
        summary: text(if part(node, "title").is_some() { "title" } else { "summary" }),
        description: text("description"),
        url: part(node, "externalDocs").and_then(|docs| string(docs, "url")),
        deprecated: is_true(node, "deprecated"),
        inferred: string(node, "x-inferred"),
        rust_name: string(node, RUST_NAME),
    }
}

/// Returns `true` if `x-secret` is `true`.
pub(super) fn secret(node: &Value) -> bool {
    is_true(node, "x-secret")
}

fn is_true(node: &Value, key: &str) -> bool {
    part(node, key) == Some(&Value::Bool(true))
}

/// Returns `docs`, with missing parts from `more`.
pub(super) fn merged(docs: Docs, more: Docs) -> Docs {
    Docs {
        summary: docs.summary.or(more.summary),
        description: docs.description.or(more.description),
        url: docs.url.or(more.url),
        deprecated: docs.deprecated || more.deprecated,
        inferred: docs.inferred.or(more.inferred),
        rust_name: docs.rust_name.or(more.rust_name),
    }
}

/// Returns the string under a key.
pub(super) fn string(node: &Value, key: &str) -> Option<String> {
    part(node, key)?.as_str().map(str::to_owned)
}

/// Returns the string under a required key.
pub(super) fn required<'d>(node: &'d Value, key: &str) -> &'d str {
    node[key].as_str().unwrap_or_else(|| never!("", "{node} has no `{key}`"))
}

/// Returns a copy of the value under a key, unless it is `null`.
pub(super) fn value(node: &Value, key: &str) -> Option<Value> {
    part(node, key).filter(|value| !value.is_null()).cloned()
}
