//! Part of `decode`: schemas that OpenAPI 3.0 has no keyword for, which are under `x-` keys (docs/EXTENSIONS.md).
//!
//! In: a document. Out: each schema under [`ITEM`] and [`CONTENT`], decoded, by its place. Invariant: the rules of schemas apply, but one
//! that breaks them is no error: an extension may hold anything. Whoever needs it says why there is none.

use std::collections::BTreeMap;

use openapiv3::{OpenAPI, ReferenceOr, Schema};
use serde_json::{Value, json};

use super::{decode, split_off_additional_operations};
use clientwright_normalizer::diagnostic::{Diagnostic, any_error, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure;

/// The schema of each item of a stream: `itemSchema` of OpenAPI 3.2 §4.14.1.
pub(crate) const ITEM: &str = "x-item-schema";
/// The schema of what a string contains: `contentSchema` of JSON Schema 2020-12 (Validation §8.5).
pub(crate) const CONTENT: &str = "x-content-schema";

/// The component that stands for such a schema while it is decoded.
const NAME: &str = "Schema";

/// A schema as the only component of a document of its own. What it refers to is in the document that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct KeptSchema {
    document: Option<OpenAPI>,
    /// What is to be said about it.
    pub found: Vec<Diagnostic>,
}

/// The schemas under `x-` keys, by their places.
pub(crate) type KeptSchemas = BTreeMap<Pointer, KeptSchema>;

impl KeptSchema {
    /// The schema, if it can be decoded.
    pub(crate) fn schema(&self) -> Option<&ReferenceOr<Schema>> {
        self.document.as_ref()?.components.as_ref()?.schemas.get(NAME)
    }
}

/// Decodes the schemas under `x-` keys of a document.
pub(crate) fn kept_schemas(source_name: &str, value: &Value) -> KeptSchemas {
    if !has_any(value) {
        return KeptSchemas::new();
    }
    let mut places = places(value);
    if let Some(Value::Object(paths)) = value.get("paths") {
        // Where `decode` reads the paths of additional operations, too.
        let mut paths = paths.clone();
        split_off_additional_operations(&mut paths);
        places.extend(self::places(&json!({ "paths": paths })));
    }
    places.into_iter().map(|(at, schema)| (at.clone(), kept(source_name, &schema, &at))).collect()
}

fn is_kept(key: &str) -> bool {
    key == ITEM || key == CONTENT
}

/// Whether there is one at all. Few documents have any.
fn has_any(value: &Value) -> bool {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) if members.keys().any(|key| is_kept(key)) => return true,
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    false
}

/// The values under the keys, wherever these stand.
fn places(value: &Value) -> BTreeMap<Pointer, Value> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![(Pointer::root(), value)];
    while let Some((at, value)) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let kept = members.iter().filter(|(key, _)| is_kept(key));
                found.extend(kept.map(|(key, value)| (at.key(key), value.clone())));
                waiting.extend(members.iter().map(|(key, value)| (at.key(key), value)));
            }
            Value::Array(items) => {
                waiting.extend(items.iter().enumerate().map(|(index, value)| (at.index(index), value)));
            }
            _ => {}
        }
    }
    found
}

fn kept(source_name: &str, schema: &Value, at: &Pointer) -> KeptSchema {
    let components = json!({
        "openapi": "3.0.3", "info": { "title": "", "version": "" }, "paths": {},
        "components": { "schemas": { NAME: schema } },
    });
    let examined = structure::examine(source_name, &components);
    let decoded = decode(source_name, &components, &examined);
    let mut found = examined.found;
    let document = match decoded {
        Ok(document) if !any_error(&found) => Some(document),
        decoded => {
            let first = found.into_iter().chain(decoded.err().into_iter().flatten()).find(Diagnostic::is_error);
            let refused = first.map(|error| {
                let message = format!("the items of the stream are not read by this schema: {}", error.message);
                Diagnostic::unsupported(codes::UNSUPPORTED_STREAM, source_name, error.pointer, message)
            });
            found = refused.into_iter().collect();
            None
        }
    };
    let found = found.into_iter().map(|one| Diagnostic { pointer: moved(&one.pointer, at), ..one }).collect();
    KeptSchema { document, found }
}

/// A place in the document of a schema, in the document that it comes from.
fn moved(pointer: &Pointer, at: &Pointer) -> Pointer {
    let own = Pointer::root().key("components").key("schemas").key(NAME);
    let rest = pointer.as_str().strip_prefix(own.as_str()).unwrap_or_default();
    Pointer::parse(&format!("{}{rest}", at.as_str())).unwrap_or_else(|| at.clone())
}
