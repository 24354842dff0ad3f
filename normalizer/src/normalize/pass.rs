//! Part of `normalize`: the input and output of every pass.
//!
//! In: a document. Out: another document, and the entries about the changes. Invariant: `before` is a pointer into the input of the pass,
//! `after` into its output. [`super::trail`] chains the [`Provenance`] of all passes back to the vendor's document.

use foldhash::HashMap;
use serde_json::Value;

use super::trail::{Origin, Provenance};
use crate::certain::Certain;
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::Pointer;

pub(crate) use EntryKind::{Contradictory, Equivalent, Interpreted, Lossy, Proposed};

/// The default description of a change: the node was removed.
pub(crate) const LEFT_OUT: &str = "removed";

/// A rule's short kebab-case name, and the kind of its entries in the ledger.
pub(crate) type Rule = (&'static str, EntryKind);

/// The assumed response of an operation without responses, the rule, and the text for the ledger. Failures have no documented body, so the
/// client shows what the server sends.
pub(crate) const NO_RESPONSES: (&str, Rule, &str) =
    ("2XX", ("responses-missing", Interpreted), "assumed the missing response to be `2XX` without a body");

/// The output of a pass.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The document after the pass.
    pub(crate) value: Value,
    /// The origins of nodes that were moved.
    pub(crate) provenance: Provenance,
    /// The entries for the ledger.
    pub(crate) entries: Vec<Entry>,
}

/// The output of a pass, or the faults that stopped it.
pub(crate) type Outcome = Result<Passed, Vec<Diagnostic>>;

/// A change by a pass at one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The short kebab-case name of the rule.
    pub(crate) rule: &'static str,
    /// The fault, if the entry is about one; the rule then has the name of its code. Its pointer equals `before`.
    pub(crate) fault: Option<Box<Diagnostic>>,
    /// The node in the input of the pass, or in a source file.
    pub(crate) before: Origin,
    /// The node in the output of the pass, or its nearest remaining ancestor.
    pub(crate) after: Pointer,
    /// What was done, in one line.
    pub(crate) text: String,
    /// The kind of the entry.
    pub(crate) kind: EntryKind,
}

impl Entry {
    /// Creates an entry about a change by a rule.
    pub(crate) fn new((rule, kind): Rule, before: impl Into<Origin>, after: Pointer, text: impl Into<String>) -> Self {
        Self { rule, fault: None, before: before.into(), after, text: text.into(), kind }
    }

    /// Creates an entry about a fault, and what was done about it.
    pub(crate) fn of_fault(
        fault: Diagnostic,
        kind: EntryKind,
        before: impl Into<Origin>,
        after: Pointer,
        became: &str,
    ) -> Self {
        let text = format!("{}: {became}", fault.message);
        let code = fault.code.0;
        Self { fault: Some(Box::new(fault)), ..Self::new((code, kind), before, after, text) }
    }
}

/// The kind of an entry in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EntryKind {
    /// An equivalent rewrite; no review needed.
    Equivalent,
    /// The author's meaning was interpreted, or a mistake was repaired.
    Interpreted,
    /// Nothing was changed, but the document could be extended.
    Proposed,
    /// The document contradicts itself: nothing was changed, but a review is needed.
    Contradictory,
    /// The result has less information than the document.
    Lossy,
}

/// Creates a fault at the node `at` in the input of the pass; its file is not known yet.
pub(crate) fn fault(code: Code, at: Pointer, message: impl Into<String>) -> Diagnostic {
    Diagnostic::invalid(code, "", at, message)
}

/// The record of a running pass.
#[derive(Default)]
pub(crate) struct Record {
    /// The origins of nodes.
    pub(crate) provenance: Provenance,
    /// The faults that stop the pass.
    pub(crate) faults: Vec<Diagnostic>,
    pub(crate) entries: Vec<Entry>,
    /// The counted entries: index of the entry, and number of places.
    counted: HashMap<(&'static str, String), (usize, usize)>,
}

impl Record {
    /// Adds an entry about the node that is now at `at`.
    pub(crate) fn note(&mut self, rule: Rule, at: Pointer, text: impl Into<String>) {
        self.note_from(rule, &at.clone(), at, text);
    }

    /// Adds an entry about a node that moves from `from`, its current pointer, to `after`.
    pub(crate) fn note_from(&mut self, rule: Rule, from: &Pointer, after: Pointer, text: impl Into<String>) {
        self.add(Entry::new(rule, self.provenance.origin(from), after, text));
    }

    /// Adds or counts an entry about the node that is now at `at`, for a rule that may apply in hundreds of places.
    pub(crate) fn count(&mut self, rule: Rule, at: Pointer, text: impl Into<String>) {
        self.add_counted(Entry::new(rule, self.provenance.origin(&at), at, text));
    }

    /// Adds an entry.
    pub(crate) fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Adds one entry for all places with the same change, at the first of them.
    pub(crate) fn add_counted(&mut self, entry: Entry) {
        let known = self.counted.entry((entry.rule, entry.text.clone())).or_insert((self.entries.len(), 0));
        known.1 += 1;
        if known.1 == 1 {
            self.entries.push(entry);
        }
    }

    /// Adds an entry about a node that was removed because of a fault.
    pub(crate) fn lost(&mut self, fault: Diagnostic, before: impl Into<Origin>, after: Pointer) {
        self.add(Entry::of_fault(fault, Lossy, before, after, LEFT_OUT));
    }

    /// Removes a node of the document, and adds an entry.
    pub(crate) fn left_out(&mut self, document: &mut Value, at: &Pointer, fault: Diagnostic) {
        let before = self.provenance.origin(at);
        if self.provenance.remove(document, at) {
            self.lost(fault, before, at.parent().certain("only a part can be removed"));
        }
    }

    /// Updates the first `count` entries after nodes were moved.
    pub(crate) fn follow(&mut self, count: usize, moves: &Provenance) {
        for entry in self.entries.iter_mut().take(count) {
            entry.after = moves.after(&entry.after);
        }
    }

    /// Returns the result of the pass, whose output is `value`.
    pub(crate) fn finish(mut self, value: Value) -> Outcome {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        for (index, count) in self.counted.into_values().filter(|(_, count)| *count > 1) {
            if let Some(entry) = self.entries.get_mut(index) {
                entry.text.push_str(&format!(" ({count} places)"));
            }
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.fault.is_some()) {
            entry.after = nearest(&value, std::mem::take(&mut entry.after));
        }
        Ok(Passed { value, provenance: self.provenance, entries: self.entries })
    }
}

/// Runs a pass on a document.
pub(crate) fn run(mut value: Value, pass: impl FnOnce(&mut Value, &mut Record)) -> Outcome {
    let mut record = Record::default();
    pass(&mut value, &mut record);
    record.finish(value)
}

/// Returns the node at `pointer`, or its nearest existing ancestor.
pub(crate) fn nearest(document: &Value, mut pointer: Pointer) -> Pointer {
    while pointer.get(document).is_none()
        && let Some(parent) = pointer.parent()
    {
        pointer = parent;
    }
    pointer
}
