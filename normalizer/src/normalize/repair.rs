//! Pass `repair`: the mistakes that authors make.
//!
//! In: a 3.0.3 document. Out: the same document without the mistakes whose meaning is certain, an entry for each.
//! Invariant: all other mistakes are left to later stages or are faults; a document without mistakes is not changed.

mod bodiless;
mod credential_schemes;
mod credentials;
mod media_types;
mod names;
mod objects;
mod operations;
mod parameters;
mod queries;
mod references;
mod required_bodies;
mod schema;
mod security;
mod servers;
mod shape;
mod templates;
mod untyped_items;

use std::collections::BTreeSet;

use serde_json::Value;

use super::files::SourceText;
use super::pass::{self, Entry, Passed, Record, Weight};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::{self, Members};
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use crate::structure::grammar::{DOCUMENT, Form, Kind, Object};

/// How often an object is looked at again, because one of its keys turned out to be a slip.
const MAX_SLIPS: usize = 2;

/// A rule's short name, and what it means for the ledger that it was applied.
type Rule = (&'static str, Weight);

/// Repairs a document.
pub(super) fn pass(mut value: Value, written: &SourceText<'_>) -> Result<Passed, Vec<Diagnostic>> {
    let schemas = json::members(value.pointer("/components/schemas")).map(|(name, _)| name.clone()).collect();
    let mut repairer = Repairer { written, path: Pointer::root(), record: Record::default(), schemas, copied: 0 };
    repairer.numbers(&mut value, shape::Meaning::Value);
    repairer.path_spellings(&mut value);
    repairer.value(&mut value, &DOCUMENT, 0);
    repairer.nameless_parameters(&mut value);
    repairer.security_schemes(&mut value);
    repairer.credential_schemes(&mut value);
    repairer.credential_parameters(&mut value);
    repairer.security_places(&mut value);
    repairer.component_names(&mut value);
    repairer.path_parameters(&mut value);
    repairer.operation_ids(&mut value);
    repairer.links(&mut value);
    repairer.kinds(&mut value);
    repairer.bodiless_references(&mut value);
    repairer.required_bodies(&mut value);
    repairer.record.finish(value)
}

/// One walk over a document, and what it did.
struct Repairer<'w> {
    written: &'w SourceText<'w>,
    /// The node that is looked at, in the repaired document.
    path: Pointer,
    record: Record,
    /// The names of the schemas among the components.
    schemas: BTreeSet<String>,
    /// How many values have been copied.
    copied: usize,
}

