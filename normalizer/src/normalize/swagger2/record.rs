//! Part of `swagger2`: the record of what the pass does.
//!
//! In: nodes with their places in both documents, and what happened to them. Out: entries, provenance and faults.
//! Invariant: references lead to the first place that a node went to; copies only know where they came from.

use serde_json::Value;

use super::convert::Convert;
use crate::diagnostic::Code;
use crate::normalize::pass::{Entry, Record, Rule, fault, nearest};
use crate::pointer::Pointer;

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

    /// A node that stays where it is.
    pub(super) fn same(pointer: Pointer) -> Self {
        Self { before: pointer.clone(), after: pointer }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.renamed(key, key)
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// The member `before` of this node, which is called `after` now.
    pub(super) fn renamed(&self, before: &str, after: &str) -> Self {
        Self { before: self.before.key(before), after: self.after.key(after) }
    }

    /// The same node of the old document at another place of the new one.
    pub(super) fn to(&self, after: Pointer) -> Self {
        Self { before: self.before.clone(), after }
    }

    fn entry(&self, rule: Rule, text: impl Into<String>) -> Entry {
        Entry::new(rule, self.before.clone(), self.after.clone(), text)
    }
}

impl Convert<'_> {
    /// An entry of its own.
    pub(super) fn note(&mut self, rule: Rule, place: &MovedNode, text: impl Into<String>) {
        self.record.add(place.entry(rule, text));
    }

    /// An entry with a count, at the first of the places.
    pub(super) fn count(&mut self, rule: Rule, place: &MovedNode, text: &'static str) {
        self.record.add_counted(place.entry(rule, text));
    }

    /// Says what is wrong with a node that is left out.
    pub(super) fn left_out(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.record.lost(fault(code, at.clone(), message), at.clone(), at.clone());
    }

    /// The node is at `place.after` now.
    pub(super) fn moved(&mut self, place: &MovedNode) {
        self.record.provenance.push_first(place.after.clone(), place.before.clone());
    }

    /// Records that `after` is an additional copy of `before`.
    pub(super) fn copied(&mut self, before: &Pointer, after: Pointer) {
        self.record.provenance.bring(after, before.clone());
    }

    /// The record of the pass, which made `value`.
    pub(super) fn finish(self, value: &Value) -> Record {
        let mut record = self.record;
        let is_gone = |entry: &&mut Entry| entry.fault.is_none() && entry.after.get(value).is_none();
        for entry in record.entries.iter_mut().filter(is_gone) {
            entry.after = nearest(value, record.provenance.after(&entry.before.pointer));
        }
        record
    }
}
