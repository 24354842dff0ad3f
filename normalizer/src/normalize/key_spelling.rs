//! Pass of `normalize`: misspelled keys of objects.
//!
//! In: a document of any version. Out: the document with the correct keys for everything that contains further objects, so that every later
//! pass finds them. References are adjusted. Invariant: a key that the specification defines is not renamed, and no key is renamed to an
//! existing one.

use serde_json::Value;

use super::pass::{Interpreted, Record, Rule};
use super::reference::follow;
use crate::json::{self, Members};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::misspelling::Meant;
use crate::structure::slots::Slot;

/// The rule for renamed keys.
pub(super) const KEY_SPELLING: Rule = ("key-spelling", Interpreted);

/// Renames the misspelled keys.
pub(super) fn rename(document: &mut Value, record: &mut Record) {
    Slot::walk_all_mut(document, |node, slot, at| {
        if let (Slot::One(kind), Value::Object(members)) = (slot, node) {
            keys(members, kind, at, record);
        }
    });
    follow(document, &record.provenance);
}

/// Renames the misspelled keys of the object at `at`.
fn keys(members: &mut Members, kind: Kind, at: &Pointer, record: &mut Record) {
    // Where `type` is an object, the keys may be properties.
    if json::object(members, "type").is_some() {
        return;
    }
    let meant = |(key, value): (&String, &Value)| Some((key.clone(), kind.grammar().meant_by(key, value)?));
    for (key, Meant { field, text }) in members.iter().filter_map(meant).collect::<Vec<_>>() {
        if json::rename(members, &key, field.name) {
            let after = at.key(field.name);
            record.provenance.relocate(&at.key(&key), &after);
            record.note(KEY_SPELLING, after, text);
        }
    }
}
