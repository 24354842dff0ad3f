//! Part of `diff`: two documents → the differences between their requests and responses.
//!
//! In: two canonical documents. Out: each change once, with its affected operations. Invariant: a pair of nodes is compared once per
//! direction, even if several references lead to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{Kind, is_extension};
use clientwright_normalizer::words::is_version;
use indexmap::IndexSet;
use serde_json::Value;

use super::node::{child, entries, node, targets};
use super::operations::{Operation, operations};
use super::walk::{Found, Key, OPERATION, Severities, Walk, are_different, code, verb};

/// The severity of a change for existing programs, from the least to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No message depends on the change.
    Documentation,
    /// Valid requests stay valid, and responses still match their documented types.
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
    /// The node in the old document, if any.
    pub old: Option<Pointer>,
    /// The node in the new document, if any.
    pub new: Option<Pointer>,
    /// The affected operations, such as `GET /pets`, the most severely affected first; empty if the change concerns the whole document or
    /// no operation.
    pub operations: Vec<String>,
}

/// Compares two canonical documents. The changes are sorted, the most severe ones first.
#[must_use]
pub fn messages(before: &Value, after: &Value) -> Vec<WireChange> {
    let documents = [before, after];
    let mut walks = operations_of(documents);
    if documents.iter().all(|document| document["paths"].is_object()) {
        walks.push((None, document(documents)));
    }
    walks.push((None, unused(documents)));
    let mut units = Units::default();
    let walks: Vec<_> = walks.into_iter().map(|(operation, walk)| (operation, units.unit(walk))).collect();
    while let Some(key) = units.keys.get_index(units.all.len()) {
        let unit = units.unit(Walk::of(documents, key));
        units.all.push(unit);
    }
    let mut found: BTreeMap<_, Affected<'_>> = BTreeMap::new();
    for (operation, unit) in &walks {
        for Found { severities, message, places } in units.reached_by(unit) {
            found.entry((places, message)).or_default().insert((Reverse(*severities), operation));
        }
    }
    let mut changes: BTreeMap<String, SameMessage<'_>> = BTreeMap::new();
    for ((places @ [old, new], message), affected) in found {
        let sides = [(before, old), (after, new)].into_iter().filter_map(|(side, at)| Some((side, at.as_ref()?)));
        // The place of a component does not distinguish requests from responses.
        let owner = sides.max_by_key(|(_, at)| !at.as_str().starts_with("/components")).map(owner);
        changes.entry(owner.unwrap_or_default() + message).or_default().add(
            places,
            affected,
            message.ends_with(OPERATION),
        );
    }
    let changes =
        changes.into_iter().flat_map(|(message, same)| same.all.into_iter().map(move |one| (message.clone(), one)));
    let changes = changes.filter_map(|(message, ([old, new], affected))| {
        let Reverse((severity, _)) = affected.first()?.0;
        let with_old_server = affected.iter().map(|(severities, _)| severities.0.1).max()?;
        let operations: IndexSet<String> =
            affected.into_iter().filter_map(|(_, operation)| operation.clone()).collect();
        let (old, new, operations) = (old.clone(), new.clone(), operations.into_iter().collect());
        Some(WireChange { severity, with_old_server, message, old, new, operations })
    });
    let mut changes: Vec<WireChange> = changes.collect();
    changes.sort_by_cached_key(|change| {
        let place = change.new.clone().or_else(|| change.old.clone());
        (Reverse((change.severity, change.with_old_server)), place, change.message.clone())
    });
    changes
}

/// The operations that a change affects, each with the severities.
type Affected<'w> = BTreeSet<(Reverse<Severities>, &'w Option<String>)>;

/// The changes with the same message.
#[derive(Default)]
struct SameMessage<'w> {
    /// The changes, each with its first place.
    all: Vec<(&'w [Option<Pointer>; 2], Affected<'w>)>,
    /// The number of changes of each operation.
    counts: BTreeMap<&'w Option<String>, usize>,
}

impl<'w> SameMessage<'w> {
    /// Adds a place: to the first change that affects none of the operations, unless it is `single`.
    fn add(&mut self, places: &'w [Option<Pointer>; 2], affected: Affected<'w>, single: bool) {
        let count = |operation| self.counts.get(operation).copied().unwrap_or_default();
        let others = affected.iter().map(|(_, operation)| count(*operation)).max().unwrap_or_default();
        let index = if single { self.all.len() } else { others };
        self.counts.extend(affected.iter().map(|(_, operation)| (*operation, index + 1)));
        match self.all.get_mut(index) {
            Some((_, known)) => known.extend(affected),
            None => self.all.push((places, affected)),
        }
    }
}

