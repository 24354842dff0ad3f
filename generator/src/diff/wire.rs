//! Part of `diff`: two documents → how their requests and responses differ.
//!
//! In: two canonical documents. Out: each change once, with the operations that it affects. Invariant: a pair of nodes is compared once per
//! direction, however many references lead to it.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::Kind;
use serde_json::Value;

use super::node::Side;
use super::operations::{Operation, operations};
use super::walk::{Found, Key, Walk, code};

/// The severity of a change for programs that were written before it. The order is from the least to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No message depends on it.
    Documentation,
    /// Valid requests stay valid, and responses fulfil what they fulfilled before.
    Compatible,
    /// Programs that rely on more than the types may fail.
    Risky,
    /// Valid requests are rejected, or responses no longer have the documented types.
    Breaking,
}

/// A difference between two versions of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WireChange {
    /// The severity for an old client with the new server.
    pub severity: Severity,
    /// The severity for a new client with the old server.
    pub with_old_server: Severity,
    /// What changed, in one line without a final period.
    pub message: String,
    /// The node of the old document, if it has one.
    pub old: Option<Pointer>,
    /// The node of the new document, if it has one.
    pub new: Option<Pointer>,
    /// The affected operations, such as `GET /pets`; empty if the change concerns the whole document or no operation.
    pub operations: Vec<String>,
}

/// Compares two canonical documents. The changes are sorted, the most severe ones first.
#[must_use]
pub fn messages(old: &Value, new: &Value) -> Vec<WireChange> {
    let mut comparison = Comparison { old, new, changes: BTreeMap::new() };
    let mut walks = comparison.operations();
    if [old, new].iter().all(|document| document["paths"].is_object()) {
        walks.push((None, comparison.document()));
    }
    let units = Units::new(old, new, &walks);
    for (operation, walk) in walks {
        units.reached_by(&walk).for_each(|found| comparison.add(found, operation.as_deref()));
    }
    comparison.unused();
    comparison.finish()
}

/// A walk, and the operation that it compares, if any.
type OperationWalk<'d> = (Option<String>, Walk<'d>);

/// The pairs of nodes that references lead to: the changes of each, and the pairs below it.
struct Units {
    indices: BTreeMap<Key, usize>,
    all: Vec<(Vec<Found>, Vec<Key>)>,
    below: Vec<Vec<usize>>,
}

impl Units {
    /// Compares every pair that the walks lead to, once.
    fn new(old: &Value, new: &Value, walks: &[OperationWalk<'_>]) -> Self {
        let (mut indices, mut all) = (BTreeMap::new(), Vec::new());
        let mut open: Vec<Key> = walks.iter().flat_map(|(_, walk)| walk.below.clone()).collect();
        while let Some(key) = open.pop() {
            if let Entry::Vacant(entry) = indices.entry(key) {
                let Walk { found, below, .. } = Walk::of(old, new, entry.key());
                open.extend(below.iter().cloned());
                entry.insert(all.len());
                all.push((found, below));
            }
        }
        let index = |key: &Key| indices.get(key).copied();
        let below = all.iter().map(|(_, below)| below.iter().filter_map(index).collect()).collect();
        Self { indices, all, below }
    }

    /// Returns the changes of a walk, and of all pairs that it leads to.
    fn reached_by<'f>(&'f self, walk: &'f Walk<'_>) -> impl Iterator<Item = &'f Found> {
        let mut open: Vec<usize> = walk.below.iter().filter_map(|key| self.indices.get(key).copied()).collect();
        let mut seen = vec![false; self.all.len()];
        let mut reached = Vec::new();
        while let Some(unit) = open.pop() {
            let is_seen = seen.get_mut(unit).is_none_or(|seen| std::mem::replace(seen, true));
            if !is_seen {
                reached.extend(self.all.get(unit).map(|(found, _)| found));
                open.extend(self.below.get(unit).into_iter().flatten());
            }
        }
        walk.found.iter().chain(reached.into_iter().flatten())
    }
}

/// A change without its severities, and thus its identity.
type Identity = (Option<Pointer>, Option<Pointer>, String);

struct Comparison<'d> {
    old: &'d Value,
    new: &'d Value,
    changes: BTreeMap<Identity, (Severity, Severity, BTreeSet<String>)>,
}

