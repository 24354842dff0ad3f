//! Part of `swagger2`: what the pass does is written down here.
//!
//! In: places before and after, and what happened there. Out: entries, moves and faults, and where a node is now.
//! Invariant: the first place that a node went to is where references to it lead; copies only know where they came from.

use std::collections::HashMap;

use serde_json::Value;

use crate::diagnostic::Code;
use crate::normalize::pass::{Entry, Fault, Moves, Notes, Passed, Weight, nearest};
use crate::normalize::trail;
use crate::pointer::Pointer;

/// A node in both documents.
#[derive(Clone, Debug)]
pub(super) struct MovedNode {
    pub(super) before: Pointer,
    pub(super) after: Pointer,
}

impl MovedNode {
    /// A node that stays where it is.
    pub(super) fn same(pointer: Pointer) -> Self {
        Self { before: pointer.clone(), after: pointer }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        Self { before: self.before.key(key), after: self.after.key(key) }
    }

    pub(super) fn index(&self, index: usize) -> Self {
        Self { before: self.before.index(index), after: self.after.index(index) }
    }

    fn entry(&self, rule: &'static str, weight: Weight, text: String) -> Entry {
        Entry { rule, before: self.before.clone(), after: self.after.clone(), text, weight }
    }

    /// The same node of the old document at another place of the new one.
    pub(super) fn to(&self, after: Pointer) -> Self {
        Self { before: self.before.clone(), after }
    }
}

/// What has been written down so far.
#[derive(Default)]
pub(super) struct Record {
    notes: Notes,
    faults: Vec<Fault>,
    /// (after, before)
    moved: Vec<(Pointer, Pointer)>,
    copied: Vec<(Pointer, Pointer)>,
    index: HashMap<Pointer, Pointer>,
    is_copy: bool,
    /// Entries whose places are those in the new document.
    late: Vec<Entry>,
}

impl Record {
    /// A step that is worth a line for each place.
    pub(super) fn note(&mut self, rule: &'static str, weight: Weight, place: &MovedNode, text: impl Into<String>) {
        if !self.is_copy {
            self.notes.note(place.entry(rule, weight, text.into()));
        }
    }

    /// A step on the new document; where that was before turns out when all is done.
    pub(super) fn note_late(&mut self, rule: &'static str, weight: Weight, after: Pointer, text: String) {
        self.late.push(Entry::here(rule, weight, after, text));
    }

    /// A step that is worth a line with a count and its first place.
    pub(super) fn count(&mut self, rule: &'static str, weight: Weight, place: &MovedNode, text: &'static str) {
        if !self.is_copy {
            self.notes.count(rule, text, || place.entry(rule, weight, text.to_owned()));
        }
    }

    pub(super) fn fault(&mut self, code: Code, at: &Pointer, message: impl Into<String>, help: &str) {
        let fault = Fault { code, at: at.clone(), message: message.into(), help: Some(help.to_owned()) };
        if !self.is_copy && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The node at `before` is at `after` now.
    pub(super) fn moved(&mut self, before: &Pointer, after: &Pointer) {
        if self.is_copy {
            return self.copied(before, after);
        }
        self.index.entry(before.clone()).or_insert_with(|| after.clone());
        self.moved.push((after.clone(), before.clone()));
    }

    /// The node at `after` came of the one at `before`, which is mainly elsewhere.
    pub(super) fn copied(&mut self, before: &Pointer, after: &Pointer) {
        self.copied.push((after.clone(), before.clone()));
    }

    /// The media types at `content` were made from what is at `before`.
    pub(super) fn content(&mut self, before: &Pointer, content: &Pointer, media_types: &[String]) {
        self.copied(before, content);
        for media_type in media_types {
            self.copied(before, &content.key(media_type));
        }
    }

    /// What comes now is a further copy of what has been converted before, if `is_copy`. Gives what to end it with.
    pub(super) fn begin_copy(&mut self, is_copy: bool) -> bool {
        let was_copy = self.is_copy;
        self.is_copy |= is_copy;
        was_copy
    }

    pub(super) fn end_copy(&mut self, was_copy: bool) {
        self.is_copy = was_copy;
    }

    /// Where a node of the old document is in the new one.
    pub(super) fn now(&self, before: &Pointer) -> Pointer {
        trail::moved(before, |prefix| self.index.get(prefix)).unwrap_or_else(|| before.clone())
    }

    /// The outcome of the pass, which made `value` from `document`.
    pub(super) fn finish(mut self, document: &Value, value: Value) -> Result<Passed, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut entries = std::mem::take(&mut self.notes).finish();
        for entry in &mut entries {
            if value.pointer(entry.after.as_str()).is_none() {
                entry.after = nearest(&value, self.now(&entry.before));
            }
        }
        // Of several places that a node went to, `Moves` finds the one that was told last.
        let mut moves = Moves::default();
        for (after, before) in self.copied.into_iter().chain(self.moved.into_iter().rev()) {
            moves.push(after, before);
        }
        for mut entry in self.late {
            entry.before = nearest(document, moves.before(&entry.after));
            entries.push(entry);
        }
        Ok(Passed { value, moves, entries })
    }
}