impl Repairer<'_> {
    /// Repairs a node, and then what is in it, so that what is moved into it is seen.
    fn value(&mut self, value: &mut Value, form: &'static Form, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(object) = form.object() {
            self.empty_schema(value, object);
            if form.is_reference(value) {
                if object.kind == Kind::Schema {
                    self.nullable_reference(value);
                }
                return;
            }
            if let Value::Object(members) = value {
                self.spelled_keys(members, object);
                for _ in 0..=MAX_SLIPS {
                    self.shape(members, object);
                    self.kind(members, object);
                    if !self.unknown_keys(members, object) {
                        break;
                    }
                }
            }
        }
        form.each_part_mut(value, |key, part, form| {
            self.inside(key, |repairer| repairer.value(part, form, depth + 1));
        });
    }

    /// What one kind of object needs beyond the shape of its members.
    fn kind(&mut self, members: &mut Members, object: &'static Object) {
        self.needed(members, object.kind);
        match object.kind {
            Kind::Schema => self.schema(members),
            Kind::Parameter => self.parameter(members),
            Kind::Header => self.header(members),
            Kind::MediaType => {
                self.bare_schema(members);
                self.examples(members);
                self.lines(members);
            }
            Kind::Responses => {
                self.statuses(members);
                self.bodiless(members);
            }
            Kind::Paths => self.paths(members),
            Kind::Server => self.server(members),
            Kind::Operation => {
                self.operation(members);
                self.responses(members);
                self.server_order(members);
            }
            Kind::PathItem => {
                self.parameter_list(members);
                self.server_order(members);
            }
            Kind::Document => self.server_order(members),
            Kind::SecurityScheme => self.security_scheme(members),
            Kind::SecurityRequirement => self.scopes(members),
            Kind::Info | Kind::Contact | Kind::License => self.empty_urls(members),
            _ => {}
        }
        self.content(members);
        self.external_docs(members);
    }

    /// Goes down to the member or item `key`.
    fn inside(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.enter(key);
        visit(self);
        self.path.truncate(length);
    }

    /// Goes down to all members or items of the node, one after the other.
    fn each(&mut self, node: &mut Value, mut visit: impl FnMut(&mut Self, &str, &mut Value)) {
        json::each_mut(node, |key, part| self.inside(key, |repairer| visit(repairer, key, part)));
    }

    /// Says what was done at the node, or at its member.
    fn note(&mut self, rule: &'static str, key: &str, weight: Weight, text: impl Into<String>) {
        let after = if key.is_empty() { self.path.clone() } else { self.path.key(key) };
        self.note_at(rule, after, weight, text);
    }

    /// Counts what was done at a member of the node, where a rule may apply in hundreds of places.
    fn count(&mut self, rule: &'static str, key: &str, weight: Weight, text: impl Into<String>) {
        self.count_at(rule, self.path.key(key), weight, text);
    }

    /// The same of what was done at `after`.
    fn count_at(&mut self, rule: &'static str, after: Pointer, weight: Weight, text: impl Into<String>) {
        let before = self.record.moves.origin(&after);
        self.record.count(Entry::new(rule, weight, before, after, text.into()));
    }

    fn note_at(&mut self, rule: &'static str, at: Pointer, weight: Weight, text: impl Into<String>) {
        self.note_from(rule, &at.clone(), at, weight, text);
    }

    /// Says that what is at `after` now comes from `from`, in the repaired document.
    fn note_from(
        &mut self,
        rule: &'static str,
        from: &Pointer,
        after: Pointer,
        weight: Weight,
        text: impl Into<String>,
    ) {
        let before = self.record.moves.origin(from);
        self.record.note(Entry::new(rule, weight, before, after, text.into()));
    }

    /// Sets a member of the node, and says so.
    fn set(&mut self, members: &mut Members, key: &str, value: impl Into<Value>, rule: Rule, text: impl Into<String>) {
        members.insert(key.to_owned(), value.into());
        self.note(rule.0, key, rule.1, text);
    }

    /// Leaves out a member of the node, and says so.
    fn leave_out(&mut self, members: &mut Members, key: &str, (rule, weight): Rule, text: impl Into<String>) {
        members.shift_remove(key);
        self.note(rule, key, weight, text);
    }

    /// Gives a member of the node another key, and says so; does nothing if that key is taken.
    fn rename(&mut self, members: &mut Members, keys: (&str, &str), rule: Rule, text: impl Into<String>) -> bool {
        let is_renamed = self.renamed(members, keys);
        if is_renamed {
            self.note(rule.0, keys.1, rule.1, text);
        }
        is_renamed
    }

    /// The same without an entry in the ledger.
    fn renamed(&mut self, members: &mut Members, (from, to): (&str, &str)) -> bool {
        let is_renamed = json::rename(members, from, to);
        if is_renamed {
            self.moved(self.path.key(to), &self.path.key(from));
        }
        is_renamed
    }

    /// Says that what was at `from` in the repaired document is now at `to`.
    fn moved(&mut self, to: Pointer, from: &Pointer) {
        let before = self.record.moves.before(from);
        self.record.moves.push(to, before);
    }

    /// Takes members out of the node that go into its member `to`.
    fn taken(&mut self, members: &mut Members, to: &str, is_taken: impl Fn(&str, &Value) -> bool) -> Members {
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

    fn fault(&mut self, code: Code, at: &Pointer, message: String, help: &str) {
        self.record.faults.push(pass::fault(code, self.record.moves.before(at), message, help));
    }
}

/// Whether it is a string with nothing in it.
fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests;
