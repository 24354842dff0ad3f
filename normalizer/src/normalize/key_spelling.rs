//! Pass of `normalize`: the keys of objects, where they are misspelled.
//!
//! In: a document of any version. Out: the document with the keys of OpenAPI for whatever holds further objects, and references that follow
//! them, so that every later pass finds these objects. Invariant: no key is renamed to one that is taken, or if the specification has it.

use serde_json::Value;

use super::pass::{Interpreted, Record, Rule};
use super::reference::{each_text_mut, local};
use crate::json::{self, Members};
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::misspelling::Meant;
use crate::structure::slots::{Slot, Versions};

/// The rule that keys are renamed by.
pub(super) const KEY_SPELLING: Rule = ("key-spelling", Interpreted);

/// Renames the misspelled keys.
pub(super) fn rename(document: &mut Value, record: &mut Record) {
    let mut renaming = Renaming { path: Pointer::root(), record, has_renamed: false };
    renaming.node(document, Slot::DOCUMENT, 0);
    if renaming.has_renamed {
        each_text_mut(document, |text, _| {
            let Some(before) = text.strip_prefix('#').and_then(Pointer::from_fragment) else { return };
            let after = record.provenance.after(&before);
            if after != before {
                *text = local(&after);
            }
        });
    }
}

struct Renaming<'r> {
    /// The node, in the document with renamed keys.
    path: Pointer,
    record: &'r mut Record,
    has_renamed: bool,
}

impl Renaming<'_> {
    fn node(&mut self, value: &mut Value, slot: Slot, depth: usize) {
        if let (Slot::One(kind), Value::Object(members)) = (slot, &mut *value) {
            self.keys(members, kind);
        }
        if depth < MAX_DEPTH && slot.fits(value) {
            json::each_mut(value, |key, part| {
                let below = slot.below(key, part, Versions::All);
                if below != Slot::Data {
                    let length = self.path.enter(key);
                    self.node(part, below, depth + 1);
                    self.path.truncate(length);
                }
            });
        }
    }

    fn keys(&mut self, members: &mut Members, kind: Kind) {
        // Where `type` is an object, the keys may be properties.
        if json::object(members, "type").is_some() {
            return;
        }
        let meant = |(key, value): (&String, &Value)| Some((key.clone(), kind.grammar().meant_by(key, value)?));
        for (key, Meant { field, text }) in members.iter().filter_map(meant).collect::<Vec<_>>() {
            if json::rename(members, &key, field.name) {
                let (at, before) = (self.path.key(field.name), self.path.key(&key));
                let before = self.record.provenance.before(&before);
                self.record.provenance.push(at.clone(), before);
                self.record.note(KEY_SPELLING, at, text);
                self.has_renamed = true;
            }
        }
    }
}
