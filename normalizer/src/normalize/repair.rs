//! Pass `repair`: common mistakes in documents.
//!
//! In: a 3.0.3 document. Out: the document with all unambiguous mistakes repaired, and an entry for each. Invariant:
//! all other mistakes are left to later stages or are faults; a document without mistakes is unchanged.

mod bodies;
mod credentials;
mod objects;
mod operations;
mod parameters;
mod queries;
mod schema;
mod security;
mod servers;
mod shape;
mod templates;

use std::collections::BTreeSet;
use std::mem::take;

use foldhash::HashSet;
use serde_json::Value;

use super::files::SourceText;
use super::pass::{Record, Rule, nearest};
use super::references;
use crate::diagnostic::{Diagnostic, codes};
use crate::json::{self, Members};
use crate::limits::{Budget, MAX_COPIED};
use crate::pointer::Pointer;
use crate::structure::grammar::Kind::*;
use crate::structure::grammar::{DOCUMENT, Form, Object};
use crate::structure::{examine_node, examine_part};

/// The maximum number of parts of a node that are removed one by one, because a fault may follow from another. Afterwards, all other parts
/// with the same fault are removed together.
const MAX_SETTLED: usize = 20;

/// Repairs a document. Returns `true` if nodes had to be removed.
pub(super) fn repair(value: &mut Value, record: &mut Record, written: &SourceText<'_>) -> bool {
    let schemas = json::keys(value.pointer("/components/schemas")).cloned().collect();
    let mut repairer =
        Repairer { written, path: Pointer::root(), record, schemas, copies: Budget::of(MAX_COPIED), losses: 0 };
    repairer.numbers(value, shape::Meaning::Value);
    repairer.path_spellings(value);
    repairer.read(value);
    // Removing a reference may leave a malformed object; the document gets smaller each time.
    while references::leave_out(value, repairer.record) {
        repairer.losses += 1;
        repairer.read(value);
    }
    repairer.nameless_parameters(value);
    repairer.duplicate_parameters(value);
    repairer.credential_schemes(value);
    repairer.security_schemes(value);
    repairer.credential_parameters(value);
    repairer.security_places(value);
    repairer.component_names(value);
    repairer.path_parameters(value);
    // The spelling of a path depends on its parameters.
    if repairer.path_spellings(value) {
        repairer.path_parameters(value);
    }
    repairer.queried_parameters(value);
    repairer.operation_ids(value);
    repairer.links(value);
    repairer.bodiless_references(value);
    repairer.required_bodies(value);
    repairer.losses > 0
}

/// A walk over a document, which records every change.
struct Repairer<'w> {
    written: &'w SourceText<'w>,
    /// The current node, in the repaired document.
    path: Pointer,
    record: &'w mut Record,
    /// The names of the component schemas.
    schemas: BTreeSet<String>,
    /// The number of values that may still be copied.
    copies: Budget,
    /// The number of removed nodes.
    losses: usize,
}

