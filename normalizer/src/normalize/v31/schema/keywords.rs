//! Part of `schema`: what keywords of a schema do.
//!
//! In: a schema. Out: its annotations, whether it is composed, and a union of several. Invariant: nothing is changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::node::Node;
use crate::json::{cloned, has_any, members};
use crate::structure::grammar::is_extension;

/// Whether the keyword describes a schema, and restricts no value.
pub(super) fn is_annotation(key: &str) -> bool {
    match key {
        "title" | "description" | "default" | "example" | "deprecated" | "readOnly" | "writeOnly" | "externalDocs"
        | "xml" | "nullable" => true,
        key => is_extension(key),
    }
}

/// The members of a schema that only describe it.
pub(super) fn annotations(schema: &Value) -> impl Iterator<Item = (String, Value)> {
    members(schema).filter(|(key, _)| is_annotation(key)).map(cloned)
}

/// A schema that any of these satisfies. `None` of none.
pub(super) fn any_of(mut schemas: Vec<Value>) -> Option<Value> {
    let mut seen = BTreeSet::new();
    schemas.retain(|schema| seen.insert(schema.to_string()));
    if schemas.len() > 1 { Some(json!({ "anyOf": schemas })) } else { schemas.pop() }
}

impl Node<'_> {
    /// Whether the schema says something beyond its own keywords.
    pub(super) fn is_composed(&self) -> bool {
        has_any(&self.members, &["$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"])
    }
}
