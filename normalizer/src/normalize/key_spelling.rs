//! Pass of `normalize`: the keys of objects, where they are misspelled.
//!
//! In: a document of any version. Out: the document with the keys of OpenAPI for whatever holds further objects, and references that follow
//! them, so that every later pass finds these objects. Invariant: no key is renamed to one that is taken, or if the specification has it.

use serde_json::Value;

use super::names::alike;
use super::pass::{Entry, EntryKind, Record};
use super::reference::{each_text_mut, local};
use crate::json::{self, Members};
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use crate::spelling::closest;
use crate::structure::grammar::{Field, Form, Kind, is_extension};
use crate::structure::slots::{Slot, Versions};

/// The rule that keys are renamed by.
pub(super) const KEY_SPELLING: (&str, EntryKind) = ("key-spelling", EntryKind::Interpreted);

/// The field that an unknown key means, and how the ledger describes the change.
pub(super) struct Meant {
    pub(super) field: &'static Field,
    pub(super) text: String,
}

/// The field that a key means which differs in case or separators.
pub(super) fn same_letters(mut fields: impl Iterator<Item = &'static Field>, key: &str) -> Option<Meant> {
    let field = fields.find(|field| alike(field.name, key))?;
    Some(Meant { field, text: format!("renamed `{key}` to `{}`", field.name) })
}

/// The field that a key means which has a few other letters, if its value belongs into such a field.
pub(super) fn few_other_letters(
    fields: impl Iterator<Item = &'static Field> + Clone,
    key: &str,
    value: &Value,
) -> Option<Meant> {
    let name = closest(key, fields.clone().map(|field| field.name)).filter(|_| key.len() > 3)?;
    let field = fields.into_iter().find(|field| field.name == name).filter(|field| is_evident(&field.form, value))?;
    Some(Meant { field, text: format!("assumed `{key}` to mean `{name}`") })
}

/// Renames the misspelled keys.
pub(super) fn rename(document: &mut Value, record: &mut Record) {
    let mut renaming = Renaming { path: Pointer::root(), record, has_renamed: false };
    renaming.node(document, Slot::DOCUMENT, 0);
    if renaming.has_renamed {
        each_text_mut(document, |text, _| follow(text, record));
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
        for (key, Meant { field, text }) in misspelled(members, kind) {
            if json::rename(members, &key, field.name) {
                let (at, before) = (self.path.key(field.name), self.path.key(&key));
                let before = self.record.provenance.before(&before);
                self.record.provenance.push(at.clone(), before.clone());
                self.record.note(Entry::new(KEY_SPELLING.0, KEY_SPELLING.1, before, at, text));
                self.has_renamed = true;
            }
        }
    }
}

/// The unknown keys of an object that hold further objects, each with the field that it means.
fn misspelled(members: &Members, kind: Kind) -> Vec<(String, Meant)> {
    let object = kind.grammar();
    // Where `type` is an object, the keys may be properties.
    if object.rest.is_some() || members.get("type").is_some_and(Value::is_object) {
        return Vec::new();
    }
    let fields = || object.fields.iter().chain(object.later).chain(object.other);
    let is_unknown = |(key, value): &(&String, &Value)| {
        let holds_objects = matches!(value, Value::Array(_) | Value::Object(_));
        holds_objects && !is_extension(key) && fields().all(|field| field.name != key.as_str())
    };
    let meant = |(key, value): (&String, &Value)| {
        let meant = same_letters(fields(), key).or_else(|| few_other_letters(fields(), key, value))?;
        let holds_objects = Slot::of(&meant.field.form) != Slot::Data && is_evident(&meant.field.form, value);
        holds_objects.then(|| (key.clone(), meant))
    };
    members.iter().filter(is_unknown).filter_map(meant).collect()
}

/// Whether the value leaves no doubt that it belongs into such a field.
fn is_evident(form: &Form, value: &Value) -> bool {
    matches!(
        (form, value),
        (Form::Text | Form::Choice(_), Value::String(_))
            | (Form::Boolean | Form::SchemaOrBoolean, Value::Bool(_))
            | (Form::Number | Form::Count, Value::Number(_))
            | (Form::List(_), Value::Array(_))
            | (Form::Is(_) | Form::OrReference(_) | Form::SchemaOrBoolean, Value::Object(_))
            | (Form::Map(_) | Form::Components(_), Value::Object(_))
    )
}

/// Changes the text of a reference into something that has another key now.
fn follow(text: &mut String, record: &Record) {
    let Some(before) = text.strip_prefix('#').and_then(Pointer::from_fragment) else { return };
    let after = record.provenance.after(&before);
    if after != before {
        *text = local(after.as_str());
    }
}