impl Repairer<'_> {
    /// Repairs the document, or what is left of it, once.
    fn read(&mut self, document: &mut Value) {
        // The document as a whole is never removed.
        drop(self.value(document, &DOCUMENT, ""));
    }

    /// Repairs a node, and then its parts, so that moved parts are repaired, too; removes malformed parts. `name` is the key of the node.
    /// Returns the fault of the node as a whole.
    fn value(&mut self, value: &mut Value, form: &'static Form, name: &str) -> Option<Diagnostic> {
        if let Some(object) = form.object() {
            self.empty_schema(value, object);
            if object.kind == Schema && form.is_reference(value) {
                self.nullable_reference(value);
            }
            if form.is_reference(value) {
                return self.settle(value, form, name);
            }
            if let Value::Object(members) = value {
                self.spelled_keys(members, object);
                self.shape(members, object);
                self.kind(members, object);
                self.unknown_keys(members, object);
            }
        }
        self.parts(value, form, name).or_else(|| self.settle(value, form, name))
    }

    /// Repairs the parts of a node, and removes malformed parts. Returns the fault of an essential part.
    ///
    /// If something was removed at any depth, the node and its parts are repaired again. The document gets smaller each time, and the
    /// repaired parts are valid.
    fn parts(&mut self, value: &mut Value, form: &'static Form, name: &str) -> Option<Diagnostic> {
        let (is_array, had_requirements) = (value.is_array(), has_requirements(value));
        loop {
            let losses = self.losses;
            let mut faults = Vec::new();
            form.each_part_mut(value, |key, part, form| {
                let name = if is_array { name } else { key };
                self.inside(key, |repairer| {
                    let fault = repairer.value(part, form, name);
                    faults.extend(fault.map(|fault| (key.to_owned(), fault)));
                });
            });
            let whole = self.leave_out_parts(value, form.object(), faults);
            if whole.is_some() || self.losses == losses {
                return whole;
            }
            // An empty list of security requirements would mean that no credential is needed (OpenAPI 3.0.3 §4.7.10).
            let may_require = matches!(form, Form::Is(Document | Operation));
            if may_require && had_requirements && !has_requirements(value) {
                self.record.provenance.remove_parts(value, &self.path, &["security".to_owned()]);
            }
            self.repair_again(value, form);
        }
    }

    /// Adds the members that an object needs after parts were removed.
    fn repair_again(&mut self, value: &mut Value, form: &'static Form) {
        if let (Value::Object(members), Some(object)) = (value, form.object()) {
            self.kind(members, object);
        }
    }

    /// Applies the repairs of one kind of object.
    fn kind(&mut self, members: &mut Members, object: &'static Object) {
        self.needed(members, object.kind);
        match object.kind {
            Schema => self.schema(members),
            Parameter => self.parameter(members),
            Header => self.header(members),
            RequestBody => self.any_body(members),
            MediaType => {
                self.bare_schema(members);
                self.examples(members);
                self.lines(members);
            }
            Responses => {
                self.responses(members);
                self.statuses(members);
                self.bodiless(members);
            }
            Paths => self.paths(members),
            Server => self.server(members),
            Operation => self.operation(members),
            PathItem | Document => self.server_order(members),
            SecurityScheme => self.security_scheme(members),
            SecurityRequirement => self.scopes(members),
            Info | Contact | License => self.empty_urls(members),
            _ => {}
        }
        self.content(members);
        self.external_docs(members);
    }

    /// Enters the member or item `key`.
    fn inside(&mut self, key: &str, visit: impl FnOnce(&mut Self)) {
        let length = self.path.enter(key);
        visit(self);
        self.path.truncate(length);
    }

    /// Enters all members or items of the node, one after the other.
    fn each(&mut self, node: &mut Value, mut visit: impl FnMut(&mut Self, &str, &mut Value)) {
        json::each_mut(node, |key, part| self.inside(key, |repairer| visit(repairer, key, part)));
    }

    /// Adds an entry about the node, or about its member.
    fn note(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.record.note(rule, self.path.key_or_self(key), text);
    }

    /// Adds or counts an entry about a member of the node, for a rule that may apply in hundreds of places.
    fn count(&mut self, rule: Rule, key: &str, text: impl Into<String>) {
        self.record.count(rule, self.path.key(key), text);
    }

    /// Sets a member of the node, and adds an entry.
    fn set(&mut self, members: &mut Members, key: &str, value: impl Into<Value>, rule: Rule, text: impl Into<String>) {
        json::set(members, key, value);
        self.note(rule, key, text);
    }

    /// Removes a member of the node, and adds an entry.
    fn leave_out(&mut self, members: &mut Members, key: &str, rule: Rule, text: impl Into<String>) {
        members.shift_remove(key);
        self.note(rule, key, text);
    }

    /// Renames a member of the node, and adds an entry; does nothing if the new key exists.
    fn rename(&mut self, members: &mut Members, keys: (&str, &str), rule: Rule, text: impl Into<String>) -> bool {
        let is_renamed = self.renamed(members, keys);
        if is_renamed {
            self.note(rule, keys.1, text);
        }
        is_renamed
    }

    /// Renames a member without an entry in the ledger.
    fn renamed(&mut self, members: &mut Members, (from, to): (&str, &str)) -> bool {
        let is_renamed = json::rename(members, from, to);
        if is_renamed {
            self.moved(self.path.key(to), &self.path.key(from));
        }
        is_renamed
    }

    /// Renames many members without entries. Returns the old and new keys of the renamed members.
    fn all_renamed(&mut self, members: &mut Members, names: Vec<(String, String)>) -> Vec<(String, String)> {
        let renamed = json::rename_all(members, names);
        for (from, to) in &renamed {
            self.moved(self.path.key(to), &self.path.key(from));
        }
        renamed
    }

    /// Records that a node of the repaired document was moved.
    fn moved(&mut self, to: Pointer, from: &Pointer) {
        let before = self.record.provenance.before(from);
        self.record.provenance.push(to, before);
    }

    /// Removes members from the node in order to move them into its member `to`.
    fn move_into(&mut self, members: &mut Members, to: &str, is_taken: impl Fn(&str, &Value) -> bool) -> Members {
        let (taken, kept) = take(members).into_iter().partition::<Members, _>(|(key, value)| is_taken(key, value));
        *members = kept;
        for key in taken.keys() {
            self.moved(self.path.key(to).key(key), &self.path.key(key));
        }
        taken
    }
}

