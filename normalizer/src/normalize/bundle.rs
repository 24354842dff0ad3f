//! Part of `normalize`: many files → one document.
//!
//! In: the input and the files that its references lead to. Out: one document, and the source file of each node.
//! Invariant: no reference to another file remains, nothing is fetched, and a document without such references is
//! unchanged. References within the input are left to the pass for its version.

mod emit;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use super::files::{Files, Missing};
use super::names::{Names, legal, pascal, stem, upper, wanted};
use super::pass::{Passed, Record, fault};
use super::reference::{self, Fragment, UNNAMED, absolute, bare};
use super::trail::SourceLocation;
use crate::diagnostic::{Diagnostic, codes};
use crate::json::{each, nodes, part};
use crate::limits::{Budget, MAX_STEPS};
use crate::pointer::{Pointer, child};
use crate::structure::grammar::Field;
use crate::structure::grammar::Kind::*;
use crate::structure::slots::{Slot, Versions};
use Resolution::{Broken, Left, Node, Own};

/// Bundles the input with the files that it refers to.
pub(super) fn bundle(files: &mut Files) -> Result<Passed, Vec<Fault>> {
    let is_swagger = files.get(0).value.get("swagger").is_some();
    let mut plan = Plan::new(std::mem::take(files), is_swagger);
    let written = if !plan.faults.is_empty() {
        Err(std::mem::take(&mut plan.faults))
    } else if plan.is_changed {
        Ok(plan.document())
    } else {
        Ok(plan.files.take_input())
    };
    *files = plan.files;
    plan.record.finish(written?).map_err(|faults| faults.into_iter().map(|fault| (fault, Slot::Data)).collect())
}

/// The destination of a node that becomes a component.
#[derive(Clone)]
struct Home {
    slot: Slot,
    /// Its place in the result.
    at: Pointer,
    /// The name that was already in use, if the component got another one.
    instead_of: Option<String>,
}

/// The target of a reference.
#[derive(Clone)]
enum Resolution {
    /// A node of the input, which stays in place. If it is not a component, the pass for its version moves it.
    Own(Pointer),
    /// A node of another file.
    Node(SourceLocation),
    /// The reference is left to a later pass (`$id`, `$anchor`).
    Left,
    /// No target, for this reason.
    Broken(Diagnostic),
}

/// A fault, and the kind of object that contains it; data, if the kind does not matter.
pub(in crate::normalize) type Fault = (Diagnostic, Slot);

/// The state of resolving references. Each reference is followed once and cached, every file is read once, and cycles end.
#[derive(Default)]
struct Plan {
    files: Files,
    /// The kinds of components and their sections. Targets of other kinds are inlined.
    sections: Vec<(Slot, Pointer)>,
    homes: HashMap<SourceLocation, Home>,
    /// The nodes that are added to the components, in the order of discovery.
    added: Vec<SourceLocation>,
    faults: Vec<Fault>,
    /// References of the input to itself that were not proper references to a component, with the targets.
    repaired: Vec<(SourceLocation, String, Pointer)>,
    /// Whether the result differs from the input.
    is_changed: bool,
    /// Cached targets of references, by their file, kind and text.
    outcomes: HashMap<(usize, Slot, String), Resolution>,
    queue: Vec<(SourceLocation, Slot)>,
    seen: HashSet<(SourceLocation, Slot)>,
    wanted: HashMap<SourceLocation, String>,
    /// The names in use, by section.
    names: HashMap<Pointer, Names>,
    /// The `$id`s of the input.
    ids: BTreeSet<String>,
    /// The provenance and entries of writing.
    record: Record,
    /// The references that are currently being inlined.
    inlined: Vec<(SourceLocation, Slot)>,
    /// The number of nodes that may still be written.
    budget: Budget,
}

impl Plan {
    /// Follows every reference that is reachable from the input.
    fn new(files: Files, is_swagger: bool) -> Self {
        let ids = if is_swagger { BTreeSet::new() } else { ids(&files.get(0).value) };
        let mut plan = Self { files, sections: sections(is_swagger), ids, ..Self::default() };
        plan.visit(SourceLocation::default(), Slot::DOCUMENT);
        plan.declared();
        let mut next = 0;
        while let Some((place, slot)) = plan.queue.get(next).cloned() {
            next += 1;
            let file = plan.value(place.file);
            if let Some(node) = place.pointer.get(&file) {
                plan.search(node, slot, &place, is_swagger);
            }
        }
        plan.name_added();
        plan
    }

