//! Phase of `normalize`: references that lead nowhere are left out.
//!
//! In: a document without misshapen nodes. Out: one in which every reference leads to an object of its kind, and a lossy entry for each
//! that did not. Invariant: an operation still takes its body, and returns one on success: any, since nothing is known about it.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::pass::{Entry, LEFT_OUT, Lossy, Record};
use super::reference;
use super::trail::Provenance;
use crate::certain::Certain;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::{items, members, object_at};
use crate::pointer::Pointer;
use crate::structure::extensions::DEFAULT_MAPPING;
use crate::structure::grammar::{Kind, components_at, has_no_body};
use crate::structure::slots::{Slot, Versions};

/// A reference that leads nowhere: what is wrong with it, at the place of its text, and what kind of object holds it.
type Broken = (Diagnostic, Slot);

/// Leaves out all references without a target. Returns `false` if there was no such reference.
pub(super) fn leave_out(document: &mut Value, record: &mut Record) -> bool {
    let mut broken = dangling(document);
    if broken.is_empty() {
        broken = cyclic(document);
    }
    let is_any = !broken.is_empty();
    // From behind, so that the indexes of the others stay right.
    for (fault, slot) in broken.into_iter().rev() {
        let at = fault.pointer.clone();
        let before = record.provenance.origin(&at);
        let became = match slot {
            Slot::Mapping => record.provenance.remove(document, &at).then_some(LEFT_OUT),
            slot => without_reference(document, &at, slot, &mut record.provenance),
        };
        if let Some(became) = became {
            record.add(Entry::of_fault(
                fault,
                Lossy,
                before,
                at.parent().certain("a reference is in an object"),
                became,
            ));
        }
    }
    is_any
}

/// References that lead to no object of their kind.
fn dangling(document: &Value) -> Vec<Broken> {
    let mut found = Vec::new();
    Slot::walk_all(document, Versions::All, |node, slot, at| {
        if let Some(text) = reference::text(node)
            && !leads_somewhere(document, text, slot)
        {
            let message = format!("`{text}` refers to no component");
            found.push((broken(codes::BROKEN_REFERENCE, at.key("$ref"), message), slot));
        }
        let is_mapped = |key: &str| match slot {
            Slot::Mapping => true,
            Slot::One(Kind::Discriminator) => key == DEFAULT_MAPPING,
            _ => false,
        };
        let targets = members(node).filter(|(key, _)| is_mapped(key));
        for (key, target) in targets.filter_map(|(key, target)| Some((key, target.as_str()?))) {
            if !names_schema(document, target) {
                let name = reference::target(target).and_then(|at| at.segments().nth(2));
                let name = name.unwrap_or_else(|| target.to_owned());
                let message = format!("the reference `{target}` is broken: `components/schemas` has no `{name}`");
                found.push((broken(codes::BROKEN_REFERENCE, at.key(key), message), Slot::Mapping));
            }
        }
        true
    });
    found
}

fn broken(code: Code, at: Pointer, message: String) -> Diagnostic {
    Diagnostic::invalid(code, "", at, message)
}

/// Whether a reference leads to a component of its kind, or one to a path item to another path.
fn leads_somewhere(document: &Value, text: &str, slot: Slot) -> bool {
    let is_good = |pointer: &str| {
        let below = slot.object().and_then(|kind| reference::in_section(kind, pointer));
        let is_allowed = match slot.object() {
            Some(Kind::PathItem) => pointer.strip_prefix("/paths/").is_some_and(|path| !path.contains('/')),
            // Schemas can be referred to within each other.
            Some(Kind::Schema) => below.is_some(),
            _ => below.is_some_and(|name| !name.contains('/')),
        };
        let is_inside = slot == Slot::SCHEMA && below.is_some_and(|name| name.contains('/'));
        is_allowed
            && document.pointer(pointer).is_some_and(Value::is_object)
            && (!is_inside || Pointer::parse(pointer).is_some_and(|inside| is_schema(document, &inside)))
    };
    // Nearly all are plain.
    text.strip_prefix('#').is_some_and(is_good)
        || reference::target(text).is_some_and(|pointer| is_good(pointer.as_str()))
}

/// Whether a schema stands at a place that no reference is in the way to.
fn is_schema(document: &Value, at: &Pointer) -> bool {
    let found = Slot::at(document, at, |_, node, _| reference::text(node).is_none());
    found.is_some_and(|(slot, _)| slot == Slot::SCHEMA)
}

/// Whether the target of a discriminator's mapping is the name of a schema, or a reference to one (OpenAPI 3.0.3 §4.7.25.2).
fn names_schema(document: &Value, target: &str) -> bool {
    document.pointer(components_at("schemas").key(target).as_str()).is_some()
        || leads_somewhere(document, target, Slot::SCHEMA)
}

