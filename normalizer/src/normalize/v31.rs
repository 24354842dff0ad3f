//! Pass of `normalize`: OpenAPI 3.1 or 3.2 → 3.0.3.
//!
//! In: a document of 3.1 or 3.2, or a document of 3.0 with their keywords. Out: the document in 3.0.3. Keywords that
//! 3.0 lacks are kept in an `x-` extension of the same name, and are listed as lossy if they only restrict values.
//!
//! There are two steps. First, every target of a reference is moved to a place that 3.0 can refer to (`hoist`). Then
//! one walk along the grammar converts the parts of each object, and after them the object (`schema`, `objects`).
//!
//! Invariants: malformed nodes are unchanged, as are nodes at places that OpenAPI does not define (examples,
//! extensions). An operation that needs a credential still requires it.

mod hoist;
mod objects;
mod schema;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use serde_json::{Value, json};

use super::pass::{Equivalent, Interpreted, Lossy, Record, Rule, fault, nearest};
use super::reference;
use super::trail::Provenance;
use super::version::{self, Version};
use crate::diagnostic::codes;
use crate::json::{
    self, Members, array, array_entry, count_nodes, each_mut, has_any, member, nodes, rename, set, text,
};
use crate::limits::{Budget, MAX_DEPTH, max_written_out};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind::{self, *};
use crate::structure::slots::{Slot, Versions};
use hoist::Copies;

#[cfg(test)]
mod tests;

/// Converts a document to 3.0.3. A document of 3.0 keeps its patch version. Copies of too many nodes are a fault.
pub(crate) fn pass(value: &mut Value, record: &mut Record) {
    // Without a version, only unambiguous keywords are converted.
    let version = version::of(value).ok().filter(|_| value["openapi"].is_string()).unwrap_or_default();
    let mut convert = Convert { version, ..Convert::default() };
    convert.copies = hoist::hoist(value, &mut convert.origins, &mut convert.record);
    convert.hoists = hoist::takes_components(value, "schemas");
    convert.budget = max_written_out(value);
    *value = convert.value(Slot::DOCUMENT, value.take());
    *record = convert.finish(value);
}

/// The walk through the intermediate document. Rules record their changes through it.
#[derive(Default)]
struct Convert {
    version: Version,
    /// The pointer in the intermediate document.
    path: Pointer,
    depth: usize,
    /// The origins of nodes in the intermediate document.
    origins: Provenance,
    /// The entries, with pointers into the intermediate document, and the moves from there to the result.
    record: Record,
    copies: Copies,
    /// The pointers of the copies around the current node.
    copying: Vec<Pointer>,
    /// The number of values that may still be copied.
    budget: Budget,
    /// Whether definitions inside of schemas were moved to components.
    hoists: bool,
    /// The schemas whose only value is `null`.
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
        if refers && kind != Schema {
            return self.reference(kind, members);
        }
        let mut value = Value::Object(members);
        self.parts(Slot::One(kind), &mut value);
        let Value::Object(members) = value else { return value };
        let mut node = Node { convert: self, members };
        match kind {
            Schema => node.schema(),
            other => node.object(other),
        }
        node.members.into()
    }

    /// Converts the parts of a node.
    fn parts(&mut self, slot: Slot, node: &mut Value) {
        if !slot.fits(node) {
            return;
        }
        each_mut(node, |key, part| {
            let inner = slot.below(key, part, Versions::OpenApi3);
            // The surrounding schema handles `true` and `false`.
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

    /// Returns `true` if schemas are in JSON Schema 2020-12.
    fn is_modern(&self) -> bool {
        self.version >= Version::V3_1
    }

    /// Returns the pointer to a member of the current object; to the object itself if the key is empty.
    fn at(&self, key: &str) -> Pointer {
        self.path.key_or_self(key)
    }

    /// Records that the only value of this schema is `null`.
    fn note_null(&mut self) {
        self.nulls.insert(self.path.clone());
    }

    /// Adds an entry about a member of this object.
    fn note(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.record.note(rule, self.at(key), text);
    }

    /// Adds or counts an entry about a change that may occur in many places.
    fn count(&mut self, rule: Rule, key: &str, text: &'static str) {
        self.record.count(rule, self.at(key), text);
    }

    /// Adds or counts an equivalent rewrite, as [`Convert::count`] does.
    fn same(&mut self, rule: &'static str, key: &str, text: &'static str) {
        self.count((rule, Equivalent), key, text);
    }
}

/// An object during conversion. Every move of a member goes through it, so that the member can be traced.
struct Node<'c> {
    convert: &'c mut Convert,
    members: Members,
}

/// Changes of the object are recorded at its place.
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

impl Node<'_> {
    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn get(&self, key: &str) -> Option<&Value> {
        member(&self.members, key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        text(&self.members, key)
    }

    fn list(&self, key: &str) -> Option<&Vec<Value>> {
        array(&self.members, key)
    }

    /// Sets a member; a new member is added at the end.
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        set(&mut self.members, key, value);
    }

    /// Removes a member; the others keep their order.
    fn take(&mut self, key: &str) -> Option<Value> {
        self.members.shift_remove(key)
    }

    /// Replaces the member `from` with `value` under the key `to`. Returns `false` if `from` is absent or `to` exists.
    fn replace(&mut self, from: &str, to: &str, value: impl Into<Value>) -> bool {
        let done = self.rename(from, to);
        if done {
            self.set(to, value);
        }
        done
    }

    /// Renames a member in place. Returns `false` if it is absent or the new key exists.
    fn rename(&mut self, from: &str, to: &str) -> bool {
        let done = rename(&mut self.members, from, to);
        if done {
            self.moves(&[from], &[to]);
        }
        done
    }

    /// Adds a schema to `allOf`. Returns `false` if `allOf` is not an array.
    fn add_all_of(&mut self, from: &[&str], schema: Value) -> bool {
        let Some(all) = array_entry(&mut self.members, "allOf") else { return false };
        let place = all.len().to_string();
        all.push(schema);
        self.moves(from, &["allOf", &place]);
        true
    }

    /// Returns the key of a member before any rule was applied.
    fn first_key(&self, key: &str) -> String {
        let was = self.record.provenance.before(&self.path.key(key));
        was.last().filter(|_| was.parent().as_ref() == Some(&self.path)).unwrap_or_else(|| key.to_owned())
    }

    /// Records that the node at the keys `from` of the object moves to the keys `to`.
    fn moves(&mut self, from: &[&str], to: &[&str]) {
        if from != to {
            let [from, to] = [from, to].map(|keys| self.path.descend(keys));
            self.record.provenance.relocate(&from, &to);
        }
    }
}