/// Returns `true` for a blank string.
fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Parts of a node to remove, each with its key and its fault.
type Faults = Vec<(String, Diagnostic)>;

impl Repairer<'_> {
    /// Removes the malformed parts of a node, each as a lossy change. Returns the fault of a part without which the node would have another
    /// meaning.
    fn leave_out_parts(
        &mut self,
        value: &mut Value,
        object: Option<&'static Object>,
        mut faults: Faults,
    ) -> Option<Diagnostic> {
        // Without such a part, the object would have another meaning: a parameter in another place, a security requirement with fewer
        // credentials.
        let is_essential = |key: &str| match object.map(|object| object.kind) {
            Some(Parameter | SecurityScheme) => key == "in" && value["name"].is_string(),
            kind => kind == Some(SecurityRequirement),
        };
        if let Some(index) = faults.iter().position(|(key, _)| is_essential(key)) {
            return Some(faults.swap_remove(index).1);
        }
        self.lose(value, &self.path.clone(), faults);
        None
    }

    /// Removes parts of the node at `at`, and adds entries.
    fn lose(&mut self, node: &mut Value, at: &Pointer, faults: Faults) {
        self.losses += faults.len();
        let keys: Vec<String> = faults.iter().map(|(key, _)| key.clone()).collect();
        for (key, fault) in faults {
            let before = self.record.provenance.origin(&at.key(&key));
            self.record.lost(fault, before, at.clone());
        }
        self.record.provenance.remove_parts(node, at, &keys);
    }

    /// Removes the malformed parts of a node. `name` is the key of the node. Returns the fault of the node as a whole.
    fn settle(&mut self, value: &mut Value, form: &'static Form, name: &str) -> Option<Diagnostic> {
        let mut settled = 0;
        loop {
            let faults = if form.is_reference(value) {
                examine_part("", value, form, &self.path)
            } else {
                examine_node(value, form, &self.path, name)
            };
            // Names of components are repaired together with the references to them.
            let mut errors = faults.into_iter().filter(|fault| fault.is_error() && fault.code != codes::BAD_NAME);
            let fault = errors.next()?;
            let at = fault.pointer.below(&self.path).map(|below| nearest(value, below));
            let Some((holder, key)) = at.and_then(|at| at.parent().zip(at.last())) else { return Some(fault) };
            let (code, mut known) = (fault.code, HashSet::from_iter([key.clone()]));
            let mut gone = vec![(key, fault)];
            if settled >= MAX_SETTLED {
                let beside = |fault: Diagnostic| {
                    let at = nearest(value, fault.pointer.below(&self.path)?);
                    let is_beside = fault.code == code && at.parent().as_ref() == Some(&holder);
                    at.last().filter(|key| is_beside && known.insert(key.clone())).map(|key| (key, fault))
                };
                gone.extend(errors.filter_map(beside));
            }
            settled += 1;
            self.lose(holder.get_mut(value)?, &self.path.join(&holder), gone);
            self.repair_again(value, form);
        }
    }
}

fn has_requirements(holder: &Value) -> bool {
    json::items(holder.get("security")).len() > 0
}

#[cfg(test)]
mod tests;