/// References that lead back to themselves: from reference to reference, or from schema to schema through `allOf`.
fn cyclic(document: &Value) -> Vec<Broken> {
    let (mut seen, mut starts) = (HashSet::new(), Vec::new());
    Slot::walk_all(document, Versions::All, |node, slot, _| {
        let start = reference::text(node).zip(slot.object());
        starts.extend(start.filter(|start| seen.insert(*start)));
        true
    });
    let mut search = CycleSearch { document, is_left: HashMap::new(), found: Vec::new() };
    for (text, kind) in starts {
        search.from(text, kind);
    }
    search.found.sort();
    let fault = |(at, text, kind): (Pointer, String, Kind)| {
        let message = format!("the reference `{text}` refers only to itself");
        (broken(codes::CYCLIC_REFERENCE, at, message), Slot::One(kind))
    };
    search.found.into_iter().map(fault).collect()
}

/// A search through what references lead to, in depth.
struct CycleSearch<'d> {
    document: &'d Value,
    /// The targets of references, each with whether the search is done with it.
    is_left: HashMap<Pointer, bool>,
    /// The references that close a cycle, each with its text and the kind of object that it is for.
    found: Vec<(Pointer, String, Kind)>,
}

/// A step of the search.
enum Task {
    /// To the target of a reference: the place of its text, the text, and the target.
    Enter(Pointer, String, Pointer),
    Leave(Pointer),
}

impl CycleSearch<'_> {
    fn from(&mut self, start: &str, kind: Kind) {
        let Some(target) = reference::target(start) else { return };
        let mut tasks = vec![Task::Enter(Pointer::root(), start.to_owned(), target)];
        while let Some(task) = tasks.pop() {
            let (site, text, target) = match task {
                Task::Leave(target) => {
                    self.is_left.insert(target, true);
                    continue;
                }
                Task::Enter(site, text, target) => (site, text, target),
            };
            match self.is_left.get(&target) {
                Some(true) => {}
                Some(false) => self.found.push((site, text, kind)),
                None => {
                    let Some(node) = target.get(self.document) else { continue };
                    let mut next = Vec::new();
                    same_as(node, &target, kind, &mut next);
                    self.is_left.insert(target.clone(), false);
                    tasks.push(Task::Leave(target));
                    let enter = |(at, text, target)| Task::Enter(at, text, target);
                    tasks.extend(next.into_iter().rev().map(enter));
                }
            }
        }
    }
}

/// The references without which an object would not be known: its own, or those of the schemas that it consists of.
fn same_as(node: &Value, at: &Pointer, kind: Kind, found: &mut Vec<(Pointer, String, Pointer)>) {
    if let Some(text) = reference::text(node) {
        found.extend(reference::target(text).map(|target| (at.key("$ref"), text.to_owned(), target)));
        return;
    }
    if kind != Kind::Schema {
        return;
    }
    let says_something = |branch: &&Value| branch["enum"] != json!([null]);
    // A choice of one is not a choice, and choices that are made together are joined.
    let is_joined = node.get("oneOf").is_some() && node.get("anyOf").is_some();
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let branches = items(node.get(keyword));
        let is_choice = keyword != "allOf" && branches.clone().filter(says_something).count() > 1;
        for (index, branch) in
            branches.enumerate().filter(|(_, branch)| !is_choice || is_joined && reference::text(branch).is_none())
        {
            same_as(branch, &at.key(keyword).index(index), kind, found);
        }
    }
}

/// Removes the reference at `at` from an object of this kind, and adds the least that the object needs: an operation still takes its body,
/// and returns one on success. Returns what became of it; `None` if there is no such reference.
pub(super) fn without_reference(
    document: &mut Value,
    at: &Pointer,
    slot: Slot,
    provenance: &mut Provenance,
) -> Option<&'static str> {
    let object = at.parent()?;
    // Without its value, an example would show another one.
    if slot == Slot::One(Kind::Example) {
        return provenance.remove(document, &object).then_some(LEFT_OUT);
    }
    if !provenance.remove(document, at) {
        return None;
    }
    let (key, value, text) = match slot {
        Slot::One(Kind::RequestBody) => ("content", json!({"*/*": {}}), "assumed any body"),
        Slot::One(Kind::Response) if brings_something(&object) => ("content", json!({"*/*": {}}), "assumed any body"),
        Slot::One(Kind::Header) => ("schema", json!({}), "assumed any value"),
        _ => return Some(LEFT_OUT),
    };
    if let Some(members) = object_at(document, &object) {
        members.entry(key).or_insert(value);
    }
    Some(text)
}

/// Whether it is a success that may have a body: what a failure says can be read whatever is known of it.
fn brings_something(response: &Pointer) -> bool {
    let status = response.last().certain("a response has a status");
    status.len() == 3 && status.starts_with('2') && !has_no_body(&status)
}
