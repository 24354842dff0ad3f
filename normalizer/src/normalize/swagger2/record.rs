//! Part of `swagger2`: the record of what the pass does.
//!
//! In: nodes with their places in both documents, and what happened to them. Out: entries, provenance and faults.
//! Invariant: references lead to the first place that a node went to; copies only know where they came from.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic};
use crate::normalize::pass::{self, Entry, EntryKind, Outcome, Passed, nearest};
use crate::normalize::trail::Origin;
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

    fn entry(&self, rule: &'static str, kind: EntryKind, text: impl Into<String>) -> Entry {
        Entry::new(rule, kind, self.before.clone(), self.after.clone(), text)
    }
}

#[derive(Default)]
pub(super) struct Record {
    pub(super) all: pass::Record,
    /// Whether what is converted now has been converted before, for another place.
    pub(super) is_copy: bool,
}

impl Record {
    /// An entry of its own.
    pub(super) fn note(&mut self, rule: &'static str, kind: EntryKind, place: &MovedNode, text: impl Into<String>) {
        if !self.is_copy {
            self.all.add(place.entry(rule, kind, text));
        }
    }

    /// An entry with a count, at the first of the places.
    pub(super) fn count(&mut self, rule: &'static str, kind: EntryKind, place: &MovedNode, text: &'static str) {
        if !self.is_copy {
            self.all.add_counted(place.entry(rule, kind, text));
        }
    }

    /// Says what is wrong with a node that is left out.
    pub(super) fn left_out(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        if !self.is_copy {
            let fault = Diagnostic::invalid(code, "", at.clone(), message);
            self.all.lost(fault, at.clone(), at.clone());
        }
    }

    /// A fault for which the document is refused.
    pub(super) fn fault(&mut self, fault: Diagnostic) {
        self.all.faults.push(fault);
    }

    /// The node is at `place.after` now.
    pub(super) fn moved(&mut self, place: &MovedNode) {
        if self.is_copy {
            self.copied(&place.before, place.after.clone());
        } else {
            self.all.provenance.push_first(place.after.clone(), place.before.clone());
        }
    }

    /// Records that `after` is an additional copy of `before`.
    pub(super) fn copied(&mut self, before: &Pointer, after: Pointer) {
        self.all.provenance.bring(after, Origin::Before(before.clone()));
    }

    /// The result of the pass, which made `value`.
    pub(super) fn finish(self, value: Value) -> Outcome {
        let mut passed = self.all.finish(value)?;
        let Passed { value, provenance, entries } = &mut passed;
        for entry in entries.iter_mut().filter(|entry| entry.after.get(value).is_none()) {
            entry.after = nearest(value, provenance.after(entry.before.pointer()));
        }
        Ok(passed)
    }
}