impl<'d> Comparison<'d> {
    /// Compares what is not part of an operation.
    fn document(&self) -> Walk<'d> {
        let mut walk = Walk::new(self.old, self.new);
        let (old, new) = (Side::root(self.old), Side::root(self.new));
        walk.object(Kind::Document, &old, &new);
        walk.servers(&old, &new);
        let schemes = Pointer::parse("/components/securitySchemes").unwrap_or_default();
        walk.schemes(&old.below(&schemes), &new.below(&schemes));
        walk
    }

    /// Compares the operations: those at the same place, then those with the same `operationId`. The others are added or removed.
    fn operations(&mut self) -> Vec<OperationWalk<'d>> {
        let before = operations(self.old);
        let after = operations(self.new);
        let places: BTreeSet<&str> = before.iter().map(|operation| operation.shape.as_str()).collect();
        let moved = after.iter().filter(|operation| !places.contains(operation.shape.as_str()));
        let moved: BTreeMap<&str, &Operation<'d>> = moved.filter_map(|one| Some((one.id()?, one))).collect();
        let by_place: BTreeMap<&str, &Operation<'d>> = after.iter().map(|one| (one.shape.as_str(), one)).collect();
        let mut rest: BTreeMap<&Pointer, &Operation<'d>> = after.iter().map(|one| (&one.side.at, one)).collect();
        let mut walks = Vec::new();
        for old in &before {
            let found = by_place.get(old.shape.as_str()).or_else(|| moved.get(old.id()?));
            match found.and_then(|new| rest.remove(&new.side.at)) {
                Some(new) => {
                    let mut walk = Walk::new(self.old, self.new);
                    walk.operation(old, new);
                    walks.push((Some(new.label.clone()), walk));
                }
                None => self.one(old, false),
            }
        }
        rest.into_values().for_each(|added| self.one(added, true));
        walks
    }

    /// Adds an operation that only one document has.
    fn one(&mut self, operation: &Operation<'d>, is_added: bool) {
        let at = Some(operation.side.at.clone());
        let (severity, with_old_server, verb, old, new) = if is_added {
            (Severity::Compatible, Severity::Breaking, "added", None, at)
        } else {
            (Severity::Breaking, Severity::Compatible, "removed", at, None)
        };
        let found = Found { severity, with_old_server, message: format!("{verb} the operation"), old, new };
        self.add(&found, Some(&operation.label));
    }

    fn add(&mut self, found: &Found, operation: Option<&str>) {
        let identity = (found.old.clone(), found.new.clone(), found.message.clone());
        let least = (Severity::Documentation, Severity::Documentation, BTreeSet::new());
        let known = self.changes.entry(identity).or_insert(least);
        known.0 = known.0.max(found.severity);
        known.1 = known.1.max(found.with_old_server);
        known.2.extend(operation.map(str::to_owned));
    }

    /// Adds the changes of components that no operation uses.
    fn unused(&mut self) {
        let used: BTreeSet<Pointer> = used(self.old).into_iter().chain(used(self.new)).collect();
        let at = Pointer::root().key("components");
        let mut found = Vec::new();
        for section in Kind::Components.grammar().fields.iter().map(|field| field.name) {
            let at = at.key(section);
            let (before, after) = (members(at.get(self.old)), members(at.get(self.new)));
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).copied().collect();
            for name in names.into_iter().filter(|_| section != "securitySchemes") {
                let at = at.key(name);
                let (old, new) = (before.get(name), after.get(name));
                if used.contains(&at) || old == new {
                    continue;
                }
                let verb = if old.is_none() {
                    "added"
                } else if new.is_none() {
                    "removed"
                } else {
                    "changed"
                };
                let message = format!("{verb} {}, which no operation uses", code(name));
                let place = |part: Option<&&Value>| part.map(|_| at.clone());
                let (old, new) = (place(old), place(new));
                let severity = Severity::Compatible;
                found.push(Found { severity, with_old_server: severity, message, old, new });
            }
        }
        found.iter().for_each(|found| self.add(found, None));
    }

    fn finish(self) -> Vec<WireChange> {
        let change =
            |((old, new, message), (severity, with_old_server, operations)): (Identity, (_, _, BTreeSet<_>))| {
                let operations = operations.into_iter().collect();
                WireChange { severity, with_old_server, message, old, new, operations }
            };
        let mut changes: Vec<WireChange> = self.changes.into_iter().map(change).collect();
        changes.sort_by_cached_key(|change| {
            let place = change.new.clone().or_else(|| change.old.clone());
            (Reverse((change.severity, change.with_old_server)), place, change.message.clone())
        });
        changes
    }
}

/// Returns the components that references outside of `components` lead to, directly or not.
fn used(document: &Value) -> BTreeSet<Pointer> {
    let top = document.as_object().into_iter().flatten().filter(|(key, _)| *key != "components");
    let mut open: Vec<&Value> = top.map(|(_, value)| value).collect();
    let mut used = BTreeSet::new();
    while let Some(node) = open.pop() {
        let target = node.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        let target = target.and_then(Pointer::from_fragment).filter(|target| !used.contains(target));
        open.extend(target.as_ref().and_then(|target| target.get(document)));
        used.extend(target);
        match node {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    used
}

/// The members of an object; none of anything else.
fn members(value: Option<&Value>) -> BTreeMap<&String, &Value> {
    value.and_then(Value::as_object).into_iter().flatten().collect()
}