/// Returns the nearest schema, branch, property, parameter, header or message around a node, as a message prefix.
fn owner((document, at): (&Value, &Pointer)) -> String {
    let (mut node, mut last) = (document, String::new());
    let (mut owner, mut whole) = (String::new(), String::new());
    for key in at.parent().iter().flat_map(Pointer::segments) {
        node = child(node, &key);
        let text = |key: &str| node[key].as_str().unwrap_or_default();
        let name = code(&key);
        let found = match (mem::take(&mut last).as_str(), key.as_str()) {
            ("paths" | "callbacks", _) => continue,
            ("properties", _) => {
                owner = format!("property {name}{whole}");
                continue;
            }
            ("schemas", _) => format!("schema {name}"),
            ("headers", _) => format!("header {name}"),
            ("securitySchemes", _) => format!("security scheme {name}"),
            ("responses", _) => format!("response {name}"),
            ("parameters", _) => format!("{} parameter {}", text("in"), code(text("name"))),
            (choice @ ("oneOf" | "anyOf"), _) => match text("title") {
                "" => format!("branch `{choice}/{key}` of {owner}"),
                title => format!("branch {} of {owner}", code(title)),
            },
            ("requestBodies", _) | (_, "requestBody") => "the request body".to_owned(),
            _ => {
                last = key;
                continue;
            }
        };
        whole = format!(" of {}", found.trim_start_matches("schema "));
        owner = found;
    }
    let owner = owner.trim_start_matches("the ");
    if owner.is_empty() { String::new() } else { format!("{owner}: ") }
}

/// A walk, and the operation that it compares, if any.
type OperationWalk<'d> = (Option<String>, Walk<'d>);

/// The changes of a walk, and the indices of the units below it.
type Unit = (Vec<Found>, Vec<usize>);

/// The pairs of nodes, each of which is compared once.
#[derive(Default)]
struct Units {
    keys: IndexSet<Key>,
    all: Vec<Unit>,
}

impl Units {
    /// Registers the pairs that a walk reached.
    fn unit(&mut self, walk: Walk<'_>) -> Unit {
        (walk.found, walk.below.into_iter().map(|key| self.keys.insert_full(key).0).collect())
    }

    /// Returns the changes of a unit, and of all units reachable from it.
    fn reached_by<'f>(&'f self, unit: &'f Unit) -> impl Iterator<Item = &'f Found> {
        let (mut open, mut reached, mut seen) = (vec![unit], Vec::new(), BTreeSet::new());
        while let Some((found, below)) = open.pop() {
            reached.push(found);
            open.extend(below.iter().filter(|index| seen.insert(**index)).filter_map(|index| self.all.get(*index)));
        }
        reached.into_iter().flatten()
    }
}

/// Pairs operations by place, then by `operationId`, then by path without versions, and compares the pairs. All others are added or
/// removed.
fn operations_of(documents: [&Value; 2]) -> Vec<OperationWalk<'_>> {
    let [before, after] = documents.map(operations);
    let keys: [fn(&Operation<'_>) -> Option<String>; 3] = [
        |operation| Some(operation.shape.clone()),
        |operation| operation.node.item["operationId"].as_str().map(str::to_owned),
        |operation| {
            Some(operation.shape.split('/').filter(|segment| !is_version(segment)).collect::<Vec<_>>().join("/"))
        },
    ];
    let mut gone: Vec<&Operation<'_>> = before.iter().collect();
    let mut rest: BTreeMap<_, _> = after.iter().map(|operation| (&operation.node.at, operation)).collect();
    let mut pairs = Vec::new();
    for key in keys {
        let known: BTreeMap<_, _> = rest.iter().filter_map(|(at, operation)| Some((key(operation)?, *at))).collect();
        gone.retain(|old| {
            let new = key(old).and_then(|key| rest.remove(known.get(&key)?));
            pairs.extend(new.map(|new| [Some(*old), Some(new)]));
            new.is_none()
        });
    }
    pairs.extend(gone.into_iter().map(|old| [Some(old), None]));
    pairs.extend(rest.into_values().map(|new| [None, Some(new)]));
    let mut walks = Vec::new();
    for pair in pairs {
        let mut walk = Walk::new(documents);
        walk.operation(pair);
        walks.push((pair.into_iter().flatten().next_back().map(|operation| operation.label.clone()), walk));
    }
    walks
}

/// Compares the parts outside of operations.
fn document(documents: [&Value; 2]) -> Walk<'_> {
    let mut walk = Walk::new(documents);
    let at = |at: Pointer| documents.map(|document| Some(node(document, &at)));
    walk.object(Kind::Document, &at(Pointer::root()));
    walk.servers(&at(Pointer::root()));
    let schemes = "securitySchemes";
    walk.parts(Kind::Components, schemes, &at(Pointer::root().descend(&["components", schemes])));
    walk
}

/// Compares the components that no operation uses.
fn unused(documents: [&Value; 2]) -> Walk<'_> {
    let used: BTreeSet<Pointer> = documents.into_iter().flat_map(used).collect();
    let mut walk = Walk::new(documents);
    let components = documents.map(|document| Some(node(document, &Pointer::root().key("components"))));
    let is_compared = |section: &str| section != "securitySchemes" && !is_extension(section);
    let sections = entries(&components).into_iter().filter(|(section, _)| is_compared(section));
    for (name, pair) in sections.flat_map(|(_, section)| entries(&section)) {
        if are_different(&pair) && !pair.iter().flatten().any(|node| used.contains(&node.at)) {
            let message = format!("{} {}, which no operation uses", verb(&pair), code(name));
            walk.report((Severity::Compatible, Severity::Compatible), &pair, message);
        }
    }
    walk
}

/// Returns the components that are reachable by references from outside of `components`.
fn used(document: &Value) -> BTreeSet<Pointer> {
    let top = members(document).filter(|(key, _)| *key != "components");
    let mut used = BTreeSet::new();
    targets(document, top.map(|(_, value)| value).collect(), |target| used.insert(target.clone()));
    used
}
