//! Part of `swagger2`: the state of a conversion, and the record of its changes.
//!
//! In: a document, a conversion, and nodes with their places in both documents. Out: the converted document with its references rewritten,
//! entries, provenance and faults. Invariants: the original document stays available; references lead to the first place that a node was
//! moved to; a copy only has an origin.

use std::collections::BTreeSet;

use serde_json::Value;

use super::servers::Address;
use super::targets::{Subtypes, end, list, member_of, target};
use crate::diagnostic::Code;
use crate::json::{Members, has_any, keys};
use crate::limits::{Budget, max_written_out};
use crate::normalize::names::Names;
use crate::normalize::pass::{Entry, Interpreted, Record, Rule, fault, nearest};
use crate::normalize::reference::{self, decoded, each_text_mut, local};
use crate::pointer::Pointer;

/// The text for the ledger about a reference to a place that OpenAPI 3 references cannot target.
pub(super) const INLINED: &str = "a reference to something other than a shared object: replaced with a copy";

/// Converts a document, and then its references.
pub(super) fn run(
    value: &mut Value,
    record: &mut Record,
    convert_all: impl for<'d> FnOnce(&mut Convert<'d>, &'d Members) -> Value,
) {
    let Value::Object(document) = &*value else { return };
    let mut convert = Convert::new(value, document);
    let mut converted = convert_all(&mut convert, document);
    each_text_mut(&mut converted, |text, at| convert.rewrite(text, at));
    *record = convert.finish(&converted);
    *value = converted;
}

/// A node in both documents.
#[derive(Clone)]
pub(super) struct MovedNode {
    pub(super) before: Pointer,
    pub(super) after: Pointer,
}

impl MovedNode {
    pub(super) fn new(before: &Pointer, after: &Pointer) -> Self {
        Self { before: before.clone(), after: after.clone() }
    }

    /// Returns a node that stays in its place.
    pub(super) fn same(pointer: Pointer) -> Self {
        Self { before: pointer.clone(), after: pointer }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.renamed(key, key)
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// Returns the member `before` of this node, which is now named `after`.
    pub(super) fn renamed(&self, before: &str, after: &str) -> Self {
        Self { before: self.before.key(before), after: self.after.key(after) }
    }

    /// Returns the same node of the old document with another place in the new one.
    pub(super) fn to(&self, after: Pointer) -> Self {
        Self { before: self.before.clone(), after }
    }

    fn entry(&self, rule: Rule, text: impl Into<String>) -> Entry {
        Entry::new(rule, self.before.clone(), self.after.clone(), text)
    }
}

/// The state of a conversion.
pub(super) struct Convert<'d> {
    /// The original document.
    pub(super) document: &'d Value,
    /// The pointer to the object with the shared parameters.
    pub(super) shared: Pointer,
    /// Whether the document is in OpenAPI 3, with parameters left over from Swagger 2.0.
    pub(super) is_left_over: bool,
    pub(super) record: Record,
    pub(super) subtypes: Subtypes,
    pub(super) address: Address,
    /// The media types of operations without their own lists.
    pub(super) consumes: Vec<String>,
    pub(super) produces: Vec<String>,
    /// The definitions of shared form fields that an operation uses.
    pub(super) used_fields: BTreeSet<Pointer>,
    /// The number of values that may still be created from left-over parameters.
    pub(super) budget: Budget,
}

impl<'d> Convert<'d> {
    fn new(value: &'d Value, document: &'d Members) -> Self {
        let listed = |key| list(document.get(key)).unwrap_or_default();
        Self {
            document: value,
            shared: Pointer::top("parameters"),
            is_left_over: false,
            subtypes: Subtypes::of(value),
            address: Address::default(),
            consumes: listed("consumes"),
            produces: listed("produces"),
            used_fields: BTreeSet::new(),
            budget: max_written_out(value),
            record: Record::default(),
        }
    }

    /// Converts each member of an object; any other value is unchanged.
    pub(super) fn members<'v>(
        &mut self,
        value: &'v Value,
        place: &MovedNode,
        mut member: impl FnMut(&mut Self, &str, &'v Value, &MovedNode) -> Value,
    ) -> Value {
        let Value::Object(members) = value else { return value.clone() };
        members.iter().map(|(key, value)| (key.clone(), member(self, key, value, &place.key(key)))).collect()
    }
}

/// Returns the names in `components` that are already used in the section for `section`; bodies are among parameters.
pub(super) fn names_in(components: &Members, section: &str) -> Names {
    let sections = if section == "parameters" { &["parameters", "requestBodies"][..] } else { &[section] };
    sections.iter().flat_map(|section| keys(components.get(*section))).cloned().collect()
}

impl<'d> Convert<'d> {
    /// Returns the parameter or response at the end of a chain of references, and its pointer; the object itself if it is not a
    /// reference. `None` for a reference to a schema, which `references::fit` replaces later; some documents define parameters and responses
    /// beside the schemas.
    pub(super) fn follow(&self, node: &'d Value, at: &Pointer) -> Option<(&'d Members, Pointer)> {
        let (at, node) = match reference::text(node) {
            Some(reference) => end(self.document, reference)?,
            None => (at.clone(), node),
        };
        let members = node.as_object()?;
        let is_schema = member_of("definitions", &at).is_some() && !has_any(members, &["in", "schema"]);
        (!is_schema).then_some((members, at))
    }

    /// Updates the reference at `at` in the new document after its target was moved.
    fn rewrite(&mut self, reference: &mut String, at: &Pointer) {
        let Some(fragment) = reference.strip_prefix('#') else { return };
        let decoded = decoded(fragment);
        // A broken reference is easier to understand with the pointer of the new document.
        let found = target(self.document, reference).map(|(pointer, _)| pointer);
        let Some(before) = found.or_else(|| Pointer::parse(&decoded)) else { return };
        let after = self.record.provenance.after(&before);
        if !decoded.is_empty() && !decoded.starts_with('/') {
            let text = format!("read `{reference}` as `#/{decoded}`");
            let before = nearest(self.document, self.record.provenance.before(at));
            self.note(("reference-slash", Interpreted), &MovedNode { before, after: at.clone() }, text);
        } else if after == before {
            return;
        }
        *reference = local(&after);
    }

    /// Adds an entry.
    pub(super) fn note(&mut self, rule: Rule, place: &MovedNode, text: impl Into<String>) {
        self.record.add(place.entry(rule, text));
    }

    /// Adds or counts an entry, at the first of the places.
    pub(super) fn count(&mut self, rule: Rule, place: &MovedNode, text: &'static str) {
        self.record.add_counted(place.entry(rule, text));
    }

    /// Adds an entry about a node that is removed because of a fault.
    pub(super) fn left_out(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.record.lost(fault(code, at.clone(), message), at.clone(), at.clone());
    }

    /// Records that the node is now at `place.after`.
    pub(super) fn moved(&mut self, place: &MovedNode) {
        self.record.provenance.push_first(place.after.clone(), place.before.clone());
    }

    /// Records that `after` is an additional copy of `before`.
    pub(super) fn copied(&mut self, before: &Pointer, after: Pointer) {
        self.record.provenance.bring(after, before.clone());
    }

    /// Returns the record of the pass, whose output is `value`.
    fn finish(self, value: &Value) -> Record {
        let mut record = self.record;
        let is_gone = |entry: &&mut Entry| entry.fault.is_none() && entry.after.get(value).is_none();
        for entry in record.entries.iter_mut().filter(is_gone) {
            entry.after = nearest(value, record.provenance.after(&entry.before.pointer));
        }
        record
    }
}
