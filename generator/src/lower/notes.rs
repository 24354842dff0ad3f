//! Part of `lower`: documentation of nodes, and the extensions that are read.
//!
//! In: the descriptive fields of the document's objects. Out: [`Docs`].
//!
//! Invariant: of descriptive extensions only `x-inferred`, `x-secret`, `x-body-name` and those of `enum` (`enumeration`) are read.

use indexmap::IndexMap;
use openapiv3::{ExternalDocumentation, SchemaData};
use serde_json::Value;

use crate::ir::Docs;

/// The `x-` keys of an object.
pub(super) type Extensions = IndexMap<String, Value>;

/// What the document says about a node; fields that its kind does not have stay empty.
pub(super) fn docs(
    summary: Option<&String>,
    description: Option<&String>,
    external: Option<&ExternalDocumentation>,
    deprecated: bool,
    extensions: &Extensions,
) -> Docs {
    let url = external.map(|ExternalDocumentation { description: _, url, extensions: _ }| url.clone());
    let inferred = string(extensions, "x-inferred");
    Docs { summary: text(summary), description: text(description), url, deprecated, inferred }
}

/// As [`docs`], for an object with a description and extensions.
pub(super) fn described(description: Option<&String>, extensions: &Extensions) -> Docs {
    docs(None, description, None, false, extensions)
}

/// Whether `x-secret: true` is there.
pub(super) fn secret(extensions: &Extensions) -> bool {
    extensions.get("x-secret") == Some(&Value::Bool(true))
}

/// What is written about a schema.
pub(super) fn of_schema(data: &SchemaData) -> Docs {
    docs(data.title.as_ref(), data.description.as_ref(), data.external_docs.as_ref(), data.deprecated, &data.extensions)
}

/// Fills what is missing in `docs` from `more`.
pub(super) fn fill(docs: &mut Docs, more: Docs) {
    let Docs { summary, description, url, deprecated, inferred } = more;
    docs.summary = docs.summary.take().or(summary);
    docs.description = docs.description.take().or(description);
    docs.url = docs.url.take().or(url);
    docs.deprecated |= deprecated;
    docs.inferred = docs.inferred.take().or(inferred);
}

/// The string under an `x-` key.
pub(super) fn string(extensions: &Extensions, key: &str) -> Option<String> {
    extensions.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn text(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}