impl Convert {
    /// Returns the record of the whole pass, which leads from `value`, the converted document, to the input.
    fn finish(self, value: &Value) -> Record {
        let Self { origins, mut record, .. } = self;
        let moves = std::mem::take(&mut record.provenance);
        for entry in &mut record.entries {
            if entry.fault.is_none() {
                entry.before = origins.origin(&entry.after);
            }
            entry.after = nearest(value, moves.after(&entry.after));
        }
        for mid in origins.places().chain(moves.moved()) {
            let after = moves.after(mid);
            // A removed node needs no origin.
            if after.get(value).is_some() {
                record.provenance.push(after, origins.origin(mid));
            }
        }
        record
    }

    /// Converts a reference to an object other than a schema.
    fn reference(&mut self, kind: Kind, members: Members) -> Value {
        let text = json::text(&members, "$ref").unwrap_or_default();
        let found = reference::target(text).and_then(|pointer| self.copies.get(&pointer).cloned());
        let has_words = has_any(&members, &["summary", "description"]);
        let Some((origin, copy)) = found else { return members.into() };
        match kind {
            MediaType | PathItem => self.write_out(kind, members, &origin, copy),
            _ if has_words && self.is_modern() => self.describe(kind, members, &origin, copy),
            _ => members.into(),
        }
    }

    /// Replaces a reference with its own description, which 3.0 does not support, with a copy of the target with that
    /// description.
    fn describe(&mut self, kind: Kind, mut members: Members, origin: &Pointer, copy: Value) -> Value {
        let summary = if kind == Example { "summary" } else { "x-summary" };
        let same = |key: &str, own: &str| members.get(key).is_none_or(|text| copy.get(own) == Some(text));
        if same("description", "description") && same("summary", summary) {
            self.same("reference-siblings", "$ref", "removed descriptions beside a reference that repeat its target's");
        } else if nodes(&copy).any(|node| node.get("properties").is_some()) {
            // A copy would duplicate the object types that are inline.
            let text = "the words beside the reference are left out: 3.0 has no place for them, and writing the target out \
                        would describe its types twice";
            self.note(("reference-siblings", Lossy), "$ref", text);
        } else {
            if let Some(text) = members.shift_remove("summary") {
                set(&mut members, summary, text);
            }
            return self.write_out(kind, members, origin, copy);
        }
        members.shift_remove("description");
        members.shift_remove("summary");
        members.into()
    }

    /// Replaces a reference with a copy of its target. Siblings of the reference take precedence.
    fn write_out(&mut self, kind: Kind, mut members: Members, origin: &Pointer, copy: Value) -> Value {
        if !copy.is_object() {
            return members.into();
        }
        let before = self.origins.before(&self.path);
        let reference_at = self.origins.before(&self.at("$ref"));
        if self.copying.contains(origin) {
            let fault = fault(codes::CYCLIC_REFERENCE, reference_at.clone(), "the reference is cyclic");
            self.record.lost(fault, reference_at, self.at("$ref"));
            members.shift_remove("$ref");
            return members.into();
        }
        if !self.budget.spend(count_nodes(&copy)) {
            if self.record.faults.iter().all(|fault| fault.code != codes::EXPANSION) {
                let message = "references that must be inlined expand to far more than the document contains";
                let help = "write the path items under `paths` and refer to them there";
                self.record.faults.push(fault(codes::EXPANSION, reference_at, message).with_help(help));
            }
            return members.into();
        }
        self.same("reference", "$ref", "inlined a reference that readers of 3.0 do not follow");
        let Value::Object(mut all) = copy else { return members.into() };
        self.origins.bring(self.path.clone(), self.origins.before(origin));
        for (key, mut value) in members {
            self.origins.bring(self.at(&key), before.key(&key));
            if key == "$ref" {
                continue;
            }
            if kind == PathItem
                && let Some(theirs) = all.get(&key)
            {
                self.beside_path_item(&key, &mut value, theirs.clone(), origin);
            }
            all.insert(key, value);
        }
        self.copying.push(origin.clone());
        let converted = self.value(Slot::One(kind), Value::Object(all));
        self.copying.pop();
        converted
    }

    /// Handles a sibling of a reference to a path item whose key is also in the target.
    fn beside_path_item(&mut self, key: &str, own: &mut Value, theirs: Value, origin: &Pointer) {
        if key != "parameters" {
            let text = format!("replaced `{key}` of a referenced path item with the sibling of the reference");
            return self.note(("reference-sibling", Interpreted), key, text);
        }
        let theirs_at = self.origins.before(origin).key(key);
        for (after, before) in reference::joined(own, theirs) {
            self.origins.bring(self.at(key).index(after), theirs_at.index(before));
        }
        self.note(("reference-sibling", Interpreted), key, reference::JOINED);
    }
}