    /// Returns the value of a file.
    fn value(&self, file: usize) -> Arc<Value> {
        self.files.get(file).value.clone()
    }

    /// Returns the section for components of this kind; `None` if the version has none.
    fn section(&self, slot: Slot) -> Option<&Pointer> {
        self.sections.iter().find(|(of, _)| *of == slot).map(|(_, section)| section)
    }

    /// Components of the input that are only references, or that are in another file, are the homes of their targets.
    fn declared(&mut self) {
        for (slot, section) in self.sections.clone() {
            let Some(place) = self.section_at(&section) else { continue };
            let file = self.value(place.file);
            let Some(Value::Object(members)) = place.pointer.get(&file) else { continue };
            self.names.insert(section.clone(), members.keys().cloned().collect());
            for (name, node) in members {
                let at = section.key(name);
                let own = place.key(name);
                let target = match bare(node).map(|text| self.outcome(own.file, slot, text)) {
                    Some(Node(target)) => target,
                    None if own.file != 0 || own.pointer != at => own,
                    _ => continue,
                };
                if !self.homes.contains_key(&target) {
                    self.homes.insert(target.clone(), Home { slot, at, instead_of: None });
                    self.visit(target, slot);
                    self.is_changed = true;
                }
            }
        }
    }

    /// Returns the location of a section of the input's components, with references followed.
    fn section_at(&mut self, section: &Pointer) -> Option<SourceLocation> {
        let mut place = SourceLocation::default();
        for key in section.segments() {
            place.pointer.push(&key);
            for _ in 0..MAX_STEPS {
                let file = self.value(place.file);
                let node = place.pointer.get(&file)?;
                let Some(text) = reference::text(node) else { break };
                let Node(target) = self.outcome(place.file, Slot::One(Components), text) else {
                    return None;
                };
                place = target;
            }
        }
        Some(place)
    }

    fn visit(&mut self, place: SourceLocation, slot: Slot) {
        if self.seen.insert((place.clone(), slot)) {
            self.queue.push((place, slot));
        }
    }

    /// Follows the references in a node.
    fn search(&mut self, node: &Value, slot: Slot, place: &SourceLocation, is_swagger: bool) {
        let file = place.file;
        slot.walk(node, &mut place.pointer.clone(), Versions::AsWritten, &mut |node, slot, at| {
            let Value::Object(members) = node else { return true };
            if slot == Slot::Mapping {
                // Its values are references, or names in a file other than the input.
                for (key, value) in members {
                    if let Some(text) = value.as_str().filter(|text| reference::is_reference(text) || file != 0) {
                        self.reference(text, Slot::Mapping, &at.key(key), file);
                    }
                }
                return false;
            }
            // References are relative to the `$id`; a later pass resolves them.
            if slot == Slot::SCHEMA && file == 0 && !is_swagger && members.contains_key("$id") {
                return false;
            }
            if let Some(text) = reference::text(node) {
                self.reference(text, slot, at, file);
            }
            true
        });
    }

    fn reference(&mut self, text: &str, slot: Slot, at: &Pointer, file: usize) {
        let target = target_of(slot);
        if file == 0 && self.is_own_component(target, text) {
            return;
        }
        match self.outcome(file, slot, text) {
            Own(_) if file != 0 => self.is_changed = true,
            Own(pointer) => {
                // The input may refer to itself by its file name.
                if reference::target(text).as_ref() != Some(&pointer) {
                    self.is_changed = true;
                    self.repaired.push((SourceLocation { file, pointer: at.clone() }, text.to_owned(), pointer));
                }
            }
            Node(place) => {
                self.is_changed = true;
                if let Some(at) = self.section(target).cloned()
                    && !self.homes.contains_key(&place)
                {
                    self.homes.insert(place.clone(), Home { slot: target, at, instead_of: None });
                    self.added.push(place.clone());
                }
                self.visit(place, target);
            }
            Left => {}
            Broken(fault) => {
                let pointer = if slot == Slot::Mapping { at.clone() } else { at.key("$ref") };
                let file = self.files.shown(file).to_owned();
                self.faults.push((Diagnostic { file, pointer, ..fault }, target));
            }
        }
    }

