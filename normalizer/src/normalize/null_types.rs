//! Pass of `normalize`: `null` as a type without its quotes, which YAML reads as no value.
//!
//! In: a document of any version. Out: the same with `type: [string, null]` and `type: null` as strings. Invariant: a key without a
//! value, which YAML reads as null, too, stays as it is, as does a null among other members that say something about values.

use serde_json::Value;

use super::files::SourceText;
use super::pass::{Interpreted, Record};
use crate::pointer::Pointer;
use crate::structure::grammar::is_extension;
use crate::structure::slots::{Slot, Versions};

/// The schemas that say `null` without quotes.
fn find(document: &Value, written: &SourceText<'_>) -> Vec<Pointer> {
    let mut found = Vec::new();
    let visit = |node: &Value, slot: Slot, at: &Pointer| {
        let is_meant = match node.get("type").filter(|_| slot == Slot::SCHEMA) {
            Some(Value::Null) => is_alone(node) && written.text(&at.key("type")) == Some("null"),
            Some(Value::Array(kinds)) => {
                kinds.contains(&Value::Null) && kinds.iter().all(|kind| kind.is_string() || kind.is_null())
            }
            _ => false,
        };
        if is_meant {
            found.push(at.key("type"));
        }
        true
    };
    Slot::walk_all(document, Versions::All, visit);
    found
}

/// Whether the type has only descriptive siblings.
fn is_alone(schema: &Value) -> bool {
    let is_word = |key: &str| matches!(key, "type" | "title" | "description" | "deprecated") || is_extension(key);
    let mut members = schema.as_object().into_iter().flatten();
    members.all(|(key, value)| is_word(key) && (key == "type" || !value.is_null()))
}

/// Writes the types as strings.
pub(super) fn quote(document: &mut Value, record: &mut Record, written: &SourceText<'_>) {
    for at in find(document, written) {
        let Some(kind) = at.get_mut(document) else { continue };
        match kind {
            Value::Array(kinds) => {
                for kind in kinds.iter_mut().filter(|kind| kind.is_null()) {
                    *kind = "null".into();
                }
            }
            kind => *kind = "null".into(),
        }
        record.count(("null-unquoted", Interpreted), at, "quoted the type `null`");
    }
}
