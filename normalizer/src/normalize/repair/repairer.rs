//! Part of `repair`: a document while it is repaired, and the record of what was done.
//!
//! In: a node, and what a rule did to it. Out: the entries and provenance. Invariant: every change of a place is recorded here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::json::{self, Members};
use crate::normalize::files::SourceText;
use crate::normalize::pass::{Record, Rule};
use crate::pointer::Pointer;

/// One walk over a document, and what it did.
pub(super) struct Repairer<'w> {
    pub(super) written: &'w SourceText<'w>,
    /// The node that is looked at, in the repaired document.
    pub(super) path: Pointer,
    pub(super) record: &'w mut Record,
    /// The names of the schemas among the components.
    pub(super) schemas: BTreeSet<String>,
    /// How many values have been copied.
    pub(super) copied: usize,
    /// How many nodes have been left out.
    pub(super) losses: usize,
}

impl Repairer<'_> {
    /// Goes down to the member or item `key`.
    pub(super) fn inside(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.enter(key);
        visit(self);
        self.path.truncate(length);
    }

    /// Goes down to all members or items of the node, one after the other.
    pub(super) fn each(&mut self, node: &mut Value, mut visit: impl FnMut(&mut Self, &str, &mut Value)) {
        json::each_mut(node, |key, part| self.inside(key, |repairer| visit(repairer, key, part)));
    }

    /// Says what was done at the node, or at its member.
    pub(super) fn note(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.record.note(rule, self.path.key_or_self(key), text);
    }

    /// Counts what was done at a member of the node, where a rule may apply in hundreds of places.
    pub(super) fn count(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.record.count(rule, self.path.key(key), text);
    }

    /// Sets a member of the node, and says so.
    pub(super) fn set(
        &mut self,
        members: &mut Members,
        key: &str,
        value: impl Into<Value>,
        rule: Rule,
        text: impl Into<String>,
    ) {
        json::set(members, key, value);
        self.note(rule, key, text);
    }

    /// Leaves out a member of the node, and says so.
    pub(super) fn leave_out(&mut self, members: &mut Members, key: &str, rule: Rule, text: impl Into<String>) {
        members.shift_remove(key);
        self.note(rule, key, text);
    }

    /// Gives a member of the node another key, and says so; does nothing if that key is taken.
    pub(super) fn rename(
        &mut self,
        members: &mut Members,
        keys: (&str, &str),
        rule: Rule,
        text: impl Into<String>,
    ) -> bool {
        let is_renamed = self.renamed(members, keys);
        if is_renamed {
            self.note(rule, keys.1, text);
        }
        is_renamed
    }

    /// The same without an entry in the ledger.
    pub(super) fn renamed(&mut self, members: &mut Members, (from, to): (&str, &str)) -> bool {
        let is_renamed = json::rename(members, from, to);
        if is_renamed {
            self.moved(self.path.key(to), &self.path.key(from));
        }
        is_renamed
    }

    /// Says that what was at `from` in the repaired document is now at `to`.
    pub(super) fn moved(&mut self, to: Pointer, from: &Pointer) {
        let before = self.record.provenance.before(from);
        self.record.provenance.push(to, before);
    }

    /// Takes members out of the node that go into its member `to`.
    pub(super) fn move_into(
        &mut self,
        members: &mut Members,
        to: &str,
        is_taken: impl Fn(&str, &Value) -> bool,
    ) -> Members {
        let mut taken = Members::new();
        let keys: Vec<String> =
            members.iter().filter(|(key, value)| is_taken(key, value)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            if let Some(value) = members.shift_remove(&key) {
                self.moved(self.path.key(to).key(&key), &self.path.key(&key));
                taken.insert(key, value);
            }
        }
        taken
    }
}

/// Whether it is a string with nothing in it.
pub(super) fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}
