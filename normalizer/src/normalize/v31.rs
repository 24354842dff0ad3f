//! Pass of `normalize`: OpenAPI 3.1 or 3.2 → 3.0.3.
//!
//! In: a document of 3.1 or 3.2, or of 3.0 with keywords of theirs. Out: the document in 3.0.3. What 3.0 cannot say
//! goes into an `x-` extension of the same name, and is listed as lossy if it only restricts values.
//!
//! In two steps. First everything that a reference leads to gets a place that 3.0 can refer to (`survey`, `hoist`). Then
//! one walk along the grammar changes each object after its parts (`schema`, `objects`).
//!
//! Invariants: what is misshapen stays as it is. What is in no place that OpenAPI knows (examples, extensions) is not
//! touched. An operation that needs a credential goes on asking for it.

mod hoist;
mod objects;
mod reference;
mod schema;
mod survey;
mod track;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};

use super::pass::{Equivalent, Record, Rule};
use super::version::{self, Version};
use crate::json::{Members, array_entry, each_mut, is_true, rename, text};
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use crate::structure::grammar::Kind;
use crate::structure::slots::{Slot, Versions};
use hoist::Copies;
use track::{Local, Track};

#[cfg(test)]
mod tests;

/// Turns a document into one of 3.0.3. A document of 3.0 keeps its patch version. Copies of too many nodes are a fault.
pub(crate) fn pass(value: &mut Value, record: &mut Record) {
    // Of a document without one, only what can mean one thing is changed.
    let version = version::of(value).ok().filter(|_| value["openapi"].is_string()).unwrap_or_default();
    let mut track = Track::default();
    let copies = hoist::hoist(value, &mut track);
    let mut convert =
        Convert { version, track, copies, hoists: hoist::takes_components(value, "schemas"), ..Convert::default() };
    *value = convert.value(Slot::DOCUMENT, value.take());
    *record = convert.track.finish(value);
}

/// The walk through the intermediate document. Rules say what they do through it.
#[derive(Default)]
struct Convert {
    version: Version,
    /// The address in the intermediate document.
    path: Pointer,
    depth: usize,
    track: Track,
    copies: Copies,
    /// The addresses of the copies around this place.
    copying: Vec<Pointer>,
    /// How many nodes have been copied.
    copied: usize,
    /// Whether what was defined inside of schemas has become components.
    hoists: bool,
    /// The schemas that turned out to say nothing but `null`.
    nulls: BTreeSet<Pointer>,
}

impl Convert {
    fn value(&mut self, slot: Slot, value: Value) -> Value {
        match (slot, value) {
            // JSON Schema 2020-12 §4.3.2.
            (Slot::SCHEMA, Value::Bool(allowed)) => {
                self.same("boolean-schema", "", "replaced the schema `true` with `{}`, and `false` with `not: {}`");
                if allowed { json!({}) } else { json!({ "not": {} }) }
            }
            (Slot::One(kind), Value::Object(members)) if self.depth <= MAX_DEPTH => self.object(kind, members),
            (Slot::One(_), other) => other,
            (_, mut group) => {
                self.parts(slot, &mut group);
                group
            }
        }
    }

    fn object(&mut self, kind: Kind, members: Members) -> Value {
        let refers = members.get("$ref").is_some_and(Value::is_string) && kind.section().is_some();
        if refers && kind != Kind::Schema {
            return self.reference(kind, members);
        }
        let mut value = Value::Object(members);
        self.parts(Slot::One(kind), &mut value);
        let Value::Object(members) = value else { return value };
        let mut node = Node::new(self, members);
        match kind {
            Kind::Schema => node.schema(),
            other => node.object(other),
        }
        let (members, moved) = node.finish();
        self.track.moved_inside(&self.path, moved);
        Value::Object(members)
    }

    /// Converts what is in a node.
    fn parts(&mut self, slot: Slot, node: &mut Value) {
        if !slot.fits(node) {
            return;
        }
        each_mut(node, |key, part| {
            let inner = slot.below(key, part, Versions::OpenApi3);
            // The schema around it understands `true` and `false`.
            let is_flag = slot == Slot::SCHEMA && part.is_boolean() && schema::takes_booleans(key);
            if matches!(inner, Slot::Text | Slot::Data) || is_flag {
                return;
            }
            let length = self.path.enter(key);
            self.depth += 1;
            *part = self.value(inner, part.take());
            self.depth -= 1;
            self.path.truncate(length);
        });
    }
}

