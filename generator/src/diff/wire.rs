//! Part of `diff`: two documents → how their requests and responses differ.
//!
//! In: two canonical documents. Out: each change once, with the operations that it affects. Invariant: a pair of nodes is compared once per
//! direction, however many references lead to it.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::Kind;
use serde_json::Value;

use super::operations::{Operation, operations};
use super::walk::{Found, Key, Side, Walk};

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
    let mut comparison = Comparison { old, new, units: BTreeMap::new(), changes: BTreeMap::new() };
    comparison.document();
    let (before, after) = (operations(old), operations(new));
    let mut rest: Vec<&Operation<'_>> = after.iter().collect();
    for operation in &before {
        let position = rest.iter().position(|new| new.is_at(operation));
        let position = position.or_else(|| {
            let is_moved = |new: &&Operation<'_>| new.is_moved(operation) && !before.iter().any(|old| new.is_at(old));
            rest.iter().position(is_moved)
        });
        match position {
            Some(position) => comparison.both(operation, rest.remove(position)),
            None => comparison.one(operation, false),
        }
    }
    rest.iter().for_each(|added| comparison.one(added, true));
    comparison.unused();
    comparison.finish()
}

/// The nodes that one reference leads to on both sides: their own changes, and the pairs below them.
#[derive(Default)]
struct Unit {
    found: Vec<Found>,
    below: Vec<Key>,
}

/// A change without its severities, and thus its identity.
type Identity = (Option<Pointer>, Option<Pointer>, String);

struct Comparison<'d> {
    old: &'d Value,
    new: &'d Value,
    units: BTreeMap<Key, Unit>,
    changes: BTreeMap<Identity, (Severity, Severity, BTreeSet<String>)>,
}

impl<'d> Comparison<'d> {
    fn walk(&self) -> Walk<'d> {
        Walk::new(self.old, self.new)
    }

    /// Compares what is not part of an operation.
    fn document(&mut self) {
        let mut walk = self.walk();
        let (old, new) = (Side::root(self.old), Side::root(self.new));
        walk.object(Kind::Document, &old, &new);
        walk.servers(&old, &new);
        let schemes = Pointer::parse("/components/securitySchemes").unwrap_or_default();
        walk.schemes(&old.below(&schemes), &new.below(&schemes));
        self.take(walk, None);
    }

    /// Compares an operation that both documents have.
    fn both(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let mut walk = self.walk();
        walk.operation(old, new);
        self.take(walk, Some(&new.label));
    }

    /// Adds an operation that only one document has.
    fn one(&mut self, operation: &Operation<'d>, is_added: bool) {
        let (old, new) = (Severity::Compatible, Severity::Breaking);
        let at = Some(operation.side.at.clone());
        let found = if is_added {
            Found { severity: old, with_old_server: new, message: "added the operation".to_owned(), old: None, new: at }
        } else {
            Found { severity: new, with_old_server: old, message: "removed the operation".to_owned(), old: at, new: None }
        };
        self.add(found, Some(&operation.label));
    }

    /// Adds the changes that a walk found, and those of everything that its references lead to.
    fn take(&mut self, walk: Walk<'d>, operation: Option<&str>) {
        let Walk { found, below: mut open, .. } = walk;
        found.into_iter().for_each(|found| self.add(found, operation));
        let mut seen = BTreeSet::new();
        while let Some(key) = open.pop() {
            if !seen.insert(key.clone()) {
                continue;
            }
            if !self.units.contains_key(&key) {
                let Walk { found, below, .. } = Walk::of(self.old, self.new, &key);
                self.units.insert(key.clone(), Unit { found, below });
            }
            let unit = self.units.get(&key).map(|unit| (unit.found.clone(), unit.below.clone()));
            let (found, below) = unit.unwrap_or_default();
            found.into_iter().for_each(|found| self.add(found, operation));
            open.extend(below);
        }
    }

    fn add(&mut self, found: Found, operation: Option<&str>) {
        let Found { severity, with_old_server, message, old, new } = found;
        let least = (Severity::Documentation, Severity::Documentation, BTreeSet::new());
        let known = self.changes.entry((old, new, message)).or_insert(least);
        known.0 = known.0.max(severity);
        known.1 = known.1.max(with_old_server);
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
                let verb = if old.is_none() { "added" } else if new.is_none() { "removed" } else { "changed" };
                let message = format!("{verb} `{name}`, which no operation uses");
                let place = |part: Option<&&Value>| part.map(|_| at.clone());
                let (old, new) = (place(old), place(new));
                let severity = Severity::Compatible;
                found.push(Found { severity, with_old_server: severity, message, old, new });
            }
        }
        found.into_iter().for_each(|found| self.add(found, None));
    }

    fn finish(self) -> Vec<WireChange> {
        let change = |((old, new, message), (severity, with_old_server, operations)): (Identity, (_, _, BTreeSet<_>))| {
            let operations = operations.into_iter().collect();
            WireChange { severity, with_old_server, message, old, new, operations }
        };
        let mut changes: Vec<WireChange> = self.changes.into_iter().map(change).collect();
        // Stable: equally severe changes keep the order of their places.
        changes.sort_by_key(|change| std::cmp::Reverse((change.severity, change.with_old_server)));
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
