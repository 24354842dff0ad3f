//! Pass of `normalize`: unquoted `null` as a type, which YAML reads as null.
//!
//! In: a document of any version. Out: the document with `type: [string, null]` and `type: null` as strings. Invariant: a key without a
//! value, which YAML also reads as null, is unchanged, as is a null next to members that constrain values.

use serde_json::Value;

use super::files::SourceText;
use super::pass::{Interpreted, Record};
use crate::json::members;
use crate::structure::grammar::is_extension;
use crate::structure::slots::Slot;

/// Writes the types as strings.
pub(super) fn quote(document: &mut Value, record: &mut Record, written: &SourceText<'_>) {
    Slot::walk_all_mut(document, |node, slot, at| {
        let Some(kind) = node.get("type").filter(|_| slot == Slot::SCHEMA) else { return };
        let is_bare = kind.is_null() && is_alone(node) && written.text(&at.key("type")) == Some("null");
        match node.get_mut("type") {
            Some(kind @ Value::Null) if is_bare => *kind = "null".into(),
            Some(Value::Array(kinds))
                if kinds.contains(&Value::Null) && kinds.iter().all(|kind| kind.is_string() || kind.is_null()) =>
            {
                kinds.iter_mut().filter(|kind| kind.is_null()).for_each(|kind| *kind = "null".into());
            }
            _ => return,
        }
        record.count(("null-unquoted", Interpreted), at.key("type"), "quoted the type `null`");
    });
}

/// Returns `true` if the type has only descriptive siblings.
fn is_alone(schema: &Value) -> bool {
    let is_word = |key: &str| matches!(key, "type" | "title" | "description" | "deprecated") || is_extension(key);
    members(schema).all(|(key, value)| is_word(key) && (key == "type" || !value.is_null()))
}
