//! Part of `normalize`: the input and output of every pass.
//!
//! In: a document. Out: another document, and what the pass did. Invariant: `before` is a pointer into what the pass
//! got, `after` into what it gave. [`super::trail`] chains the [`Provenance`] of all passes back to the vendor's document.

use foldhash::HashMap;
use serde_json::Value;

use super::trail::{Origin, Provenance};
use crate::certain::Certain;
use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::Pointer;

pub(crate) use EntryKind::{Contradictory, Equivalent, Interpreted, Lossy, Proposed};

/// What became of a node that nothing is known about.
pub(crate) const LEFT_OUT: &str = "removed";

/// A rule's short name, kebab-case, and what it means for the ledger that it was applied.
pub(crate) type Rule = (&'static str, EntryKind);

/// The response that an operation without responses is taken to have, the rule, and what the ledger says. A failure has no body that anybody
/// described, so that the client shows what the server sends.
pub(crate) const NO_RESPONSES: (&str, Rule, &str) =
    ("2XX", ("responses-missing", Interpreted), "assumed the missing response to be `2XX` without a body");

/// The output of a pass.
#[derive(Debug)]
pub(crate) struct Passed {
    /// The document after the pass.
    pub(crate) value: Value,
    /// Where nodes came from that did not stay in their place.
    pub(crate) provenance: Provenance,
    /// What was interpreted, lost or noteworthy.
    pub(crate) entries: Vec<Entry>,
}

/// The output of a pass, or the faults that stop it.
pub(crate) type Outcome = Result<Passed, Vec<Diagnostic>>;

/// What a pass did at one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The rule's short name, kebab-case.
    pub(crate) rule: &'static str,
    /// What is wrong, if the entry is about a fault; the rule is its code then. Its pointer is that of `before`.
    pub(crate) fault: Option<Box<Diagnostic>>,
    /// The node in what the pass got, or in the file that says it.
    pub(crate) before: Origin,
    /// The node in what the pass gave; the nearest one that is left, if the node is gone.
    pub(crate) after: Pointer,
    /// What was done, in one line.
    pub(crate) text: String,
    /// What it means.
    pub(crate) kind: EntryKind,
}

impl Entry {
    /// An entry about what a rule did.
    pub(crate) fn new((rule, kind): Rule, before: impl Into<Origin>, after: Pointer, text: impl Into<String>) -> Self {
        Self { rule, fault: None, before: before.into(), after, text: text.into(), kind }
    }

    /// An entry about a fault, and what became of the node.
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

/// What an entry means to the reader of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EntryKind {
    /// An equivalent rewrite; no review needed.
    Equivalent,
    /// The author's meaning was interpreted, or a mistake was repaired.
    Interpreted,
    /// Nothing was done, but something could be said that the document does not say.
    Proposed,
    /// The document contradicts itself: nothing was done, but people should look.
    Contradictory,
    /// The result says less than the document did.
    Lossy,
}

/// What is wrong with the node at `at` of what the pass got; its file is not known yet.
pub(crate) fn fault(code: Code, at: Pointer, message: impl Into<String>) -> Diagnostic {
    Diagnostic::invalid(code, "", at, message)
}

/// What a pass is doing.
#[derive(Default)]
pub(crate) struct Record {
    /// Where nodes come from.
    pub(crate) provenance: Provenance,
    /// The faults that stop the pass.
    pub(crate) faults: Vec<Diagnostic>,
    pub(crate) entries: Vec<Entry>,
    /// The entries that are counted: which one, and how many places it stands for.
    counted: HashMap<(&'static str, String), (usize, usize)>,
}

impl Record {
    /// Says what a rule did to the node that is at `at` now.
    pub(crate) fn note(&mut self, rule: Rule, at: Pointer, text: impl Into<String>) {
        self.note_from(rule, &at.clone(), at, text);
    }

    /// The same of a node at `after` that comes from `from` in the document as it is now.
    pub(crate) fn note_from(&mut self, rule: Rule, from: &Pointer, after: Pointer, text: impl Into<String>) {
        self.add(Entry::new(rule, self.provenance.origin(from), after, text));
    }

    /// Counts what a rule did to the node that is at `at` now, where it may apply in hundreds of places.
    pub(crate) fn count(&mut self, rule: Rule, at: Pointer, text: impl Into<String>) {
        self.add_counted(Entry::new(rule, self.provenance.origin(&at), at, text));
    }

    /// Adds an entry of its own.
    pub(crate) fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Adds one entry for all places where the same was done, at the first of them.
    pub(crate) fn add_counted(&mut self, entry: Entry) {
        let known = self.counted.entry((entry.rule, entry.text.clone())).or_insert((self.entries.len(), 0));
        known.1 += 1;
        if known.1 == 1 {
            self.entries.push(entry);
        }
    }

    /// Says that a node was left out because of a fault.
    pub(crate) fn lost(&mut self, fault: Diagnostic, before: impl Into<Origin>, after: Pointer) {
        self.add(Entry::of_fault(fault, Lossy, before, after, LEFT_OUT));
    }

    /// Leaves out a node of the document, and says so.
    pub(crate) fn left_out(&mut self, document: &mut Value, at: &Pointer, fault: Diagnostic) {
        let before = self.provenance.origin(at);
        if self.provenance.remove(document, at) {
            self.lost(fault, before, at.parent().certain("only a part can be removed"));
        }
    }

    /// Says what has moved since the first `count` entries.
    pub(crate) fn follow(&mut self, count: usize, moves: &Provenance) {
        for entry in self.entries.iter_mut().take(count) {
            entry.after = moves.after(&entry.after);
        }
    }

    /// The result of the pass, which made `value`.
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

/// The node at `pointer`, or the innermost on the way to it that is there.
pub(crate) fn nearest(document: &Value, mut pointer: Pointer) -> Pointer {
    while pointer.get(document).is_none()
        && let Some(parent) = pointer.parent()
    {
        pointer = parent;
    }
    pointer
}