    /// Names the added components: by their place, or by file and place if that name is taken.
    fn name_added(&mut self) {
        for place in self.added.clone() {
            let relative = &self.files.get(place.file).relative;
            let known = self.wanted.get(&place).cloned();
            let wanted = known.unwrap_or_else(|| wanted(&self.files.get(place.file).value, &place.pointer, relative));
            let longer = legal(&format!("{}{}", pascal(stem(relative)), upper(&wanted)));
            let Some(home) = self.homes.get_mut(&place) else { continue };
            let name = self.names.entry(home.at.clone()).or_default().free(&[wanted.clone(), longer], "");
            home.at.push(&name);
            home.instead_of = (name != wanted).then_some(wanted);
        }
    }

    /// Returns the target of a reference, from the cache if possible.
    fn outcome(&mut self, file: usize, slot: Slot, text: &str) -> Resolution {
        let asked = (file, slot, text.to_owned());
        if let Some(known) = self.outcomes.get(&asked) {
            return known.clone();
        }
        let outcome = self.follow(file, slot, text, MAX_STEPS);
        self.outcomes.insert(asked, outcome.clone());
        outcome
    }

    /// Returns `true` if the text is a plain reference to a component of the input, which needs no change. This is by far the most common
    /// case.
    fn is_own_component(&self, slot: Slot, text: &str) -> bool {
        let Some(section) = self.section(slot) else { return false };
        let name = text.strip_prefix('#').and_then(|rest| rest.strip_prefix(section.as_str()));
        let Some(name) = name.and_then(|rest| rest.strip_prefix('/')) else { return false };
        let node = self.files.get(0).value.pointer(section.as_str()).and_then(|members| members.get(name));
        !name.contains(['/', '~', '%']) && node.is_some_and(|node| bare(node).is_none())
    }

    fn follow(&mut self, file: usize, slot: Slot, text: &str, steps: usize) -> Resolution {
        let target = target_of(slot);
        let address = text.split('#').next().unwrap_or_default();
        let is_id = |id: &String| !address.is_empty() && id.ends_with(address);
        if file == 0 && (self.ids.iter().any(is_id) || self.is_itself(address)) {
            return Left;
        }
        if slot == Slot::Mapping && !reference::is_reference(text) {
            return self.named(file, text);
        }
        let reference = match reference::parse(text, &self.files.get(file).relative) {
            Ok(reference) => reference,
            Err((code, why, help)) => {
                return Broken(fault(code, Pointer::root(), format!("`{text}` {why}")).with_help(help));
            }
        };
        let index = match reference.file.as_deref().map(|relative| self.files.load(relative)) {
            None => file,
            Some(Ok(index)) => index,
            Some(Err(missing)) => return self.missing(text, missing),
        };
        let found = match &reference.node {
            Fragment::Anchor(_) if index == 0 => return Left,
            Fragment::Anchor(name) => {
                let at = anchor(&self.files.get(index).value, name, &Pointer::root());
                at.map(|pointer| SourceLocation { file: index, pointer })
            }
            Fragment::At(pointer) => self.descend(index, pointer, target, steps),
        };
        match found {
            Some(place) => self.past_references(place, target, steps),
            None => self.otherwise(file, target, text),
        }
    }

    /// Returns `true` if this address is the input's own `$self` (OpenAPI 3.2 §4.1.1).
    fn is_itself(&self, address: &str) -> bool {
        let own = self.files.get(0).value.get("$self").and_then(|own| absolute(UNNAMED, own.as_str()?));
        own.is_some_and(|own| !address.is_empty() && absolute(&own, address).as_ref() == Some(&own))
    }

    /// Resolves a mapping value of another file that is a plain name: the schema of that name in that file.
    fn named(&mut self, file: usize, text: &str) -> Resolution {
        let places = ["/components/schemas", "/definitions", "/$defs", ""];
        let mut pointers = places.into_iter().filter_map(Pointer::parse).map(|section| section.key(text));
        let found = pointers.find(|pointer| self.files.get(file).value.pointer(pointer.as_str()).is_some());
        found.map_or(Left, |pointer| self.past_references(SourceLocation { file, pointer }, Slot::SCHEMA, MAX_STEPS))
    }

    /// Returns the node at a pointer; follows references on the way.
    fn descend(&mut self, file: usize, pointer: &Pointer, slot: Slot, steps: usize) -> Option<SourceLocation> {
        let mut place = SourceLocation { file, pointer: Pointer::root() };
        for segment in pointer.segments() {
            if self.child(&place, &segment).is_none() {
                let file = self.value(place.file);
                let text = reference::text(place.pointer.get(&file)?)?;
                match self.follow(place.file, slot, text, steps.checked_sub(1)?) {
                    Node(target) => place = target,
                    Own(pointer) => place = SourceLocation { file: 0, pointer },
                    Left | Broken(_) => return None,
                }
            }
            self.child(&place, &segment)?;
            place.pointer.push(&segment);
        }
        Some(place)
    }