impl Convert {
    /// Whether schemas are those of JSON Schema 2020-12.
    fn is_modern(&self) -> bool {
        self.version >= Version::V3_1
    }

    /// The address of a member of this object; of the object itself if there is no key.
    fn at(&self, key: &str) -> Pointer {
        self.path.key_or_self(key)
    }

    /// An entry for a member of this object.
    fn note(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.track.record.note(rule, self.at(key), text);
    }

    /// One of possibly many places where the same was done.
    fn count(&mut self, rule: Rule, key: &str, text: &'static str) {
        self.track.record.count(rule, self.at(key), text);
    }

    /// As [`Convert::count`], for an equivalent rewrite.
    fn same(&mut self, rule: &'static str, key: &str, text: &'static str) {
        self.count((rule, Equivalent), key, text);
    }
}

/// An object while rules change it, and where its members were. Every change that takes a member elsewhere goes through here, so that it
/// can be traced.
struct Node<'c> {
    convert: &'c mut Convert,
    members: Members,
    /// Where something was → where it is, relative to the object.
    moved: Local,
}

/// What is done to the object is recorded at its place.
impl Deref for Node<'_> {
    type Target = Convert;

    fn deref(&self) -> &Convert {
        self.convert
    }
}

impl DerefMut for Node<'_> {
    fn deref_mut(&mut self) -> &mut Convert {
        self.convert
    }
}

impl<'c> Node<'c> {
    fn new(convert: &'c mut Convert, members: Members) -> Self {
        Self { convert, members, moved: Local::new() }
    }

    fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.members.get(key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        text(&self.members, key)
    }

    fn list(&self, key: &str) -> Option<&Vec<Value>> {
        self.get(key).and_then(Value::as_array)
    }

    fn is_true(&self, key: &str) -> bool {
        is_true(&self.members, key)
    }

    /// Sets a member; a new one comes last.
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }

    /// Takes a member away, the others stay in order.
    fn take(&mut self, key: &str) -> Option<Value> {
        self.members.shift_remove(key)
    }

    /// Puts `value` under `to` where `from` is, which goes. `false` if `from` is not there or `to` is taken.
    fn replace(&mut self, from: &str, to: &str, value: Value) -> bool {
        let done = self.rename(from, to);
        if done {
            self.set(to, value);
        }
        done
    }

    /// Renames a member in place. `false` if it is not there or the name is taken.
    fn rename(&mut self, from: &str, to: &str) -> bool {
        let done = rename(&mut self.members, from, to);
        if done {
            self.moves(&local(&[from]), &local(&[to]));
        }
        done
    }

    /// Adds a schema to those that a value has to satisfy. Returns `false` if `allOf` is not an array.
    fn add_all_of(&mut self, from: &str, schema: Value) -> bool {
        let Some(all) = array_entry(&mut self.members, "allOf") else { return false };
        let to = local(&["allOf", &all.len().to_string()]);
        all.push(schema);
        self.moves(from, &to);
        true
    }

    /// The key that a member had before any rule.
    fn first_key(&self, key: &str) -> String {
        let is = local(&[key]);
        let was = self.moved.iter().find(|(_, to)| **to == is).map(|(from, _)| from.trim_start_matches('/'));
        was.filter(|from| !from.contains(['/', '~'])).unwrap_or(key).to_owned()
    }

    /// Says that what is at `from` goes to `to`; both are relative to the object.
    fn moves(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let mut origin = Some(from.to_owned());
        for (was, is) in &mut self.moved {
            if is == from {
                origin = None;
                to.clone_into(is);
            } else if let Some(rest) = is.strip_prefix(from).filter(|rest| rest.starts_with('/')) {
                *is = format!("{to}{rest}");
            } else if let Some(rest) = from.strip_prefix(is.as_str()).filter(|rest| rest.starts_with('/'))
                && origin.is_some()
            {
                origin = Some(format!("{was}{rest}"));
            }
        }
        if let Some(origin) = origin {
            self.moved.insert(origin, to.to_owned());
        }
    }

    /// As [`Node::moves`], for what no rule has moved before, in constant time.
    fn moves_first(&mut self, from: String, to: String) {
        if from != to {
            self.moved.insert(from, to);
        }
    }

    fn finish(self) -> (Members, Local) {
        (self.members, self.moved)
    }
}

/// The pointer of these keys, relative to an object.
fn local(keys: &[&str]) -> String {
    keys.iter().fold(Pointer::root(), |pointer, key| pointer.key(key)).to_string()
}