    fn child(&self, place: &SourceLocation, segment: &str) -> Option<&Value> {
        child(self.files.get(place.file).value.pointer(place.pointer.as_str())?, segment)
    }

    /// Follows a node that is only a reference to its target.
    fn past_references(&mut self, place: SourceLocation, slot: Slot, steps: usize) -> Resolution {
        if place.file == 0 {
            return Own(place.pointer);
        }
        let file = self.value(place.file);
        let Some(text) = place.pointer.get(&file).and_then(bare) else { return Node(place) };
        let Some(steps) = steps.checked_sub(1) else {
            return Broken(fault(codes::CYCLIC_REFERENCE, Pointer::root(), "the reference is cyclic"));
        };
        let outcome = self.follow(place.file, slot, text, steps);
        // The first name on the way is the best known.
        if let Node(target) = &outcome {
            let name = wanted(&file, &place.pointer, &self.files.get(place.file).relative);
            self.wanted.insert(target.clone(), name);
        }
        outcome
    }

    /// Resolves a local reference without a target to the component that it evidently means.
    fn otherwise(&self, file: usize, slot: Slot, text: &str) -> Resolution {
        let name = text.strip_prefix("#/definitions/").or_else(|| text.strip_prefix("#/components/schemas/"));
        let name = name.filter(|name| file == 0 && slot == Slot::SCHEMA && !name.contains('/'));
        if let Some(own) = name.and_then(|name| self.own_schema(name)) {
            return Own(own);
        }
        match text.split_once('#') {
            // A later pass may resolve it (`$defs` around the reference), or reports it as broken.
            Some(("", _)) if file == 0 => Left,
            Some(("", _)) => broken(format!("`{text}` has no target in {}", self.files.get(file).relative)),
            _ => broken(format!("`{text}` has no target")),
        }
    }

    fn missing(&mut self, text: &str, missing: Missing) -> Resolution {
        match missing {
            // Further references to the file lead to its value, which is null.
            Missing::Malformed(faults) => {
                self.faults.extend(faults.into_iter().map(|fault| (fault, Slot::Data)));
                Left
            }
            // A bare name means a schema in Swagger 1.2.
            Missing::Unreadable(why) => match self.own_schema(text) {
                Some(component) => Own(component),
                None => broken(format!("`{text}` refers to no file: {why}")),
            },
        }
    }

    /// Returns the schema of that name in the input.
    fn own_schema(&self, name: &str) -> Option<Pointer> {
        let at = self.section(Slot::SCHEMA)?.key(name);
        self.files.get(0).value.pointer(at.as_str()).map(|_| at)
    }
}

fn broken(message: String) -> Resolution {
    Broken(fault(codes::BROKEN_REFERENCE, Pointer::root(), message))
}

/// Returns the kinds of components of a version, each with its section.
fn sections(is_swagger: bool) -> Vec<(Slot, Pointer)> {
    if is_swagger {
        let kinds = [(Schema, "definitions"), (Response, "responses"), (Parameter, "parameters")];
        return kinds.into_iter().map(|(kind, section)| (Slot::One(kind), Pointer::top(section))).collect();
    }
    let components = Pointer::top("components");
    let fields = Components.grammar().fields.iter();
    let section = |field: &Field| match Slot::of(&field.form) {
        Slot::Map(kind) => Some((Slot::One(kind), components.key(field.name))),
        _ => None,
    };
    fields.filter_map(section).collect()
}

/// Returns the kind of the target of a reference in this slot.
fn target_of(slot: Slot) -> Slot {
    if slot == Slot::Mapping { Slot::SCHEMA } else { slot }
}

/// Returns every `$id` of a document.
fn ids(document: &Value) -> BTreeSet<String> {
    let ids = nodes(document).filter_map(|node| part(node, "$id")?.as_str());
    ids.map(|id| id.trim_end_matches('#').to_owned()).collect()
}

/// Returns the pointer to the schema with `$anchor: name`.
fn anchor(node: &Value, name: &str, at: &Pointer) -> Option<Pointer> {
    if node["$anchor"] == name {
        return Some(at.clone());
    }
    let mut found = None;
    each(node, |key, part| found = found.take().or_else(|| anchor(part, name, &at.key(key))));
    found
}
